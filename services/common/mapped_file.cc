#include "common/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <vector>

#include "common/log.h"

namespace siren {
namespace {

namespace fs = std::filesystem;

failure unusable(std::string const& what, std::string const& path) {
  return {reason::file_unreadable, what + " " + path + ": " + std::strerror(errno)};
}

/// Closes when it goes.
class descriptor {
 public:
  explicit descriptor(int number) : number_{number} {}
  ~descriptor() {
    if (number_ >= 0) close(number_);
  }
  descriptor(descriptor const&) = delete;
  descriptor& operator=(descriptor const&) = delete;
  [[nodiscard]] int get() const { return number_; }

 private:
  int number_;
};

bool write_all(int file, std::span<std::byte const> bytes) {
  while (!bytes.empty()) {
    auto const done = write(file, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(done));
  }
  return true;
}

/// The kind's files, newest first.
std::vector<fs::directory_entry> files_of(std::string const& folder, std::string const& kind) {
  std::vector<std::pair<fs::file_time_type, fs::directory_entry>> found;
  std::error_code bad;
  for (auto const& entry : fs::directory_iterator{folder, bad}) {
    auto const name = entry.path().filename().string();
    if (!name.starts_with(kind + "-") || !name.ends_with(".bin")) continue;
    std::error_code gone;
    auto const at = entry.last_write_time(gone);
    if (!gone) found.emplace_back(at, entry);
  }
  std::sort(found.begin(), found.end(), [](auto const& a, auto const& b) { return a.first > b.first; });
  std::vector<fs::directory_entry> files;
  for (auto& [at, entry] : found) files.push_back(std::move(entry));
  return files;
}

}  // namespace

result<shared_bytes> map_file(std::string const& path) {
  descriptor const file{open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.get() < 0) return unusable("can't open", path);
  struct stat facts {};
  if (fstat(file.get(), &facts) != 0) return unusable("can't look at", path);
  if (facts.st_size == 0) return failure{reason::file_unreadable, path + " is empty"};
  auto const size = static_cast<std::size_t>(facts.st_size);
  auto* const at = mmap(nullptr, size, PROT_READ, MAP_SHARED, file.get(), 0);
  if (at == MAP_FAILED) return unusable("can't map", path);
  std::shared_ptr<void const> owner{at, [size](void const* mapped) { munmap(const_cast<void*>(mapped), size); }};
  return shared_bytes{std::move(owner), {static_cast<std::byte const*>(at), size}};
}

result<void> write_whole_file(std::string const& path, std::span<std::byte const> bytes) {
  auto const beside = path + "." + std::to_string(getpid()) + ".part";
  {
    descriptor const file{open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)};
    if (file.get() < 0) return unusable("can't write", beside);
    if (!write_all(file.get(), bytes) || fsync(file.get()) != 0) {
      auto const bad = unusable("can't write", beside);
      unlink(beside.c_str());
      return bad;
    }
  }
  if (rename(beside.c_str(), path.c_str()) != 0) {
    auto const bad = unusable("can't rename to", path);
    unlink(beside.c_str());
    return bad;
  }
  return {};
}

std::string file_cache::path_of(std::string const& kind, std::uint64_t key) const {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex(16, '0');
  for (std::size_t i = 0; i < hex.size(); ++i) hex[hex.size() - 1 - i] = kDigits[key >> (4 * i) & 0xF];
  return folder_ + "/" + kind + "-" + hex + ".bin";
}

result<shared_bytes> file_cache::find(std::string const& kind, std::uint64_t key) const {
  if (!keeps()) return failure{reason::file_unreadable, "no folder keeps files"};
  return map_file(path_of(kind, key));
}

shared_bytes file_cache::keep(std::string const& kind, std::uint64_t key, shared_bytes bytes,
                              std::size_t at_most) const {
  if (!keeps()) return bytes;
  std::error_code bad;
  fs::create_directories(folder_, bad);
  auto const path = path_of(kind, key);
  if (auto const written = write_whole_file(path, bytes.bytes); !written) {
    log(log_level::warn, "cache_not_written", {{"error", written.error().message}});
    return bytes;
  }
  auto const files = files_of(folder_, kind);
  for (auto i = at_most; i < files.size(); ++i)
    if (files[i].path() != path) fs::remove(files[i].path(), bad);
  auto mapped = map_file(path);
  return mapped ? std::move(*mapped) : bytes;
}

void file_cache::forget(std::string const& kind, std::uint64_t key) const {
  if (keeps()) unlink(path_of(kind, key).c_str());
}

}  // namespace siren
