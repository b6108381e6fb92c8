#include <gtest/gtest.h>

#include <map>

#include "attack/raid.h"
#include "attack/timeline.h"

namespace siren::attack {
namespace {

constexpr auto kTable = SIREN_SOURCE_DIR "/load-tests/attack/night-2026-01-23.csv";
auto const kBegins = *parse_utc("2026-01-23T16:00:00Z");

raid night(std::uint64_t seed, lat_lon city = kKyivCentre) {
  auto const groups = read_raid_table(kTable);
  EXPECT_TRUE(groups.ok());
  return make_raid(*groups, kBegins, hours{15}, seed, city);
}

zone_map one_square_around(lat_lon centre) {
  zone square;
  square.id = zone_id{"31"};
  square.kind = zone_kind::city;
  for (auto const course_true : {45.0, 135.0, 225.0, 315.0}) {
    if (square.shape.empty()) square.shape.emplace_back();
    square.shape[0].outer.push_back(destination(centre, degrees{course_true}, meters{15e3}));
  }
  return *zone_map::build({square});
}

TEST(the_night, has_the_air_forces_figures) {
  std::map<threat_class, std::pair<int, int>> figures;
  auto towards_kyiv = 0;
  for (auto const& object : night(1).flights) {
    ++figures[object.kind].first;
    if (object.stopped) ++figures[object.kind].second;
    if (object.kind == threat_class::drone && object.target_name == "Kyiv") ++towards_kyiv;
  }
  EXPECT_EQ(figures[threat_class::drone], std::make_pair(375, 357));
  EXPECT_EQ(figures[threat_class::supersonic_missile], std::make_pair(12, 9));
  EXPECT_EQ(figures[threat_class::ballistic_missile], std::make_pair(6, 5));
  EXPECT_EQ(figures[threat_class::hypersonic_missile], std::make_pair(2, 0));
  EXPECT_EQ(figures[threat_class::cruise_missile], std::make_pair(1, 1));
  EXPECT_GT(towards_kyiv, 100);
}

TEST(the_night, is_the_same_for_the_same_seed_and_another_for_another) {
  auto const zones = one_square_around(kKyivCentre);
  auto const say = [&](std::uint64_t seed) {
    std::string all;
    auto const truth = night(seed);
    for (auto const& record : make_timeline(truth, sensors_around(kKyivCentre), zones, seed).records)
      all += record.record.SerializeAsString();
    return all;
  };
  auto const once = say(7);
  EXPECT_EQ(once, say(7));
  EXPECT_NE(once, say(8));
}

TEST(the_night, moves_to_another_city_with_its_distances) {
  lat_lon const london{degrees{51.51}, degrees{-0.13}};
  auto const here = night(3).flights;
  auto const there = night(3, london).flights;
  ASSERT_EQ(here.size(), there.size());
  for (std::size_t i = 0; i < here.size(); ++i) {
    auto const from_kyiv = distance(kKyivCentre, here[i].path.front().place).value;
    auto const from_london = distance(london, there[i].path.front().place).value;
    EXPECT_NEAR(from_london, from_kyiv, 0.02 * from_kyiv + 100);
  }
}

TEST(the_night, is_an_exercise_in_every_record_and_sent_in_order) {
  auto const truth = night(1);
  auto const made = make_timeline(truth, sensors_around(kKyivCentre), one_square_around(kKyivCentre), 1);
  auto last = utc_time::min();
  auto alarms = 0, launches = 0, over = 0;
  for (auto const& entry : made.records) {
    EXPECT_GE(entry.send_at, last);
    last = entry.send_at;
    auto const& record = entry.record;
    EXPECT_EQ(record.has_observation() ? record.observation().world()
              : record.has_launch()    ? record.launch().world()
                                       : record.region_alarm().world(),
              geo::v1::WORLD_EXERCISE);
    if (record.has_region_alarm()) ++alarms;
    if (record.has_launch()) ++(record.launch().over() ? over : launches);
  }
  EXPECT_GT(alarms, 0);
  EXPECT_EQ(launches, 6 + 2) << "ballistic and hypersonic ones";
  EXPECT_EQ(over, launches);
}

TEST(raid_table, names_the_line_that_is_wrong) {
  EXPECT_EQ(read_raid_table("/nonexistent").error().why, reason::file_unreadable);
}

}  // namespace
}  // namespace siren::attack
