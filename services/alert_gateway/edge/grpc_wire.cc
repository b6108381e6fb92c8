#include "alert_gateway/edge/grpc_wire.h"

#include <absl/strings/escaping.h>

#include "common/rpc_server.h"

namespace siren::edge {
namespace {

constexpr std::size_t kMostTimeoutDigits = 8;
/// Percent-encoded and in the details too it stays below the 8 KiB of metadata that clients take by default.
constexpr std::size_t kMostMessageBytes = 1'000;
constexpr std::size_t kMostPrintedBytes = 100;

bool continues_a_letter(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;  // UTF-8
}

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

std::array<char, kFrameHeadBytes> data_head_of(std::size_t payload_bytes, std::int32_t stream) {
  auto const byte = [](std::size_t value, unsigned shift) { return static_cast<char>((value >> shift) & 0xFFU); };
  auto const id = static_cast<std::size_t>(stream);
  return {byte(payload_bytes, 16),
          byte(payload_bytes, 8),
          byte(payload_bytes, 0),
          0,
          0,
          byte(id, 24),
          byte(id, 16),
          byte(id, 8),
          byte(id, 0)};
}

result<void> message_cutter::feed(std::string_view bytes, std::function<void(std::string_view)> const& take) {
  kept_.append(bytes);
  std::string_view left = kept_;
  while (left.size() >= kPrefixBytes) {
    compressed_ = left.front() == 1;
    if (left.front() != 0) return failure{reason::malformed, "a message begins with 0: compression is not spoken here"};
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
  call_end end;
  end.status = "0";
  if (!why) return end;
  auto told = *why;
  if (told.message.size() > kMostMessageBytes) {
    auto cut = kMostMessageBytes;
    while (cut > 0 && continues_a_letter(told.message[cut])) --cut;
    told.message.resize(cut);
  }
  auto const status = to_status(told);
  end.status = std::to_string(static_cast<int>(status.error_code()));
  end.message = percent_encoded(status.error_message());
  end.details = base64_without_padding(status.error_details());
  return end;
}

call_end end_of_compressed() {
  call_end end;
  end.status = "12";
  end.message = "compression is not spoken here";
  return end;
}

std::string printable(std::string_view text) {
  std::string shown{text.substr(0, kMostPrintedBytes)};
  for (auto& c : shown)
    if (c < 0x20 || c > 0x7E) c = '?';
  return shown;
}

bool is_grpc(std::string_view content_type) {
  static constexpr std::string_view kGrpc = "application/grpc";
  if (!content_type.starts_with(kGrpc)) return false;
  auto const rest = content_type.substr(kGrpc.size());
  return rest.empty() || rest.front() == ';' || rest == "+proto" || rest.starts_with("+proto;");
}

}  // namespace siren::edge
