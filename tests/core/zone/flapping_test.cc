// How often a zone's stage changes: a bound that holds for any night, and what random ones come to.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <random>

#include "core/zone/worlds.h"
#include "core/zone/zone_picture.h"

namespace siren {
namespace {

using test::at;
using test::flying;
using test::kEvening;
using test::kKyiv;

/// One zone, and how many of its changes of stage lay in the busiest hour so far.
class watched_zone {
 public:
  explicit watched_zone(zone_policy policy = default_zone_policy()) : policy_{std::move(policy)} {}

  void take(zone_event const& event) {
    for (auto const& change : apply(picture_, event, zones_, policy_)) {
      level_ = change.now.level;
      if (change.now.level == change.before) continue;
      changes_.push_back(change.at);
      while (change.at - changes_.front() >= hours{1}) changes_.pop_front();
      most_ = std::max(most_, static_cast<int>(changes_.size()));
    }
  }
  [[nodiscard]] stage level() const { return level_; }
  [[nodiscard]] int most_an_hour() const { return most_; }

 private:
  zone_map zones_ = zone_map::build({test::square("city", kKyiv, 8'000)}).value();
  zone_policy policy_;
  zone_picture picture_;
  stage level_ = stage::all_clear;
  std::deque<utc_time> changes_;
  int most_ = 0;
};

/// Tracks around the zone that turn, jump, hide, come back and end as they like.
class noisy_night {
 public:
  noisy_night(std::uint32_t seed, std::vector<threat_class> kinds) : random_{seed}, kinds_{std::move(kinds)} {}

  void play(watched_zone& zone, hours length) {
    for (auto now = kEvening; now < kEvening + length; now += seconds{5}) {
      for (auto& one : objects_) step(one, zone, now);
      zone.take(tick{now});
    }
  }

 private:
  struct object {
    std::uint64_t id = 0;
    threat_class kind = threat_class::drone;
    bool flies = false;
    double bearing = 0.0;
    double km = 0.0;
    double course = 0.0;
  };

  void step(object& one, watched_zone& zone, utc_time now) {
    if (!one.flies) {
      if (!chance(0.02)) return;
      one = {++ids_, kinds_[index(kinds_.size())], true, pick(0, 360), pick(5, 120), pick(0, 360)};
    }
    one.km = std::max(1.0, one.km + pick(-2, 2));
    one.bearing += pick(-4, 4);
    if (chance(0.1)) one.course = one.bearing + 180 + pick(-60, 60);
    auto const& traits = traits_of(kDefaultClassTable, one.kind);
    auto const seen = flying(one.id, one.kind, at(kKyiv, one.bearing, one.km), one.course,
                             pick(traits.min_speed.value, traits.max_speed.value), now);
    if (chance(0.03)) {
      one.flies = false;
      zone.take(track_change{seen, chance(0.5) ? track_end::destroyed : track_end::coasted_out});
    } else if (chance(0.8)) {
      zone.take(track_change{seen, track_end::none});
    }
  }
  double pick(double low, double high) { return std::uniform_real_distribution{low, high}(random_); }
  bool chance(double p) { return pick(0, 1) < p; }
  std::size_t index(std::size_t n) { return std::uniform_int_distribution<std::size_t>{0, n - 1}(random_); }

  std::mt19937 random_;
  std::vector<threat_class> kinds_;
  std::array<object, 3> objects_;
  std::uint64_t ids_ = 0;
};

class flapping : public testing::TestWithParam<std::uint32_t> {};

TEST_P(flapping, noisy_tracks_of_one_class_stay_within_the_bound) {
  auto const kind = static_cast<threat_class>(GetParam() % kThreatClasses);
  watched_zone zone;
  noisy_night{GetParam(), {kind}}.play(zone, hours{6});
  RecordProperty("most_an_hour", zone.most_an_hour());
  EXPECT_GT(zone.most_an_hour(), 0);
  EXPECT_LE(zone.most_an_hour(), zone_policy::kMostStageChangesAnHour) << name_of(kind);
}

TEST_P(flapping, noisy_tracks_of_all_classes_stay_within_the_bound) {
  std::vector<threat_class> all;
  for (std::size_t i = 0; i < kThreatClasses; ++i) all.push_back(static_cast<threat_class>(i));
  watched_zone zone;
  noisy_night{GetParam(), all}.play(zone, hours{6});
  RecordProperty("most_an_hour", zone.most_an_hour());
  EXPECT_LE(zone.most_an_hour(), zone_policy::kMostStageChangesAnHour);
}

INSTANTIATE_TEST_SUITE_P(nights, flapping, testing::Range(0U, 40U));

/// Somebody who shows a jet drone for a moment whenever the alarm has gone down again, far, then nearer, then near, so
/// that each stage begins and ends by itself.
int worst_of(zone_policy const& policy) {
  watched_zone zone{policy};
  std::uint64_t id = 0;
  auto const show = [&](double km, utc_time now) {
    auto const t = flying(++id, threat_class::jet_drone, at(kKyiv, 0, km), 180, 130, now);
    zone.take(track_change{t, track_end::none});
    zone.take(track_change{t, track_end::destroyed});
  };
  for (int second = 0; second < 3 * 3600; ++second) {
    auto const now = kEvening + seconds{second};
    zone.take(tick{now});
    if (zone.level() > stage::prepare) continue;
    show(200, now);
    show(80, now);
    show(15, now);
    show(80, now + seconds{20});
  }
  return zone.most_an_hour();
}

TEST(flapping, not_even_on_purpose) {
  auto policy = default_zone_policy();
  auto const held = worst_of(policy);
  EXPECT_GT(held, 15);
  EXPECT_LE(held, zone_policy::kMostStageChangesAnHour);
  policy.most_hold_times = 1;
  EXPECT_GT(worst_of(policy), 2 * zone_policy::kMostStageChangesAnHour) << "it is the longer holds that bound it";
}

}  // namespace
}  // namespace siren
