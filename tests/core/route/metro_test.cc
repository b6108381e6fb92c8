#include "core/route/metro.h"

#include <gmock/gmock.h>

#include <string>

namespace siren {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr metro_conditions kAlarm{.alarm = true, .power = true, .trains = true};

/// A town on two banks. Letters are stations; `-` is a tunnel of 2 min, `=` a bridge, ` ` no track; a small letter
/// stands on the surface.
struct town {
  metro_network network;
  std::vector<shelter> stations;

  void line(char const* id, std::string const& drawn) {
    metro_line made{metro_line_id{id}, id, id, seconds{240}, {}, std::nullopt};
    for (std::size_t i = 0; i < drawn.size(); i += 2) {
      bool const surface = drawn[i] >= 'a';
      char const link = i + 1 < drawn.size() ? drawn[i + 1] : ' ';
      made.stops.push_back({station_id(drawn[i]), surface, seconds{link == ' ' ? 0 : 120}, link == '='});
      if (find(drawn[i]) == nullptr) stations.push_back(station(drawn[i], surface));
    }
    network.lines.push_back(made);
  }
  static shelter_id station_id(char letter) { return shelter_id{std::string(1, letter)}; }
  shelter* find(char letter) {
    for (auto& s : stations)
      if (s.id == station_id(letter)) return &s;
    return nullptr;
  }
  shelter& at(char letter) { return *find(letter); }

