#include "core/route/plan.h"

#include <gtest/gtest.h>

#include <set>

#include "core/route/damage.h"
#include "core/route/random_city.h"

namespace siren {
namespace {

plan planned(street_graph const& graph, std::vector<shelter> const& shelters, std::uint64_t version = 1) {
  return make_plan(graph, snap_index{graph}, shelters, {}, version).now;
}

std::string sent_to(plan const& p, walking_profile profile, node_index n) {
  auto const door = p.of(profile).nodes[n.value].door;
  return door == kNoIndex ? "-" : p.doors[door].shelter.value;
}

TEST(make_plan, everyone_goes_to_the_nearest_open_shelter) {
  ascii_streets const city({"A----B----C----D----E"});
  std::vector<shelter> shelters{open_shelter("a", city.at('A')), open_shelter("e", city.at('E'))};
  auto const both = planned(city.graph(), shelters);
  EXPECT_EQ(sent_to(both, walking_profile::average, city.node('B')), "a");
  EXPECT_EQ(sent_to(both, walking_profile::average, city.node('D')), "e");
  shelters[0].state = open_state::closed;
  auto const one = make_plan(city.graph(), snap_index{city.graph()}, shelters, {}, 2);
  EXPECT_EQ(sent_to(one.now, walking_profile::average, city.node('A')), "e");
  EXPECT_EQ(one.counts.shelters, 2U);
  EXPECT_EQ(one.counts.shelters_not_open, 1U);
  EXPECT_EQ(one.now.version, 2U);
  shelters[1].occupancy = 100;
  auto const none = make_plan(city.graph(), snap_index{city.graph()}, shelters, {}, 3);
  EXPECT_EQ(sent_to(none.now, walking_profile::average, city.node('C')), "-");
  EXPECT_EQ(none.counts.nodes_without_shelter[0], 5U);
}

TEST(make_plan, wheels_need_a_way_and_a_door_without_steps) {
  ascii_streets const city({"A----B====C"});
  std::vector<shelter> shelters{open_shelter("steps_between", city.at('C')),
                                open_shelter("step_at_door", city.at('B'), false), open_shelter("free", city.at('A'))};
  auto const p = planned(city.graph(), shelters);
  EXPECT_EQ(sent_to(p, walking_profile::average, city.node('B')), "step_at_door");
  EXPECT_EQ(sent_to(p, walking_profile::wheelchair, city.node('B')), "free");
  shelters.pop_back();
  EXPECT_EQ(sent_to(planned(city.graph(), shelters), walking_profile::wheelchair, city.node('B')), "-");
}

TEST(make_plan, a_station_without_power_is_deeper_and_has_no_lift) {
  ascii_streets const city({"A----B"});
  auto station = open_shelter("m", city.at('B'));
  station.type = shelter_type::metro_station;
  auto const time_in = [&](metro_role role, walking_profile profile) {
    station.role = role;
    return planned(city.graph(), {station}).of(profile).nodes[city.node('B').value].usual_ms;
  };
  EXPECT_EQ(time_in(metro_role::train, walking_profile::average) / 1000, 110U);
  EXPECT_EQ(time_in(metro_role::no_power, walking_profile::average) / 1000, 130U);
  EXPECT_EQ(time_in(metro_role::train, walking_profile::wheelchair) / 1000, 110U);
  EXPECT_EQ(time_in(metro_role::no_power, walking_profile::wheelchair), kNoIndex);
  EXPECT_EQ(time_in(metro_role::closed, walking_profile::average), kNoIndex);
}

TEST(make_plan, a_door_far_from_any_street_is_counted_and_not_used) {
  ascii_streets const city({"A----B"});
  auto const far = open_shelter("far", local_plane{city.at('A')}.to_place({meters{0.0}, meters{105.0}}));
  auto const made = make_plan(city.graph(), snap_index{city.graph()}, std::vector{far}, {}, 1);
  EXPECT_EQ(made.counts.entrances_far_from_street, 1U);
  EXPECT_TRUE(made.now.doors.empty());
}

TEST(make_plan, each_door_of_a_shelter_counts_for_itself) {
  ascii_streets const city({"A----B----C----D"});
  auto s = open_shelter("two_doors", city.at('A'));
  s.entrances.push_back({"East", city.at('D'), true});
  auto const p = planned(city.graph(), {s});
  ASSERT_EQ(p.doors.size(), 2U);
  EXPECT_EQ(p.doors[p.of(walking_profile::average).nodes[city.node('C').value].door].entrance_index, 1U);
}

TEST(make_plan, another_rule_fills_the_same_plan) {
  ascii_streets const city({"A----B"});
  std::vector const shelters{open_shelter("a", city.at('A'))};
  assignment_rule const nobody = [](street_graph const& g, edge_costs const&, std::span<field_source const>) {
    return std::vector<node_guide>(g.node_count());
  };
  auto const made = make_plan(city.graph(), snap_index{city.graph()}, shelters, {}, 1, nobody);
  EXPECT_EQ(made.counts.nodes_without_shelter[0], 2U);
  EXPECT_TRUE(read_plan(write_plan(made.now), city.graph()));
}

TEST(make_plan, closing_a_shelter_never_leaves_anyone_pointed_at_it) {
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    auto city = make_random_city(seed, 15, 12);
    std::mt19937_64 dice{seed};
    for (int round = 0; round < 6; ++round) {
      auto& s = city.shelters[std::uniform_int_distribution<std::size_t>{0, city.shelters.size() - 1}(dice)];
      s.state = s.state == open_state::open ? open_state::closed : open_state::open;
      std::set<std::string> taking;
      for (auto const& one : city.shelters)
        if (takes_people(one)) taking.insert(one.id.value);
      auto const p = planned(city.graph, city.shelters);
      for (auto const profile : {walking_profile::average, walking_profile::slow, walking_profile::wheelchair})
        for (std::uint32_t n = 0; n < city.graph.node_count(); ++n) {
          auto const to = sent_to(p, profile, node_index{n});
          ASSERT_TRUE(to == "-" || taking.contains(to)) << "seed " << seed;
        }
    }
  }
}

TEST(plan_file, comes_back_equal_and_belongs_to_its_streets) {
  auto const city = make_random_city(3, 15, 20);
  auto const p = planned(city.graph, city.shelters, 77);
  auto const bytes = write_plan(p);
  auto const again = read_plan(bytes, city.graph);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(*again, p);
  auto const elsewhere = make_random_city(4, 15, 0);
  EXPECT_EQ(read_plan(bytes, elsewhere.graph).error().why, reason::schema_mismatch);
  auto newer = bytes;
  newer[8] = std::byte{99};
  EXPECT_EQ(read_plan(newer, city.graph).error().why, reason::schema_mismatch);
}

TEST(plan_file, damage_is_refused_or_harmless) {
  auto const city = make_random_city(5, 6, 8);
  auto const p = planned(city.graph, city.shelters);
  auto const bytes = write_plan(p);
  std::size_t refused = 0;
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    std::mt19937_64 dice{seed};
    EXPECT_FALSE(read_plan(damaged(bytes, dice, false), city.graph)) << "seed " << seed;
    auto const read = read_plan(damaged(bytes, dice, true), city.graph);
    if (!read) {
      ++refused;
      continue;
    }
    for (auto const& profile : read->profiles) {
      for (std::uint32_t n = 0; n < profile.nodes.size(); ++n) {
        std::size_t hops = 0;
        for (auto at = n; profile.nodes[at].next.value != kNoIndex; ++hops)
          at = city.graph.edge(profile.nodes[at].next).target().value;
        ASSERT_LE(hops, profile.nodes.size()) << "seed " << seed;
      }
    }
  }
  EXPECT_GT(refused, 1000U);
}

TEST(plan_file, an_understated_time_is_refused) {
  ascii_streets const city({"A----B----C"});
  auto p = planned(city.graph(), {open_shelter("a", city.at('A'))});
  --p.profiles[0].nodes[city.node('C').value].usual_ms;
  EXPECT_EQ(read_plan(write_plan(p), city.graph()).error().why, reason::malformed);
}

}  // namespace
}  // namespace siren
