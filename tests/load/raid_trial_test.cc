#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "picture_metrics/line_chart.h"
#include "raid_trial/plain_tracker.h"
#include "raid_trial/trial_rows.h"

namespace siren::raids {
namespace {

constexpr utc_time kBegins{seconds{1'800'000'000}};

true_object flying_east(double north_m, std::int64_t from, std::int64_t seconds_flown, double start_east_m = 0.0) {
  true_object made;
  made.kind = threat_class::drone;
  made.first_second = from;
  for (std::int64_t i = 0; i < seconds_flown; ++i)
    made.path.push_back({{meters{start_east_m + 50.0 * static_cast<double>(i)}, meters{north_m}},
                         {meters_per_second{50}, meters_per_second{0}}});
  return made;
}

track track_at(std::uint64_t id, plane_point place, threat_class kind = threat_class::drone) {
  track made;
  made.id = track_id{id};
  made.kind = kind;
  made.confirmed = true;
  made.position = local_plane{kRaidCentre}.to_place(place);
  return made;
}

TEST(picture_score, of_a_perfect_picture_is_zero) {
  std::vector const truth{flying_east(0, 0, 100), flying_east(30e3, 20, 60)};
  picture_score score{truth, {0.0, 20.0}};
  for (std::int64_t second = 0; second < 100; ++second) {
    std::vector<track> tracks;
    for (std::size_t i = 0; i < truth.size(); ++i)
      if (truth[i].flies_at(static_cast<double>(second)))
        tracks.push_back(track_at(i + 1, truth[i].at(static_cast<double>(second)).place));
    score.add(second, tracks);
  }
  auto const got = score.figures();
  EXPECT_NEAR(got.gospa_m, 0.0, 1.0);
  EXPECT_NEAR(got.ospa_m, 0.0, 1.0);
  EXPECT_EQ(got.purity, 1.0);
  EXPECT_EQ(got.breaks, 0.0);
  EXPECT_EQ(got.missed, 0.0);
  EXPECT_EQ(got.false_tracks, 0.0);
  EXPECT_EQ(got.first_track_s, 0.0);
  EXPECT_EQ(got.never_tracked, 0.0);
}

TEST(picture_score, counts_misses_false_tracks_breaks_and_wrong_classes) {
  std::vector const truth{flying_east(0, 0, 100), flying_east(30e3, 0, 100)};
  picture_score score{truth, {0.0, 0.0}};
  for (std::int64_t second = 0; second < 100; ++second) {
    auto const place = truth[0].at(static_cast<double>(second)).place;
    // The first object under two names, the second never, and a ghost far away.
    auto const kind = second < 25 ? threat_class::cruise_missile : threat_class::drone;
    score.add(second,
              std::vector{track_at(second < 50 ? 1 : 2, place, kind), track_at(9, {meters{-60e3}, meters{-60e3}})});
  }
  auto const got = score.figures();
  EXPECT_EQ(got.breaks, 0.5);  // one change, two objects
  EXPECT_EQ(got.missed, 1.0);
  EXPECT_EQ(got.false_tracks, 1.0);
  EXPECT_EQ(got.never_tracked, 1.0);
  EXPECT_EQ(got.wrong_class, 0.25);
  EXPECT_EQ(got.wrong_family, 0.25);
  EXPECT_EQ(got.purity, 1.0);
  // One missed and one false at half the squared cutoff each.
  EXPECT_NEAR(got.gospa_m, 10e3, 1.0);
}

TEST(picture_score, a_track_that_changes_objects_is_less_pure) {
  std::vector const truth{flying_east(0, 0, 100), flying_east(30e3, 0, 100)};
  picture_score score{truth, {0.0, 0.0}};
  for (std::int64_t second = 0; second < 100; ++second)
    score.add(second, std::vector{track_at(1, truth[second < 70 ? 0 : 1].at(static_cast<double>(second)).place)});
  EXPECT_NEAR(score.figures().purity, 0.7, 1e-9);
}

struct small_world {
  zone_map zones = zone_map::build(make_zones({})).value();
  zone_policy policy = default_zone_policy();
  // Along the middle from the west: through the cells of the middle row.
  std::vector<true_object> truth{flying_east(10e3, 0, 3'000, -120e3)};
  std::vector<visit> visits = visits_of(truth, zones);

  [[nodiscard]] danger_change level(std::size_t zone, stage is) const {
    danger_change made;
    made.now.zone = zones.leaves()[zone];
    made.now.level = is;
    return made;
  }
};

TEST(zone_score, visits_are_each_zone_once_and_in_order) {
  small_world const w;
  ASSERT_GE(w.visits.size(), 5U);
  EXPECT_TRUE(std::is_sorted(w.visits.begin(), w.visits.end(),
                             [](visit const& a, visit const& b) { return a.entered < b.entered; }));
  // 30 km of way before the first cell at 50 m/s; a cell of 36 km takes twelve minutes.
  EXPECT_NEAR(static_cast<double>(w.visits.front().entered), 600.0, 70.0);
  EXPECT_NEAR(static_cast<double>(w.visits.front().left - w.visits.front().entered), 720.0, 140.0);
}

TEST(zone_score, a_zone_entered_without_an_alarm_is_missed) {
  small_world const w;
  zone_score score{w.truth, w.visits, w.zones, w.policy, kBegins};
  // Only the second visited zone is warned, 100 seconds ahead; the third is told to prepare.
  auto const& second_visit = w.visits[1];
  auto const& third_visit = w.visits[2];
  for (std::int64_t second = 0; second < 3'000; ++second) {
    if (second == second_visit.entered - 100) score.take(std::vector{w.level(second_visit.zone, stage::go)});
    if (second == third_visit.entered - 10) score.take(std::vector{w.level(third_visit.zone, stage::prepare)});
    score.add(second, second >= 40);
  }
  auto const& got = score.figures();
  EXPECT_EQ(got.visits, w.visits.size());
  EXPECT_EQ(got.missed, w.visits.size() - 1);
  EXPECT_EQ(got.unwarned, w.visits.size() - 2);
  EXPECT_EQ(got.late_cover, 1U);
  EXPECT_EQ(got.lead_s[1], 100.0);
  EXPECT_EQ(got.lead_s[0], 0.0);
  ASSERT_TRUE(got.first_alarm_s);
  EXPECT_EQ(*got.first_alarm_s, static_cast<double>(second_visit.entered - 100 - 40));
}

TEST(zone_score, alarm_minutes_are_false_where_nothing_comes) {
  small_world const w;
  zone_score score{w.truth, w.visits, w.zones, w.policy, kBegins};
  auto const visited = w.visits.front().zone;
  std::size_t quiet = 0;
  while (std::any_of(w.visits.begin(), w.visits.end(), [&](visit const& one) { return one.zone == quiet; })) ++quiet;
  score.take(std::vector{w.level(visited, stage::take_cover), w.level(quiet, stage::go)});
  for (std::int64_t second = 0; second < 600; ++second) score.add(second, true);
  EXPECT_NEAR(score.figures().alarm_minutes, 20.0, 0.1);
  EXPECT_NEAR(score.figures().false_minutes, 10.0, 0.1);
}

TEST(zone_score, arrivals_are_held_against_the_entry) {
  small_world const w;
  auto const& one = w.visits.front();
  auto const truly = kBegins + seconds{one.entered};
  zone_picture picture;
  auto& seen = picture.zones[w.zones.leaves()[one.zone]].sightings.take(track_id{1}).first;
  seen.kind = threat_class::drone;
  seen.newest.entering = probability{0.5};
  seen.seen_at = kBegins + seconds{one.entered - 300};
  std::map<track_id, std::size_t> const object_of{{track_id{1}, 0}};
  zone_score score{w.truth, w.visits, w.zones, w.policy, kBegins};
  auto const judge = [&](seconds earliest, seconds latest, std::int64_t second) {
    seen.newest.when = {truly + earliest, truly, truly + latest};
    seen.recent = {truly - seconds{60}, truly + seconds{60}, probability{0.5}};
    score.judge_arrivals(second, picture, object_of);
  };
  judge(seconds{-30}, seconds{30}, one.entered - 300);
  judge(seconds{10}, seconds{30}, one.entered - 300);
  judge(seconds{-30}, seconds{-10}, one.entered - 300);
  auto const& got = score.figures();
  EXPECT_EQ(got.arrival.held, 1U);
  EXPECT_EQ(got.arrival.sooner, 1U);
  EXPECT_EQ(got.arrival.later, 1U);
  EXPECT_EQ(got.shown.held, 3U);
  judge(seconds{-30}, seconds{30}, one.entered);        // it is there: no forecast any more
  judge(seconds{-30}, seconds{30}, one.entered - 200);  // not renewed for 100 seconds
  seen.newest.entering = probability{0.01};
  judge(seconds{-30}, seconds{30}, one.entered - 300);  // nobody is told
  EXPECT_EQ(score.figures().arrival.all(), 3U);
}

observation report_at(double after_s, double east_m, double north_m = 0.0, char const* source = "radar") {
  observation made;
  made.source = source_id{source};
  made.observed_at = kBegins + microseconds{std::llround(after_s * 1e6)};
  made.position = local_plane{kRaidCentre}.to_place({meters{east_m}, meters{north_m}});
  made.position_sigma = meters{150};
  made.kind = threat_class::drone;
  return made;
}

TEST(plain_tracker, follows_one_drone_as_a_textbook_does) {
  plain_tracker plain{{}};
  for (int i = 0; i < 30; ++i)
    static_cast<void>(plain.take(std::vector{report_at(10.0 * i, 500.0 * i)}, kBegins + seconds{10 * i}));
  auto const tracks = plain.tracks();
  ASSERT_EQ(tracks.size(), 1U);
  EXPECT_TRUE(tracks[0].confirmed);
  EXPECT_NEAR(tracks[0].velocity.east.value, 50.0, 3.0);
  EXPECT_NEAR(local_plane{kRaidCentre}.to_plane(tracks[0].position).east.value, 500.0 * 29, 150.0);
}

TEST(plain_tracker, takes_no_copy_twice_and_gives_each_of_a_look_its_own_track) {
  plain_tracker plain{{}};
  for (int i = 0; i < 5; ++i) {
    auto const now = kBegins + seconds{10 * i};
    auto copy = report_at(10.0 * i, 500.0 * i);
    copy.origin = copy.source;
    copy.source = source_id{"relay"};
    static_cast<void>(
        plain.take(std::vector{report_at(10.0 * i, 500.0 * i), report_at(10.0 * i, 500.0 * i, 8'000.0), copy}, now));
  }
  EXPECT_EQ(plain.tracks().size(), 2U);
}

TEST(plain_tracker, ends_what_is_not_heard_of) {
  plain_tracker plain{{}};
  for (int i = 0; i < 4; ++i)
    static_cast<void>(plain.take(std::vector{report_at(10.0 * i, 500.0 * i)}, kBegins + seconds{10 * i}));
  auto const changes = plain.take({}, kBegins + seconds{30 + 181});
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].end, track_end::coasted_out);
  EXPECT_TRUE(plain.tracks().empty());
}

/// A raid of a few minutes, so that it also runs under sanitizers.
TEST(raid_trial, plays_both_trackers_and_makes_a_table) {
  raid_plan plan;
  plan.drones = 6;
  plan.decoys = 1;
  plan.swarm = 1;
  plan.cruise_missiles = 1;
  plan.ballistic_missiles = 1;
  plan.supersonic_missiles = 0;
  plan.waves = 1;
  plan.length = seconds{900};
  auto const zones = zone_map::build(make_zones({})).value();
  auto const raid = run_trial(make_case(plan), zones);
  EXPECT_GE(raid.objects, 4U);  // a missile that starts later is not in it
  EXPECT_GT(raid.reports, 500U);
  EXPECT_GT(raid.ours.picture.gospa_m, 0.0);
  EXPECT_GT(raid.plain.picture.gospa_m, 0.0);
  auto const again = run_trial(make_case(plan), zones);
  EXPECT_EQ(raid.ours.picture.gospa_m, again.ours.picture.gospa_m);
  EXPECT_EQ(raid.ours.zones.alarm_minutes, again.ours.zones.alarm_minutes);

  auto bad = raid;
  bad.ours.picture.gospa_m = bad.plain.picture.gospa_m;
  bad.ours.zones.missed = 1;
  bad.ours.zones.arrival = {100, 0, 0};
  auto const rows = rows_of({bad});
  EXPECT_EQ(std::count_if(rows.begin(), rows.end(), [](bench::figure const& row) { return !row.kept(); }), 3);
  EXPECT_EQ(plots_of({raid}).front().first, "gospa");
}

TEST(line_chart, draws_every_line_and_escapes_words) {
  picture_metrics::line_chart chart{"a < b & c", "x", "y", {{"one", {{0, 1}, {10, 2}}}, {"two", {{5, 3}}}}, {}};
  auto const svg = picture_metrics::as_svg(chart);
  EXPECT_NE(svg.find("a &lt; b &amp; c"), std::string::npos);
  std::size_t lines = 0;
  for (auto at = svg.find("<polyline"); at != std::string::npos; at = svg.find("<polyline", at + 1)) ++lines;
  EXPECT_EQ(lines, 2U);
  EXPECT_EQ(svg.find("nan"), std::string::npos);
}

}  // namespace
}  // namespace siren::raids
