#include "core/route/street_graph_builder.h"

#include <gtest/gtest.h>

#include <limits>
#include <numeric>

#include "core/route/ascii_streets.h"
#include "core/route/damage.h"
#include "core/route/hilbert.h"
#include "core/route/random_city.h"

namespace siren {
namespace {

lat_lon at(double lat, double lon) {
  return {degrees{lat}, degrees{lon}};
}
street_key key(std::int64_t k) {
  return street_key{k};
}

TEST(street_graph_builder, cuts_at_junctions_and_keeps_shape) {
  street_graph_builder builder{{1}};
  for (std::int64_t i = 0; i < 5; ++i) builder.add_node(key(i), at(50.0, 30.0 + 0.001 * static_cast<double>(i)));
  builder.add_node(key(9), at(50.001, 30.002));
  way_attributes way;
  way.name = "Довга";
  way.name_latin = "Dovha";
  builder.add_way({key(0), key(1), key(2), key(3), key(4)}, way);
  builder.add_way({key(2), key(9)}, {});
  auto const [graph, counts] = std::move(builder).build();
  EXPECT_EQ(graph.node_count(), 4U);  // 0, 2, 4, 9
  EXPECT_EQ(graph.segment_count(), 3U);
  EXPECT_EQ(graph.edge_count(), 6U);
  EXPECT_EQ(graph.arrays().shape.size(), 2U);
  std::size_t long_ones = 0;
  for (std::uint32_t s = 0; s < 3; ++s) {
    auto const& segment = graph.segment(segment_index{s});
    if (graph.name(segment.name).empty()) continue;
    ++long_ones;
    EXPECT_EQ(graph.name(segment.name), "Довга");
    EXPECT_EQ(graph.name_latin(segment.name), "Dovha");
    EXPECT_EQ(graph.inner_shape(segment_index{s}).size(), 1U);
    auto const expected = 2.0 * distance(at(50.0, 30.0), at(50.0, 30.001)).value;
    EXPECT_NEAR(graph.edge(segment.forward).length_cm() / 100.0, expected, 0.02);
  }
  EXPECT_EQ(long_ones, 2U);
}

TEST(street_graph_builder, counts_what_it_drops) {
  street_graph_builder builder{{3}};
  double const nan = std::numeric_limits<double>::quiet_NaN();
  for (std::int64_t i = 0; i < 4; ++i) builder.add_node(key(i), at(50.0, 30.0 + 0.001 * static_cast<double>(i)));
  builder.add_node(key(1), at(51.0, 31.0));
  builder.add_node(key(50), at(nan, 30.0));
  builder.add_node(key(51), at(91.0, 30.0));
  builder.add_node(key(60), at(50.1, 30.0));
  builder.add_node(key(61), at(50.1, 30.001));
  builder.add_node(key(70), at(-40.0, 30.0));
  builder.add_way({key(0), key(1)}, {});
  builder.add_way({key(1), key(2), key(50), key(3)}, {});  // cut at the missing point; the rest of one point is lost
  builder.add_way({key(51), key(3)}, {});                  // nothing left
  builder.add_way({key(2), key(2)}, {});
  builder.add_way({key(60), key(61)}, {});  // an island
  builder.add_way({key(0), key(70)}, {});   // to the other hemisphere
  auto const [graph, counts] = std::move(builder).build();
  EXPECT_EQ(graph.node_count(), 3U);
  EXPECT_EQ(counts.ways, 6U);
  EXPECT_EQ(counts.points_bad, 2U);
  EXPECT_EQ(counts.points_duplicate, 1U);
  EXPECT_EQ(counts.points_missing, 2U);
  EXPECT_EQ(counts.ways_too_short, 2U);
  EXPECT_EQ(counts.small_parts, 1U);
  EXPECT_EQ(counts.nodes_in_small_parts, 2U);
  EXPECT_EQ(counts.segments_in_small_parts, 1U);
  EXPECT_EQ(counts.segments_too_long, 1U);
  EXPECT_EQ(counts.nodes, 3U);
  EXPECT_EQ(counts.segments, 2U);
}

TEST(street_graph_builder, a_shut_gate_parts_the_street) {
  street_graph_builder builder{{1}};
  for (std::int64_t i = 0; i < 5; ++i)
    if (i != 2) builder.add_node(key(i), at(50.0, 30.0 + 0.001 * static_cast<double>(i)));
  builder.add_closed_node(key(2), at(50.0, 30.002));
  builder.add_way({key(0), key(1), key(2), key(3), key(4)}, {});
  builder.add_way({key(1), key(3)}, {});  // past the gate
  auto const [graph, counts] = std::move(builder).build();
  EXPECT_EQ(counts.points_closed, 1U);
  EXPECT_EQ(counts.points_missing, 0U);
  EXPECT_EQ(graph.node_count(), 6U);  // the gate is two dead ends
  EXPECT_EQ(graph.segment_count(), 5U);
  std::size_t at_gate = 0;
  for (std::uint32_t n = 0; n < graph.node_count(); ++n)
    if (to_e7(graph.place(node_index{n})) == to_e7(at(50.0, 30.002))) {
      ++at_gate;
      EXPECT_EQ(graph.edges_of(node_index{n}).size(), 1U);
    }
  EXPECT_EQ(at_gate, 2U);
}

TEST(street_graph_builder, what_a_way_is_like_shows_on_its_edges) {
  struct row {
    way_attributes way;
    unsigned flags, back, traits;
  };
  auto const made = [](auto change) {
    way_attributes way;
    change(way);
    return way;
  };
  row const rows[] = {
      {made([](auto&) {}), 0, 0, 0},
      {made([](auto& w) { w.steep = true, w.slope = incline::up; }), kClimb, kDescent, 0},
      {made([](auto& w) { w.slope = incline::up; }), 0, 0, 0},
      {made([](auto& w) { w.kind = foot_class::steps, w.slope = incline::down; }), kSteps | kDescent, kSteps | kClimb,
       0},
      {made([](auto& w) { w.rough = true, w.light = lighting::dark; }), kRough | kUnlit, kRough | kUnlit, kDark},
      {made([](auto& w) { w.residential = true; }), 0, 0, kResidential},
      {made([](auto& w) { w.residential = w.bridge = true; }), 0, 0, kBridge},
  };
  for (auto const& r : rows) {
    street_graph_builder builder;
    builder.add_node(key(1), at(50, 30));
    builder.add_node(key(2), at(50, 30.01));
    builder.add_way({key(1), key(2)}, r.way);
    auto const graph = std::move(builder).build().graph;
    auto const forward = graph.segment(segment_index{0}).forward;
    EXPECT_EQ(graph.edge(forward).flags(), r.flags);
    EXPECT_EQ(graph.edge(graph.edge(forward).reverse()).flags(), r.back);
    EXPECT_EQ(graph.segment(segment_index{0}).traits, r.traits);
  }
}

TEST(street_graph_builder, the_largest_part_stays_however_small) {
  ascii_streets const city({"A-B  C-D-E"}, {}, 100);
  EXPECT_EQ(city.graph().node_count(), 3U);
  EXPECT_EQ(city.counts().small_parts, 1U);
}

TEST(street_graph_builder, nothing_gives_an_empty_graph_that_can_be_kept) {
  auto const [graph, counts] = street_graph_builder{}.build();
  EXPECT_EQ(graph.node_count(), 0U);
  auto const again = read_street_graph(write_street_graph(graph));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->id(), graph.id());
}

TEST(street_graph_builder, equal_input_equal_id_and_any_change_another) {
  auto const id = [](char const* name, bool generated) {
    street_graph_builder builder;
    builder.add_node(key(1), at(50, 30));
    builder.add_node(key(2), at(50, 30.01));
    way_attributes way;
    way.name = name;
    builder.add_way({key(1), key(2)}, way);
    if (generated) builder.mark_generated();
    return std::move(builder).build().graph.id();
  };
  EXPECT_EQ(id("A", false), id("A", false));
  EXPECT_NE(id("A", false), id("B", false));
  EXPECT_NE(id("A", false), id("A", true));
}

TEST(street_graph_builder, a_closed_ring_is_an_edge_to_its_own_node) {
  street_graph_builder builder;
  for (std::int64_t i = 0; i < 4; ++i) builder.add_node(key(i), at(50.0 + (i / 2) * 0.001, 30.0 + (i % 2) * 0.001));
  builder.add_way({key(0), key(1), key(3), key(2), key(0)}, {});
  auto const [graph, counts] = std::move(builder).build();
  ASSERT_EQ(graph.node_count(), 1U);
  ASSERT_EQ(graph.edge_count(), 2U);
  EXPECT_EQ(graph.edge(edge_index{0}).reverse(), edge_index{1});
  EXPECT_TRUE(read_street_graph(write_street_graph(graph)));
}

TEST(hilbert_key, neighbours_on_the_curve_are_neighbours_on_the_map) {
  std::vector<std::pair<int, int>> cells(64 * 64, {-1, -1});
  // The top bits of the key order a 64 × 64 grid of equal cells.
  for (int x = 0; x < 64; ++x)
    for (int y = 0; y < 64; ++y)
      cells[hilbert_key(static_cast<std::uint16_t>(x << 10), static_cast<std::uint16_t>(y << 10)) >> 20] = {x, y};
  for (std::size_t i = 1; i < cells.size(); ++i) {
    ASSERT_GE(cells[i].first, 0);
    ASSERT_EQ(std::abs(cells[i].first - cells[i - 1].first) + std::abs(cells[i].second - cells[i - 1].second), 1) << i;
  }
}

TEST(street_graph_file, comes_back_equal) {
  auto const city = make_random_city(7, 20, 0);
  auto const bytes = write_street_graph(city.graph);
  auto const again = read_street_graph(bytes);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->id(), city.graph.id());
  EXPECT_EQ(write_street_graph(*again), bytes);
}

