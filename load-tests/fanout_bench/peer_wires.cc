#include "fanout_bench/wire.h"

namespace siren::fanout {
namespace {

constexpr std::size_t kMostMessage = 1U << 20U;

std::uint64_t number_in(std::string_view bytes, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = (value << 8U) | static_cast<unsigned char>(bytes[i]);
  return value;
}

/// What was kept and what came now, as one; `joined` holds it if need be.
std::string_view whole(std::string_view bytes, std::unique_ptr<wire_rest>& rest, std::string& joined) {
  if (!rest) rest = std::make_unique<wire_rest>();
  if (rest->frame.empty()) return bytes;
  joined = std::move(rest->frame);
  joined += bytes;
  rest->frame.clear();
  return joined;
}

class websocket_wire final : public wire {
 public:
  std::string greeting(hello const& says) const override {
    // The key is checked by browsers alone.
    return "GET /sub/" + says.zone +
           " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
  }

  bool take(std::string_view bytes, std::unique_ptr<wire_rest>& rest, wire_ear& to) const override {
    static constexpr std::string_view kEnd = "\r\n\r\n";
    std::string joined;
    bytes = whole(bytes, rest, joined);
    if (!rest->ready) {
      auto const end = bytes.find(kEnd);
      if (end == std::string_view::npos) {
        rest->frame = bytes;
        return true;
      }
      if (!bytes.starts_with("HTTP/1.1 101")) return false;
      rest->ready = true;
      bytes.remove_prefix(end + kEnd.size());
      to.on_ready();
    }
    while (bytes.size() >= 2) {
      auto const first = static_cast<unsigned char>(bytes[0]);
      std::uint64_t size = static_cast<unsigned char>(bytes[1]);
      if (size > 127) return false;  // a server never masks
      auto const more = size == 126 ? 2U : size == 127 ? 8U : 0U;
      if (bytes.size() < 2 + more) break;
      if (more > 0) size = number_in(bytes.substr(2), more);
      if (size > kMostMessage) return false;
      if (bytes.size() < 2 + more + size) break;
      frame(first & 0x0FU, bytes.substr(2 + more, size), to);
      bytes.remove_prefix(2 + more + size);
    }
    rest->frame = bytes;
    return true;
  }

 private:
  static void frame(unsigned opcode, std::string_view payload, wire_ear& to) {
    if (opcode == 1 || opcode == 2) to.on_message(payload);
    if (opcode == 8) to.on_end();
    if (opcode != 9 || payload.size() > 125) return;
    std::string pong{'\x8A', static_cast<char>(0x80U | payload.size()), '\0', '\0', '\0', '\0'};  // masked by zeros
    to.reply(pong.append(payload));
  }
};

class plain_wire final : public wire {
 public:
  std::string greeting(hello const& says) const override { return says.zone + "\n"; }

  bool take(std::string_view bytes, std::unique_ptr<wire_rest>& rest, wire_ear& to) const override {
    static constexpr std::size_t kPrefix = 4;
    std::string joined;
    if (rest) bytes = whole(bytes, rest, joined);
    while (bytes.size() >= kPrefix) {
      auto const size = number_in(bytes, kPrefix);
      if (size > kMostMessage) return false;
      if (bytes.size() < kPrefix + size) break;
      if (size == 0) to.on_ready();
      if (size > 0) to.on_message(bytes.substr(kPrefix, size));
      bytes.remove_prefix(kPrefix + size);
    }
    if (bytes.empty()) {
      rest.reset();
      return true;
    }
    if (!rest) rest = std::make_unique<wire_rest>();
    rest->frame = bytes;
    return true;
  }
};

}  // namespace

std::unique_ptr<wire> make_websocket_wire() {
  return std::make_unique<websocket_wire>();
}
std::unique_ptr<wire> make_plain_wire() {
  return std::make_unique<plain_wire>();
}

}  // namespace siren::fanout
