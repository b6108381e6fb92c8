#include "alert_gateway/edge/grpc_wire.h"

#include <absl/strings/escaping.h>

#include "common/rpc_server.h"

namespace siren::edge {
namespace {

constexpr std::size_t kMostTimeoutDigits = 8;

std::size_t length_in(std::string_view prefix) {
  std::size_t length = 0;
  for (auto const c : prefix.substr(1, 4)) length = (length << 8U) | static_cast<unsigned char>(c);
  return length;
}

/// Printable ASCII but '%' stays.
std::string percent_encoded(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  for (auto const c : text) {
    auto const byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte <= 0x7E && c != '%') {
      encoded += c;
      continue;
    }
    encoded += '%';
    encoded += kHex[byte >> 4U];
    encoded += kHex[byte & 0xFU];
  }
  return encoded;
}

std::string base64_without_padding(std::string const& bytes) {
  auto text = absl::Base64Escape(bytes);
  while (!text.empty() && text.back() == '=') text.pop_back();
  return text;
}

}  // namespace

std::array<char, kPrefixBytes> prefix_of(std::size_t message_bytes) {
  auto const byte = [&](unsigned shift) { return static_cast<char>((message_bytes >> shift) & 0xFFU); };
  return {0, byte(24), byte(16), byte(8), byte(0)};
}

result<void> message_cutter::feed(std::string_view bytes, std::function<void(std::string_view)> const& take) {
  kept_.append(bytes);
  std::string_view left = kept_;
  while (left.size() >= kPrefixBytes) {
    if (left.front() != 0) return failure{reason::malformed, "compressed messages are not spoken here"};
    auto const length = length_in(left);
    if (length > most_)
      return failure{reason::message_too_large, "a message is at most " + std::to_string(most_) + " bytes"};
    if (left.size() < kPrefixBytes + length) break;
    take(left.substr(kPrefixBytes, length));
    left.remove_prefix(kPrefixBytes + length);
  }
  kept_.erase(0, kept_.size() - left.size());
  if (kept_.empty()) kept_.shrink_to_fit();
  return {};
}

std::optional<microseconds> timeout_of(std::string_view text) {
  if (text.size() < 2 || text.size() > kMostTimeoutDigits + 1) return std::nullopt;
  std::int64_t value = 0;
  for (auto const c : text.substr(0, text.size() - 1)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  switch (text.back()) {
    case 'H':
      return hours{value};
    case 'M':
      return minutes{value};
    case 'S':
      return seconds{value};
    case 'm':
      return milliseconds{value};
    case 'u':
      return microseconds{value};
    case 'n':
      return microseconds{value / 1'000};
    default:
      return std::nullopt;
  }
}

call_end end_of(std::optional<failure> const& why) {
  if (!why) return {"0", "", ""};
  auto const status = to_status(*why);
  return {std::to_string(static_cast<int>(status.error_code())), percent_encoded(status.error_message()),
          base64_without_padding(status.error_details())};
}

}  // namespace siren::edge
