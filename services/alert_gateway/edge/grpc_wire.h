#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/time.h"

namespace siren::edge {

/// gRPC over HTTP/2 as in its PROTOCOL-HTTP2.md. Pure.

/// A message travels as one byte "compressed", four bytes of length (big-endian), then itself.
inline constexpr std::size_t kPrefixBytes = 5;
[[nodiscard]] std::array<char, kPrefixBytes> prefix_of(std::size_t message_bytes);

/// Of a DATA frame without flags: three bytes of length, type, flags, four bytes of stream (RFC 9113, 4.1).
inline constexpr std::size_t kFrameHeadBytes = 9;
[[nodiscard]] std::array<char, kFrameHeadBytes> data_head_of(std::size_t payload_bytes, std::int32_t stream);
/// Payload that every peer takes (RFC 9113, 4.2).
inline constexpr std::size_t kMostFramePayload = 16'384;

/// Cuts messages out of a request's bytes, however they were split on the way.
class message_cutter {
 public:
  explicit message_cutter(std::size_t most_bytes) : most_{most_bytes} {}
  /// `take` gets each whole message; it lives for the call only. Failure: MALFORMED (also when compressed),
  /// MESSAGE_TOO_LARGE; nothing more can be cut then.
  [[nodiscard]] result<void> feed(std::string_view bytes, std::function<void(std::string_view)> const& take);
  /// The failure was a compressed message.
  [[nodiscard]] bool compressed() const { return compressed_; }
  /// Bytes of a message that is not whole yet are waiting.
  [[nodiscard]] bool in_the_middle() const { return !kept_.empty(); }

 private:
  std::size_t most_;
  std::string kept_;
  bool compressed_ = false;
};

/// The value of grpc-timeout: at most eight digits and one of H M S m u n. Absent: malformed.
[[nodiscard]] std::optional<microseconds> timeout_of(std::string_view text);

/// How a call ended, as trailers; as the only headers when nothing was said before.
struct call_end {
  std::string http = "200";
  std::string status;   // decimal code
  std::string message;  // percent-encoded
  std::string details;  // grpc-status-details-bin: base64 without padding; empty: none
};
/// Absent: OK. Of a long message only the beginning is told: trailers have a limit too.
[[nodiscard]] call_end end_of(std::optional<failure> const& why);
/// UNIMPLEMENTED, which is what the protocol wants for a compression that is not known.
[[nodiscard]] call_end end_of_compressed();
/// What a stranger wrote, fit to be told back: printable ASCII, the first 100 bytes.
[[nodiscard]] std::string printable(std::string_view text);
/// "application/grpc" or "application/grpc+proto", with or without parameters.
[[nodiscard]] bool is_grpc(std::string_view content_type);

}  // namespace siren::edge
