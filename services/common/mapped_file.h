#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "core/base/result.h"
#include "core/route/shared_bytes.h"

namespace siren {

/// A file as bytes in memory, read page by page as it is used and shared with other processes that map it. The file may
/// be replaced or removed meanwhile, never shortened: write_whole_file keeps to that. Failure: FILE_UNREADABLE.
[[nodiscard]] result<shared_bytes> map_file(std::string const& path);

/// Writes beside, then renames: whoever opens `path` finds the old file or the new one, whole. Failure:
/// FILE_UNREADABLE.
[[nodiscard]] result<void> write_whole_file(std::string const& path, std::span<std::byte const> bytes);

/// A folder of files that can be made again, each named `<kind>-<16 hexadecimal digits>.bin`. Thread-safe as far as one
/// process at a time writes a kind.
class file_cache {
 public:
  /// Empty folder: nothing is kept, every look finds nothing.
  explicit file_cache(std::string folder) : folder_{std::move(folder)} {}

  [[nodiscard]] bool keeps() const { return !folder_.empty(); }
  [[nodiscard]] std::string path_of(std::string const& kind, std::uint64_t key) const;
  /// Failure: FILE_UNREADABLE, also for a file that was never kept.
  [[nodiscard]] result<shared_bytes> find(std::string const& kind, std::uint64_t key) const;
  /// Keeps the bytes, forgets the kind's oldest files beyond `at_most`, and answers with the mapped file; with the
  /// bytes themselves when nothing can be kept.
  [[nodiscard]] shared_bytes keep(std::string const& kind, std::uint64_t key, shared_bytes bytes,
                                  std::size_t at_most) const;

  /// It turned out to be damaged.
  void forget(std::string const& kind, std::uint64_t key) const;

 private:
  std::string folder_;
};

}  // namespace siren
