#include "core/track/intake.h"

#include <gtest/gtest.h>

#include <limits>

#include "core/track/reports.h"

namespace siren {
namespace {

using test::kStart;

observation good() {
  return test::report_of("radar-1", "t-17", kStart, test::kKyiv);
}

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct spoiled {
  char const* name;
  void (*spoil)(observation&);
  reason expected;
};
void PrintTo(spoiled const& row, std::ostream* out) {
  *out << row.name;
}

class refuses_a_report : public testing::TestWithParam<spoiled> {};

TEST_P(refuses_a_report, with_its_reason_and_changes_nothing) {
  intake state;
  observation report = good();
  GetParam().spoil(report);
  auto const outcome = admit(state, report, {}, kStart);
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().why, GetParam().expected) << outcome.error().message;
  EXPECT_EQ(state.remembered(), 0u);
  EXPECT_TRUE(admit(state, good(), {}, kStart).ok());
}

using o = observation;
INSTANTIATE_TEST_SUITE_P(
    table, refuses_a_report,
    testing::Values(
        spoiled{"no source", [](o& r) { r.source.value.clear(); }, reason::missing_field},
        spoiled{"long source", [](o& r) { r.source.value.assign(129, 'x'); }, reason::field_too_long},
        spoiled{"long native id", [](o& r) { r.native_id.assign(10'000'000, 'x'); }, reason::field_too_long},
        spoiled{"newline in source", [](o& r) { r.source.value = "a\nb"; }, reason::malformed},
        spoiled{"nul in native id", [](o& r) { r.native_id = std::string("a\0b", 3); }, reason::malformed},
        spoiled{"delete in native id", [](o& r) { r.native_id = "a\x7f"; }, reason::malformed},
        spoiled{"short trace", [](o& r) { r.trace = trace_id{"abc"}; }, reason::malformed},
        spoiled{"upper-case trace", [](o& r) { r.trace.value.assign(32, 'A'); }, reason::malformed},
        spoiled{"class 10", [](o& r) { r.kind = static_cast<threat_class>(10); }, reason::malformed},
        spoiled{"status 0", [](o& r) { r.status = static_cast<object_status>(0); }, reason::malformed},
        spoiled{"world 0", [](o& r) { r.belongs_to = static_cast<world>(0); }, reason::malformed},
        spoiled{"drill", [](o& r) { r.belongs_to = world::exercise; }, reason::drill_in_live},
        spoiled{"nan latitude", [](o& r) { r.position.lat = degrees{kNan}; }, reason::not_finite},
        spoiled{"infinite longitude", [](o& r) { r.position.lon = degrees{-kInfinity}; }, reason::not_finite},
        spoiled{"nan sigma", [](o& r) { r.position_sigma = meters{kNan}; }, reason::not_finite},
        spoiled{"nan speed",
                [](o& r) {
                  r.velocity = {meters_per_second{kNan}, {}};
                },
                reason::not_finite},
        spoiled{"infinite speed",
                [](o& r) {
                  r.velocity = {{}, meters_per_second{kInfinity}};
                },
                reason::not_finite},
        spoiled{"nan speed sigma", [](o& r) { r.velocity_sigma = meters_per_second{kNan}; }, reason::not_finite},
        spoiled{"latitude 91", [](o& r) { r.position.lat = degrees{91}; }, reason::latitude_out_of_range},
        spoiled{"latitude -90.1", [](o& r) { r.position.lat = degrees{-90.1}; }, reason::latitude_out_of_range},
        spoiled{"longitude 181", [](o& r) { r.position.lon = degrees{181}; }, reason::longitude_out_of_range},
        spoiled{"longitude -999999", [](o& r) { r.position.lon = degrees{-999999}; }, reason::longitude_out_of_range},
        spoiled{"sigma 0", [](o& r) { r.position_sigma = meters{0}; }, reason::sigma_out_of_range},
        spoiled{"sigma -1", [](o& r) { r.position_sigma = meters{-1}; }, reason::sigma_out_of_range},
        spoiled{"sigma 50.1 km", [](o& r) { r.position_sigma = meters{50'100}; }, reason::sigma_out_of_range},
        spoiled{"speed sigma 0", [](o& r) { r.velocity_sigma = meters_per_second{0}; }, reason::sigma_out_of_range},
        spoiled{"speed sigma 1001", [](o& r) { r.velocity_sigma = meters_per_second{1001}; },
                reason::sigma_out_of_range},
        spoiled{"speed 4001",
                [](o& r) {
                  r.velocity = {meters_per_second{0}, meters_per_second{-4001}};
                },
                reason::speed_out_of_range},
        spoiled{"count 0", [](o& r) { r.count = 0; }, reason::count_out_of_range},
        spoiled{"count 1001", [](o& r) { r.count = 1001; }, reason::count_out_of_range},
        spoiled{"no time", [](o& r) { r.observed_at = {}; }, reason::time_missing},
        spoiled{"6 s ahead", [](o& r) { r.observed_at += seconds{6}; }, reason::time_in_future},
        spoiled{"far future", [](o& r) { r.observed_at = utc_time::max(); }, reason::time_in_future},
        spoiled{"drone after 10 min", [](o& r) { r.observed_at -= minutes{10}; }, reason::time_too_old},
        spoiled{"missile after 3 min",
                [](o& r) {
                  r.observed_at -= minutes{3};
                  r.kind = threat_class::ballistic_missile;
                },
                reason::time_too_old},
        spoiled{"far past", [](o& r) { r.observed_at = utc_time::min(); }, reason::time_too_old},
        spoiled{"Lisbon",
                [](o& r) {
                  r.position = {degrees{38.7}, degrees{-9.1}};
                },
                reason::outside_theatre}));

struct edge {
  char const* name;
  void (*change)(observation&);
};
void PrintTo(edge const& row, std::ostream* out) {
  *out << row.name;
}

class admits_a_report : public testing::TestWithParam<edge> {};

TEST_P(admits_a_report, at_the_edge_of_a_rule) {
  intake state;
  observation report = good();
  GetParam().change(report);
  auto const outcome = admit(state, report, {}, kStart);
  EXPECT_TRUE(outcome.ok()) << outcome.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    table, admits_a_report,
    testing::Values(edge{"as it is", [](o&) {}}, edge{"no native id", [](o& r) { r.native_id.clear(); }},
                    edge{"names of 128 bytes", [](o& r) { r.native_id.assign(128, 'x'); }},
                    edge{"Cyrillic source", [](o& r) { r.source.value = "Київ"; }},
                    edge{"a trace", [](o& r) { r.trace.value = "0123456789abcdef0123456789abcdef"; }},
                    edge{"5 s ahead", [](o& r) { r.observed_at += seconds{5}; }},
                    edge{"drone just in time", [](o& r) { r.observed_at -= minutes{10} - microseconds{1}; }},
                    edge{"no sigma", [](o& r) { r.position_sigma.reset(); }},
                    edge{"sigma 50 km", [](o& r) { r.position_sigma = meters{50'000}; }},
                    edge{"4000 m/s",
                         [](o& r) {
                           r.velocity = {meters_per_second{4000}, meters_per_second{0}};
                         }},
                    edge{"count 1000", [](o& r) { r.count = 1000; }},
                    edge{"corner of the theatre",
                         [](o& r) {
                           r.position = {degrees{57}, degrees{50}};
                         }},
                    edge{"destroyed", [](o& r) { r.status = object_status::destroyed; }}));

TEST(intake, of_an_exercise_refuses_live_reports) {
  intake state;
  intake_policy policy;
  policy.serves = world::exercise;
  auto const outcome = admit(state, good(), policy, kStart);
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().why, reason::live_in_drill);
  observation drill = good();
  drill.belongs_to = world::exercise;
  EXPECT_TRUE(admit(state, drill, policy, kStart).ok());
}

TEST(intake, refuses_a_copy_and_knows_it_by_source_native_id_and_time) {
  intake state;
  ASSERT_TRUE(admit(state, good(), {}, kStart).ok());
  observation copy = good();
  copy.position.lat = copy.position.lat + degrees{0.1};
  auto const outcome = admit(state, copy, {}, kStart);
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().why, reason::duplicate);
  observation other_source = good();
  other_source.source = source_id{"radar-2"};
  EXPECT_TRUE(admit(state, other_source, {}, kStart).ok());
  observation other_object = good();
  other_object.native_id = "t-18";
  EXPECT_TRUE(admit(state, other_object, {}, kStart).ok());
  observation later = good();
  later.observed_at += microseconds{1};
  EXPECT_TRUE(admit(state, later, {}, kStart).ok());
}

// A radar that names nothing reports a whole scan with one time: only the first plot of each scan would be heard.
TEST(intake, tells_reports_without_native_id_apart_by_position) {
  intake state;
  observation first = good();
  first.native_id.clear();
  observation second = first;
  second.position.lon = second.position.lon + degrees{0.01};
  EXPECT_TRUE(admit(state, first, {}, kStart).ok());
  EXPECT_TRUE(admit(state, second, {}, kStart).ok());
  EXPECT_FALSE(admit(state, first, {}, kStart).ok());
}

TEST(intake, takes_an_admission_back) {
  intake state;
  ASSERT_TRUE(admit(state, good(), {}, kStart).ok());
  forget(state, good());
  EXPECT_EQ(state.remembered(), 0u);
  EXPECT_TRUE(admit(state, good(), {}, kStart).ok());
  observation never_seen = good();
  never_seen.native_id = "t-99";
  forget(state, never_seen);
  EXPECT_EQ(state.remembered(), 1u);
}

TEST(intake, forgets_reports_that_are_past_every_horizon) {
  intake state;
  for (int second = 0; second < 3600; ++second) {
    observation report = good();
    report.observed_at += seconds{second};
    ASSERT_TRUE(admit(state, report, {}, report.observed_at).ok());
    ASSERT_LE(state.remembered(), 600u);
  }
}

TEST(intake, keeps_the_newest_at_its_limit) {
  intake state;
  intake_policy policy;
  policy.max_remembered = 10;
  auto const report_at = [](int millisecond) {
    observation report = good();
    report.observed_at += milliseconds{millisecond};
    return report;
  };
  for (int count = 0; count < 100; ++count) {
    ASSERT_TRUE(admit(state, report_at(count), policy, kStart).ok());
    ASSERT_LE(state.remembered(), 10u);
  }
  EXPECT_FALSE(admit(state, report_at(99), policy, kStart).ok());
  EXPECT_FALSE(admit(state, report_at(90), policy, kStart).ok());
  EXPECT_TRUE(admit(state, report_at(0), policy, kStart).ok());
}

}  // namespace
}  // namespace siren