TEST(street_graph_file, is_read_where_it_lies) {
  auto const city = make_random_city(7, 20, 0);
  auto const kept = shared_bytes::owned(write_street_graph(city.graph));
  auto const read = read_street_graph(kept);
  ASSERT_TRUE(read);
  auto const* const nodes = reinterpret_cast<std::byte const*>(read->arrays().nodes.data());
  EXPECT_TRUE(kept.bytes.data() <= nodes && nodes < kept.bytes.data() + kept.bytes.size());
  auto const copy = *read;
  EXPECT_EQ(copy.arrays().nodes.data(), read->arrays().nodes.data());
  std::vector<std::byte> shifted{std::byte{0}};
  shifted.insert(shifted.end(), kept.bytes.begin(), kept.bytes.end());
  auto const elsewhere = read_street_graph(shared_bytes{nullptr, std::span<std::byte const>{shifted}.subspan(1)});
  ASSERT_TRUE(elsewhere);
  EXPECT_EQ(elsewhere->id(), city.graph.id());
}

TEST(street_graph_file, another_version_is_told_apart_from_damage) {
  auto bytes = write_street_graph(make_random_city(7, 4, 0).graph);
  auto newer = bytes;
  newer[8] = std::byte{99};
  EXPECT_EQ(read_street_graph(newer).error().why, reason::schema_mismatch);
  bytes[0] = std::byte{'X'};
  EXPECT_EQ(read_street_graph(bytes).error().why, reason::malformed);
  EXPECT_EQ(read_street_graph(std::span<std::byte const>{}).error().why, reason::malformed);
}

TEST(street_graph_file, damage_is_refused_and_never_followed) {
  auto const bytes = write_street_graph(make_random_city(11, 6, 0).graph);
  std::size_t refused = 0;
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    std::mt19937_64 dice{seed};
    EXPECT_FALSE(read_street_graph(damaged(bytes, dice, false))) << "seed " << seed;
    auto const read = read_street_graph(damaged(bytes, dice, true));
    if (!read) {
      EXPECT_EQ(read.error().why, reason::malformed) << "seed " << seed;
      ++refused;
      continue;
    }
    std::size_t seen = 0;
    for (std::uint32_t n = 0; n < read->node_count(); ++n)
      for (auto const& e : read->edges_of(node_index{n}))
        seen += read->place(e.target()).lat.value > -91.0 && read->inner_shape(e.segment()).size() < 1000 &&
                read->name(read->segment(e.segment()).name).size() < 1000;
    EXPECT_EQ(seen, read->edge_count()) << "seed " << seed;
  }
  EXPECT_GT(refused, 1000U);
}

}  // namespace
}  // namespace siren
