#include "feed_adapters/cot_protobuf.h"

#include <cmath>
#include <protozero/pbf_reader.hpp>

#include "feed_adapters/cot_xml.h"

namespace siren {
namespace {

using protozero::pbf_reader;
using protozero::pbf_wire_type;

constexpr std::uint64_t kLastMillisecond = 253'402'300'799'999;  // of the year 9999

/// A field's number that came with a type of wire which it does not have.
struct wrong_wire_type {};

void expect(pbf_reader const& in, pbf_wire_type type) {
  if (in.wire_type() != type) throw wrong_wire_type{};
}
double double_of(pbf_reader& in) {
  expect(in, pbf_wire_type::fixed64);
  return in.get_double();
}
std::string_view bytes_of(pbf_reader& in) {
  expect(in, pbf_wire_type::length_delimited);
  auto const view = in.get_view();
  return {view.data(), view.size()};
}
std::uint64_t number_of(pbf_reader& in) {
  expect(in, pbf_wire_type::varint);
  return in.get_uint64();
}

struct wire_track {
  double speed = 0;
  double course = 0;
};
struct wire_detail {
  std::string_view xml;
  std::optional<wire_track> track;
};
struct wire_event {
  std::string_view type, opex, uid, how;
  std::uint64_t sent = 0, stale = 0;
  std::optional<double> lat, lon;
  double hae = 0, ce = 0;
  wire_detail detail;
};

wire_track track_of(std::string_view bytes) {
  wire_track track;
  for (pbf_reader in{bytes.data(), bytes.size()}; in.next();) {
    switch (in.tag()) {
      case 1:
        track.speed = double_of(in);
        break;
      case 2:
        track.course = double_of(in);
        break;
      default:
        in.skip();
    }
  }
  return track;
}

wire_detail detail_of(std::string_view bytes) {
  wire_detail detail;
  for (pbf_reader in{bytes.data(), bytes.size()}; in.next();) {
    switch (in.tag()) {
      case 1:
        detail.xml = bytes_of(in);
        break;
      case 7:
        detail.track = track_of(bytes_of(in));
        break;
      default:
        in.skip();
    }
  }
  return detail;
}

wire_event event_of(std::string_view bytes) {
  wire_event event;
  for (pbf_reader in{bytes.data(), bytes.size()}; in.next();) {
    switch (in.tag()) {
      case 1:
        event.type = bytes_of(in);
        break;
      case 4:
        event.opex = bytes_of(in);
        break;
      case 5:
        event.uid = bytes_of(in);
        break;
      case 6:
        event.sent = number_of(in);
        break;
      case 8:
        event.stale = number_of(in);
        break;
      case 9:
        event.how = bytes_of(in);
        break;
      case 10:
        event.lat = double_of(in);
        break;
      case 11:
        event.lon = double_of(in);
        break;
      case 12:
        event.hae = double_of(in);
        break;
      case 13:
        event.ce = double_of(in);
        break;
      case 15:
        event.detail = detail_of(bytes_of(in));
        break;
      default:
        in.skip();
    }
  }
  return event;
}

std::optional<std::string_view> event_bytes_of(std::string_view message) {
  std::optional<std::string_view> event;
  for (pbf_reader in{message.data(), message.size()}; in.next();) {
    if (in.tag() == 2)
      event = bytes_of(in);
    else
      in.skip();
  }
  return event;
}

template <typename Quantity>
std::optional<Quantity> known(double value) {
  return cot_unknown(value) ? std::nullopt : std::optional{Quantity{value}};
}

result<cot_event> checked(wire_event const& wire) {
  if (!wire.lat || !wire.lon) return failure{reason::missing_field, "no lat or no lon"};
  if (wire.sent == 0 || wire.stale == 0) return failure{reason::time_missing, "no sendTime or no staleTime"};
  if (wire.sent > kLastMillisecond || wire.stale > kLastMillisecond)
    return failure{reason::malformed, "a time beyond the year 9999"};
  cot_event event;
  event.uid = wire.uid;
  event.type = wire.type;
  event.how = wire.how;
  event.opex = wire.opex;
  event.time = utc_time{milliseconds{wire.sent}};
  event.stale = utc_time{milliseconds{wire.stale}};
  event.point = {degrees{*wire.lat}, degrees{*wire.lon}};
  event.hae = known<meters>(wire.hae);
  event.ce = known<meters>(wire.ce);
  if (auto const detail = read_cot_detail(wire.detail.xml, event); !detail) return detail.error();
  if (auto const& track = wire.detail.track) {
    event.speed = known<meters_per_second>(track->speed);
    // 0 is north here, not unknown.
    event.course = track->course == 0.0 ? std::optional{degrees{0.0}} : known<degrees>(track->course);
  }
  return event;
}

}  // namespace

result<cot_event> parse_cot_protobuf(std::string_view bytes) {
  if (bytes.size() > kMaxCotBytes)
    return failure{reason::message_too_large, "an event has at most " + std::to_string(kMaxCotBytes) + " bytes"};
  try {
    auto const event = event_bytes_of(bytes);
    if (!event) return failure{reason::not_a_threat, "a control message"};
    return checked(event_of(*event));
  } catch (protozero::exception const&) {
    return failure{reason::malformed, "no protobuf"};
  } catch (wrong_wire_type const&) {
    return failure{reason::malformed, "a field of another type"};
  }
}

}  // namespace siren
