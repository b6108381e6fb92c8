#include "feed_adapters/cot_xml.h"

#include <charconv>
#include <pugixml.hpp>

namespace siren {
namespace {

constexpr auto kParse = pugi::parse_minimal | pugi::parse_escapes | pugi::parse_cdata;

failure malformed(std::string what) {
  return {reason::malformed, std::move(what)};
}

result<double> number(pugi::xml_attribute const& attribute) {
  std::string_view text{attribute.value()};
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    return malformed(std::string{attribute.name()} + " is no number");
  return value;
}

/// Absent where the attribute is, or says that it is unknown.
template <typename Quantity>
result<std::optional<Quantity>> optional_number(pugi::xml_node const& node, char const* name) {
  auto const attribute = node.attribute(name);
  if (!attribute) return std::optional<Quantity>{};
  auto const value = number(attribute);
  if (!value) return value.error();
  return cot_unknown(*value) ? std::optional<Quantity>{} : std::optional{Quantity{*value}};
}

result<double> coordinate(pugi::xml_node const& point, char const* name) {
  auto const attribute = point.attribute(name);
  if (!attribute) return failure{reason::missing_field, std::string{"no "} + name};
  return number(attribute);
}

result<void> read_track(pugi::xml_node const& track, cot_event& event) {
  auto const course = track.attribute("course");
  if (course) {
    auto const value = number(course);
    if (!value) return value.error();
    // 0 is north here, not unknown.
    if (*value == 0.0 || !cot_unknown(*value)) event.course = degrees{*value};
  }
  auto const speed = optional_number<meters_per_second>(track, "speed");
  if (!speed) return speed.error();
  event.speed = *speed;
  return {};
}

result<void> read_point(pugi::xml_node const& point, cot_event& event) {
  if (!point) return failure{reason::missing_field, "no point"};
  auto const lat = coordinate(point, "lat");
  if (!lat) return lat.error();
  auto const lon = coordinate(point, "lon");
  if (!lon) return lon.error();
  event.point = {degrees{*lat}, degrees{*lon}};
  auto const hae = optional_number<meters>(point, "hae");
  if (!hae) return hae.error();
  event.hae = *hae;
  auto const ce = optional_number<meters>(point, "ce");
  if (!ce) return ce.error();
  event.ce = *ce;
  return {};
}

result<utc_time> time_of(pugi::xml_node const& event, char const* name) {
  auto const attribute = event.attribute(name);
  if (!attribute) return failure{reason::time_missing, std::string{"no "} + name};
  return parse_utc(attribute.value());
}

result<void> load(pugi::xml_document& document, std::string_view bytes, unsigned options) {
  if (bytes.size() > kMaxCotBytes)
    return failure{reason::message_too_large, "an event has at most " + std::to_string(kMaxCotBytes) + " bytes"};
  if (bytes.find('\0') != std::string_view::npos) return malformed("a zero byte in XML");
  if (bytes.find("<!DOCTYPE") != std::string_view::npos) return malformed("a document type declaration");
  auto const read = document.load_buffer(bytes.data(), bytes.size(), options, pugi::encoding_utf8);
  if (!read) return malformed(std::string{"no XML: "} + read.description());
  return {};
}

}  // namespace

result<void> read_cot_detail(std::string_view fragment, cot_event& event) {
  pugi::xml_document document;
  if (auto const loaded = load(document, fragment, kParse | pugi::parse_fragment); !loaded) return loaded.error();
  return read_track(document.child("track"), event);
}

result<cot_event> parse_cot_xml(std::string_view bytes) {
  pugi::xml_document document;
  if (auto const loaded = load(document, bytes, kParse); !loaded) return loaded.error();
  auto const root = document.document_element();
  if (std::string_view{root.name()} != "event") return malformed("the root is no event");
  if (root.next_sibling() || root.previous_sibling()) return malformed("more than one root");
  cot_event event;
  event.uid = root.attribute("uid").value();
  event.type = root.attribute("type").value();
  event.how = root.attribute("how").value();
  event.opex = root.attribute("opex").value();
  for (auto const& [name, into] : {std::pair{"time", &event.time}, {"stale", &event.stale}}) {
    auto const at = time_of(root, name);
    if (!at) return at.error();
    *into = *at;
  }
  if (auto const point = read_point(root.child("point"), event); !point) return point.error();
  if (auto const track = read_track(root.child("detail").child("track"), event); !track) return track.error();
  return event;
}

}  // namespace siren
