#include "facts.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "common/city_bundle/csv.h"
#include "common/city_bundle/fields.h"

namespace siren::city {
namespace {

constexpr bundle_policy kLimits;

std::optional<pattern> pattern_named(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, pattern>, 6> kPatterns{{{"old", pattern::old},
                                                                                  {"blocks", pattern::blocks},
                                                                                  {"estate", pattern::estate},
                                                                                  {"houses", pattern::houses},
                                                                                  {"industry", pattern::industry},
                                                                                  {"park", pattern::park}}};
  for (auto const& [known, value] : kPatterns) {
    if (known == name) return value;
  }
  return std::nullopt;
}

failure at_row(std::string const& file, std::size_t row, failure const& why) {
  return {why.why, file + ":" + std::to_string(row) + ": " + why.message};
}

result<csv_table> table_of(std::filesystem::path const& folder, std::string const& file) {
  auto const text = read_whole_file(folder / file, kLimits.max_file_bytes);
  if (!text) return text.error();
  auto table = parse_csv(*text);
  if (table && !table->rejects.empty()) {
    return at_row(file, table->rejects.front().line, table->rejects.front().because);
  }
  return table;
}

result<nlohmann::json> features_of(std::filesystem::path const& folder, std::string const& file) {
  auto const text = read_whole_file(folder / file, kLimits.max_file_bytes);
  if (!text) return text.error();
  auto const root = read_json_object(*text, file);
  if (!root) return root.error();
  json_fields in{*root};
  auto features = in.array("features");
  if (!in.ok()) return failure{in.error().why, file + ": " + in.error().message};
  return features;
}

std::optional<lat_lon> vertex_of(nlohmann::json const& at) {
  if (!at.is_array() || at.size() != 2 || !at[0].is_number() || !at[1].is_number()) return std::nullopt;
  lat_lon const place{degrees{at[1].get<double>()}, degrees{at[0].get<double>()}};
  return on_earth(place) ? std::optional{place} : std::nullopt;
}

result<std::vector<polygon>> read_water(std::filesystem::path const& folder) {
  auto const features = features_of(folder, "water.geojson");
  if (!features) return features.error();
  std::vector<polygon> water;
  for (auto const& feature : *features) {
    json_fields whole{feature};
    json_fields in{whole.object("geometry")};
    auto const& rings = in.array("coordinates");
    if (!in.ok() || in.text("type") != "Polygon") return failure{reason::malformed, "water.geojson: not a Polygon"};
    polygon shape;
    for (auto const& list : rings) {
      std::vector<lat_lon> ring;
      for (auto const& at : list) {
        auto const place = vertex_of(at);
        if (!place) return failure{reason::malformed, "water.geojson: not a place on earth"};
        ring.push_back(*place);
      }
      (shape.outer.empty() ? shape.outer : shape.holes.emplace_back()) = std::move(ring);
    }
    water.push_back(std::move(shape));
  }
  return water;
}

result<std::vector<bridge>> read_bridges(std::filesystem::path const& folder) {
  auto const features = features_of(folder, "bridges.geojson");
  if (!features) return features.error();
  std::vector<bridge> bridges;
  std::size_t row = 0;
  for (auto const& feature : *features) {
    ++row;
    json_fields whole{feature};
    json_fields in{whole.object("properties")};
    json_fields line{whole.object("geometry")};
    auto const& points = line.array("coordinates");
    bridge b;
    b.name_uk = in.text("name_uk");
    b.name_en = in.text("name_en");
    b.on_foot_only = in.text("highway") == "footway";
    if (!in.ok()) return at_row("bridges.geojson", row, in.error());
    for (auto const& at : points) {
      auto const place = vertex_of(at);
      if (!place) return at_row("bridges.geojson", row, {reason::malformed, "not a place on earth"});
      b.points.push_back(*place);
    }
    if (b.points.size() < 2) return at_row("bridges.geojson", row, {reason::malformed, "not a line"});
    bridges.push_back(std::move(b));
  }
  return bridges;
}

result<std::vector<neighbourhood>> read_neighbourhoods(std::filesystem::path const& folder) {
  auto const table = table_of(folder, "neighbourhoods.csv");
  if (!table) return table.error();
  std::vector<neighbourhood> all;
  for (auto const& row : table->rows) {
    csv_fields in{table->header, row.fields};
    neighbourhood n;
    n.id = in.id("id");
    n.name_uk = in.text("name_uk");
    n.name_en = in.text("name_en");
    n.middle = in.place();
    n.radius = meters{in.number("radius_m")};
    auto const built = pattern_named(in.text("pattern"));
    if (!built) in.fail(reason::malformed, "no such pattern");
    n.built = built.value_or(pattern::blocks);
    n.slope = probability{in.number("slope")};
    if (in.ok() && !(n.radius > meters{0.0})) in.fail(reason::malformed, "radius_m is not positive");
    if (!in.ok()) return at_row("neighbourhoods.csv", row.line, in.error());
    all.push_back(std::move(n));
  }
  if (all.empty()) return failure{reason::missing_field, "neighbourhoods.csv has no rows"};
  return all;
}

result<std::vector<district_plan>> read_districts(std::filesystem::path const& folder, std::vector<zone> const& zones) {
  auto const table = table_of(folder, "districts.csv");
  if (!table) return table.error();
  std::vector<district_plan> all;
  for (auto const& row : table->rows) {
    csv_fields in{table->header, row.fields};
    zone_id const id{in.id("zone_id")};
    auto const found = std::find_if(zones.begin(), zones.end(), [&](zone const& z) { return z.id == id; });
    if (found == zones.end()) in.fail(reason::unknown_zone, "no zone " + id.value);
    district_plan d;
    d.zone = static_cast<std::size_t>(found - zones.begin());
    d.shelters = in.whole_number("shelters", 100'000, reason::count_out_of_range);
    d.places_per_person = in.number("places_share");
    d.bare = probability{in.number("bare_share")};
    if (!in.ok()) return at_row("districts.csv", row.line, in.error());
    all.push_back(d);
  }
  if (all.empty()) return failure{reason::missing_field, "districts.csv has no rows"};
  return all;
}

/// Runs one reader into its place; false once anything failed.
template <typename T>
bool take(result<T> read, T& into, std::optional<failure>& bad) {
  if (bad) return false;
  if (!read) {
    bad = read.error();
    return false;
  }
  into = std::move(*read);
  return true;
}

}  // namespace

result<city_facts> read_facts(std::filesystem::path const& folder) {
  city_facts facts;
  facts.folder = folder;
  std::optional<failure> bad;
  std::vector<bundle_reject> rejects;
  if (take(read_city_info(folder / "city.json", kLimits), facts.info, bad) &&
      take(read_zones(folder / "zones.geojson", kLimits, rejects), facts.zones, bad)) {
    auto const people = read_population(folder / "population.csv", kLimits, facts.zones, rejects);
    if (!people) return people.error();
    take(read_metro(folder / "metro.json", kLimits, facts.info.city_box, rejects), facts.metro, bad);
    take(read_water(folder), facts.water, bad);
    take(read_bridges(folder), facts.bridges, bad);
    take(read_neighbourhoods(folder), facts.neighbourhoods, bad);
    take(read_districts(folder, facts.zones), facts.districts, bad);
  }
  if (bad) return *bad;
  if (!rejects.empty()) return at_row(rejects.front().file, rejects.front().row, rejects.front().because);
  return facts;
}

}  // namespace siren::city
