#include <array>
#include <cstring>

#include "fanout_bench/wire.h"
#include "siren/alerts/v1/alert_service.pb.h"

namespace siren::fanout {
namespace {

constexpr std::size_t kHead = 9;    // of an HTTP/2 frame
constexpr std::size_t kPrefix = 5;  // of a gRPC message
constexpr std::size_t kMostFrame = 1U << 20U;
constexpr std::uint32_t kMostWindow = 0x7FFFFFFF;
constexpr std::uint32_t kFirstWindow = 65'535;

enum frame_type : std::uint8_t { data = 0, headers = 1, rst_stream = 3, settings = 4, ping = 6, window_update = 8 };
constexpr std::uint8_t kEndStream = 1;
constexpr std::uint8_t kAck = 1;
constexpr std::uint8_t kEndHeaders = 4;
constexpr std::uint8_t kPadded = 8;

std::uint32_t number_in(std::string_view bytes, std::size_t size) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = (value << 8U) | static_cast<unsigned char>(bytes[i]);
  return value;
}

void put_number(std::string& to, std::uint32_t value, unsigned size) {
  while (size-- > 0) to += static_cast<char>((value >> (8 * size)) & 0xFFU);
}

void put_frame(std::string& to, frame_type type, std::uint8_t flags, std::uint32_t stream, std::string_view payload) {
  put_number(to, static_cast<std::uint32_t>(payload.size()), 3);
  to += static_cast<char>(type);
  to += static_cast<char>(flags);
  put_number(to, stream, 4);
  to += payload;
}

/// HPACK without its tables: a literal that is not indexed, name and value as they are.
void put_header(std::string& to, std::string_view name, std::string_view value) {
  to += '\0';
  to += static_cast<char>(name.size());
  to += name;
  to += static_cast<char>(value.size());
  to += value;
}

std::string request_headers() {
  std::string block;
  put_header(block, ":method", "POST");
  put_header(block, ":scheme", "http");
  put_header(block, ":path", "/siren.alerts.v1.AlertService/WatchAlerts");
  put_header(block, ":authority", "siren");
  put_header(block, "content-type", "application/grpc");
  put_header(block, "te", "trailers");
  put_header(block, "user-agent", "siren-fanout");
  return block;
}

/// Everything of a greeting that is the same for all.
std::string const& opening() {
  static std::string const bytes = [] {
    std::string all{"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"};
    std::string values;
    put_number(values, 2, 2);  // ENABLE_PUSH
    put_number(values, 0, 4);
    put_number(values, 4, 2);  // INITIAL_WINDOW_SIZE
    put_number(values, kMostWindow, 4);
    put_frame(all, settings, 0, 0, values);
    std::string more;
    put_number(more, kMostWindow - kFirstWindow, 4);
    put_frame(all, window_update, 0, 0, more);
    put_frame(all, headers, kEndHeaders, 1, request_headers());
    return all;
  }();
  return bytes;
}

class siren_wire final : public wire {
 public:
  std::string greeting(hello const& says) const override {
    alerts::v1::WatchAlertsRequest request;
    auto* to = request.mutable_subscribe();
    to->set_world(geo::v1::WORLD_EXERCISE);
    if (says.stands_there) {
      to->mutable_position()->set_latitude_deg(says.lat);
      to->mutable_position()->set_longitude_deg(says.lon);
    } else {
      to->add_watch_zone_ids(says.zone);
    }
    if (says.epoch != 0) {
      to->mutable_resume_from()->set_epoch(says.epoch);
      to->mutable_resume_from()->set_seq(says.seq);
      to->add_resume_zone_ids(says.zone);
    }
    auto const message = request.SerializeAsString();
    std::string framed{'\0'};
    put_number(framed, static_cast<std::uint32_t>(message.size()), 4);
    framed += message;
    auto all = opening();
    put_frame(all, data, 0, 1, framed);
    return all;
  }

  bool take(std::string_view bytes, std::unique_ptr<wire_rest>& rest, wire_ear& to) const override {
    std::string joined;
    if (rest && !rest->frame.empty()) {
      joined = std::move(rest->frame);
      joined += bytes;
      bytes = joined;
      rest->frame.clear();
    }
    while (bytes.size() >= kHead) {
      auto const size = number_in(bytes, 3);
      if (size > kMostFrame) return false;
      if (bytes.size() < kHead + size) break;
      if (!frame(bytes.substr(0, kHead), bytes.substr(kHead, size), rest, to)) return false;
      bytes.remove_prefix(kHead + size);
    }
    if (!bytes.empty()) keep(rest).frame = bytes;
    if (rest && rest->frame.empty() && rest->message.empty()) rest.reset();
    return true;
  }

 private:
  static wire_rest& keep(std::unique_ptr<wire_rest>& rest) {
    if (!rest) rest = std::make_unique<wire_rest>();
    return *rest;
  }

  static bool frame(std::string_view head, std::string_view payload, std::unique_ptr<wire_rest>& rest, wire_ear& to) {
    auto const flags = static_cast<std::uint8_t>(head[4]);
    auto const ends = (flags & kEndStream) != 0;
    switch (static_cast<std::uint8_t>(head[3])) {
      case data: {
        if ((flags & kPadded) != 0) return false;  // ours never pads
        if (!messages(payload, rest, to)) return false;
        if (ends) to.on_end();
        return true;
      }
      case headers:
        if (ends) to.on_end();
        return true;
      case rst_stream:
        to.on_end();
        return true;
      case settings:
      case ping: {
        if ((flags & kAck) != 0) return true;
        auto const type = static_cast<frame_type>(head[3]);
        std::string answer;
        put_frame(answer, type, kAck, 0, type == ping ? payload : std::string_view{});
        to.reply(answer);
        return true;
      }
      default:
        return true;
    }
  }

  static bool messages(std::string_view bytes, std::unique_ptr<wire_rest>& rest, wire_ear& to) {
    std::string joined;
    if (rest && !rest->message.empty()) {
      joined = std::move(rest->message);
      joined += bytes;
      bytes = joined;
      rest->message.clear();
    }
    while (bytes.size() >= kPrefix) {
      if (bytes[0] != 0) return false;
      auto const size = number_in(bytes.substr(1), 4);
      if (size > kMostFrame) return false;
      if (bytes.size() < kPrefix + size) break;
      to.on_message(bytes.substr(kPrefix, size));
      bytes.remove_prefix(kPrefix + size);
    }
    if (!bytes.empty()) keep(rest).message = bytes;
    return true;
  }
};

}  // namespace

std::unique_ptr<wire> make_siren_wire() {
  return std::make_unique<siren_wire>();
}

}  // namespace siren::fanout
