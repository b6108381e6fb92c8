#include "core/plan/city_planner.h"

#include <gtest/gtest.h>

#include "core/plan/plan_world.h"

namespace siren {
namespace {

/// Where each lot's people go, for comparing plans.
std::uint64_t people_at(plan_world const& w, std::string const& id) {
  return w.load(id);
}

/// A street of 21 junctions, 100 m apart, ten people each; shelters where the letters are.
plan_world street(std::uint32_t room_a, std::uint32_t room_b, std::uint32_t areas = 1) {
  ascii_streets const town({"A-+-+-+-+-+-+-+-+-+-B"});
  return {town.graph(),
          {shelter_for("A", town.at('A'), room_a), shelter_for("B", town.at('B'), room_b)},
          everywhere(town.graph(), 10),
          areas,
          only_average()};
}

TEST(city_planner, with_room_everybody_goes_to_the_nearest) {
  auto w = street(1'000, 1'000);
  auto const made = w.make();
  EXPECT_EQ(made.figures.people, 110U);
  EXPECT_EQ(made.figures.assigned, 110U);
  EXPECT_EQ(people_at(w, "A") + people_at(w, "B"), 110U);
  EXPECT_NEAR(static_cast<double>(people_at(w, "A")), 55.0, 5.0);
  EXPECT_EQ(made.figures.overload, 0U);
  EXPECT_TRUE(made.figures.finished);
  EXPECT_EQ(made.now->version, 1U);
}

TEST(city_planner, nobody_is_sent_beyond_the_room) {
  auto w = street(30, 1'000);
  w.make();
  EXPECT_EQ(people_at(w, "A"), 30U);
  EXPECT_EQ(people_at(w, "B"), 80U);
  EXPECT_FALSE(w.plan->states[w.target("A").value].spare);
  EXPECT_TRUE(w.plan->states[w.target("B").value].spare);
  EXPECT_GT(w.plan->states[w.target("A").value].price_ds, 0U);
}

TEST(city_planner, says_why_people_stay) {
  auto full = street(30, 40);
  auto made = full.make();
  EXPECT_EQ(made.figures.assigned, 70U);
  EXPECT_EQ(made.figures.no_room, 40U);
  auto late = street(1'000, 1'000);
  late.planner->area_changed(area_index{0}, {true, kNow + seconds{240}}, kNow);
  made = late.make();
  EXPECT_GT(made.figures.too_late, 0U);
  EXPECT_EQ(made.figures.too_late + made.figures.assigned, 110U);
  auto shut = street(1'000, 1'000);
  for (auto const* id : {"A", "B"}) {
    shut.shelter_named(id).state = open_state::closed;
    EXPECT_TRUE(shut.tell(id));
  }
  made = shut.make();
  EXPECT_EQ(made.figures.unreachable, 110U);
  EXPECT_EQ(made.figures.targets_open, 0U);
}

TEST(city_planner, a_doubtful_shelter_costs_more) {
  auto w = street(1'000, 1'000);
  w.make();
  auto const before = people_at(w, "A");
  w.shelter_named("A").verified_at = std::nullopt;
  w.tell("A");
  w.make();
  EXPECT_LT(people_at(w, "A"), before);
}

TEST(city_planner, roles_of_the_metro_open_and_close) {
  auto w = street(1'000, 1'000);
  auto& station = w.shelter_named("A");
  station.type = shelter_type::metro_station;
  station.role = metro_role::train;
  w.tell("A");
  w.make();
  EXPECT_GT(people_at(w, "A"), 0U);
  w.planner->roles_changed({{{station.id, metro_role::closed}}, {}});
  w.make();
  EXPECT_EQ(people_at(w, "A"), 0U);
  EXPECT_EQ(w.plan->facts[w.target("A").value].role, metro_role::closed);
}

TEST(city_planner, a_station_without_power_has_less_room) {
  auto w = street(40, 1'000);
  auto& station = w.shelter_named("A");
  station.type = shelter_type::metro_station;
  station.role = metro_role::train;
  w.tell("A");
  w.make();
  EXPECT_EQ(people_at(w, "A"), 40U);
  w.planner->roles_changed({{{station.id, metro_role::no_power}}, {}});
  auto const made = w.make();
  EXPECT_EQ(people_at(w, "A"), 30U);
  EXPECT_EQ(made.figures.overload, 0U);
}

TEST(city_planner, what_moved_is_no_live_fact) {
  auto w = street(100, 100);
  auto moved = w.shelter_named("A");
  moved.entrances[0].place = w.shelter_named("B").place;
  EXPECT_FALSE(w.planner->shelter_changed(moved));
  auto other = moved;
  other.id = shelter_id{"C"};
  EXPECT_FALSE(w.planner->shelter_changed(other));
  w.make();
  EXPECT_EQ(w.plan->facts[w.target("A").value].entrances, w.shelter_named("A").entrances);
}

TEST(city_planner, bands_of_room_hide_small_numbers) {
  struct row {
    std::uint32_t capacity;
    std::uint32_t inside;
    room_band expected;
  };
  for (auto const& r : {row{1'000, 0, room_band::plenty}, row{120, 0, room_band::little}, row{200, 0, room_band::some},
                        row{1'000, 500, room_band::some}, row{1'000, 800, room_band::little}}) {
    auto w = street(r.capacity, 0);
    w.shelter_named("A").occupancy = r.inside;
    w.tell("A");
    w.make();
    EXPECT_EQ(w.plan->states[w.target("A").value].room, r.expected) << r.capacity << " " << r.inside;
    EXPECT_EQ(w.plan->states[w.target("B").value].room, room_band::hidden);
  }
  auto w = street(15, 1'000);
  w.make();
  EXPECT_EQ(w.plan->states[w.target("A").value].room, room_band::hidden);
}

/// Promise "soft reservations": those who were sent and arrive push nobody out; when more come than were sent, as many
/// are sent elsewhere.
TEST(city_planner, soft_reservations) {
  auto w = street(60, 1'000);
  w.make();
  w.planner->area_changed(area_index{0}, {true, std::nullopt}, kNow);
  w.make();
  auto const sent = w.load("A");
  ASSERT_GT(sent, 40U);
  for (std::uint32_t arrived = 0; arrived <= sent; arrived += 5) {
    w.shelter_named("A").occupancy = arrived;
    w.tell("A");
    auto const made = w.make();
    ASSERT_EQ(w.load("A"), sent);
    ASSERT_EQ(made.figures.moved, 0U);
  }
  w.shelter_named("A").occupancy = sent + (60 - sent) + 7;
  w.tell("A");
  auto const made = w.make();
  EXPECT_EQ(w.load("A"), sent - 7);
  EXPECT_EQ(made.figures.moved_underway, 7U);
  EXPECT_EQ(w.load("A") + w.load("B"), 110U);
  w.make();
  EXPECT_EQ(w.load("A"), sent - 7) << "the same surplus counts once";
}

/// Promise "people underway stay their course": after an area was told to go nothing but the failing of their target
/// moves its people; others follow what is better.
TEST(city_planner, people_underway_stay_their_course) {
  for (bool const told : {true, false}) {
    auto w = street(1'000, 30);
    w.make();
    w.planner->area_changed(area_index{0}, {told, std::nullopt}, kNow);
    w.make();
    auto const before = w.load("A");
    ASSERT_EQ(before, 80U);
    w.shelter_named("B").capacity = 1'000;
    w.tell("B");
    auto made = w.make();
    EXPECT_EQ(w.load("A"), told ? before : w.load("A"));
    EXPECT_EQ(made.figures.moved_underway, 0U);
    EXPECT_EQ(made.figures.moved == 0, told);
    w.shelter_named("A").state = open_state::closed;
    w.tell("A");
    made = w.make();
    EXPECT_EQ(w.load("A"), 0U);
    EXPECT_EQ(made.figures.moved_underway, told ? before : 0U);
    EXPECT_EQ(w.load("B"), 110U);
  }
}

TEST(city_planner, time_that_passes_moves_nobody_who_is_underway) {
  auto w = street(1'000, 1'000);
  auto const deadline = kNow + seconds{600};
  w.planner->area_changed(area_index{0}, {true, deadline}, kNow);
  auto const first = w.make();
  EXPECT_EQ(first.figures.assigned, 110U);
  for (int s = 30; s <= 600; s += 30) {
    auto const made = w.make(kNow + seconds{s});
    ASSERT_EQ(made.figures.moved, 0U) << s;
    ASSERT_EQ(made.figures.assigned, 110U) << s;
  }
}

TEST(city_planner, time_that_passes_shortens_the_ways_of_who_was_not_told) {
  auto w = street(1'000, 1'000);
  w.planner->area_changed(area_index{0}, {false, kNow + seconds{700}}, kNow);
  EXPECT_EQ(w.make().figures.assigned, 110U);
  auto const later = w.make(kNow + seconds{500});
  EXPECT_GT(later.figures.too_late, 0U);
  EXPECT_LE(w.make(kNow + seconds{700}).figures.assigned, 20U) << "only who stands at a door";
}

TEST(city_planner, an_earlier_deadline_moves_those_who_would_be_late) {
  auto w = street(30, 1'000);
  w.planner->area_changed(area_index{0}, {true, std::nullopt}, kNow);
  w.make();
  ASSERT_EQ(w.load("B"), 80U);
  w.planner->area_changed(area_index{0}, {true, kNow + seconds{600}}, kNow);
  auto const made = w.make(kNow + seconds{60});
  EXPECT_EQ(made.figures.too_late + made.figures.no_room + made.figures.assigned, 110U);
  EXPECT_LT(made.figures.assigned, 110U);
  EXPECT_GT(made.figures.moved_underway, 0U);
}

TEST(city_planner, the_all_clear_frees_everybody) {
  auto w = street(1'000, 30);
  w.planner->area_changed(area_index{0}, {true, std::nullopt}, kNow);
  w.make();
  w.shelter_named("B").capacity = 1'000;
  w.tell("B");
  w.make();
  ASSERT_EQ(w.load("B"), 30U);
  w.planner->area_changed(area_index{0}, {}, kNow);
  w.make();
  EXPECT_GT(w.load("B"), 30U);
}

/// Promise "people underway stay their course", across new walking times: darkness that falls in an alarm, stairs where
/// escalators stood.
TEST(city_planner, replacing_walking_times_keeps_people_underway) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    auto w = make_plan_world(seed, 14, 10, 1.2, 2);
    w.make();
    w.planner->area_changed(area_index{0}, {true, std::nullopt}, kNow);
    w.planner->area_changed(area_index{1}, {true, std::nullopt}, kNow);
    auto const before = w.make();
    w.walk({.light = street_light::dark});
    auto const old_choices = w.planner->assignment().problem().choices.size();
    w.planner->replace(w.input);
    ASSERT_GT(old_choices, 0U);
    auto const after = w.make();
    EXPECT_TRUE(after.delta.empty()) << "a delta is between plans for one reach";
    EXPECT_EQ(after.figures.people, before.figures.people);
    EXPECT_EQ(after.figures.overload, 0U);
    EXPECT_LE(after.figures.moved_underway * 50, after.figures.people) << "seed " << seed;
  }
}

/// Promise "reachable, open, roomy", the planner's half, on any city through any changes.
class any_city : public testing::TestWithParam<std::uint64_t> {
 protected:
  static void change_something(plan_world& w, std::mt19937_64& dice, utc_time now) {
    auto& s = w.input.shelters[dice() % w.input.shelters.size()];
    switch (dice() % 5) {
      case 0:
        s.state = s.state == open_state::open ? open_state::closed : open_state::open;
        break;
      case 1:
        s.occupancy = static_cast<std::uint32_t>(dice() % (s.capacity + 2));
        break;
      case 2:
        s.capacity = static_cast<std::uint32_t>(dice() % 200);
        break;
      default: {
        std::optional<utc_time> deadline;
        if (dice() % 3 != 0) deadline = now + seconds{static_cast<std::int64_t>(dice() % 2'000)};
        w.planner->area_changed(area_index{static_cast<std::uint32_t>(dice() % 4)}, {dice() % 2 == 0, deadline}, now);
        return;
      }
    }
    EXPECT_TRUE(w.tell(s.id.value));
  }

  static void expect_it_holds(plan_world const& w, planned const& made) {
    auto const& plan = *made.now;
    auto const& f = made.figures;
    ASSERT_EQ(f.overload, 0U);
    ASSERT_LE(f.moved_underway, f.moved);
    ASSERT_EQ(f.people, f.assigned + f.no_room + f.too_late + f.unreachable);
    for (std::uint32_t t = 0; t < plan.states.size(); ++t) {
      auto const load = w.planner->assignment().load_of({t});
      ASSERT_LE(load, w.input.shelters[t].capacity);
      if (w.input.shelters[t].state != open_state::open) {
        ASSERT_EQ(load, 0U);
        ASSERT_FALSE(plan.states[t].open);
      }
    }
    for (auto const p : kAllProfiles)
      for (auto const& o : plan.of(p).options) {
        if (o.target.value == kNoIndex) continue;
        ASSERT_TRUE(plan.states[o.target.value].open);
        ASSERT_EQ(w.policy.walking.of(p).needs & ~plan.facts[o.target.value].offers, 0);
      }
  }
};
INSTANTIATE_TEST_SUITE_P(seeds, any_city, testing::Range<std::uint64_t>(1, 13));

TEST_P(any_city, reachable_open_roomy) {
  auto w = make_plan_world(GetParam(), 12, 9, GetParam() % 2 == 0 ? 0.6 : 1.2);
  std::mt19937_64 dice{GetParam()};
  auto now = kNow;
  for (int step = 0; step < 40; ++step) {
    now += seconds{static_cast<std::int64_t>(dice() % 40)};
    for (auto changes = dice() % 4; changes > 0; --changes) change_something(w, dice, now);
    expect_it_holds(w, w.make(now, dice() % 10 == 0));
    if (HasFatalFailure()) FAIL() << "step " << step;
  }
}

TEST_P(any_city, stopped_early_it_holds_as_well) {
  auto w = make_plan_world(GetParam(), 12, 9, 0.6);
  std::mt19937_64 dice{GetParam()};
  for (int step = 0; step < 10; ++step) {
    change_something(w, dice, kNow);
    auto left = dice() % 20;
    auto const made = w.planner->make(kNow, ++w.version, step % 3 == 0, [&] { return left-- == 0; });
    expect_it_holds(w, made);
  }
}

/// Promise "closing leaves nobody behind": no phone of any share, at any node, is pointed at a closed shelter.
TEST_P(any_city, closing_a_shelter_leaves_nobody_pointed_at_it) {
  auto w = make_plan_world(GetParam(), 10, 8, 1.0);
  w.planner->area_changed(area_index{0}, {true, std::nullopt}, kNow);
  w.make();
  for (auto& s : w.input.shelters) {
    if (s.state != open_state::open) continue;
    s.state = open_state::closed;
    w.tell(s.id.value);
    w.make();
    auto const view = w.view();
    for (std::uint32_t n = 0; n < w.streets->node_count(); ++n)
      for (auto const p : kAllProfiles)
        for (std::uint32_t share = 0; share < 65'536; share += 4'369) {
          auto const to = choose(view, p, node_index{n}, phone_share{static_cast<std::uint16_t>(share)}, w.judging);
          if (to) {
            ASSERT_NE(w.plan->facts[to->target.value].shelter, s.id);
          }
        }
    s.state = open_state::open;
    w.tell(s.id.value);
  }
}

/// Promise "incremental equals fresh": a plan that was repaired costs at most 0.1 % more than one made anew.
TEST_P(any_city, incremental_equals_fresh) {
  auto const room = GetParam() % 2 == 0 ? 0.6 : 1.2;
  auto w = make_plan_world(GetParam(), 24, 30, room);
  std::mt19937_64 dice{GetParam()};
  w.make();
  for (int step = 0; step < 30; ++step) {
    auto& s = w.input.shelters[dice() % w.input.shelters.size()];
    if (dice() % 2 == 0)
      s.state = s.state == open_state::open ? open_state::closed : open_state::open;
    else
      s.occupancy = static_cast<std::uint32_t>(dice() % (s.capacity + 1));
    w.tell(s.id.value);
    if (step % 7 == 0)
      w.planner->area_changed(area_index{static_cast<std::uint32_t>(dice() % 4)},
                              {false, kNow + seconds{static_cast<std::int64_t>(300 + dice() % 1'000)}}, kNow);
    w.make();
  }
  auto const repaired = w.planner->assignment().certificate();
  w.make(kNow, true);
  auto const fresh = w.planner->assignment().certificate();
  EXPECT_LE(static_cast<double>(repaired.objective), 1.001 * static_cast<double>(fresh.objective));
  EXPECT_LE(static_cast<double>(fresh.objective), 1.001 * static_cast<double>(repaired.objective));
}

/// Promise "phones follow the plan's counts".
TEST_P(any_city, shares_of_phones_are_shares_of_people) {
  auto w = make_plan_world(GetParam(), 12, 9, 0.8);
  w.make();
  auto const view = w.view();
  std::vector<double> phones(w.plan->facts.size());
  auto const& assignment = w.planner->assignment();
  for (std::uint32_t n = 0; n < w.streets->node_count(); ++n)
    for (auto const p : kAllProfiles) {
      auto const options = w.plan->of(p).at(node_index{n});
      if (options.empty()) continue;
      for (std::uint32_t share = 0; share < 65'536; share += 257) {
        auto const to = choose(view, p, node_index{n}, phone_share{static_cast<std::uint16_t>(share)}, w.judging);
        if (to) phones[to->target.value] += 1.0 / 256;
      }
    }
  // Every node and profile has one "phone" here, so lots weigh alike: compare with lots' shares.
  std::vector<double> people(w.plan->facts.size());
  auto const& problem = assignment.problem();
  std::vector<lot_share> shares;
  for (std::uint32_t l = 0; l < problem.lots.size(); ++l) {
    assignment.shares_of({l}, shares);
    for (auto const& s : shares)
      people[problem.choices[s.choice].target.value] += static_cast<double>(s.people) / problem.lots[l].people;
  }
  for (std::size_t t = 0; t < phones.size(); ++t) EXPECT_NEAR(phones[t], people[t], 0.01 * people[t] + 0.1);
}

}  // namespace
}  // namespace siren
