#include "core/route/judge.h"

#include <gtest/gtest.h>

#include "core/route/random_city.h"

namespace siren {
namespace {

utc_time const kNow{hours{500'000}};
guidance_policy const kPolicy;

struct town {
  ascii_streets streets;
  snap_index snap;
  plan p;

  town(std::vector<std::string> rows, std::map<std::size_t, std::string> names, std::string const& shelters_at)
      : streets{std::move(rows), std::move(names)}, snap{streets.graph()} {
    std::vector<shelter> all;
    for (char const c : shelters_at) all.push_back(open_shelter(std::string(1, c), streets.at(c)));
    p = make_plan(streets.graph(), snap, all, {}, 9).now;
  }
  [[nodiscard]] guide_view view() const { return {streets.graph(), snap, &p}; }
  [[nodiscard]] lat_lon near(char letter, double east, double north) const {
    return local_plane{streets.at(letter)}.to_place({meters{east}, meters{north}});
  }
  [[nodiscard]] guidance ask(lat_lon place, std::optional<seconds> left = std::nullopt,
                             walking_profile profile = walking_profile::average) const {
    std::optional<utc_time> deadline;
    if (left) deadline = kNow + *left;
    return judge(view(), place, profile, deadline, kNow, kPolicy);
  }
};

TEST(judge, tells_streets_and_turns) {
  town const t({"A----B     ",  //
                "     |     ", "     C====D"},
               {{0, "Хрещатик"}, {2, "Сходи"}}, "D");
  auto const told = t.ask(t.near('A', 50.0, 10.0));
  ASSERT_EQ(told.verdict, verdict_kind::go_shelter);
  EXPECT_EQ(told.because, verdict_reason::no_deadline);
  EXPECT_EQ(told.to, shelter_id{"D"});
  EXPECT_EQ(told.plan_version, 9U);
  EXPECT_FALSE(told.margin);
  auto const& steps = told.way->steps;
  ASSERT_EQ(steps.size(), 4U);
  EXPECT_EQ(steps[0].turn, maneuver::depart);
  EXPECT_EQ(steps[0].street, "Хрещатик");
  EXPECT_NEAR(steps[0].length.value, 210.0, 0.5);
  EXPECT_EQ(steps[1].turn, maneuver::right);
  EXPECT_EQ(steps[1].street, "");
  EXPECT_NEAR(steps[1].length.value, 200.0, 0.5);
  EXPECT_EQ(steps[2].turn, maneuver::steps);
  EXPECT_EQ(steps[2].street, "Сходи");
  EXPECT_EQ(steps[3].turn, maneuver::arrive);
  EXPECT_NEAR(told.way->length.value, 660.0, 1.5);
  EXPECT_NEAR(static_cast<double>(told.way->expected.count()), 410.0 / 1.22 + 250.0 / (1.22 * 0.35), 3.0);
  EXPECT_NEAR(static_cast<double>(told.way->slow_case.count()), static_cast<double>(told.way->expected.count()) / 0.8,
              2.0);
  EXPECT_EQ(told.way->shape.front(), t.near('A', 50.0, 10.0));
  EXPECT_EQ(told.way->shape.back(), t.streets.at('D'));
}

TEST(judge, turns_left_around_and_straight_on) {
  town const t({"  C--D--S", "  |      ", "A-B      "}, {{0, "North"}, {2, "South"}}, "S");
  auto const steps = t.ask(t.streets.at('A')).way->steps;
  ASSERT_EQ(steps.size(), 4U);  // South, the lane, North (D is no turn and no new name), arrive
  EXPECT_EQ(steps[1].turn, maneuver::left);
  EXPECT_EQ(steps[2].turn, maneuver::right);
  EXPECT_EQ(steps[2].street, "North");
  EXPECT_NEAR(steps[2].length.value, 300.0, 0.5);
}

TEST(judge, a_door_on_the_same_street_needs_no_junction) {
  town const t({"A--------------------B"}, {}, "");
  auto const door = t.near('A', 500.0, 0.0);
  auto const p = make_plan(t.streets.graph(), t.snap, std::vector{open_shelter("mid", door)}, {}, 1).now;
  guide_view const view{t.streets.graph(), t.snap, &p};
  for (double const east : {440.0, 560.0, 500.0}) {
    auto const told = judge(view, t.near('A', east, 0.0), walking_profile::average, std::nullopt, kNow, kPolicy);
    ASSERT_TRUE(told.way);
    EXPECT_NEAR(told.way->length.value, std::abs(east - 500.0), 0.3);
  }
}

TEST(judge, never_a_route_past_the_deadline) {
  town const t({"A----------B"}, {}, "B");  // 550 m: 451 s, slow case 564 s
  auto const slow = t.ask(t.streets.at('A')).way->slow_case;
  auto const margin = kPolicy.arrival_margin;
  auto const in_time = t.ask(t.streets.at('A'), slow + margin);
  EXPECT_EQ(in_time.verdict, verdict_kind::go_shelter);
  EXPECT_EQ(in_time.because, verdict_reason::in_time);
  EXPECT_EQ(in_time.margin, margin);
  auto const late = t.ask(t.streets.at('A'), slow + margin - seconds{1});
  EXPECT_EQ(late.verdict, verdict_kind::take_cover);
  EXPECT_EQ(late.because, verdict_reason::too_late);
  EXPECT_EQ(late.margin, margin - seconds{1});
  EXPECT_FALSE(late.way || late.to || late.door_index || late.entrance_index);
  EXPECT_EQ(t.ask(t.streets.at('A'), seconds{-60}).because, verdict_reason::too_late);
}

TEST(judge, darkness_and_ice_turn_a_route_into_cover) {
  town const t({"A----------B"}, {}, "B");
  auto icy = kPolicy;
  icy.conditions = {.light = street_light::dark, .ice = true};
  auto const deadline = kNow + seconds{700};
  EXPECT_EQ(judge(t.view(), t.streets.at('A'), walking_profile::average, deadline, kNow, kPolicy).verdict,
            verdict_kind::go_shelter);
  EXPECT_EQ(judge(t.view(), t.streets.at('A'), walking_profile::average, deadline, kNow, icy).because,
            verdict_reason::too_late);
}

TEST(judge, says_why_there_is_no_route) {
  town const t({"A----B", "      ", "      ", "C----D"}, {}, "A");
  EXPECT_EQ(t.ask(t.near('A', 0.0, 5'000.0)).because, verdict_reason::too_far_from_street);
  guide_view const no_plan{t.streets.graph(), t.snap, nullptr};
  auto const told = judge(no_plan, t.streets.at('A'), walking_profile::average, std::nullopt, kNow, kPolicy);
  EXPECT_EQ(told.verdict, verdict_kind::take_cover);
  EXPECT_EQ(told.because, verdict_reason::plan_missing);
  auto other = t.p;
  other.graph = graph_id{other.graph.value + 1};
  guide_view const of_other_streets{t.streets.graph(), t.snap, &other};
  EXPECT_EQ(judge(of_other_streets, t.streets.at('A'), walking_profile::average, std::nullopt, kNow, kPolicy).because,
            verdict_reason::plan_missing);
  EXPECT_EQ(t.ask(t.streets.at('A'), std::nullopt).because, verdict_reason::no_deadline);
  ascii_streets const islands({"A----B", "      ", "C----D"}, {}, 1);
  snap_index const snap{islands.graph()};
  auto const p = make_plan(islands.graph(), snap, std::vector{open_shelter("a", islands.at('A'))}, {}, 1).now;
  EXPECT_EQ(judge({islands.graph(), snap, &p}, islands.at('D'), walking_profile::average, std::nullopt, kNow, kPolicy)
                .because,
            verdict_reason::none_reachable);
}

TEST(judge, a_walk_beyond_the_longest_is_none) {
  town const t({"A" + std::string(70, '-') + "B"}, {}, "B");  // 3.5 km: the slow case is 60 min at 0.98 m/s
  EXPECT_EQ(t.ask(t.streets.at('A')).because, verdict_reason::none_reachable);
  EXPECT_EQ(t.ask(t.near('A', 200.0, 0.0)).because, verdict_reason::no_deadline);
}

TEST(judge, a_metro_station_is_named_so_and_generated_data_is_marked) {
  ascii_streets const city({"A----B"});
  snap_index const snap{city.graph()};
  auto station = open_shelter("m", city.at('B'));
  station.type = shelter_type::metro_station;
  station.role = metro_role::train;
  station.generated = true;
  auto const p = make_plan(city.graph(), snap, std::vector{station}, {}, 1).now;
  auto const told =
      judge({city.graph(), snap, &p}, city.at('A'), walking_profile::average, std::nullopt, kNow, kPolicy);
  EXPECT_EQ(told.verdict, verdict_kind::go_metro);
  EXPECT_TRUE(told.generated);
}

TEST(judge_at_node, parts_agree_with_the_whole) {
  town const t({"A----B     ", "     |     ", "     C----D"}, {}, "D");
  auto const place = t.near('A', 50.0, 0.0);
  auto const whole = t.ask(place, seconds{900});
  auto const start = approach_from(t.view(), place, walking_profile::average);
  ASSERT_TRUE(start);
  EXPECT_EQ(start->node, t.streets.node('B'));
  EXPECT_NEAR(start->length.value, 200.0, 0.3);
  auto const parts =
      judge_at_node(t.view(), start->node, walking_profile::average, kNow + seconds{900}, kNow, kPolicy, start->usual);
  EXPECT_EQ(parts.verdict, whole.verdict);
  EXPECT_EQ(parts.to, whole.to);
  EXPECT_NEAR((parts.way->length + start->length).value, whole.way->length.value, 0.5);
  EXPECT_LE(*parts.margin, *whole.margin);
  EXPECT_GE(*parts.margin, *whole.margin - seconds{1});
}

TEST(judge, properties_on_any_city) {
  std::size_t routes = 0;
  std::size_t covers = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    auto const city = make_random_city(seed, 16, 10);
    snap_index const snap{city.graph};
    auto const p = make_plan(city.graph, snap, city.shelters, {}, seed).now;
    guide_view const view{city.graph, snap, &p};
    std::mt19937_64 dice{seed};
    std::uniform_int_distribution<int> left{-60, 1500};
    for (int i = 0; i < 60; ++i) {
      auto const place = random_place(dice, 1400.0);
      auto const deadline = kNow + seconds{left(dice)};
      for (auto const profile : {walking_profile::average, walking_profile::slow, walking_profile::wheelchair}) {
        auto const told = judge(view, place, profile, deadline, kNow, kPolicy);
        ASSERT_EQ(told.way.has_value(), told.verdict != verdict_kind::take_cover) << "seed " << seed;
        if (!told.way) {
          ++covers;
          continue;
        }
        ++routes;
        ASSERT_LE(kNow + told.way->slow_case + kPolicy.arrival_margin, deadline) << "seed " << seed;
        auto const& door = p.doors[*told.door_index];
        for (auto const& s : city.shelters) {
          if (s.id != *told.to) continue;
          ASSERT_TRUE(takes_people(s)) << "seed " << seed;
          if (profile == walking_profile::wheelchair) {
            ASSERT_TRUE(s.step_free && door.step_free) << "seed " << seed;
          }
        }
        meters drawn;
        for (std::size_t k = 1; k < told.way->shape.size(); ++k)
          drawn = drawn + distance(told.way->shape[k - 1], told.way->shape[k]);
        meters told_length;
        for (auto const& step : told.way->steps) {
          told_length = told_length + step.length;
          if (profile == walking_profile::wheelchair) {
            ASSERT_NE(step.turn, maneuver::steps) << "seed " << seed;
          }
        }
        ASSERT_NEAR(told_length.value, told.way->length.value, 0.1);
        ASSERT_NEAR(drawn.value, told.way->length.value, 0.5 + 0.01 * drawn.value) << "seed " << seed;
        ASSERT_EQ(told.way->shape.front(), place);
        ASSERT_EQ(told.way->shape.back(), door.place);
      }
    }
  }
  EXPECT_GT(routes, 1000U);
  EXPECT_GT(covers, 1000U);
}

}  // namespace
}  // namespace siren
