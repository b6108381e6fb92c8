#include "operator_console/grpc_web/frames.h"

#include <array>
#include <charconv>

#include <openssl/evp.h>

namespace siren {
namespace {

constexpr std::size_t kPrefixBytes = 5;
constexpr std::uint8_t kMessage = 0;
constexpr std::uint8_t kTrailers = 0x80;
constexpr std::size_t kMostTimeoutDigits = 8;  // of gRPC's protocol

std::string frame(std::uint8_t flags, std::string_view payload) {
  auto const size = static_cast<std::uint32_t>(payload.size());
  std::string made;
  made.reserve(kPrefixBytes + payload.size());
  made += static_cast<char>(flags);
  for (auto shift = 24; shift >= 0; shift -= 8) made += static_cast<char>(size >> shift & 0xFFU);
  return made.append(payload);
}

/// Printable ASCII without "%" stays, as gRPC's protocol wants it.
std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string made;
  for (auto const c : text) {
    auto const byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte <= 0x7E && c != '%') {
      made += c;
      continue;
    }
    made += '%';
    made += kDigits[byte >> 4U];
    made += kDigits[byte & 0xFU];
  }
  return made;
}

/// Without padding, as gRPC's "-bin" headers go.
std::string base64_of(std::string const& bytes) {
  std::string made((bytes.size() + 2) / 3 * 4 + 1, '\0');  // and the NUL that OpenSSL puts behind it
  auto const size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(made.data()),
                      reinterpret_cast<unsigned char const*>(bytes.data()), static_cast<int>(bytes.size()));
  made.resize(static_cast<std::size_t>(size));
  made.erase(made.find_last_not_of('=') + 1);
  return made;
}

}  // namespace

result<std::string_view> message_in(std::string_view body) {
  if (body.size() < kPrefixBytes) return failure{reason::malformed, "the body holds no whole gRPC-Web frame"};
  if (static_cast<std::uint8_t>(body[0]) != kMessage)
    return failure{reason::malformed, "the first frame is no uncompressed message"};
  std::size_t size = 0;
  for (std::size_t i = 1; i < kPrefixBytes; ++i) size = size << 8U | static_cast<std::uint8_t>(body[i]);
  if (body.size() != kPrefixBytes + size) return failure{reason::malformed, "the body is not exactly one message"};
  return body.substr(kPrefixBytes);
}

std::string message_frame(std::string_view message) {
  return frame(kMessage, message);
}

std::map<std::string, std::string> trailers_of(grpc::Status const& status) {
  std::map<std::string, std::string> told{{"grpc-status", std::to_string(static_cast<int>(status.error_code()))}};
  if (!status.error_message().empty()) told["grpc-message"] = percent_encoded(status.error_message());
  if (!status.error_details().empty()) told["grpc-status-details-bin"] = base64_of(status.error_details());
  return told;
}

std::string trailer_frame(grpc::Status const& status) {
  std::string lines;
  for (auto const& [name, value] : trailers_of(status)) lines += name + ": " + value + "\r\n";
  return frame(kTrailers, lines);
}

result<milliseconds> timeout_of(std::string_view header) {
  constexpr std::array<std::pair<char, std::int64_t>, 6> kMicroseconds{
      {{'H', 3'600'000'000}, {'M', 60'000'000}, {'S', 1'000'000}, {'m', 1'000}, {'u', 1}, {'n', 0}}};
  std::int64_t number = 0;
  auto const* const end = header.data() + header.size();
  auto const [unit, bad] = std::from_chars(header.data(), end, number);
  if (bad != std::errc{} || number < 0 || unit + 1 != end || header.size() - 1 > kMostTimeoutDigits)
    return failure{reason::malformed, "grpc-timeout is up to 8 digits and a unit"};
  for (auto const& [letter, worth] : kMicroseconds)
    if (*unit == letter) return milliseconds{number * worth / 1'000};
  return failure{reason::malformed, "grpc-timeout has no such unit"};
}

}  // namespace siren
