// The CAP feed and its documents from the alert log: what stands in them, when they are renewed, and that a feed that
// can't know is never a calm one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/convert/alert_convert.h"
#include "fakes/memory_alert_log.h"
#include "fakes/set_clock.h"
#include "operator_console/cap_pages.h"
#include "services/cap_world.h"

namespace siren {
namespace {

using test::air_alarm;
using test::at;
using test::kyiv;
using ::testing::HasSubstr;
using ::testing::Not;

std::size_t count_of(std::string const& what, std::string const& in) {
  std::size_t count = 0;
  for (auto place = in.find(what); place != std::string::npos; place = in.find(what, place + 1)) ++count;
  return count;
}

alert_append logged(alert const& a, zone const& place, world belongs_to) {
  alerts::v1::Alert bytes;
  to_proto(a, place, belongs_to, a.changed_at, &bytes);
  return {.zone = a.zone,
          .alert = a.id,
          .rev = a.rev,
          .ended = a.ended(),
          .bytes = bytes.SerializeAsString(),
          .source = "engine",
          .message_id = a.id.value + "/" + std::to_string(a.rev),
          .actor = "analysis",
          .act = "change",
          .because = "",
          .trace = {}};
}

class cap_feed : public ::testing::Test {
 protected:
  void SetUp() override { serve(world::live); }
  void serve(world as) {
    serves_ = as;
    city_bundle city;
    city.zones = {kyiv()};
    city.codes[zone_id{"31"}] = {"31", "UA80000000000093317"};
    pages_ = std::make_unique<cap_pages>(cap_pages::parts{log_, log_, clock_, test::sender(as)}, city);
    ASSERT_TRUE(log_.beat(picture_state::live));
  }
  alert on(std::string const& zone, std::uint32_t rev, stage level, std::string const& when) {
    auto a =
        test::revision(rev, level, when, level == stage::all_clear ? std::vector<threat>{} : std::vector{air_alarm()});
    a.id = alert_id{zone + "@1769212800000"};
    a.zone = zone_id{zone};
    return a;
  }
  void log(alert const& a) {
    auto place = kyiv();
    place.id = a.zone;
    if (a.zone.value != "31") place.name_en = "Zone " + a.zone.value;
    ASSERT_TRUE(log_.append({logged(a, place, serves_)}));
  }
  std::string body(std::string const& path) {
    auto const content = pages_->get(path);
    EXPECT_NE(content.body, nullptr) << path << ": " << content.trouble;
    return content.body ? *content.body : "";
  }
  std::string document(std::string const& path) {
    auto const text = body(path);
    EXPECT_EQ(schema_.fault_of(text), "") << text;
    return text;
  }
  /// What is refused, and how.
  std::string trouble(std::string const& path, http_content::lack how) {
    auto const content = pages_->get(path);
    EXPECT_EQ(content.body, nullptr) << path;
    EXPECT_EQ(content.missing, how) << path;
    return content.trouble;
  }
  std::string feed() { return body("alerts.atom"); }
  std::string silent() { return trouble("alerts.atom", http_content::lack::not_ready); }

