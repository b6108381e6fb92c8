#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace siren::fanout {

/// What one phone says first.
struct hello {
  std::string zone;
  bool stands_there = false;  // says its place too, not only the zone that it watches
  double lat = 0.0;
  double lon = 0.0;
  std::uint64_t epoch = 0;  // resumes from here; 0: begins anew
  std::uint64_t seq = 0;
};

/// What came, as a phone understands it.
class wire_ear {
 public:
  virtual ~wire_ear() = default;
  virtual void on_message(std::string_view bytes) = 0;
  /// Taken in by a server that says no more than that.
  virtual void on_ready() = 0;
  /// The server ended the stream.
  virtual void on_end() = 0;
  virtual void reply(std::string_view bytes) = 0;
};

/// Bytes that are not whole yet. One for each connection; most are empty most of the time.
struct wire_rest {
  std::string frame;
  std::string message;
  bool ready = false;
};

/// How one kind of server is spoken to. Stateless.
class wire {
 public:
  virtual ~wire() = default;
  [[nodiscard]] virtual std::string greeting(hello const& says) const = 0;
  /// False: not this protocol. `rest` is made when it is needed.
  [[nodiscard]] virtual bool take(std::string_view bytes, std::unique_ptr<wire_rest>& rest, wire_ear& to) const = 0;
};

/// gRPC over HTTP/2 with prior knowledge, AlertService.WatchAlerts as the only stream, number 1. Windows are opened
/// once for good; SETTINGS and PING are acknowledged.
[[nodiscard]] std::unique_ptr<wire> make_siren_wire();
/// A websocket to /sub/ZONE.
[[nodiscard]] std::unique_ptr<wire> make_websocket_wire();
/// The floor: the zone and a line feed go out; four bytes of length (big-endian) and a message come in, an empty one
/// first.
[[nodiscard]] std::unique_ptr<wire> make_plain_wire();

}  // namespace siren::fanout
