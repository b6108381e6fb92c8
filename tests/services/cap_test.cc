// Alerts as CAP 1.2 documents: what stands in them, that the schema of OASIS takes them, and that a drill stays a
// drill.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "services/bundle_folder.h"
#include "services/cap_world.h"

namespace siren {
namespace {

using test::air_alarm;
using test::at;
using test::drones;
using test::kyiv;
using test::revision;
using ::testing::HasSubstr;
using ::testing::Not;

std::size_t count_of(std::string const& what, std::string const& in) {
  std::size_t count = 0;
  for (auto place = in.find(what); place != std::string::npos; place = in.find(what, place + 1)) ++count;
  return count;
}

class cap : public ::testing::Test {
 protected:
  std::string document(cap_subject const& subject, std::uint32_t renewal = 0) {
    auto const place = kyiv();
    auto const made = cap_document(subject, renewal, place, cap_area_of(place, {"31", "UA80000000000093317"}),
                                   test::sender(subject.belongs_to));
    EXPECT_TRUE(made) << made.error().message;
    if (!made) return "";
    EXPECT_EQ(schema_.fault_of(*made), "") << *made;
    return *made;
  }
  static cap_subject live(alert now, std::vector<alert> earlier = {}) {
    return {std::move(now), world::live, std::move(earlier)};
  }
  test::cap_schema schema_;
};

threat chemical() {
  auto t = air_alarm();
  t.alarm = alarm_type::chemical;
  return t;
}

threat info() {
  auto t = air_alarm();
  t.alarm = alarm_type::info;
  t.asks = stage::prepare;
  return t;
}

threat toxic_missile() {
  auto t = drones(0.9, "2026-01-24T00:12:00Z", "2026-01-24T00:16:00Z");
  t.kind = threat_class::supersonic_missile;
  return t;
}

alert first() {
  return revision(1, stage::prepare, "2026-01-24T00:00:00Z",
                  {drones(0.3, "2026-01-24T00:40:00Z", "2026-01-24T01:30:00Z")});
}
alert second() {
  return revision(2, stage::go, "2026-01-24T00:08:30.750Z",
                  {air_alarm(), drones(0.7, "2026-01-24T00:30:00Z", "2026-01-24T00:55:00Z")});
}
alert third() {
  return revision(3, stage::take_cover, "2026-01-24T00:10:00Z", {air_alarm(), toxic_missile()});
}
alert over(std::uint32_t rev = 4) {
  return revision(rev, stage::all_clear, "2026-01-24T01:05:00Z", {});
}
alert partly() {
  auto a = second();
  a.rev = 1;
  a.partly = true;
  return a;
}
alert message(std::uint32_t rev = 1) {
  return revision(rev, stage::prepare, "2026-01-24T00:00:00Z", {info()});
}

/// With SIREN_WRITE_GOLDEN set the files are written instead: look at the difference before it is committed.
void compare_with_golden(std::string const& name, std::string const& document) {
  auto const file = std::string{SIREN_SOURCE_DIR "/tests/golden/cap/"} + name + ".xml";
  if (std::getenv("SIREN_WRITE_GOLDEN") != nullptr) std::ofstream{file, std::ios::binary} << document;
  EXPECT_EQ(document, test::text_of(file)) << name;
}

TEST_F(cap, every_kind_of_message_is_as_in_its_golden_file) {
  compare_with_golden("1_prepare", document(live(first())));
  compare_with_golden("2_go", document(live(second(), {first()})));
  compare_with_golden("3_take_cover", document(live(third(), {first(), second()})));
  compare_with_golden("4_all_clear", document(live(over(), {first(), second(), third()})));
  compare_with_golden("exercise", document({second(), world::exercise, {first()}}));
  compare_with_golden("renewed", document(live(second(), {first()}), 2));
  compare_with_golden("in_parts", document(live(partly())));
  compare_with_golden("message", document(live(message())));
  compare_with_golden("message_cancelled", document(live(over(2), {message()})));
  compare_with_golden("chemical", document(live(revision(1, stage::go, "2026-01-24T00:00:00Z", {chemical()}))));
}

TEST_F(cap, every_stage_and_threat_is_valid_in_both_worlds) {
  std::size_t made = 0;
  for (auto const level : {stage::prepare, stage::go, stage::take_cover}) {
    for (std::size_t kind = 0; kind < kThreatClasses; ++kind) {
      for (int alarm = 0; alarm < static_cast<int>(kAlarmTypes); ++alarm) {
        for (auto const by : {issuer::official, issuer::analysis, issuer::city_operator}) {
          for (auto const serves : {world::live, world::exercise}) {
            auto t = drones(0.5, "2026-01-24T00:20:00Z", "2026-01-24T01:30:00Z");
            t.kind = static_cast<threat_class>(kind);
            t.alarm = static_cast<alarm_type>(alarm);
            t.by = by;
            ASSERT_NE(document({revision(1, level, "2026-01-24T00:00:00Z", {t}), serves, {}}), "");
            ++made;
          }
        }
      }
    }
  }
  EXPECT_EQ(made, 3 * kThreatClasses * kAlarmTypes * 3 * 2);
}

TEST_F(cap, drill_is_another_world) {
  auto const place = kyiv();
  auto const area = cap_area_of(place, {});
  auto const drill = cap_document({second(), world::exercise, {}}, 0, place, area, test::sender(world::live));
  ASSERT_FALSE(drill);
  EXPECT_EQ(drill.error().why, reason::drill_in_live);
  auto const real = cap_document({second(), world::live, {}}, 0, place, area, test::sender(world::exercise));
  ASSERT_FALSE(real);
  EXPECT_EQ(real.error().why, reason::live_in_drill);

  auto const text = document({second(), world::exercise, {first()}});
  EXPECT_THAT(text, HasSubstr("<status>Exercise</status>"));
  EXPECT_THAT(text, Not(HasSubstr("Actual")));
  EXPECT_THAT(text, HasSubstr("<identifier>exercise.31@1769212800000.2</identifier>"));
  EXPECT_THAT(text, HasSubstr(",exercise.31@1769212800000.1,"));
  EXPECT_THAT(text, Not(HasSubstr("live.")));
  EXPECT_EQ(count_of("<headline>EXERCISE. ", text), 1U);
  EXPECT_EQ(count_of("<headline>НАВЧАННЯ. ", text), 1U);
  EXPECT_EQ(count_of("<description>EXERCISE. ", text), 1U);
  EXPECT_EQ(count_of("<instruction>EXERCISE. ", text), 1U);
  EXPECT_THAT(text, HasSubstr("<note>"));
  EXPECT_THAT(document(live(second())), HasSubstr("<status>Actual</status>"));
}

TEST_F(cap, an_update_names_all_earlier_messages_of_its_alert) {
  auto const text = document(live(third(), {first(), second()}));
  EXPECT_THAT(text, HasSubstr("<msgType>Update</msgType>"));
  EXPECT_THAT(text, HasSubstr("<references>alerts@siren.example,live.31@1769212800000.1,2026-01-24T00:00:00-00:00 "
                              "alerts@siren.example,live.31@1769212800000.2,2026-01-24T00:08:30-00:00</references>"));
  EXPECT_THAT(document(live(first())), Not(HasSubstr("<references>")));
  EXPECT_THAT(document(live(first())), HasSubstr("<msgType>Alert</msgType>"));
}

// An alarm has run since April 2022: its first message said that it holds for a day, and receivers would have gone
// calm.
TEST_F(cap, a_long_alarm_is_said_again_before_its_message_expires) {
  cap_policy const policy;
  auto const alarm = second();
  EXPECT_EQ(renewals_until(alarm, alarm.changed_at, policy), 0U);
  EXPECT_EQ(renewals_until(alarm, alarm.changed_at + hours{12}, policy), 0U);
  EXPECT_EQ(renewals_until(alarm, alarm.changed_at + hours{12} + seconds{1}, policy), 1U);
  EXPECT_EQ(renewals_until(alarm, alarm.changed_at - hours{1}, policy), 0U);
  EXPECT_EQ(renewals_until(over(), over().changed_at + hours{100}, policy), 0U) << "calm needs no repeating";
  for (auto now = alarm.changed_at; now < alarm.changed_at + hours{24 * 40}; now += minutes{7}) {
    auto const newest = renewals_until(alarm, now, policy);
    ASSERT_LE(sent_at(alarm, newest, policy), now);
    ASSERT_GE(expires_at(alarm, newest, policy), now + hours{11});
  }
  auto const text = document(live(alarm, {first()}), 1);
  EXPECT_THAT(text, HasSubstr("<identifier>live.31@1769212800000.2.1</identifier>"));
  EXPECT_THAT(text, HasSubstr("<sent>2026-01-24T12:08:30-00:00</sent>"));
  EXPECT_THAT(text, HasSubstr("Attack drone from the north-east: not seen coming now")) << "its window has passed";
  EXPECT_THAT(text, HasSubstr("live.31@1769212800000.2,2026-01-24T00:08:30-00:00</references>"));
}

TEST_F(cap, what_was_renewed_is_superseded_too) {
  auto now = third();
  now.changed_at = second().changed_at + hours{30};
  auto const text = document(live(now, {first(), second()}));
  EXPECT_EQ(count_of(",live.31@1769212800000.2", text), 3U) << "the message and its renewals after 12 and 24 hours";
  EXPECT_THAT(text, HasSubstr(",live.31@1769212800000.2.2,2026-01-25T00:08:30-00:00</references>"));
}

TEST_F(cap, the_newest_references_stay_within_the_limit) {
  std::vector<alert> earlier;
  for (std::uint32_t rev = 1; rev <= 700; ++rev) {
    earlier.push_back(revision(rev, stage::go, "2026-01-24T00:00:00Z", {air_alarm()}));
    earlier.back().changed_at += seconds{rev};
  }
  auto now = revision(701, stage::go, "2026-01-24T01:00:00Z", {air_alarm()});
  auto const text = document(live(now, earlier));
  EXPECT_EQ(count_of("alerts@siren.example,", text), cap_policy{}.most_references);
  EXPECT_THAT(text, HasSubstr("<references>alerts@siren.example,live.31@1769212800000.201,"));
  EXPECT_THAT(text, HasSubstr("31@1769212800000.700,2026-01-24T00:11:40-00:00</references>"));
}

// A Cancel is commonly dropped unseen; people then would not have read that the alarm is over.
TEST_F(cap, the_all_clear_is_an_update_and_only_a_mere_message_is_cancelled) {
  auto const clear = document(live(over(), {first(), second(), third()}));
  EXPECT_THAT(clear, HasSubstr("<msgType>Update</msgType>"));
  EXPECT_EQ(count_of("<responseType>AllClear</responseType>", clear), 2U);
  EXPECT_EQ(count_of("<urgency>Past</urgency>", clear), 2U);
  EXPECT_THAT(clear, HasSubstr("<event>Air raid alarm</event>")) << "it names what is over";
  EXPECT_THAT(clear, Not(HasSubstr("<onset>")));
  EXPECT_THAT(clear, HasSubstr("<expires>2026-01-24T02:05:00-00:00</expires>"));

  EXPECT_THAT(document(live(over(2), {message()})), HasSubstr("<msgType>Cancel</msgType>"));
  auto sounded = second();
  EXPECT_THAT(document(live(over(3), {message(), sounded})), HasSubstr("<msgType>Update</msgType>"));
  EXPECT_THAT(document(live(over(3), {message(2)})), HasSubstr("<msgType>Update</msgType>"))
      << "the first revision is not known: it may have sounded";
  EXPECT_THAT(document(live(over(4))), HasSubstr("AllClear")) << "nothing is known of it but the end";
}

TEST_F(cap, urgency_severity_and_certainty_follow_the_table) {
  struct row {
    stage level;
    threat cause;
    char const* response;
    char const* urgency;
    char const* severity;
    char const* certainty;
  };
  auto const far = drones(0.51, "2026-01-24T01:00:01Z", "2026-01-24T03:00:00Z");
  auto const near = drones(0.50, "2026-01-24T01:00:00Z", "2026-01-24T03:00:00Z");
  auto held = near;
  held.arrival.reset();
  for (auto const& each : {row{stage::prepare, far, "Prepare", "Future", "Moderate", "Likely"},
                           row{stage::prepare, near, "Prepare", "Expected", "Moderate", "Possible"},
                           row{stage::prepare, held, "Prepare", "Expected", "Moderate", "Possible"},
                           row{stage::go, far, "Shelter", "Immediate", "Severe", "Likely"},
                           row{stage::go, air_alarm(), "Shelter", "Immediate", "Severe", "Observed"},
                           row{stage::take_cover, near, "Shelter", "Immediate", "Extreme", "Possible"},
                           row{stage::go, chemical(), "Shelter", "Immediate", "Extreme", "Observed"},
                           row{stage::prepare, info(), "Monitor", "Unknown", "Unknown", "Unknown"}}) {
    auto const text = document(live(revision(1, each.level, "2026-01-24T00:00:00Z", {each.cause})));
    auto const says = [&](std::string const& name, std::string const& value) {
      EXPECT_EQ(count_of("<" + name + ">" + value + "</" + name + ">", text), 2U) << text;
    };
    says("responseType", each.response);
    says("urgency", each.urgency);
    says("severity", each.severity);
    says("certainty", each.certainty);
  }
}

// An oblast's ring would have warned millions for one raion.
TEST_F(cap, an_alert_in_parts_gives_no_ring_and_no_geocode) {
  auto const text = document(live(partly()));
  EXPECT_THAT(text, HasSubstr("<areaDesc>Kyiv (in parts)</areaDesc>"));
  EXPECT_THAT(text, Not(HasSubstr("<polygon>")));
  EXPECT_THAT(text, Not(HasSubstr("<geocode>")));
  auto const whole = document(live(second()));
  EXPECT_EQ(count_of("<polygon>", whole), 2U);
  EXPECT_EQ(count_of("<value>UA80000000000093317</value>", whole), 2U);
  EXPECT_EQ(count_of("<valueName>alerts.in.ua/uid</valueName>", whole), 2U);
}

TEST_F(cap, a_subject_that_is_none_is_refused) {
  auto const place = kyiv();
  auto const area = cap_area_of(place, {});
  auto const why = [&](cap_subject const& subject, cap_sender const& by) {
    auto const made = cap_document(subject, 0, place, area, by);
    return made ? reason::internal_error : made.error().why;
  };
  auto const good = test::sender(world::live);
  auto other = first();
  other.id = alert_id{"14@1"};
  EXPECT_EQ(why(live(second(), {other}), good), reason::malformed);
  EXPECT_EQ(why(live(second(), {second()}), good), reason::malformed);
  EXPECT_EQ(why(live(third(), {second(), first()}), good), reason::malformed);
  for (auto const* bad : {"", "a b", "a,b", "a<b", "a&b", "Київ"}) {
    auto by = good;
    by.id = bad;
    EXPECT_EQ(why(live(second()), by), reason::malformed) << bad;
  }
  auto nameless = good;
  nameless.name_en.clear();
  EXPECT_EQ(why(live(second()), nameless), reason::malformed);
}

TEST(cap_identifier, is_read_back_and_never_of_the_other_world) {
  for (auto const* id : {"31@1769212800000", "UA80000000000126643@1", "a.b@1", "a b,<&~\xff\n@1", "."}) {
    for (auto const renewal : {0U, 7U}) {
      cap_identifier const made{alert_id{id}, 12, renewal};
      auto const text = to_text(made, world::exercise);
      EXPECT_EQ(text.find_first_of(" ,<&\n"), std::string::npos) << text;
      auto const read = cap_identifier_of(text, world::exercise);
      ASSERT_TRUE(read) << text;
      EXPECT_EQ(*read, made);
      EXPECT_EQ(cap_identifier_of(text, world::live).error().why, reason::drill_in_live);
      EXPECT_EQ(cap_identifier_of(to_text(made, world::live), world::exercise).error().why, reason::live_in_drill);
    }
  }
  for (std::string const bad :
       {"", ".", "live", "live.31@1", "live.31@1.0", "live.31@1.01", "live.31@1.-1", "live.31@1.1.0", "live.31@1.1.1.1",
        "live..1", "live.31@1.99999999999", "test.31@1.1", "live.31@1.1 ", "live.a~2.1", "live.a~zz.1", "live.a~41.1",
        "live.a b.1", "LIVE.31@1.1"}) {
    auto const read = cap_identifier_of(bad, world::live);
    ASSERT_FALSE(read) << bad;
    EXPECT_EQ(read.error().why, reason::malformed) << bad;
  }
  EXPECT_FALSE(cap_identifier_of("live." + std::string(2'000, 'a') + ".1", world::live));
}

}  // namespace
}  // namespace siren