  memory_alert_log log_;
  set_clock clock_{at("2026-01-24T00:30:00Z")};
  world serves_ = world::live;
  std::unique_ptr<cap_pages> pages_;
  test::cap_schema schema_;
};

TEST_F(cap_feed, lists_the_newest_message_of_every_alert_and_links_to_it) {
  log(on("31", 1, stage::prepare, "2026-01-24T00:00:00Z"));
  log(on("14", 1, stage::go, "2026-01-24T00:01:00Z"));
  log(on("31", 2, stage::take_cover, "2026-01-24T00:02:00Z"));
  auto const text = feed();
  EXPECT_THAT(text, HasSubstr("<feed xmlns=\"http://www.w3.org/2005/Atom\">"));
  EXPECT_EQ(count_of("<entry>", text), 2U);
  EXPECT_THAT(text, HasSubstr("<id>tag:alerts@siren.example,2026:live.31@1769212800000.2</id>"));
  EXPECT_THAT(text, HasSubstr("<title>Укрийтеся негайно: Київ / Take cover now: Kyiv</title>"));
  EXPECT_THAT(text, HasSubstr("<category term=\"take_cover\" />"));
  EXPECT_LT(text.find("live.31@"), text.find("live.14@")) << "the newest first";
  EXPECT_EQ(count_of("<updated>2026-01-24T00:02:00.000Z</updated>", text), 2U) << "of the feed and of its newest entry";
  EXPECT_THAT(text, HasSubstr("href=\"./live.31@1769212800000.2.xml\""));
  auto const told = document("live.31@1769212800000.2.xml");
  EXPECT_THAT(told, HasSubstr("<msgType>Update</msgType>"));
  EXPECT_THAT(told, HasSubstr(",live.31@1769212800000.1,2026-01-24T00:00:00-00:00</references>"));
  EXPECT_THAT(told, HasSubstr("UA80000000000093317"));
  EXPECT_THAT(document("live.31@1769212800000.1.xml"), HasSubstr("<msgType>Alert</msgType>")) << "old ones stay";
  EXPECT_EQ(document("newest/31@1769212800000.xml"), told);
  EXPECT_EQ(pages_->get("alerts.atom").type, "application/atom+xml; charset=utf-8");
  EXPECT_EQ(pages_->get("newest/31@1769212800000.xml").type, "application/cap+xml; charset=utf-8");
}

TEST_F(cap_feed, a_zone_of_no_bundle_is_told_by_the_names_of_its_alert) {
  log(on("75", 1, stage::go, "2026-01-24T00:00:00Z"));
  auto const told = document("live.75@1769212800000.1.xml");
  EXPECT_THAT(told, HasSubstr("<areaDesc>Zone 75</areaDesc>"));
  EXPECT_THAT(told, HasSubstr("<value>75</value>"));
  EXPECT_THAT(told, Not(HasSubstr("<polygon>")));
}

TEST_F(cap_feed, an_all_clear_stays_for_a_day_of_the_worlds_time) {
  log(on("31", 1, stage::go, "2026-01-24T00:00:00Z"));
  log(on("31", 2, stage::all_clear, "2026-01-24T00:20:00Z"));
  EXPECT_THAT(feed(), HasSubstr("<category term=\"all_clear\" />"));
  clock_.set(at("2026-01-25T00:19:59Z"));
  EXPECT_EQ(count_of("<entry>", feed()), 1U);
  clock_.set(at("2026-01-25T00:20:00Z"));
  EXPECT_EQ(count_of("<entry>", feed()), 0U);
  EXPECT_THAT(feed(), HasSubstr("<updated>2026-01-24T00:20:00.000Z</updated>"));
  EXPECT_THAT(document("live.31@1769212800000.2.xml"), HasSubstr("AllClear")) << "the document is there for ever";
}

// After its zone was raised again, an alert's all-clear would have been missing from the feed for who polls seldom.
TEST_F(cap_feed, ends_of_earlier_alerts_of_a_zone_are_listed_beside_the_running_one) {
  log(on("31", 1, stage::go, "2026-01-24T00:00:00Z"));
  log(on("31", 2, stage::all_clear, "2026-01-24T00:10:00Z"));
  auto again = on("31", 1, stage::go, "2026-01-24T00:20:00Z");
  again.id = alert_id{"31@1769214000000"};
  log(again);
  auto const text = feed();
  EXPECT_EQ(count_of("<entry>", text), 2U);
  EXPECT_THAT(text, HasSubstr("live.31@1769212800000.2"));
  EXPECT_THAT(text, HasSubstr("live.31@1769214000000.1"));
}

TEST_F(cap_feed, an_alarm_without_change_is_said_again_every_twelve_hours) {
  log(on("31", 1, stage::go, "2026-01-24T00:00:00Z"));
  EXPECT_THAT(feed(), HasSubstr("live.31@1769212800000.1.xml"));
  trouble("live.31@1769212800000.1.1.xml", http_content::lack::not_found);
  clock_.set(at("2026-01-24T12:00:00Z"));
  EXPECT_THAT(feed(), HasSubstr("live.31@1769212800000.1.xml"));
  clock_.set(at("2026-01-24T12:00:00.000001Z"));
  EXPECT_THAT(feed(), HasSubstr("live.31@1769212800000.1.1.xml"));
  EXPECT_THAT(document("live.31@1769212800000.1.1.xml"), HasSubstr("<msgType>Update</msgType>"));
  EXPECT_EQ(document("newest/31@1769212800000.xml"), document("live.31@1769212800000.1.1.xml"));
  clock_.set(at("2026-01-26T01:00:00Z"));
  EXPECT_THAT(feed(), HasSubstr("live.31@1769212800000.1.4.xml"));
  log(on("31", 2, stage::take_cover, "2026-01-25T01:00:00Z"));
  trouble("live.31@1769212800000.1.3.xml", http_content::lack::not_found);
  EXPECT_THAT(document("live.31@1769212800000.1.2.xml"), HasSubstr("<sent>2026-01-25T00:00:00-00:00</sent>"));
}

TEST_F(cap_feed, the_same_feed_has_the_same_tag_and_a_change_another) {
  log(on("31", 1, stage::go, "2026-01-24T00:00:00Z"));
  auto const first = pages_->get("alerts.atom");
  clock_.set(at("2026-01-24T05:00:00Z"));
  EXPECT_EQ(pages_->get("alerts.atom").etag, first.etag);
  EXPECT_EQ(pages_->get("alerts.atom").body, first.body) << "not made again";
  ASSERT_TRUE(log_.beat(picture_state::degraded));
  auto const degraded = pages_->get("alerts.atom");
  EXPECT_NE(degraded.etag, first.etag);
  EXPECT_THAT(*degraded.body, HasSubstr("<subtitle>"));
  ASSERT_TRUE(log_.beat(picture_state::live));
  EXPECT_EQ(pages_->get("alerts.atom").etag, first.etag);
  log(on("31", 2, stage::all_clear, "2026-01-24T05:00:00Z"));
  EXPECT_NE(pages_->get("alerts.atom").etag, first.etag);
  EXPECT_EQ(first.etag.size(), 34U);
}

// An empty feed reads as calm. Receivers that get an error keep what they had.
TEST_F(cap_feed, no_false_calm_a_feed_that_can_not_know_is_no_feed) {
  EXPECT_EQ(count_of("<entry>", feed()), 0U) << "the engine lives and sees: calm is known";
  log_.set_down(true);
  EXPECT_EQ(silent(), "alerts unknown: the store is down");
  EXPECT_THAT(trouble("live.31@1769212800000.1.xml", http_content::lack::not_ready), HasSubstr("the store is down"));
  EXPECT_THAT(trouble("newest/31@1769212800000.xml", http_content::lack::not_ready), HasSubstr("the store is down"));
  log_.set_down(false);
  EXPECT_EQ(count_of("<entry>", feed()), 0U);
  for (auto const picture : {picture_state::lost, picture_state::unknown}) {
    ASSERT_TRUE(log_.beat(picture));
    EXPECT_EQ(silent(), "alerts unknown: the zone engine sees nothing");
  }
}

TEST_F(cap_feed, no_false_calm_while_the_engine_is_silent) {
  memory_alert_log never;
  cap_pages unborn{{never, never, clock_, test::sender(world::live)}, {}};
  EXPECT_EQ(unborn.get("alerts.atom").trouble, "alerts unknown: the zone engine has never given a sign");
  cap_pages_policy none;
  none.engine_silent_after = milliseconds{-1};
  cap_pages impatient{{log_, log_, clock_, test::sender(world::live), none}, {}};
  EXPECT_EQ(impatient.get("alerts.atom").trouble, "alerts unknown: the zone engine is silent");
}

TEST_F(cap_feed, what_a_newer_release_wrote_is_unknown_and_never_calm) {
  auto torn = logged(on("31", 1, stage::go, "2026-01-24T00:00:00Z"), kyiv(), world::live);
  torn.bytes = "\xff\xff\xff";
  ASSERT_TRUE(log_.append({torn}));
  auto const text = feed();
  EXPECT_THAT(text, HasSubstr("<title>НЕВІДОМО / UNKNOWN: 31</title>"));
  EXPECT_THAT(text, HasSubstr("<content>"));
  EXPECT_THAT(trouble("live.31@1769212800000.1.xml", http_content::lack::not_ready), HasSubstr("is no alert"));
  log(on("31", 2, stage::take_cover, "2026-01-24T00:02:00Z"));
  EXPECT_THAT(document("live.31@1769212800000.2.xml"), HasSubstr("Take cover")) << "the next one can be read";
}

TEST_F(cap_feed, drill_is_another_world) {
  auto const drill = logged(on("31", 1, stage::go, "2026-01-24T00:00:00Z"), kyiv(), world::exercise);
  ASSERT_TRUE(log_.append({drill}));
  EXPECT_THAT(silent(), HasSubstr("is of the other world")) << "neither told nor passed over as calm";
  EXPECT_THAT(trouble("live.31@1769212800000.1.xml", http_content::lack::not_ready), HasSubstr("other world"));
  trouble("exercise.31@1769212800000.1.xml", http_content::lack::not_found);

  serve(world::exercise);
  EXPECT_THAT(feed(), HasSubstr("<title>НАВЧАННЯ. Тривоги / EXERCISE. Alerts</title>"));
  EXPECT_THAT(feed(), HasSubstr("EXERCISE. Go to a shelter: Kyiv</title>"));
  EXPECT_THAT(document("exercise.31@1769212800000.1.xml"), HasSubstr("<status>Exercise</status>"));
  trouble("live.31@1769212800000.1.xml", http_content::lack::not_found);
}

TEST_F(cap_feed, other_names_are_not_there) {
  log(on("31", 1, stage::go, "2026-01-24T00:00:00Z"));
  for (std::string const name : {"", "alerts", "alerts.atom/", "live.31@1769212800000.1", "live.31@1769212800000.2.xml",
                                 "live.14@1.1.xml", "live.31@1769212800000.01.xml", "../alerts.atom", "newest/.xml",
                                 "newest/14@1.xml", ".xml", "newest/%.xml", "live.31@1769212800000.4294967295.xml"})
    trouble(name, http_content::lack::not_found);
  trouble("live." + std::string(5'000, 'a') + ".1.xml", http_content::lack::not_found);
}

}  // namespace
}  // namespace siren
