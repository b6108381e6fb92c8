#include <gtest/gtest.h>

#include <random>

#include "alarm_replay/alarm_logic.h"
#include "alarm_replay/history.h"

namespace siren::replay {
namespace {

// An oblast, two raions and a hromada: overlaps, a parent that ends before its child, a swapped row, one instant in
// which an alarm follows another.
constexpr char kSample[] =
    "oblast,raion,hromada,level,started_at,finished_at,source\n"
    "North oblast,,,oblast,2022-03-15 10:00:00+00:00,2022-03-15 11:00:00+00:00,official\n"
    "North oblast,West raion,Mill hromada,hromada,2022-03-15 10:30:00+00:00,2022-03-15 11:30:00+00:00,official\n"
    "West raion,North oblast,,raion,2022-03-15 11:30:00+00:00,2022-03-15 12:00:00+00:00,official\n"
    "North oblast,East raion,,raion,2022-03-15 13:00:00+00:00,2022-03-15 14:00:00+00:00,official\n"
    "Kyiv City,,,oblast,2022-03-15 13:30:00+00:00,2022-03-15 13:45:00+00:00,official\n";

utc_time at(std::string const& clock) {
  return parse_utc("2022-03-15T" + clock + ":00Z").value();
}

std::map<std::string, zone_id> names_of(alarm_history const& history) {
  std::map<std::string, zone_id> names;
  for (auto const& z : history.zones) names[z.name_en] = z.id;
  return names;
}

std::vector<alert> told_by_logic(alarm_history const& history) {
  alarm_logic logic{zone_map::build(history.zones).value()};
  std::vector<alert> told;
  for (auto const& event : events_of(history)) logic.take(event, told);
  return told;
}

TEST(alarm_replay, a_history_is_read_with_its_hierarchy) {
  auto const history = parse_history(kSample).value();
  EXPECT_EQ(history.rows.size(), 5U);
  EXPECT_EQ(history.zones.size(), 5U);
  EXPECT_EQ(history.put_right, 1U);
  auto const names = names_of(history);
  for (auto const& z : history.zones) {
    if (z.name_en == "Mill hromada") {
      EXPECT_EQ(z.parent, names.at("West raion"));
    }
    if (z.name_en == "West raion") {
      EXPECT_EQ(z.parent, names.at("North oblast"));
    }
  }
}

TEST(alarm_replay, a_bad_row_is_named_and_refuses_the_file) {
  struct row {
    char const* from;
    char const* to;
    reason why;
  };
  for (auto const& [from, to, why] :
       {row{"hromada,2022", "village,2022", reason::malformed},
        row{"East raion,,raion", ",,raion", reason::missing_field}, row{"10:30:00", "25:30:00", reason::malformed},
        row{"11:30:00+00:00,official", "10:30:00+00:00,official", reason::malformed},
        row{"started_at", "started", reason::missing_field}}) {
    std::string text = kSample;
    text.replace(text.find(from), std::string{from}.size(), to);
    auto const read = parse_history(text);
    ASSERT_FALSE(read.ok()) << to;
    EXPECT_EQ(read.error().why, why) << read.error().message;
  }
}

TEST(alarm_replay, plain_spells_follow_the_hierarchy) {
  auto const history = parse_history(kSample).value();
  auto const names = names_of(history);
  auto const spells = plain_spells(history);
  auto const& north = spells.at(names.at("North oblast"));
  EXPECT_EQ(north.whole, (std::vector<spell>{{at("10:00"), at("11:00")}}));
  EXPECT_EQ(north.any, (std::vector<spell>{{at("10:00"), at("12:00")}, {at("13:00"), at("14:00")}}));
  auto const& mill = spells.at(names.at("Mill hromada"));
  EXPECT_EQ(mill.whole, (std::vector<spell>{{at("10:00"), at("12:00")}}));
  auto const states = plain_states(history, at("11:15"));
  EXPECT_EQ(states.at(names.at("North oblast")), plain_state::partly);
  EXPECT_EQ(states.at(names.at("Mill hromada")), plain_state::whole);
  EXPECT_EQ(states.at(names.at("Kyiv City")), plain_state::clear);
}

TEST(alarm_replay, the_alarm_logic_comes_to_the_plain_history) {
  auto const history = parse_history(kSample).value();
  auto const told = history_of(told_by_logic(history), history);
  EXPECT_EQ(told.spells, plain_spells(history));
  EXPECT_EQ(told.broken, 0U);
  EXPECT_EQ(told.raised, told.ended);
}

// What a load test can't miss: an alert that is lost, told twice, or told for the wrong zone.
TEST(alarm_replay, damage_to_what_was_told_is_found) {
  auto const history = parse_history(kSample).value();
  auto const whole = told_by_logic(history);
  auto const plain = plain_spells(history);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    auto lost = whole;
    lost.erase(lost.begin() + static_cast<std::ptrdiff_t>(i));
    auto const seen = history_of(lost, history);
    EXPECT_TRUE(seen.broken > 0 || seen.spells != plain) << "lost " << i;
    auto twice = whole;
    twice.insert(twice.begin() + static_cast<std::ptrdiff_t>(i), whole[i]);
    EXPECT_GT(history_of(twice, history).broken, 0U) << "twice " << i;
  }
}

TEST(alarm_replay, random_histories_agree) {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    std::mt19937 random{seed};
    auto history = parse_history(kSample).value();
    auto const zones = history.zones;
    history.rows.clear();
    // A region's own alarms follow each other, as one channel declares them; regions are independent.
    for (auto const& z : zones) {
      auto now = at("00:00");
      for (int i = 0; i < 40; ++i) {
        auto const began = now + minutes{1 + random() % 20};
        now = began + minutes{1 + random() % 20};
        history.rows.push_back({z.id, began, now});
      }
    }
    auto const told = history_of(told_by_logic(history), history);
    EXPECT_EQ(told.spells, plain_spells(history)) << seed;
    EXPECT_EQ(told.broken, 0U) << seed;
  }
}

}  // namespace
}  // namespace siren::replay
