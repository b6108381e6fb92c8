#pragma once

#include <cstdint>
#include <cstdlib>
#include <limits>
#include <protozero/pbf_writer.hpp>
#include <string>

#include "core/base/time.h"

namespace siren::test {

/// One Cursor on Target event over Kyiv; an empty text leaves the field out.
struct cot_fields {
  std::string uid = "uav-7";
  std::string type = "a-h-A-M-F-Q";
  std::string how = "m-g";
  std::string opex;
  std::string time = "2026-01-23T12:00:00.250Z";
  std::string stale = "2026-01-23T12:10:00Z";
  std::string lat = "50.9";
  std::string lon = "31.25";
  std::string hae = "800";
  std::string ce = "150";
  std::string course = "270";
  std::string speed = "50";
};

inline std::string cot_text(cot_fields const& with = {}) {
  auto const attribute = [](std::string const& name, std::string const& value) {
    return value.empty() ? "" : " " + name + "=\"" + value + "\"";
  };
  return "<event version=\"2.0\"" + attribute("uid", with.uid) + attribute("type", with.type) +
         attribute("how", with.how) + attribute("opex", with.opex) + attribute("time", with.time) +
         attribute("start", with.time) + attribute("stale", with.stale) + "><point" + attribute("lat", with.lat) +
         attribute("lon", with.lon) + attribute("hae", with.hae) + attribute("ce", with.ce) +
         " le=\"9999999\"/><detail><track" + attribute("course", with.course) + attribute("speed", with.speed) +
         "/><contact callsign=\"Щур\"/></detail></event>";
}

/// The same as a TAK protocol message.
inline std::string cot_message(cot_fields const& with = {}, std::string const& xml_detail = "") {
  auto const number = [](std::string const& text) { return std::strtod(text.c_str(), nullptr); };
  auto const milliseconds_of = [](std::string const& text) {
    auto const at = parse_utc(text);
    return at ? static_cast<std::uint64_t>(at->time_since_epoch().count() / 1'000) : 0;
  };
  std::string track;
  protozero::pbf_writer track_out{track};
  track_out.add_double(1, number(with.speed));
  track_out.add_double(2, number(with.course));
  std::string detail;
  protozero::pbf_writer detail_out{detail};
  if (!xml_detail.empty()) detail_out.add_string(1, xml_detail);
  detail_out.add_message(7, track);
  std::string event;
  protozero::pbf_writer out{event};
  out.add_string(1, with.type);
  if (!with.opex.empty()) out.add_string(4, with.opex);
  out.add_string(5, with.uid);
  out.add_uint64(6, milliseconds_of(with.time));
  out.add_uint64(7, milliseconds_of(with.time));
  out.add_uint64(8, milliseconds_of(with.stale));
  out.add_string(9, with.how);
  if (!with.lat.empty()) out.add_double(10, number(with.lat));
  if (!with.lon.empty()) out.add_double(11, number(with.lon));
  out.add_double(12, number(with.hae));
  out.add_double(13, number(with.ce));
  out.add_double(14, 9'999'999.0);
  out.add_message(15, detail);
  std::string message;
  protozero::pbf_writer{message}.add_message(2, event);
  return message;
}

/// In TAK protocol's stream framing.
inline std::string tak_frame(std::string const& payload) {
  std::string frame{"\xbf"};
  for (auto length = payload.size();; length >>= 7U) {
    frame += static_cast<char>((length & 0x7fU) | (length > 0x7fU ? 0x80U : 0U));
    if (length <= 0x7fU) break;
  }
  return frame + payload;
}

}  // namespace siren::test
