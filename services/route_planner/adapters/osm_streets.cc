#include "route_planner/adapters/osm_streets.h"

#include <algorithm>
#include <utility>

#include <osmium/handler.hpp>
#include <osmium/io/any_input.hpp>
#include <osmium/visitor.hpp>

namespace siren {
namespace {

struct way_pass : osmium::handler::Handler {
  way_pass(street_graph_builder& b, std::vector<std::int64_t>& n, std::array<std::uint64_t, kFootRefusals>& r)
      : builder{b}, named{n}, refused{r} {}

  void way(osmium::Way const& way) {
    ++read;
    auto const answer = foot_access([&](char const* key) { return way.tags().get_value_by_key(key); });
    if (answer.refused) ++refused[static_cast<std::size_t>(*answer.refused)];
    if (!answer.way) return;
    std::vector<street_key> points;
    points.reserve(way.nodes().size());
    for (auto const& node : way.nodes()) {
      points.emplace_back(node.ref());
      named.push_back(node.ref());
    }
    builder.add_way(points, *answer.way);
  }

  street_graph_builder& builder;
  std::vector<std::int64_t>& named;
  std::array<std::uint64_t, kFootRefusals>& refused;
  std::uint64_t read = 0;
};

struct node_pass : osmium::handler::Handler {
  node_pass(street_graph_builder& b, std::vector<std::int64_t> const& n) : builder{b}, named{n} {}

  void node(osmium::Node const& node) {
    if (!std::binary_search(named.begin(), named.end(), node.id())) return;
    if (!node.location().valid()) {
      ++bad_locations;
      return;
    }
    lat_lon const place{degrees{node.location().lat()}, degrees{node.location().lon()}};
    auto const closed = node.tags().empty()
                            ? std::nullopt
                            : foot_barrier([&](char const* key) { return node.tags().get_value_by_key(key); });
    if (!closed) return builder.add_node(street_key{node.id()}, place);
    ++barriers_closed[static_cast<std::size_t>(*closed)];
    builder.add_closed_node(street_key{node.id()}, place);
  }

  street_graph_builder& builder;
  std::vector<std::int64_t> const& named;
  std::uint64_t bad_locations = 0;
  std::array<std::uint64_t, kFootRefusals> barriers_closed{};
};

template <typename Handler>
void read_through(std::string const& file, osmium::osm_entity_bits::type what, Handler& handler, bool second,
                  import_progress const& progress) {
  osmium::io::Reader reader{file, what};
  std::uint64_t const size = reader.file_size();
  auto const tell = [&](std::uint64_t read) {
    if (progress) progress(std::min(read, size) + (second ? size : 0), 2 * size);
  };
  while (auto const block = reader.read()) {
    osmium::apply(block, handler);
    tell(reader.offset());
  }
  reader.close();
  tell(size);
}

}  // namespace

result<street_import> import_osm_streets(std::string const& file, bool generated, import_progress const& progress) {
  street_graph_builder builder;
  if (generated) builder.mark_generated();
  std::vector<std::int64_t> named;
  std::array<std::uint64_t, kFootRefusals> refused{};
  try {
    way_pass ways{builder, named, refused};
    read_through(file, osmium::osm_entity_bits::way, ways, false, progress);
    std::sort(named.begin(), named.end());
    named.erase(std::unique(named.begin(), named.end()), named.end());

    node_pass nodes{builder, named};
    read_through(file, osmium::osm_entity_bits::node, nodes, true, progress);

    auto built = std::move(builder).build();
    if (built.graph.node_count() == 0) return failure{reason::not_ready, file + " has no street for people on foot"};
    return street_import{std::move(built.graph), built.counts, ways.read,
                         nodes.bad_locations,    refused,      nodes.barriers_closed};
  } catch (std::exception const& bad) {
    return failure{reason::file_unreadable, "can't read " + file + ": " + bad.what()};
  }
}

}  // namespace siren
