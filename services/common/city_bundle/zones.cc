#include <cmath>
#include <set>
#include <unordered_map>

#include "common/city_bundle/bundle_files.h"
#include "common/city_bundle/csv.h"
#include "common/city_bundle/fields.h"
#include "core/geo/region.h"

namespace siren {
namespace {

constexpr char kZonesFile[] = "zones.geojson";
constexpr char kPopulationFile[] = "population.csv";

/// A GeoJSON ring: closed, [longitude, latitude]; ours is open.
std::optional<std::vector<lat_lon>> ring_of(nlohmann::json const& list) {
  if (!list.is_array() || list.size() < 4) return std::nullopt;
  std::vector<lat_lon> ring;
  ring.reserve(list.size());
  for (auto const& at : list) {
    if (!at.is_array() || at.size() < 2 || !at[0].is_number() || !at[1].is_number()) return std::nullopt;
    ring.push_back({degrees{at[1].get<double>()}, degrees{at[0].get<double>()}});
    if (!on_earth(ring.back())) return std::nullopt;
  }
  if (!(ring.front() == ring.back())) return std::nullopt;
  ring.pop_back();
  return ring;
}

std::optional<polygon> polygon_of(nlohmann::json const& rings) {
  if (!rings.is_array() || rings.empty()) return std::nullopt;
  polygon shape;
  for (auto const& list : rings) {
    auto ring = ring_of(list);
    if (!ring) return std::nullopt;
    if (shape.outer.empty()) {
      shape.outer = std::move(*ring);
    } else {
      shape.holes.push_back(std::move(*ring));
    }
  }
  return shape;
}

std::vector<polygon> shape_of(nlohmann::json const& geometry, json_fields& owner) {
  json_fields in{geometry};
  auto const type = in.text("type");
  auto const& coordinates = in.array("coordinates");
  std::vector<polygon> shape;
  bool good = in.ok() && (type == "Polygon" || type == "MultiPolygon") && !coordinates.empty();
  if (good && type == "Polygon") {
    auto p = polygon_of(coordinates);
    good = p.has_value();
    if (good) shape.push_back(std::move(*p));
  } else if (good) {
    for (auto const& rings : coordinates) {
      auto p = polygon_of(rings);
      if (!p) {
        good = false;
        break;
      }
      shape.push_back(std::move(*p));
    }
  }
  if (!good) {
    owner.fail(reason::malformed, "geometry is not a Polygon or MultiPolygon of closed rings on earth");
    return {};
  }
  if (auto const built = region::build(shape); !built) owner.fail(built.error().why, built.error().message);
  return shape;
}

std::vector<zone_id> replaced_in(json_fields& in) {
  std::vector<zone_id> gone;
  for (auto const& id : in.array("replaces")) {
    nlohmann::json const one{{"replaces", id}};
    json_fields entry{one};
    gone.emplace_back(entry.id("replaces"));
    if (!entry.ok()) in.fail(entry.error().why, entry.error().message);
  }
  return gone;
}

result<zone> zone_of(nlohmann::json const& feature) {
  json_fields whole{feature};
  json_fields in{whole.object("properties")};
  zone z;
  z.id = zone_id{in.id("id")};
  auto const kind = zone_kind_named(in.text("kind"));
  if (!kind) in.fail(reason::malformed, "kind is not a kind of zone");
  z.kind = kind.value_or(zone_kind::district);
  if (in.has("parent")) z.parent = zone_id{in.id("parent")};
  if (in.has("replaces")) z.replaces = replaced_in(in);
  z.name_uk = in.text("name_uk");
  z.name_en = in.text("name_en");
  if (whole.ok() && in.ok()) z.shape = shape_of(whole.object("geometry"), whole);
  if (!whole.ok()) return whole.error();
  if (!in.ok()) return in.error();
  return z;
}

std::size_t vertices_of(zone const& z) {
  std::size_t count = 0;
  for (auto const& p : z.shape) {
    count += p.outer.size();
    for (auto const& hole : p.holes) count += hole.size();
  }
  return count;
}

struct numbered_zone {
  std::size_t row;
  zone value;
};

/// Parents before children. A zone is taken once its parent is; what is left over has an unknown parent or stands in a
/// circle.
std::vector<zone> rooted(std::vector<numbered_zone> open, std::vector<bundle_reject>& rejects) {
  std::vector<zone> taken;
  std::set<zone_id> known;
  bool grew = true;
  while (grew && !open.empty()) {
    grew = false;
    std::vector<numbered_zone> later;
    for (auto& n : open) {
      if (n.value.parent && !known.contains(*n.value.parent)) {
        later.push_back(std::move(n));
        continue;
      }
      known.insert(n.value.id);
      taken.push_back(std::move(n.value));
      grew = true;
    }
    open = std::move(later);
  }
  for (auto const& n : open) {
    rejects.push_back({kZonesFile,
                       n.row,
                       {reason::unknown_zone, "parent " + n.value.parent->value + " of " + n.value.id.value +
                                                  " is not there, was rejected or is its own descendant"}});
  }
  return taken;
}

/// A zone that is there is not replaced.
void forget_present(std::vector<numbered_zone>& zones, std::set<zone_id> const& present,
                    std::vector<bundle_reject>& rejects) {
  for (auto& [row, z] : zones) {
    std::erase_if(z.replaces, [&, at = row](zone_id const& gone) {
      if (!present.contains(gone)) return false;
      rejects.push_back({kZonesFile, at, {reason::duplicate, "replaces " + gone.value + ", which is there"}});
      return true;
    });
  }
}

}  // namespace

result<std::vector<zone>> read_zones(std::filesystem::path const& file, bundle_policy const& policy,
                                     std::vector<bundle_reject>& rejects) {
  auto const text = read_whole_file(file, policy.max_file_bytes);
  if (!text) return text.error();
  auto const root = read_json_object(*text, kZonesFile);
  if (!root) return root.error();
  json_fields in{*root};
  auto const& features = in.array("features");
  if (!in.ok()) return failure{in.error().why, std::string{kZonesFile} + ": " + in.error().message};
  if (features.size() > policy.max_zones) return failure{reason::message_too_large, "zones.geojson has too many zones"};
  std::vector<numbered_zone> zones;
  std::set<zone_id> seen;
  std::size_t row = 0;
  std::size_t vertices = 0;
  for (auto const& feature : features) {
    ++row;
    auto z = zone_of(feature);
    if (z && !seen.insert(z->id).second) z = failure{reason::duplicate, "id " + z->id.value + " again"};
    if (!z) {
      rejects.push_back({kZonesFile, row, z.error()});
      continue;
    }
    vertices += vertices_of(*z);
    if (vertices > policy.max_vertices)
      return failure{reason::message_too_large, "zones.geojson has too many vertices"};
    zones.push_back({row, std::move(*z)});
  }
  forget_present(zones, seen, rejects);
  return rooted(std::move(zones), rejects);
}

result<void> read_population(std::filesystem::path const& file, bundle_policy const& policy, std::vector<zone>& zones,
                             std::vector<bundle_reject>& rejects) {
  auto const text = read_whole_file(file, policy.max_file_bytes);
  if (!text) return text.error();
  auto const table = parse_csv(*text);
  if (!table) return failure{table.error().why, std::string{kPopulationFile} + ": " + table.error().message};
  for (auto const& bad : table->rejects) rejects.push_back({kPopulationFile, bad.line, bad.because});
  std::unordered_map<zone_id, zone*> by_id;
  for (auto& z : zones) by_id[z.id] = &z;
  std::set<zone_id> seen;
  for (auto const& row : table->rows) {
    csv_fields in{table->header, row.fields};
    zone_id const id{in.id("zone_id")};
    auto const people = in.whole_number("people", 2'000'000'000, reason::count_out_of_range);
    auto const found = by_id.find(id);
    if (in.ok() && found == by_id.end()) in.fail(reason::unknown_zone, "no zone " + id.value);
    if (in.ok() && !seen.insert(id).second) in.fail(reason::duplicate, "zone " + id.value + " again");
    if (in.ok()) {
      found->second->population = people;
    } else {
      rejects.push_back({kPopulationFile, row.line, in.error()});
    }
  }
  return {};
}

}  // namespace siren