 private:
  static shelter station(char letter, bool surface) {
    shelter s;
    s.id = station_id(letter);
    s.type = shelter_type::metro_station;
    s.surface = surface;
    s.role = metro_role::train;
    s.state = open_state::open;
    return s;
  }
};

/// "A train, b closed"
std::string roles_of(metro_state const& state) {
  std::string text;
  for (auto const& [id, role] : state.roles)
    text += (text.empty() ? "" : ", ") + id.value + ' ' + std::string{name_of(role)};
  return text;
}

/// "M1 A-C, M2 D-E"
std::string sections_of(metro_network const& network, metro_state const& state) {
  std::string text;
  for (auto const& s : state.running) {
    auto const& line = network.lines[s.line];
    text += (text.empty() ? "" : ", ") + line.id.value + ' ' + line.stops[s.first].station.value + '-' +
            line.stops[s.last].station.value;
  }
  return text;
}

/// "A>B" for every ride.
std::vector<std::string> rides_of(town const& t, metro_conditions const& now, metro_policy const& policy = {}) {
  std::vector<std::string> list;
  for (auto const& r : rides(t.network, run_metro(t.network, t.stations, now), policy))
    list.push_back(r.board.value + '>' + r.alight.value);
  return list;
}

struct role_case {
  char const* story;
  char const* drawn;
  metro_conditions now;
  std::vector<std::pair<char, metro_role>> told;
  char const* roles;
  char const* sections;
};

class metro_roles : public ::testing::TestWithParam<role_case> {};

TEST_P(metro_roles, in_an_alarm) {
  auto const& c = GetParam();
  town t;
  t.line("M1", c.drawn);
  for (auto const& [letter, role] : c.told) t.at(letter).role = role;
  auto const state = run_metro(t.network, t.stations, c.now);
  EXPECT_EQ(roles_of(state), c.roles) << c.story;
  EXPECT_EQ(sections_of(t.network, state), c.sections) << c.story;
}

INSTANTIATE_TEST_SUITE_P(
    table, metro_roles,
    ::testing::Values(
        role_case{"tunnels only", "A-B-C", kAlarm, {}, "A train, B train, C train", "M1 A-C"},
        role_case{"a bridge between underground stations cuts the line",
                  "A-B=C-D",
                  kAlarm,
                  {},
                  "A train, B train, C train, D train",
                  "M1 A-B, M1 C-D"},
        role_case{
            "a bank with one station has no train", "A-B=C", kAlarm, {}, "A train, B train, C shelter_only", "M1 A-B"},
        role_case{"surface stations close and trains turn back before them",
                  "A-B-c-d",
                  kAlarm,
                  {},
                  "A train, B train, c closed, d closed",
                  "M1 A-B"},
        role_case{"without an alarm trains cross the bridge and call above ground",
                  "A-B=c-d",
                  {.alarm = false, .power = true, .trains = true},
                  {},
                  "A train, B train, c train, d train",
                  "M1 A-d"},
        role_case{"trains pass a closed, a full and a shelter_only station",
                  "A-B-C-D-E",
                  kAlarm,
                  {{'B', metro_role::closed}, {'C', metro_role::full}, {'D', metro_role::shelter_only}},
                  "A train, B closed, C full, D shelter_only, E train",
                  "M1 A-E"},
        role_case{"a station without power stops the trains through it",
                  "A-B-C-D-E",
                  kAlarm,
                  {{'C', metro_role::no_power}},
                  "A train, B train, C no_power, D train, E train",
                  "M1 A-B, M1 D-E"},
        role_case{"power lost everywhere: nothing runs, what sheltered shelters on",
                  "A-B-C-D-e",
                  {.alarm = true, .power = false, .trains = true},
                  {{'B', metro_role::closed}, {'C', metro_role::no_escalator}, {'D', metro_role::shelter_only}},
                  "A no_power, B closed, C no_power, D no_power, e closed",
                  ""},
        role_case{"at night stations only shelter",
                  "A-B-C",
                  {.alarm = true, .power = true, .trains = false},
                  {{'B', metro_role::no_escalator}},
                  "A shelter_only, B no_escalator, C shelter_only",
                  ""},
        role_case{"a gap in the list is no track",
                  "A-B C-D",
                  kAlarm,
                  {},
                  "A train, B train, C train, D train",
                  "M1 A-B, M1 C-D"},
        role_case{"a station that nobody gave a role takes nobody",
                  "A-B",
                  kAlarm,
                  {{'B', metro_role::none}},
                  "A train, B closed",
                  "M1 A-B"}),
    [](auto const& param_info) { return "case_" + std::to_string(param_info.index); });

TEST(metro, the_citys_rule_is_stricter_than_the_tunnels_and_never_looser) {
  town t;
  t.line("M1", "A-B-C-D=E-F-G");
  auto& line = t.network.lines[0];
  line.alarm_runs = {{town::station_id('C'), town::station_id('A')}, {town::station_id('D'), town::station_id('F')}};
  auto const state = run_metro(t.network, t.stations, kAlarm);
  EXPECT_EQ(sections_of(t.network, state), "M1 A-C, M1 E-F") << "the rule names a bridge: no train crosses it";
  EXPECT_EQ(roles_of(state), "A train, B train, C train, D shelter_only, E train, F train, G shelter_only");
  line.alarm_runs = std::vector<metro_stretch>{};
  EXPECT_EQ(sections_of(t.network, run_metro(t.network, t.stations, kAlarm)), "") << "no stretch: no train";
  EXPECT_EQ(sections_of(t.network, run_metro(t.network, t.stations, {false, true, true})), "M1 A-G")
      << "the rule binds in an alarm only";
}

TEST(metro, a_station_counts_as_its_state_says) {
  struct told_case {
    open_state state;
    metro_role role;
    metro_role expected;
  };
  for (auto const& c : {told_case{open_state::open, metro_role::train, metro_role::train},
                        told_case{open_state::open, metro_role::closed, metro_role::closed},
                        told_case{open_state::full, metro_role::train, metro_role::full},
                        told_case{open_state::full, metro_role::closed, metro_role::closed},
                        told_case{open_state::closed, metro_role::train, metro_role::closed},
                        told_case{open_state::unknown, metro_role::no_escalator, metro_role::closed}}) {
    shelter s;
    s.state = c.state;
    s.role = c.role;
    EXPECT_EQ(role_told(s), c.expected) << name_of(c.state) << ' ' << name_of(c.role);
  }
}

TEST(metro, other_shelters_keep_their_own_role) {
  town t;
  t.line("M1", "A-B");
  shelter cellar;
  cellar.id = shelter_id{"cellar"};
  auto const state = run_metro(t.network, std::vector{cellar, t.at('A')}, {true, false, true});
  EXPECT_EQ(roles_of(state), "A no_power") << "a stop that no shelter stands for gets no role";
  EXPECT_EQ(role_now(state, cellar), metro_role::none);
  EXPECT_EQ(role_now(state, t.at('A')), metro_role::no_power);
}

TEST(metro, a_ride_waits_a_headway_at_worst_and_adds_the_runs) {
  town t;
  t.line("M1", "A-B-C");
  t.network.lines[0].stops[1].run = seconds{100};
  auto const list = rides(t.network, run_metro(t.network, t.stations, kAlarm));
  metro_ride const far{shelter_id{"A"}, shelter_id{"C"}, metro_line_id{"M1"}, 2,
                       seconds{120},    seconds{240},    seconds{220}};
  ASSERT_EQ(list.size(), 6U);
  EXPECT_EQ(list[1], far);
  EXPECT_EQ(list[4].run, seconds{220}) << "the same both ways";
  t.network.lines[0].headway = seconds{0};
  EXPECT_EQ(rides(t.network, run_metro(t.network, t.stations, kAlarm))[0].slow_wait, metro_policy{}.unknown_headway);
}

// A person told to ride from the wrong bank would stand before a closed bridge with minutes gone.
TEST(metro, no_ride_leaves_its_bank) {
  town t;
  t.line("M1", "A-B=C-D");
  EXPECT_THAT(rides_of(t, kAlarm), ElementsAre("A>B", "B>A", "C>D", "D>C"));
  EXPECT_EQ(rides_of(t, {false, true, true}).size(), 12U) << "before the alarm everything is joined";
}

TEST(metro, nobody_boards_or_alights_where_trains_pass) {
  town t;
  t.line("M1", "A-B-C-D");
  t.at('B').role = metro_role::shelter_only;
  t.at('D').role = metro_role::no_escalator;
  EXPECT_THAT(rides_of(t, kAlarm), ElementsAre("A>C", "A>D", "C>A", "C>D", "D>A", "D>C"));
  t.at('C').state = open_state::full;
  EXPECT_THAT(rides_of(t, kAlarm), ElementsAre("A>D", "D>A"));
}

TEST(metro, rides_end_within_the_policys_stops) {
  town t;
  t.line("M1", "A-B-C-D");
  EXPECT_THAT(rides_of(t, kAlarm, {.most_stops = 1}), ElementsAre("A>B", "B>A", "B>C", "C>B", "C>D", "D>C"));
  EXPECT_THAT(rides_of(t, kAlarm, {.most_stops = 0}), IsEmpty());
}

TEST(metro, of_two_lines_between_the_same_stations_the_one_that_is_slowest_least) {
  town t;
  t.line("M1", "A-B");
  t.line("M2", "A-X-B");
  t.network.lines[0].headway = seconds{900};
  for (auto const& r : rides(t.network, run_metro(t.network, t.stations, kAlarm)))
    EXPECT_EQ(r.line.value, "M2") << r.board.value << '>' << r.alight.value;
}

TEST(metro, a_loop_never_sends_anyone_to_where_they_are) {
  town t;
  t.line("M1", "A-B-A");
  for (auto const& ride : rides_of(t, kAlarm)) EXPECT_NE(ride.front(), ride.back()) << ride;
}

TEST(metro, trains_keep_their_hours) {
  metro_hours const day{minutes{5 * 60 + 30}, minutes{23 * 60}};
  EXPECT_FALSE(trains_run_at(day, minutes{5 * 60 + 29}));
  EXPECT_TRUE(trains_run_at(day, minutes{5 * 60 + 30}));
  EXPECT_TRUE(trains_run_at(day, minutes{23 * 60}));
  EXPECT_FALSE(trains_run_at(day, minutes{23 * 60 + 1}));
  metro_hours const past_midnight{minutes{5 * 60}, minutes{30}};
  EXPECT_TRUE(trains_run_at(past_midnight, minutes{10}));
  EXPECT_TRUE(trains_run_at(past_midnight, minutes{6 * 60}));
  EXPECT_FALSE(trains_run_at(past_midnight, minutes{31}));
}

struct inside_case {
  shelter_type type;
  std::optional<meters> depth;
  metro_role role;
  seconds expected;
};

class time_inside : public ::testing::TestWithParam<inside_case> {};

// 30°: the way is twice the depth.
TEST_P(time_inside, follows_the_depth) {
  auto const& c = GetParam();
  shelter s;
  s.type = c.type;
  s.depth = c.depth;
  EXPECT_EQ(inside_seconds(s, c.role), c.expected);
}

INSTANTIATE_TEST_SUITE_P(
    table, time_inside,
    ::testing::Values(inside_case{shelter_type::metro_station, meters{105.5}, metro_role::train, seconds{282}},
                      inside_case{shelter_type::metro_station, meters{105.5}, metro_role::no_escalator, seconds{346}},
                      inside_case{shelter_type::metro_station, meters{105.5}, metro_role::no_power, seconds{346}},
                      inside_case{shelter_type::metro_station, meters{9.0}, metro_role::shelter_only, seconds{24}},
                      inside_case{shelter_type::metro_station, std::nullopt, metro_role::train, seconds{107}},
                      inside_case{shelter_type::metro_station, std::nullopt, metro_role::no_power, seconds{132}},
                      inside_case{shelter_type::basic, std::nullopt, metro_role::none, seconds{0}},
                      inside_case{shelter_type::dual_purpose, meters{6.0}, metro_role::none, seconds{20}}));

TEST(metro, a_station_holds_fewer_people_without_power) {
  shelter s;
  s.capacity = 2'000;
  EXPECT_EQ(places_now(s, metro_role::no_power), 2'000U) << "a basement needs none";
  s.type = shelter_type::metro_station;
  EXPECT_EQ(places_now(s, metro_role::train), 2'000U);
  EXPECT_EQ(places_now(s, metro_role::no_escalator), 2'000U);
  EXPECT_EQ(places_now(s, metro_role::no_power), 1'500U);
}

TEST(metro, wheels_get_in_while_lifts_have_power) {
  shelter s;
  s.step_free = true;
  EXPECT_TRUE(wheels_get_in(s, metro_role::train));
  EXPECT_TRUE(wheels_get_in(s, metro_role::none));
  EXPECT_FALSE(wheels_get_in(s, metro_role::no_escalator));
  EXPECT_FALSE(wheels_get_in(s, metro_role::no_power));
  s.step_free = false;
  EXPECT_FALSE(wheels_get_in(s, metro_role::train));
}

}  // namespace
}  // namespace siren
