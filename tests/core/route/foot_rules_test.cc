#include "core/route/foot_rules.h"

#include <gtest/gtest.h>

#include <map>

namespace siren {
namespace {

using tag_map = std::map<std::string, std::string>;

foot_answer ask(tag_map const& tags) {
  return foot_access([&](char const* key) -> char const* {
    auto const found = tags.find(key);
    return found == tags.end() ? nullptr : found->second.c_str();
  });
}

TEST(foot_access, who_may_walk_where) {
  using no = foot_refusal;
  struct row {
    tag_map tags;
    std::optional<foot_refusal> refused;
  };
  row const rows[] = {
      {{{"highway", "residential"}}, {}},
      {{{"highway", "primary"}, {"oneway", "yes"}}, {}},
      {{{"highway", "footway"}}, {}},
      {{{"highway", "steps"}}, {}},
      {{{"highway", "cycleway"}}, {}},
      {{{"building", "yes"}}, no::not_a_street},
      {{{"highway", "street_lamp"}}, no::not_a_street},
      {{{"highway", "motorway"}}, no::motor_only},
      {{{"highway", "motorway"}, {"foot", "yes"}}, no::motor_only},
      {{{"highway", "motorway_link"}}, no::motor_only},
      {{{"highway", "primary"}, {"motorroad", "yes"}}, no::motor_only},
      {{{"highway", "trunk"}}, no::motor_only},
      {{{"highway", "trunk"}, {"sidewalk", "both"}}, {}},
      {{{"highway", "trunk"}, {"sidewalk:left", "yes"}}, {}},
      {{{"highway", "trunk"}, {"foot", "designated"}}, {}},
      {{{"highway", "construction"}, {"construction", "footway"}}, no::not_built},
      {{{"highway", "footway"}, {"construction", "yes"}}, no::not_built},
      {{{"highway", "proposed"}}, no::not_built},
      {{{"highway", "residential"}, {"foot", "no"}}, no::foot_forbidden},
      {{{"highway", "footway"}, {"foot", "private"}}, no::no_access},
      {{{"highway", "secondary"}, {"foot", "use_sidepath"}}, no::sidepath},
      {{{"highway", "service"}, {"access", "private"}}, no::no_access},
      {{{"highway", "service"}, {"access", "no"}}, no::no_access},
      {{{"highway", "service"}, {"access", "no"}, {"foot", "yes"}}, {}},
      {{{"highway", "service"}, {"access", "private"}, {"foot", "permissive"}}, {}},
      {{{"highway", "service"}, {"access", "customers"}}, {}},
      {{{"highway", "elevator"}}, no::lift},
      {{{"route", "ferry"}, {"foot", "yes"}}, no::ferry},
      {{{"highway", "corridor"}}, no::indoors},
      {{{"highway", "footway"}, {"indoor", "yes"}}, no::indoors},
  };
  for (auto const& r : rows) {
    auto const answer = ask(r.tags);
    auto const tags = r.tags.begin()->first + "=" + r.tags.begin()->second;
    EXPECT_EQ(answer.refused, r.refused) << tags;
    EXPECT_NE(answer.way.has_value(), answer.refused.has_value()) << tags;
  }
}

TEST(foot_access, what_a_walker_needs_to_know) {
  auto const bridge =
      *ask({{"highway", "footway"}, {"bridge", "yes"}, {"lit", "no"}, {"name", "Міст"}, {"name:en", "Bridge"}}).way;
  EXPECT_EQ(bridge.kind, foot_class::footway);
  EXPECT_TRUE(bridge.bridge);
  EXPECT_EQ(bridge.light, lighting::dark);
  EXPECT_EQ(bridge.name, "Міст");
  EXPECT_EQ(bridge.name_latin, "Bridge");
  EXPECT_TRUE(ask({{"highway", "footway"}, {"tunnel", "yes"}}).way->tunnel);
  EXPECT_FALSE(ask({{"highway", "footway"}, {"tunnel", "building_passage"}}).way->tunnel);
  EXPECT_FALSE(ask({{"highway", "footway"}, {"bridge", "no"}}).way->bridge);
  EXPECT_FALSE(ask({{"highway", "path"}, {"wheelchair", "no"}}).way->wheels);
  EXPECT_EQ(ask({{"highway", "path"}, {"lit", "24/7"}}).way->light, lighting::lit);
}

TEST(foot_access, steps_have_a_direction) {
  std::pair<char const*, incline> const rows[] = {{"up", incline::up},     {"down", incline::down},
                                                  {"-12%", incline::down}, {"30 %", incline::up},
                                                  {"0", incline::unknown}, {"steep", incline::unknown}};
  for (auto const& [value, slope] : rows)
    EXPECT_EQ(ask({{"highway", "steps"}, {"incline", value}}).way->slope, slope) << value;
}

TEST(foot_access, only_a_oneway_for_feet_binds_feet) {
  EXPECT_EQ(ask({{"highway", "residential"}, {"oneway", "yes"}}).way->direction, foot_direction::both);
  EXPECT_EQ(ask({{"highway", "footway"}, {"oneway:foot", "yes"}}).way->direction, foot_direction::along);
  EXPECT_EQ(ask({{"highway", "footway"}, {"oneway:foot", "-1"}}).way->direction, foot_direction::against);
  EXPECT_EQ(ask({{"highway", "footway"}, {"foot:backward", "no"}}).way->direction, foot_direction::along);
}

TEST(foot_access, an_escalator_goes_one_way_and_carries_no_wheels) {
  auto const up = *ask({{"highway", "steps"}, {"conveying", "forward"}, {"incline", "up"}}).way;
  EXPECT_EQ(up.direction, foot_direction::along);
  EXPECT_FALSE(up.wheels);
  EXPECT_EQ(ask({{"highway", "steps"}, {"conveying", "backward"}}).way->direction, foot_direction::against);
  EXPECT_EQ(ask({{"highway", "steps"}, {"conveying", "yes"}}).way->direction, foot_direction::both);
}

TEST(foot_access, the_ground) {
  struct row {
    tag_map tags;
    bool rough, wheels, steep;
    lighting light;
  };
  using l = lighting;
  row const rows[] = {
      {{{"highway", "residential"}}, false, true, false, l::unknown},
      {{{"highway", "residential"}, {"surface", "asphalt"}, {"lit", "yes"}}, false, true, false, l::lit},
      {{{"highway", "residential"}, {"lit", "no"}}, false, true, false, l::dark},
      {{{"highway", "path"}}, false, true, false, l::dark},
      {{{"highway", "path"}, {"lit", "automatic"}}, false, true, false, l::lit},
      {{{"highway", "track"}, {"tracktype", "grade2"}}, false, true, false, l::dark},
      {{{"highway", "track"}, {"tracktype", "grade4"}}, true, true, false, l::dark},
      {{{"highway", "track"}, {"tracktype", "grade5"}}, true, false, false, l::dark},
      {{{"highway", "footway"}, {"surface", "gravel"}}, true, true, false, l::unknown},
      {{{"highway", "footway"}, {"surface", "sand"}}, true, false, false, l::unknown},
      {{{"highway", "footway"}, {"surface", "sett"}}, false, true, false, l::unknown},
      {{{"highway", "footway"}, {"smoothness", "intermediate"}}, false, true, false, l::unknown},
      {{{"highway", "footway"}, {"smoothness", "bad"}}, true, false, false, l::unknown},
      {{{"highway", "footway"}, {"smoothness", "impassable"}}, true, false, false, l::unknown},
      {{{"highway", "footway"}, {"incline", "5%"}}, false, true, false, l::unknown},
      {{{"highway", "footway"}, {"incline", "-10 %"}}, false, true, true, l::unknown},
      {{{"highway", "footway"}, {"incline", "5.5°"}}, false, true, true, l::unknown},
      {{{"highway", "footway"}, {"incline", "15%"}}, false, false, true, l::unknown},
      {{{"highway", "footway"}, {"incline", "up"}}, false, true, false, l::unknown},
      {{{"highway", "steps"}, {"incline", "60%"}}, false, false, false, l::unknown},
      {{{"highway", "steps"}, {"surface", "mud"}}, false, false, false, l::unknown},
  };
  for (auto const& r : rows) {
    auto const way = *ask(r.tags).way;
    auto const last = "=" + r.tags.rbegin()->second;
    EXPECT_EQ(way.rough, r.rough) << last;
    EXPECT_EQ(way.wheels, r.wheels) << last;
    EXPECT_EQ(way.steep, r.steep) << last;
    EXPECT_EQ(way.light, r.light) << last;
  }
}

TEST(foot_access, where_people_live) {
  for (char const* highway : {"residential", "living_street", "unclassified", "service"})
    EXPECT_TRUE(ask({{"highway", highway}}).way->residential) << highway;
  for (char const* highway : {"primary", "tertiary", "footway", "steps", "track"})
    EXPECT_FALSE(ask({{"highway", highway}}).way->residential) << highway;
  EXPECT_TRUE(ask({{"highway", "service"}, {"service", "driveway"}}).way->residential);
  EXPECT_FALSE(ask({{"highway", "service"}, {"service", "parking_aisle"}}).way->residential);
}

TEST(foot_access, latin_names_are_tagged_ones_or_none) {
  auto const latin = [](tag_map tags) {
    tags.insert({{"highway", "residential"}, {"name", "вулиця Хрещатик"}});
    return ask(tags).way->name_latin;
  };
  EXPECT_EQ(latin({}), "");
  EXPECT_EQ(latin({{"int_name", "Khreshchatyk"}}), "Khreshchatyk");
  EXPECT_EQ(latin({{"int_name", "Khreshchatyk"}, {"name:en", "Khreshchatyk Street"}}), "Khreshchatyk Street");
}

TEST(foot_barrier, only_what_is_shut_to_feet_cuts_a_way) {
  struct row {
    tag_map tags;
    std::optional<foot_refusal> closed;
  };
  using no = foot_refusal;
  row const rows[] = {
      {{{"highway", "crossing"}}, {}},
      {{{"highway", "elevator"}}, no::lift},
      {{{"barrier", "gate"}}, {}},
      {{{"barrier", "gate"}, {"access", "private"}}, no::no_access},
      {{{"barrier", "gate"}, {"access", "private"}, {"foot", "yes"}}, {}},
      {{{"barrier", "gate"}, {"locked", "yes"}}, no::no_access},
      {{{"barrier", "gate"}, {"locked", "no"}}, {}},
      {{{"barrier", "lift_gate"}, {"access", "private"}}, {}},
      {{{"barrier", "bollard"}, {"access", "no"}}, {}},
      {{{"barrier", "bollard"}, {"foot", "no"}}, no::foot_forbidden},
      {{{"barrier", "turnstile"}, {"foot", "private"}}, no::no_access},
      {{{"access", "private"}}, {}},
  };
  for (auto const& r : rows) {
    auto const closed = foot_barrier([&](char const* key) -> char const* {
      auto const found = r.tags.find(key);
      return found == r.tags.end() ? nullptr : found->second.c_str();
    });
    EXPECT_EQ(closed, r.closed) << r.tags.begin()->first << "=" << r.tags.begin()->second;
  }
}

TEST(foot_access, every_refusal_has_a_name) {
  for (std::size_t i = 1; i < kFootRefusals; ++i) EXPECT_FALSE(name_of(static_cast<foot_refusal>(i)).empty());
}

}  // namespace
}  // namespace siren
