#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/base/result.h"

namespace siren {

static_assert(std::endian::native == std::endian::little, "files are little-endian and read as they lie");

/// 64-bit hash of bytes by multiply and xor-shift over 8-byte words; finds damage, does not resist an attacker.
[[nodiscard]] std::uint64_t checksum(std::span<std::byte const> bytes);

/// Appends values as they lie in memory; arrays as a count and their bytes, padded to 8.
class byte_writer {
 public:
  template <typename T>
  void value(T const& v) {
    static_assert(std::is_trivially_copyable_v<T>);
    raw(&v, sizeof v);
  }
  /// Of a vector or span.
  template <typename Values>
  void array(Values const& values) {
    using T = typename Values::value_type;
    static_assert(std::is_trivially_copyable_v<T>);
    value(static_cast<std::uint64_t>(values.size()));
    raw(values.data(), values.size() * sizeof(T));
    pad();
  }
  /// As they are, neither counted nor padded.
  void raw_bytes(std::span<std::byte const> from) { raw(from.data(), from.size()); }
  void text(std::string_view s) {
    value(static_cast<std::uint32_t>(s.size()));
    raw(s.data(), s.size());
  }
  void reserve(std::size_t bytes) { bytes_.reserve(bytes); }
  void pad() { bytes_.resize((bytes_.size() + 7) / 8 * 8); }
  [[nodiscard]] std::vector<std::byte> const& bytes() const { return bytes_; }

 protected:
  void raw(void const* from, std::size_t size) {
    auto const* begin = static_cast<std::byte const*>(from);
    bytes_.insert(bytes_.end(), begin, begin + size);
  }

  std::vector<std::byte> bytes_;
};

/// Takes values back. Past the end everything reads as zero and ok() is false; nothing is allocated beyond what the
/// bytes can hold.
class byte_reader {
 public:
  explicit byte_reader(std::span<std::byte const> bytes) : bytes_{bytes} {}

  template <typename T>
  T value() {
    static_assert(std::is_trivially_copyable_v<T>);
    T v{};
    if (take(sizeof v)) std::memcpy(&v, bytes_.data() + at_ - sizeof v, sizeof v);
    return v;
  }
  template <typename T>
  std::vector<T> array() {
    static_assert(std::is_trivially_copyable_v<T>);
    auto const count = value<std::uint64_t>();
    if (!ok_ || count > (bytes_.size() - at_) / sizeof(T)) return ok_ = false, std::vector<T>{};
    std::vector<T> values(count);
    std::size_t const size = count * sizeof(T);
    if (take(size) && size != 0) std::memcpy(values.data(), bytes_.data() + at_ - size, size);
    pad();
    return values;
  }
  /// An array where it lies: nothing is copied. The bytes must start at a multiple of 8.
  template <typename T>
  std::span<T const> view() {
    static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= 8);
    auto const count = value<std::uint64_t>();
    if (!ok_ || count > (bytes_.size() - at_) / sizeof(T)) return ok_ = false, std::span<T const>{};
    auto const* begin = reinterpret_cast<T const*>(bytes_.data() + at_);
    take(count * sizeof(T));
    pad();
    return {begin, static_cast<std::size_t>(count)};
  }
  std::string text() {
    auto const size = value<std::uint32_t>();
    if (!take(size)) return {};
    return {reinterpret_cast<char const*>(bytes_.data()) + at_ - size, size};
  }
  void pad() { take((8 - at_ % 8) % 8); }
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() const { return ok_ && at_ == bytes_.size(); }

 private:
  bool take(std::size_t size) {
    if (!ok_ || size > bytes_.size() - at_) return ok_ = false;
    at_ += size;
    return true;
  }
  std::span<std::byte const> bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

struct file_format {
  std::string_view magic;  // 8 characters
  std::uint32_t version;
};
/// A body that grows behind room for its header, so that a large file is not copied to be sealed.
class file_writer : public byte_writer {
 public:
  file_writer();
  [[nodiscard]] std::vector<std::byte> seal(file_format const& format) &&;
};
/// Header of 32 bytes (magic, version, 0, size of body, checksum of body) and the body.
[[nodiscard]] std::vector<std::byte> seal(file_format const& format, std::span<std::byte const> body);
/// The body. Failures: malformed, schema_mismatch (the version differs).
[[nodiscard]] result<std::span<std::byte const>> unseal(file_format const& format, std::span<std::byte const> bytes);
/// Of sealed bytes, not checked.
[[nodiscard]] std::span<std::byte const> body_of(std::span<std::byte const> sealed);
[[nodiscard]] std::uint64_t checksum_of(std::span<std::byte const> sealed);

}  // namespace siren
