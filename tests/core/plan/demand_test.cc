#include "core/plan/demand.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "core/route/random_city.h"

namespace siren {
namespace {

std::uint64_t sum(std::vector<std::uint32_t> const& v) {
  return std::accumulate(v.begin(), v.end(), std::uint64_t{0});
}

std::vector<area_index> all_in(street_graph const& streets, std::uint32_t area) {
  return std::vector<area_index>(streets.node_count(), area_index{area});
}

TEST(demand, nobody_is_lost_or_made_up) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    auto const city = make_random_city(seed, 12, 1);
    std::mt19937_64 dice{seed};
    std::vector<area_index> area_of;
    for (std::size_t n = 0; n < city.graph.node_count(); ++n)
      area_of.push_back(area_index{n % 7 == 0 ? kNoIndex : static_cast<std::uint32_t>(n % 3)});
    std::vector<demand_area> areas(4);
    for (auto& a : areas) a = {static_cast<std::uint32_t>(dice() % 10'000), static_cast<std::uint32_t>(dice() % 100)};
    auto const made = people_per_node(city.graph, area_of, areas, {});
    auto const populations = corrected_populations(areas, {});
    std::uint64_t given = 0;
    for (auto const& a : areas) given += a.population;
    ASSERT_EQ(sum(populations), given) << "seed " << seed;
    ASSERT_EQ(made.unplaced, populations[3]) << "area 3 has no streets";
    ASSERT_EQ(sum(made.people), made.total);
    ASSERT_EQ(made.total + made.unplaced, given);
    for (std::size_t n = 0; n < area_of.size(); ++n)
      if (area_of[n].value == kNoIndex) {
        ASSERT_EQ(made.people[n], 0U);
      }
  }
}

TEST(demand, people_live_along_streets_by_length) {
  ascii_streets const town({"A--B----C"});  // 150 m and 250 m
  auto const made = people_per_node(town.graph(), all_in(town.graph(), 0), std::vector<demand_area>{{800, 0}}, {});
  EXPECT_EQ(made.people[town.node('A').value], 150U);
  EXPECT_EQ(made.people[town.node('B').value], 400U);
  EXPECT_EQ(made.people[town.node('C').value], 250U);
}

TEST(demand, most_people_live_where_streets_are_residential) {
  street_graph_builder builder{{1}};
  local_plane const plane{{degrees{50.45}, degrees{30.52}}};
  for (std::int64_t i = 0; i < 3; ++i)
    builder.add_node(street_key{i}, plane.to_place({meters{200.0 * static_cast<double>(i)}, meters{0.0}}));
  way_attributes lived_in;
  lived_in.residential = true;
  builder.add_way({street_key{0}, street_key{1}}, lived_in);
  builder.add_way({street_key{1}, street_key{2}}, {});
  auto const streets = std::move(builder).build().graph;
  auto const made = people_per_node(streets, all_in(streets, 0), std::vector<demand_area>{{1000, 0}}, {});
  auto people = made.people;
  std::sort(people.begin(), people.end());
  EXPECT_EQ(people, (std::vector<std::uint32_t>{50, 450, 500}));  // the far end, the near end, between
}

TEST(demand, phones_move_people_between_areas_coarsely) {
  struct row {
    char const* what;
    std::vector<demand_area> areas;
    std::vector<std::uint32_t> expected;
  };
  std::vector<row> const rows{
      {"as many phones as people", {{1000, 100}, {1000, 100}}, {1000, 1000}},
      {"a little more is no news", {{1000, 105}, {1000, 100}}, {1000, 1000}},
      {"the centre by day", {{1000, 300}, {1000, 100}}, {1500, 500}},
      {"never more than the bounds", {{1000, 10'000}, {3000, 30}}, {2286, 1714}},
      {"too few phones tell nothing", {{1000, 19}, {1000, 100}}, {1000, 1000}},
      {"no phones at all", {{1000, 0}, {500, 0}}, {1000, 500}},
      {"nobody lives there", {{0, 500}, {1000, 100}}, {0, 1000}},
  };
  for (auto const& r : rows) {
    auto const corrected = corrected_populations(r.areas, {});
    ASSERT_EQ(corrected.size(), r.expected.size());
    for (std::size_t i = 0; i < corrected.size(); ++i) EXPECT_NEAR(corrected[i], r.expected[i], 1.0) << r.what;
  }
}

}  // namespace
}  // namespace siren
