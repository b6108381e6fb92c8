// Random nights: whatever happens in whatever order, these hold. A failing seed is printed by its trace.
#include <gtest/gtest.h>

#include <random>

#include "core/zone/worlds.h"
#include "core/zone/zone_picture.h"

namespace siren {
namespace {

using test::at;
using test::flying;
using test::kEvening;
using test::kKyiv;
using test::two_raions;

class night {
 public:
  explicit night(std::uint32_t seed) : random_{seed} {}

  zone_event next() {
    now_ += seconds{pick(1, 40)};
    std::string const zone = std::vector<std::string>{"oblast", "west", "east"}[pick(0, 2)];
    std::string const source = pick(0, 1) ? "air_force" : "oblast_operator";
    switch (pick(0, 9)) {
      case 0:
        return region_alarm{source_id{source},
                            "",
                            zone_id{zone},
                            static_cast<alarm_type>(pick(0, kAlarmTypes - 1)),
                            pick(0, 1) == 1,
                            now_,
                            world::live,
                            trace_id{"0"},
                            {}};
      case 1:
        return feed_state{source_id{source}, pick(0, 2) > 0, now_};
      case 2:
        return operator_order{
            "r",          pick(0, 1) ? "olena" : "petro", zone_id{zone}, static_cast<stage>(pick(1, 4)), "", now_,
            trace_id{"1"}};
      case 3:
      case 4:
      case 5:
        return tick{now_};
      default:
        break;
    }
    if (pick(0, 7) == 0) {
      launch_report said;
      said.source = source_id{source};
      said.native_id = std::to_string(pick(1, 3));
      said.kind = static_cast<threat_class>(pick(0, 9));
      said.from = at(kKyiv, static_cast<double>(pick(0, 359)), static_cast<double>(pick(0, 600)));
      if (pick(0, 1)) said.course = degrees{static_cast<double>(pick(0, 359))};
      said.over = pick(0, 3) == 0;
      said.at = now_;
      return said;
    }
    auto const id = static_cast<std::uint64_t>(pick(1, 6));
    auto t = flying(id, static_cast<threat_class>(pick(0, 9)), at(kKyiv, pick(0, 359), pick(0, 200)), pick(0, 359),
                    pick(20, 1200), now_);
    t.confirmed = pick(0, 4) > 0;
    return track_change{t, pick(0, 5) == 0 ? static_cast<track_end>(pick(1, 3)) : track_end::none};
  }

 private:
  std::size_t pick(std::size_t low, std::size_t high) {
    return std::uniform_int_distribution<std::size_t>{low, high}(random_);
  }
  std::mt19937 random_;
  utc_time now_ = kEvening;
};

stage floor_of(zone_picture const& p, zone_map const& zones, zone_policy const& policy, zone_id const& id) {
  auto floor = stage::all_clear;
  auto regions = zones.ancestors(id);
  regions.push_back(id);
  for (auto const& a : carriers_of(p.official)) {
    floor = std::max(floor, policy.official_asks[static_cast<std::size_t>(a.type)]);
  }
  for (auto const& r : regions) {
    for (auto const& a : alarms_of(p.official, r)) {
      floor = std::max(floor, policy.official_asks[static_cast<std::size_t>(a.type)]);
    }
  }
  return floor;
}

class promises : public testing::TestWithParam<std::uint32_t> {};

// Promise "official floor": an official alarm always reaches the zone; nothing of ours lowers or ends it.
TEST_P(promises, official_floor) {
  auto const zones = two_raions();
  auto const policy = default_zone_policy();
  night events{GetParam()};
  zone_picture p;
  std::map<zone_id, stage> told;
  for (int i = 0; i < 600; ++i) {
    for (auto const& c : apply(p, events.next(), zones, policy)) told[c.now.zone] = c.now.level;
    for (auto const& z : zones.all()) {
      auto const heard = told.contains(z.id) ? told[z.id] : stage::all_clear;
      ASSERT_GE(heard, floor_of(p, zones, policy, z.id)) << z.id.value << " after event " << i;
    }
  }
}

TEST_P(promises, same_events_same_changes) {
  auto const zones = two_raions();
  auto const policy = default_zone_policy();
  night one{GetParam()}, two{GetParam()};
  zone_picture a, b;
  for (int i = 0; i < 300; ++i) {
    auto const x = apply(a, one.next(), zones, policy);
    auto const y = apply(b, two.next(), zones, policy);
    ASSERT_EQ(x.size(), y.size());
    for (std::size_t k = 0; k < x.size(); ++k) ASSERT_EQ(x[k].now, y[k].now);
  }
}

TEST_P(promises, a_change_is_what_it_says) {
  auto const zones = two_raions();
  auto const policy = default_zone_policy();
  night events{GetParam()};
  zone_picture p;
  std::map<zone_id, danger_change> last;
  for (int i = 0; i < 600; ++i) {
    for (auto const& c : apply(p, events.next(), zones, policy)) {
      auto const known = last.find(c.now.zone);
      EXPECT_EQ(c.before, known == last.end() ? stage::all_clear : known->second.now.level);
      EXPECT_EQ(c.now.level == stage::all_clear, c.now.threats.empty());
      EXPECT_TRUE(known == last.end() || known->second.at <= c.at);
      if (!c.now.threats.empty()) {
        EXPECT_EQ(c.now.threats.front().asks, c.now.level);
      }
      for (auto const& t : c.now.threats) EXPECT_FALSE(t.issuer_name.empty());
      last.insert_or_assign(c.now.zone, c);
    }
  }
}

// Only analysis in play: a leaf goes down no sooner than the shortest hold of any class after it was at that level or
// raised.
TEST_P(promises, analysis_lowers_only_after_a_hold) {
  auto const zones = two_raions();
  auto const policy = default_zone_policy();
  auto shortest = seconds::max();
  for (auto const& rule : policy.classes) shortest = std::min({shortest, rule.lower_hold, rule.clear_hold});
  night events{GetParam()};
  zone_picture p;
  std::map<zone_id, utc_time> raised;
  for (int i = 0; i < 1000; ++i) {
    auto const event = events.next();
    if (!std::holds_alternative<track_change>(event) && !std::holds_alternative<tick>(event)) continue;
    for (auto const& c : apply(p, event, zones, policy)) {
      if (c.now.level > c.before) raised[c.now.zone] = c.at;
      if (c.now.level < c.before) {
        EXPECT_GE(c.at - raised.at(c.now.zone), shortest);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(seeds, promises, testing::Range(1U, 13U));

}  // namespace
}  // namespace siren
