#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <unordered_map>

#include <osmium/handler.hpp>
#include <osmium/io/any_input.hpp>
#include <osmium/visitor.hpp>

#include "operator_console/city_tiles.h"

namespace siren {

class tile_reader {
 public:
  using rank = city_tiles::street_class;

  static result<city_tiles> read(std::string const& file) {
    try {
      tile_reader reader;
      ways found;
      osmium::io::Reader first{file, osmium::osm_entity_bits::way};
      osmium::apply(first, found);
      first.close();
      nodes places{found.wanted()};
      osmium::io::Reader second{file, osmium::osm_entity_bits::node};
      osmium::apply(second, places);
      second.close();
      for (auto const& way : found.all) reader.add(way, places.at);
      return std::move(reader.made_);
    } catch (std::exception const& bad) {
      return failure{reason::file_unreadable, file + ": " + bad.what()};
    }
  }

 private:
  struct line {
    rank what;
    std::string name;
    std::vector<std::int64_t> nodes;
  };

  struct ways : osmium::handler::Handler {
    void way(osmium::Way const& way) {
      static std::map<std::string_view, rank> const kRanks{
          {"motorway", rank::highway},     {"trunk", rank::highway},       {"primary", rank::highway},
          {"secondary", rank::main},       {"tertiary", rank::through},    {"residential", rank::living},
          {"living_street", rank::living}, {"unclassified", rank::living}, {"service", rank::service},
          {"pedestrian", rank::service},   {"footway", rank::foot},        {"path", rank::foot},
          {"cycleway", rank::foot},        {"track", rank::foot},          {"steps", rank::foot}};
      auto const* const kind = way.tags().get_value_by_key("highway");
      if (kind == nullptr) return;
      std::string_view word{kind};
      if (word.ends_with("_link")) word.remove_suffix(5);
      auto const found = kRanks.find(word);
      if (found == kRanks.end()) return;
      line one{found->second, way.tags().get_value_by_key("name", ""), {}};
      for (auto const& node : way.nodes()) one.nodes.push_back(node.ref());
      all.push_back(std::move(one));
    }
    [[nodiscard]] std::vector<std::int64_t> wanted() const {
      std::vector<std::int64_t> ids;
      for (auto const& one : all) ids.insert(ids.end(), one.nodes.begin(), one.nodes.end());
      std::sort(ids.begin(), ids.end());
      ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
      return ids;
    }
    std::vector<line> all;
  };

  struct nodes : osmium::handler::Handler {
    explicit nodes(std::vector<std::int64_t> ids) : named{std::move(ids)} {}
    void node(osmium::Node const& node) {
      if (node.location().valid() && std::binary_search(named.begin(), named.end(), node.id()))
        at.emplace(node.id(), mercator(node.location().lat(), node.location().lon()));
    }
    std::unordered_map<std::int64_t, city_tiles::point> at;
    std::vector<std::int64_t> named;
  };

  static city_tiles::point mercator(double lat, double lon) {
    constexpr double kWorld = 4294967295.0;
    auto const up = std::asinh(std::tan(lat * std::numbers::pi / 180.0)) / std::numbers::pi;
    auto const across = std::clamp((lon + 180.0) / 360.0, 0.0, 1.0);
    auto const down = std::clamp((1.0 - up) / 2.0, 0.0, 1.0);
    return {static_cast<std::uint32_t>(across * kWorld), static_cast<std::uint32_t>(down * kWorld)};
  }

  void add(line const& from, std::unordered_map<std::int64_t, city_tiles::point> const& places) {
    city_tiles::street one{
        from.what, static_cast<std::uint32_t>(made_.points_.size()), 0, name_of(from.name), {~0U, ~0U}, {0, 0}};
    for (auto const id : from.nodes) {
      auto const found = places.find(id);
      if (found == places.end()) continue;
      auto const at = found->second;
      one.least = {std::min(one.least.x, at.x), std::min(one.least.y, at.y)};
      one.most = {std::max(one.most.x, at.x), std::max(one.most.y, at.y)};
      made_.points_.push_back(at);
      ++one.points;
    }
    if (one.points > 1) made_.streets_.push_back(one);
  }
  std::uint32_t name_of(std::string const& text) {
    if (text.empty()) return 0;
    auto const [found, fresh] = names_.try_emplace(text, static_cast<std::uint32_t>(made_.names_.size()));
    if (fresh) made_.names_.push_back(text);
    return found->second;
  }

  city_tiles made_;
  std::map<std::string, std::uint32_t> names_;
};

result<city_tiles> city_tiles::read(std::string const& osm_file) {
  return tile_reader::read(osm_file);
}

}  // namespace siren
