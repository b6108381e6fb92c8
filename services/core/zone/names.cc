#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "core/base/verify.h"
#include "core/zone/danger.h"
#include "core/zone/zone.h"

namespace siren {
namespace {

constexpr std::array<std::pair<zone_kind, std::string_view>, 6> kZoneKinds{{
    {zone_kind::country, "country"},
    {zone_kind::oblast, "oblast"},
    {zone_kind::raion, "raion"},
    {zone_kind::city, "city"},
    {zone_kind::district, "district"},
    {zone_kind::hromada, "hromada"},
}};

}  // namespace

std::string_view name_of(zone_kind kind) {
  for (auto const& [value, name] : kZoneKinds) {
    if (value == kind) return name;
  }
  verify(false, "every zone kind has a name");
  return "";
}

std::optional<zone_kind> zone_kind_named(std::string_view name) {
  for (auto const& [value, known] : kZoneKinds) {
    if (known == name) return value;
  }
  return std::nullopt;
}

std::string_view name_of(stage s) {
  switch (s) {
    case stage::all_clear:
      return "all_clear";
    case stage::prepare:
      return "prepare";
    case stage::go:
      return "go";
    case stage::take_cover:
      return "take_cover";
  }
  verify(false, "every stage has a name");
  return "";
}

std::string_view name_of(issuer who) {
  switch (who) {
    case issuer::official:
      return "official";
    case issuer::analysis:
      return "analysis";
    case issuer::city_operator:
      return "city_operator";
  }
  verify(false, "every issuer has a name");
  return "";
}

std::string_view name_of(alarm_type t) {
  switch (t) {
    case alarm_type::unknown:
      return "unknown";
    case alarm_type::air:
      return "air";
    case alarm_type::artillery:
      return "artillery";
    case alarm_type::urban_fights:
      return "urban_fights";
    case alarm_type::chemical:
      return "chemical";
    case alarm_type::nuclear:
      return "nuclear";
    case alarm_type::info:
      return "info";
    case alarm_type::carrier:
      return "carrier";
  }
  verify(false, "every alarm type has a name");
  return "";
}

std::string_view name_of(cause why) {
  switch (why) {
    case cause::unknown:
      return "unknown";
    case cause::declared:
      return "declared";
    case cause::ordered:
      return "ordered";
    case cause::tracked:
      return "tracked";
    case cause::launched:
      return "launched";
    case cause::held:
      return "held";
  }
  verify(false, "every cause has a name");
  return "";
}

std::string_view name_of(octant o) {
  constexpr std::array<std::string_view, 9> kNames{"unknown", "north",      "north_east", "east",      "south_east",
                                                   "south",   "south_west", "west",       "north_west"};
  auto const at = static_cast<std::size_t>(o);
  verify(at < kNames.size(), "every octant has a name");
  return kNames[at];
}

octant octant_of(degrees bearing) {
  auto const turned = std::fmod(std::fmod(bearing.value, 360.0) + 360.0 + 22.5, 360.0);
  return static_cast<octant>(1 + std::min(7, static_cast<int>(turned / 45.0)));
}

}  // namespace siren
