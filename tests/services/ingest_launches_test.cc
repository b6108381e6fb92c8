// Launch reports and the trust of sources in threat_ingest's decisions.
#include <gtest/gtest.h>

#include "common/convert/threat_convert.h"
#include "fakes/memory_picture_log.h"
#include "services/ingest_decisions.h"

namespace siren {
namespace {

using test::beat;
using test::changes_of;
using test::decide;
using test::exercise_policy;
using test::kStart;
using test::make_ingest;
using test::noon;
using test::observed;
using test::verdicts_of;
using threats::v1::StreamThreatsRequest;

StreamThreatsRequest launched(std::string const& source, std::string const& name, utc_time at = noon()) {
  StreamThreatsRequest request;
  auto* said = request.mutable_launch();
  said->set_source(source);
  said->set_native_id(name);
  said->set_threat_class(threats::v1::THREAT_CLASS_BALLISTIC_MISSILE);
  said->mutable_position()->set_latitude_deg(45.3);
  said->mutable_position()->set_longitude_deg(34.4);
  to_proto(at, said->mutable_launched_time());
  said->set_world(geo::v1::WORLD_EXERCISE);
  return request;
}
/// With one thing changed.
template <typename Change>
StreamThreatsRequest launched_but(Change change) {
  auto request = launched("radar", "l");
  change(*request.mutable_launch());
  return request;
}

TEST(launches, each_bad_one_has_its_reason) {
  auto by = make_ingest();
  auto const batch = decide(
      by, {launched("stranger", "l"), launched("radar", ""), launched("radar", std::string(129, 'l')),
           launched("radar", "l\n"), launched_but([](auto& l) { l.clear_threat_class(); }),
           launched_but([](auto& l) { l.set_threat_class(static_cast<threats::v1::ThreatClass>(77)); }),
           launched_but([](auto& l) { l.set_world(geo::v1::WORLD_LIVE); }),
           launched_but([](auto& l) { l.clear_world(); }), launched_but([](auto& l) { l.clear_position(); }),
           launched_but([](auto& l) { l.mutable_position()->set_latitude_deg(91); }),
           launched_but([](auto& l) { l.mutable_position()->set_longitude_deg(181); }),
           launched_but([](auto& l) { l.set_course_deg(360); }), launched_but([](auto& l) { l.set_course_deg(-1); }),
           launched_but([](auto& l) { l.clear_launched_time(); }), launched("radar", "l", noon() + minutes{1}),
           launched("radar", "l", noon() - hours{1}), launched("radar", "l"), launched("radar", "l"),
           launched("radar", "l", noon() - seconds{1})});
  EXPECT_EQ(verdicts_of(batch),
            "UNKNOWN_SOURCE MISSING_FIELD FIELD_TOO_LONG MALFORMED MISSING_FIELD MALFORMED LIVE_IN_DRILL MALFORMED "
            "NOT_FINITE LATITUDE_OUT_OF_RANGE LONGITUDE_OUT_OF_RANGE MALFORMED MALFORMED TIME_MISSING TIME_IN_FUTURE "
            "TIME_TOO_OLD ok DUPLICATE TIME_TOO_OLD");
  ASSERT_EQ(batch.step.launches_size(), 1);
  EXPECT_EQ(changes_of(batch.step), "feed radar alive;");
}

TEST(launches, what_was_not_stored_is_accepted_again_and_a_restart_knows_the_newest_words) {
  memory_picture_store store;
  memory_picture_log_writer log{store};
  auto before = make_ingest();
  auto const first = decide(before, {launched("radar", "l")});
  before.not_stored(first);
  auto const again = decide(before, {launched("radar", "l")});
  EXPECT_EQ(verdicts_of(again), "ok");
  ASSERT_TRUE(log.append(again.step, {}));
  auto after = make_ingest();
  after.restore(log.open(noon(), 0).value(), noon(), kStart);
  EXPECT_EQ(verdicts_of(decide(after, {launched("radar", "l")})), "DUPLICATE");
  EXPECT_EQ(after.whole().launches_size(), 1);
}

TEST(launches, cross_and_come_back) {
  auto by = make_ingest();
  auto const sent = decide(by, {launched_but([](auto& l) { l.set_course_deg(12.5); })}).step.launches(0);
  threats::v1::LoggedLaunch back;
  to_proto(from_proto(sent), &back);
  EXPECT_EQ(back.SerializeAsString(), sent.SerializeAsString());
}

TEST(decisions, the_picture_says_what_a_source_is) {
  source_map sources;
  for (auto const* one : {"force:official", "north:trusted", "mic:sensor", "olena:volunteer"})
    ASSERT_TRUE(add_source(one, sources));
  ingest by{exercise_policy(), source_book{sources, true}, {zone_id{"31"}}};
  by.restore({}, noon(), kStart);
  static_cast<void>(decide(by, {beat("stranger")}));
  std::map<std::string, threats::v1::SourceKind> kinds;
  auto const whole = by.whole();
  for (auto const& feed : whole.feeds()) kinds[feed.source()] = feed.kind();
  EXPECT_EQ(kinds,
            (std::map<std::string, threats::v1::SourceKind>{{"force", threats::v1::SOURCE_KIND_OFFICIAL},
                                                            {"mic", threats::v1::SOURCE_KIND_SENSOR},
                                                            {"north", threats::v1::SOURCE_KIND_TRUSTED},
                                                            {"olena", threats::v1::SOURCE_KIND_VOLUNTEER},
                                                            {"stranger", threats::v1::SOURCE_KIND_UNSPECIFIED}}));
}

// A volunteer who names a radar as the origin would otherwise lend the radar's weight to his own word.
TEST(decisions, what_a_volunteer_passes_on_stays_the_volunteers_word) {
  source_map sources{{source_id{"north"}, source_kind::trusted}, {source_id{"olena"}, source_kind::volunteer}};
  ingest by{exercise_policy(), source_book{sources, false}, {zone_id{"31"}}};
  auto report = observed("olena", "7");
  report.mutable_observation()->set_origin_source("north");
  auto const batch = decide(by, {report});
  ASSERT_EQ(batch.step.tracks_size(), 1);
  ASSERT_EQ(batch.step.tracks(0).sources_size(), 1);
  EXPECT_EQ(batch.step.tracks(0).sources(0), "olena");
}

}  // namespace
}  // namespace siren
