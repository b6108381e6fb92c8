#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "common/access/jose.h"
#include "core/base/time.h"

namespace siren {

/// An issuer's public keys of one algorithm: a JWKS file (RFC 7517). Pinned, or brought by whatever fetches it: a
/// change of the file counts within kLookEvery; one that can't be read changes nothing. Not thread-safe.
class key_set {
 public:
  static constexpr std::size_t kMostBytes = 256U << 10U;
  static constexpr std::size_t kMostKeys = 32;
  static constexpr std::size_t kFewestRsaBits = 2'048;  // NIST SP 800-131A
  static constexpr seconds kLookEvery{10};              // a key that was given up opens nothing for longer

  /// Failure: FILE_UNREADABLE, MALFORMED: also when no key fits the algorithm, or one is private.
  [[nodiscard]] static result<key_set> open(std::string file, std::string algorithm);
  /// Null: no such key.
  [[nodiscard]] jose_key const* find(std::string const& id, wall_time now);

 private:
  key_set() = default;
  [[nodiscard]] result<void> read();

  std::string file_;
  std::string algorithm_;
  std::filesystem::file_time_type written_;
  wall_time looked_at_{};
  std::map<std::string, jose_key> keys_;
};

}  // namespace siren
