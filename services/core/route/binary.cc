#include "core/route/binary.h"

#include <array>

namespace siren {
namespace {

constexpr std::size_t kHeaderBytes = 32;
constexpr std::size_t kSumAt = 24;

std::uint64_t mixed(std::uint64_t h) {
  h ^= h >> 32;
  h *= 0xD6E8FEB86659FD93;
  h ^= h >> 32;
  return h;
}

}  // namespace

/// Four words at a time, each in a lane of its own, because one multiplication waits for the last.
std::uint64_t checksum(std::span<std::byte const> bytes) {
  constexpr std::size_t kLanes = 4;
  std::array<std::uint64_t, kLanes> lanes{};
  for (std::size_t i = 0; i < kLanes; ++i) lanes[i] = mixed(bytes.size() + (i + 1) * 0x9E3779B97F4A7C15);
  std::size_t at = 0;
  for (; at + 8 * kLanes <= bytes.size(); at += 8 * kLanes) {
    std::array<std::uint64_t, kLanes> words{};
    std::memcpy(words.data(), bytes.data() + at, sizeof words);
    for (std::size_t i = 0; i < kLanes; ++i) lanes[i] = mixed(lanes[i] ^ words[i]) + 0x9E3779B97F4A7C15;
  }
  std::array<std::uint64_t, kLanes> rest{};
  if (at < bytes.size()) std::memcpy(rest.data(), bytes.data() + at, bytes.size() - at);
  std::uint64_t h = 0;
  for (std::size_t i = 0; i < kLanes; ++i) h = mixed(h ^ mixed(lanes[i] ^ rest[i])) + 0x9E3779B97F4A7C15;
  return h;
}

file_writer::file_writer() {
  std::array<std::byte, kHeaderBytes> const room{};
  raw(room.data(), room.size());
}

std::vector<std::byte> file_writer::seal(file_format const& format) && {
  verify(format.magic.size() == 8, "a magic has eight characters");
  auto const body = body_of(bytes_);
  std::uint64_t const size = body.size();
  std::uint64_t const sum = checksum(body);
  std::memcpy(bytes_.data(), format.magic.data(), 8);
  std::memcpy(bytes_.data() + 8, &format.version, 4);
  std::memcpy(bytes_.data() + 16, &size, 8);
  std::memcpy(bytes_.data() + kSumAt, &sum, 8);
  return std::move(bytes_);
}

std::vector<std::byte> seal(file_format const& format, std::span<std::byte const> body) {
  file_writer out;
  out.raw_bytes(body);
  return std::move(out).seal(format);
}

std::span<std::byte const> body_of(std::span<std::byte const> sealed) {
  return sealed.subspan(kHeaderBytes);
}

std::uint64_t checksum_of(std::span<std::byte const> sealed) {
  std::uint64_t sum = 0;
  std::memcpy(&sum, sealed.data() + kSumAt, 8);
  return sum;
}

result<std::span<std::byte const>> unseal(file_format const& format, std::span<std::byte const> bytes) {
  std::string const kind{format.magic};
  if (bytes.size() < kHeaderBytes || std::memcmp(bytes.data(), format.magic.data(), 8) != 0)
    return failure{reason::malformed, kind + ": not such a file"};
  byte_reader in{bytes.subspan(8)};
  auto const version = in.value<std::uint32_t>();
  if (version != format.version)
    return failure{reason::schema_mismatch, kind + ": version " + std::to_string(version) + ", this program reads " +
                                                std::to_string(format.version)};
  auto const reserved = in.value<std::uint32_t>();
  auto const size = in.value<std::uint64_t>();
  auto const sum = in.value<std::uint64_t>();
  auto const body = bytes.subspan(kHeaderBytes);
  if (reserved != 0 || size != body.size()) return failure{reason::malformed, kind + ": cut off or too long"};
  if (sum != checksum(body)) return failure{reason::malformed, kind + ": checksum differs"};
  return body;
}

}  // namespace siren
