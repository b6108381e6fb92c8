#include "cli/map/water.h"

#include <nlohmann/json.hpp>

#include "common/city_bundle/bundle_files.h"

namespace siren {
namespace {

using nlohmann::json;

std::vector<lat_lon> ring_of(json const& points) {
  std::vector<lat_lon> ring;
  for (auto const& p : points) ring.push_back({degrees{p.at(1).get<double>()}, degrees{p.at(0).get<double>()}});
  return ring;
}

polygon polygon_of(json const& rings) {
  polygon made;
  for (std::size_t i = 0; i < rings.size(); ++i)
    if (i == 0)
      made.outer = ring_of(rings[i]);
    else
      made.holes.push_back(ring_of(rings[i]));
  return made;
}

}  // namespace

result<std::vector<polygon>> read_water(std::filesystem::path const& file) {
  auto const text = read_whole_file(file, bundle_policy{}.max_file_bytes);
  if (!text) return text.error();
  std::vector<polygon> water;
  try {
    auto const whole = json::parse(*text);
    for (auto const& feature : whole.at("features")) {
      auto const& geometry = feature.at("geometry");
      auto const& type = geometry.at("type").get_ref<std::string const&>();
      auto const& places = geometry.at("coordinates");
      if (type == "Polygon") water.push_back(polygon_of(places));
      if (type == "MultiPolygon")
        for (auto const& one : places) water.push_back(polygon_of(one));
    }
  } catch (json::exception const& bad) {
    return failure{reason::malformed, file.string() + ": " + bad.what()};
  }
  return water;
}

}  // namespace siren
