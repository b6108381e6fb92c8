#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/time.h"

namespace siren::edge {

/// What a stranger may cost. Rates are token buckets per connection; beyond one the connection is told
/// ENHANCE_YOUR_CALM and closed.
struct edge_limits {
  std::size_t connections = 50'000;  // per process, below the file limit
  std::uint32_t streams = 4;         // one watch and a few questions per phone
  std::size_t message_bytes = 16U << 10U;
  std::size_t header_bytes = 8U << 10U;     // of one request; gRPC's default
  double header_bytes_burst = 64.0 * 1024;  // of one connection: eight of the largest
  double header_bytes_per_second = 1024;
  double streams_burst = 100;  // opened, whether reset or served
  double streams_per_second = 10;
  double pings_burst = 200;  // gRPC clients ping with each burst of data they receive
  double pings_per_second = 20;
  double frames_burst = 2'000;       // of any kind: a reconnecting phone's first minute, several times over
  double frames_per_second = 300;    // 50 alerts a second, each acknowledged by two window updates and a ping
  std::size_t answers_unread = 256;  // frames that wait for a phone which does not read
  seconds first_call_within{10};     // TLS handshake included: a mobile connection's worst round trips, thrice
  seconds first_message_within{15};  // of a call; behind the phones' own limit for the first word
  seconds idle_within{120};          // without a call, or a call without a message; four of the clients' keepalives
  seconds end_within{10};            // a call's end is taken, as long as a slow reader's message
  seconds linger_within{2};          // for the other side to close too, so that it reads the last word
  /// The kernel holds so much for a phone that does not read; it doubles it.
  int send_buffer_bytes = 16 << 10;
  /// A phone that acknowledges nothing for so long is gone: four heartbeats.
  milliseconds dead_after{20'000};
};

/// Why a connection or stream was refused or closed, for metrics.
enum class refusal : std::uint8_t {
  too_many_connections,
  streams_rate,
  ping_rate,
  frame_rate,
  answers_unread,
  header_bytes,
  protocol_error,
  no_call_in_time,
  unknown_method,
  not_grpc,
};
[[nodiscard]] constexpr char const* name_of(refusal why) {
  switch (why) {
    case refusal::too_many_connections:
      return "too_many_connections";
    case refusal::streams_rate:
      return "streams_rate";
    case refusal::ping_rate:
      return "ping_rate";
    case refusal::frame_rate:
      return "frame_rate";
    case refusal::answers_unread:
      return "answers_unread";
    case refusal::header_bytes:
      return "header_bytes";
    case refusal::protocol_error:
      return "protocol_error";
    case refusal::no_call_in_time:
      return "no_call_in_time";
    case refusal::unknown_method:
      return "unknown_method";
    case refusal::not_grpc:
      return "not_grpc";
  }
  return "";
}

}  // namespace siren::edge
