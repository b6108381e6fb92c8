#include <set>

#include "common/city_bundle/fields.h"
#include "common/city_bundle/shelter_lists.h"

namespace siren {
namespace {

constexpr char kOpening[] = "{\"type\":\"FeatureCollection\",\"features\":[\n";
constexpr char kClosing[] = "\n]}\n";

lat_lon point_of(json_fields& feature) {
  json_fields geometry{feature.object("geometry")};
  auto const kind = geometry.text("type");
  auto const& at = geometry.array("coordinates");
  if (!geometry.ok() || kind != "Point" || at.size() < 2 || !at[0].is_number() || !at[1].is_number()) {
    feature.fail(reason::malformed, "geometry is not a Point [longitude, latitude]");
    return {};
  }
  lat_lon const place{degrees{at[1].get<double>()}, degrees{at[0].get<double>()}};
  if (!on_earth(place)) {
    bool const bad_lat = !(place.lat.value >= -90.0 && place.lat.value <= 90.0);
    feature.fail(bad_lat ? reason::latitude_out_of_range : reason::longitude_out_of_range, "the point is not on Earth");
  }
  return place;
}

void read_entrances(json_fields& in, bundle_policy const& policy, shelter& s) {
  if (!in.has("entrances")) return;
  auto const& list = in.array("entrances");
  if (list.size() > policy.max_entrances) return in.fail(reason::message_too_large, "too many entrances");
  for (auto const& item : list) {
    json_fields one{item};
    entrance door{one.text("name", false), one.place(), one.flag("step_free", false)};
    if (!one.ok()) return in.fail(one.error().why, "entrance: " + one.error().message);
    s.entrances.push_back(std::move(door));
  }
}

void read_live(json_fields& in, shelter& s) {
  if (auto const name = in.text("state", false); !name.empty()) {
    auto const state = open_state_named(name);
    if (!state) return in.fail(reason::malformed, "state is not open, closed, full or unknown");
    s.state = *state;
  }
  if (auto const name = in.text("metro_role", false); !name.empty()) {
    auto const role = metro_role_named(name);
    if (!role) return in.fail(reason::malformed, "metro_role is not a role of a station");
    s.role = *role;
  }
  if (auto const text = in.text("verified_at", false); !text.empty()) {
    auto const at = parse_utc(text);
    if (!at) return in.fail(reason::malformed, "verified_at is not a time: " + at.error().message);
    s.verified_at = *at;
  }
}

void read_facts(json_fields& in, shelter& s) {
  constexpr std::uint32_t kMostStairs = 1'000;  // the deepest station in the world has some 600 steps in all
  if (auto const text = in.text("open_hours", false); !text.empty()) {
    s.open_hours = daily_hours_of(text);
    if (!s.open_hours) return in.fail(reason::malformed, "open_hours is neither always nor hh:mm-hh:mm");
  }
  if (auto const name = in.text("access", false); !name.empty()) {
    auto const rule = access_rule_named(name);
    if (!rule) return in.fail(reason::malformed, "access is not everyone, school, residents or staff");
    s.access = *rule;
  }
  s.keyholder = in.text("keyholder", false);
  if (in.has("power")) s.power = in.flag("power", false);
  if (in.has("heat")) s.heat = in.flag("heat", false);
  if (in.has("water")) s.water = in.flag("water", false);
  if (in.has("stairs")) s.stairs = in.whole_number("stairs", kMostStairs, reason::count_out_of_range);
  s.place_doubtful = in.flag("place_doubtful", false);
  s.capacity_assumed = in.flag("capacity_assumed", false);
}

result<shelter> shelter_of(nlohmann::json const& item, bundle_policy const& policy, lat_lon_box const& box) {
  json_fields feature{item};
  shelter s;
  s.place = point_of(feature);
  json_fields in{feature.object("properties")};
  if (!feature.ok()) return feature.error();
  s.id = shelter_id{in.id("id")};
  auto const type = shelter_type_named(in.text("type"));
  if (!type) in.fail(reason::malformed, "type is not a type of shelter");
  s.type = type.value_or(shelter_type::basic);
  s.name_uk = in.text("name_uk");
  s.name_en = in.text("name_en");
  s.address = in.text("address", false);
  if (in.has("capacity")) s.capacity = in.whole_number("capacity", policy.max_capacity, reason::capacity_out_of_range);
  s.step_free = in.flag("step_free", false);
  s.pets = in.flag("pets", false);
  s.surface = in.flag("surface", false);
  s.generated = in.flag("generated", false);
  if (in.has("depth_m")) s.depth = in.depth("depth_m", policy.max_depth);
  read_live(in, s);
  read_facts(in, s);
  read_entrances(in, policy, s);
  if (s.surface) s.role = metro_role::closed;
  if (s.type != shelter_type::metro_station && (s.surface || s.role != metro_role::none))
    in.fail(reason::malformed, "surface and metro_role are for metro stations");
  if (in.ok() && !box.contains(s.place)) in.fail(reason::outside_theatre, "outside the city");
  if (!in.ok()) return in.error();
  if (s.entrances.empty()) s.entrances.push_back({"", s.place, s.step_free});
  return s;
}

/// What nobody told is left out.
void write_facts(shelter const& s, nlohmann::ordered_json& properties) {
  if (s.open_hours) properties["open_hours"] = text_of(*s.open_hours);
  if (s.access != access_rule::unknown) properties["access"] = name_of(s.access);
  if (!s.keyholder.empty()) properties["keyholder"] = s.keyholder;
  if (s.power) properties["power"] = *s.power;
  if (s.heat) properties["heat"] = *s.heat;
  if (s.water) properties["water"] = *s.water;
  if (s.stairs) properties["stairs"] = *s.stairs;
  if (s.place_doubtful) properties["place_doubtful"] = true;
  if (s.capacity_assumed) properties["capacity_assumed"] = true;
}

std::string feature_of(shelter const& s) {
  auto entrances = nlohmann::ordered_json::array();
  for (auto const& door : s.entrances)
    entrances.push_back({{"name", door.name},
                         {"lat", door.place.lat.value},
                         {"lon", door.place.lon.value},
                         {"step_free", door.step_free}});
  nlohmann::ordered_json properties{{"id", s.id.value},         {"type", name_of(s.type)}, {"name_uk", s.name_uk},
                                    {"name_en", s.name_en},     {"address", s.address},    {"capacity", s.capacity},
                                    {"step_free", s.step_free}, {"pets", s.pets},          {"state", name_of(s.state)},
                                    {"generated", s.generated}};
  if (s.depth) properties["depth_m"] = s.depth->value;
  if (s.verified_at) properties["verified_at"] = format_utc(*s.verified_at);
  write_facts(s, properties);
  if (s.type == shelter_type::metro_station) {
    properties["surface"] = s.surface;
    properties["metro_role"] = name_of(s.role);
  }
  properties["entrances"] = std::move(entrances);
  nlohmann::ordered_json const feature{
      {"type", "Feature"},
      {"geometry", {{"type", "Point"}, {"coordinates", {s.place.lon.value, s.place.lat.value}}}},
      {"properties", std::move(properties)}};
  return feature.dump();
}

}  // namespace

result<std::vector<shelter>> parse_shelters_geojson(std::string const& text, bundle_policy const& policy,
                                                    lat_lon_box const& box, std::vector<bundle_reject>& rejects) {
  auto const root = read_json_object(text, "the GeoJSON");
  if (!root) return root.error();
  json_fields in{*root};
  if (in.text("type") != "FeatureCollection") in.fail(reason::malformed, "the GeoJSON is no FeatureCollection");
  auto const& features = in.array("features");
  if (!in.ok()) return in.error();
  std::vector<shelter> shelters;
  std::set<shelter_id> seen;
  std::size_t number = 0;
  for (auto const& item : features) {
    ++number;
    auto s = shelter_of(item, policy, box);
    if (s && !seen.insert(s->id).second) s = failure{reason::duplicate, "id " + s->id.value + " again"};
    if (s) {
      shelters.push_back(std::move(*s));
    } else {
      rejects.push_back({"", number, s.error()});
    }
  }
  return shelters;
}

std::vector<std::string> write_shelters_geojson(std::vector<shelter> const& shelters, std::size_t max_bytes) {
  std::vector<std::string> collections;
  std::string open;
  for (auto const& s : shelters) {
    auto feature = feature_of(s);
    if (!open.empty() && open.size() + feature.size() + sizeof kClosing + 2 > max_bytes)
      collections.push_back(std::exchange(open, {}) + kClosing);
    open += open.empty() ? kOpening : ",\n";
    open += feature;
  }
  if (!open.empty()) collections.push_back(open + kClosing);
  return collections;
}

}  // namespace siren
