#include <fstream>
#include <sstream>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/convert/guidance_convert.h"
#include "common/log.h"
#include "rig/child_process.h"
#include "rig/private_servers.h"
#include "services/gateway_delivery.h"
#include "services/gateway_world.h"
#include "services/raw_phone.h"

namespace siren {
namespace {

TEST(alert_gateway, begins_with_a_snapshot_and_a_heartbeat) {
  gateway_world w;
  w.happen("west", stage::go);
  w.happen("east", stage::go);
  w.happen("east", stage::all_clear);
  auto const g = w.start();
  raw_phone p{*g};
  p.say(raw_phone::subscription({"west", "east"}));
  auto const first = p.next();
  ASSERT_TRUE(first.has_snapshot());
  EXPECT_EQ(first.snapshot().world(), geo::v1::WORLD_EXERCISE);
  EXPECT_EQ(first.snapshot().cursor().seq(), 3U);
  ASSERT_EQ(first.snapshot().alerts_size(), 1);
  EXPECT_EQ(first.snapshot().alerts(0).alert().zone_id(), "west");
  EXPECT_EQ(first.snapshot().zones_size(), 2);
  EXPECT_EQ(first.snapshot().zones(0).name_en(), "east");
  auto const beat = p.next(WatchAlertsResponse::kHeartbeat).heartbeat();
  EXPECT_EQ(beat.covered_seq(), 3U);
  EXPECT_EQ(beat.head().seq(), 3U);
  EXPECT_EQ(beat.picture(), alerts::v1::PICTURE_STATE_LIVE);
}

/// A log that answers before the phones' door stood took the whole gateway down, and its phones heard nothing.
TEST(alert_gateway, news_that_come_before_the_door_stands_harm_nothing) {
  gateway_world w;
  w.happen("west", stage::go);
  for (int i = 0; i < 50; ++i) (void)w.start();
  auto const g = w.start();
  raw_phone p{*g};
  p.say(raw_phone::subscription({"west"}));
  EXPECT_EQ(p.next(WatchAlertsResponse::kSnapshot).snapshot().alerts_size(), 1);
}

TEST(alert_gateway, hears_the_bus_and_without_it_the_log) {
  gateway_world w;
  auto const g = w.start();
  raw_phone p{*g};
  p.say(raw_phone::subscription({"west"}));
  p.next(WatchAlertsResponse::kSnapshot);
  w.publish(w.happen("west", stage::go));
  auto const heard = p.next(WatchAlertsResponse::kAlert).alert();
  EXPECT_EQ(heard.alert().trace_id(), "0123456789abcdef0123456789abcdef");
  w.happen("east", stage::go);
  w.happen("west", stage::take_cover);
  auto const read = p.next(WatchAlertsResponse::kAlert).alert();
  EXPECT_EQ(read.cursor().seq(), 3U);
  EXPECT_EQ(read.previous_seq_in_zone(), 1U);
}

/// Promise "no hole": the bus loses, doubles and reorders; the phone hears everything once, in order.
TEST(alert_gateway, no_hole) {
  gateway_world w;
  auto options = gateway_world::quick();
  options.follower.reading.poll = seconds{30};  // only gaps make it read
  auto const g = w.start(options);
  raw_phone p{*g};
  p.say(raw_phone::subscription({"west", "east"}));
  p.next(WatchAlertsResponse::kSnapshot);
  w.publish(w.happen("west", stage::go));
  w.happen("east", stage::go);
  auto const third = w.happen("west", stage::take_cover);
  auto const fourth = w.happen("east", stage::take_cover);
  w.publish(fourth);
  w.publish(third);
  w.publish(fourth);
  for (std::uint64_t seq = 1; seq <= 4; ++seq) EXPECT_EQ(p.next_alert_seq(), seq);
}

TEST(alert_gateway, a_phone_resumes_by_delta_even_on_a_gateway_that_just_started) {
  gateway_world w;
  for (auto const* zone : {"west", "east", "west", "west"}) w.happen(zone, stage::go);
  auto const g = w.start();
  raw_phone p{*g};
  p.say(raw_phone::resuming({7, 2}, {"west"}));
  auto const first = p.next();
  ASSERT_TRUE(first.has_continuation());
  EXPECT_EQ(first.continuation().cursor().seq(), 2U);
  EXPECT_EQ(p.next_alert_seq(), 3U);
  EXPECT_EQ(p.next_alert_seq(), 4U);
}

TEST(alert_gateway, what_can_not_be_continued_gets_a_snapshot) {
  gateway_world w;
  for (int i = 0; i < 6; ++i) w.happen("west", stage::go);
  auto options = gateway_world::quick();
  options.follower.ring = 3;
  auto const g = w.start(options);
  auto other_zones = raw_phone::resuming({7, 5}, {"west"});
  other_zones.mutable_subscribe()->add_watch_zone_ids("east");
  for (auto const& request :
       {raw_phone::resuming({7, 2}, {"west"}), raw_phone::resuming({6, 5}, {"west"}), other_zones}) {
    raw_phone p{*g};
    p.say(request);
    EXPECT_TRUE(p.next().has_snapshot()) << request.ShortDebugString();
  }
}

TEST(alert_gateway, a_phone_that_knows_more_makes_the_gateway_read_the_log) {
  gateway_world w;
  auto options = gateway_world::quick();
  options.follower.reading.poll = seconds{30};
  auto const g = w.start(options);
  ASSERT_TRUE(comes(*g, [](auto const& d) { return d.has_head(); }));
  w.happen("west", stage::go);
  raw_phone p{*g};
  p.say(raw_phone::resuming({7, 1}, {"west"}));
  EXPECT_TRUE(p.next().has_continuation());
}

TEST(alert_gateway, another_place_or_list_is_answered_with_its_snapshot) {
  gateway_world w;
  w.happen("east", stage::go);
  auto const g = w.start();
  raw_phone p{*g};
  p.say(raw_phone::at(50.05, 30.05));
  EXPECT_EQ(p.next().snapshot().alerts_size(), 0);
  WatchAlertsRequest moved;
  moved.mutable_update_position()->mutable_position()->set_latitude_deg(50.05);
  moved.mutable_update_position()->mutable_position()->set_longitude_deg(30.15);
  p.say(moved);
  EXPECT_EQ(p.next(WatchAlertsResponse::kSnapshot).snapshot().alerts_size(), 1);
  WatchAlertsRequest listed;
  listed.mutable_watch_zones()->add_watch_zone_ids("west");
  p.say(listed);
  EXPECT_EQ(p.next(WatchAlertsResponse::kSnapshot).snapshot().zones_size(), 2);
}

// People have lost their alarms silently when zones were cut anew.
TEST(alert_gateway, a_subscription_to_a_zone_that_was_split_goes_on_in_its_parts) {
  gateway_world w;
  w.happen("east", stage::go);
  auto const g = w.start();
  raw_phone p{*g};
  p.say(raw_phone::resuming({7, 1}, {"whole"}));
  auto const first = p.next();
  ASSERT_TRUE(first.has_snapshot()) << "it names other zones than the phone knew";
  ASSERT_EQ(first.snapshot().zones_size(), 2);
  EXPECT_EQ(first.snapshot().zones(0).zone_id(), "east");
  EXPECT_EQ(first.snapshot().zones(0).replaces_zone_ids(0), "whole");
  EXPECT_EQ(first.snapshot().zones(1).zone_id(), "west");
  EXPECT_EQ(first.snapshot().alerts_size(), 1);
  w.publish(w.happen("west", stage::take_cover));
  EXPECT_EQ(p.next_alert_seq(), 2U);
  raw_phone back{*g};
  auto again = raw_phone::subscription({"whole"});
  to_proto(cursor{7, 2}, again.mutable_subscribe()->mutable_resume_from());
  for (auto const* zone : {"west", "east"}) again.mutable_subscribe()->add_resume_zone_ids(zone);
  back.say(again);
  EXPECT_TRUE(back.next().has_continuation()) << "what its last snapshot named";
}

/// Promise "no false calm": a log that can't be read names no head; a silent engine loses the picture.
TEST(alert_gateway, no_false_calm) {
  gateway_world w;
  auto options = gateway_world::quick();
  options.watch.head_fresh = milliseconds{300};
  options.watch.engine_silence = milliseconds{400};
  auto const g = w.start(options);
  raw_phone p{*g};
  p.say(raw_phone::subscription({"west"}));
  EXPECT_TRUE(p.next(WatchAlertsResponse::kHeartbeat).heartbeat().has_head());
  alerts::v1::Heartbeat beat;
  do beat = p.next(WatchAlertsResponse::kHeartbeat).heartbeat();
  while (beat.picture() == alerts::v1::PICTURE_STATE_LIVE);
  EXPECT_EQ(beat.picture(), alerts::v1::PICTURE_STATE_LOST) << "nobody beat for 400 ms";
  w.log.set_down(true);
  do beat = p.next(WatchAlertsResponse::kHeartbeat).heartbeat();
  while (beat.has_head());
  EXPECT_EQ(beat.picture(), alerts::v1::PICTURE_STATE_UNSPECIFIED);
  EXPECT_TRUE(comes(*g, [](auto const& d) { return !d.has_head(); }));
}

TEST(alert_gateway, alerts_come_over_the_bus_while_the_log_is_down) {
  gateway_world w;
  auto const g = w.start();
  raw_phone p{*g};
  p.say(raw_phone::subscription({"west"}));
  p.next(WatchAlertsResponse::kSnapshot);
  auto const entry = w.happen("west", stage::go);
  EXPECT_EQ(p.next_alert_seq(), 1U);
  auto const second = w.happen("west", stage::take_cover);
  w.log.set_down(true);
  w.publish(second);
  EXPECT_EQ(p.next_alert_seq(), 2U);
}

/// Every PUBLISH is taken and nobody hears it.
TEST(alert_gateway, a_deaf_bus_is_found_by_the_probe_and_the_log_still_brings_alerts) {
  gateway_world w;
  auto options = gateway_world::quick();
  options.probe = {milliseconds{50}, milliseconds{200}};
  auto const g = w.start(options);
  EXPECT_TRUE(comes(*g, [](auto const& d) { return d.bus_heard(); }));
  w.speaker.deaf = true;
  EXPECT_TRUE(comes(*g, [](auto const& d) { return !d.bus_heard(); }));
  raw_phone p{*g};
  p.say(raw_phone::subscription({"west"}));
  p.next(WatchAlertsResponse::kSnapshot);
  w.publish(w.happen("west", stage::go));
  EXPECT_EQ(p.next_alert_seq(), 1U);
  w.speaker.deaf = false;
  EXPECT_TRUE(comes(*g, [](auto const& d) { return d.bus_heard(); }));
}

/// Promise "drill is another world", both ways.
TEST(alert_gateway, drill_is_another_world) {
  gateway_world w;
  auto const g = w.start();
  auto live = raw_phone::subscription({"west"});
  live.mutable_subscribe()->set_world(geo::v1::WORLD_LIVE);
  raw_phone stranger{*g};
  stranger.say(live);
  auto const refused = stranger.end();
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(reason_of(refused), "WRONG_MODE");

  raw_phone p{*g};
  p.say(raw_phone::subscription({"west"}));
  p.next(WatchAlertsResponse::kSnapshot);
  auto real = w.happen("west", stage::go);
  real.mutable_alert()->set_world(geo::v1::WORLD_LIVE);
  w.publish(real);
  EXPECT_EQ(p.next(WatchAlertsResponse::kAlert).alert().alert().world(), geo::v1::WORLD_EXERCISE);
}

struct bad_request {
  char const* story;
  std::vector<WatchAlertsRequest> said;
  char const* reason;
};

TEST(alert_gateway, each_bad_request_is_refused_with_its_own_reason) {
  gateway_world w;
  auto const g = w.start();
  WatchAlertsRequest early;
  early.mutable_watch_zones();
  auto no_world = raw_phone::subscription({"west"});
  no_world.mutable_subscribe()->clear_world();
  auto const good = raw_phone::subscription({"west"});
  auto strange_profile = good;
  strange_profile.mutable_subscribe()->set_profile(static_cast<routing::v1::WalkingProfile>(77));
  std::vector<bad_request> const rows{
      {"not subscribed", {early}, "SUBSCRIBE_FIRST"},
      {"no action", {good, WatchAlertsRequest{}}, "MISSING_FIELD"},
      {"no world", {no_world}, "MISSING_FIELD"},
      {"twice", {good, good}, "MALFORMED"},
      {"unknown zone", {raw_phone::subscription({"atlantis"})}, "UNKNOWN_ZONE"},
      {"too many zones", {raw_phone::subscription(std::vector<std::string>(17, "west"))}, "TOO_MANY_WATCHED_ZONES"},
      {"latitude 91", {raw_phone::at(91, 30)}, "LATITUDE_OUT_OF_RANGE"},
      {"NaN", {raw_phone::at(std::nan(""), 30)}, "NOT_FINITE"},
      {"strange profile", {strange_profile}, "MALFORMED"},
      {"a flood",
       {good,  early, early, early, early, early, early, early, early, early, early, early,
        early, early, early, early, early, early, early, early, early, early, early},
       "TOO_MANY_REQUESTS"},
  };
  for (auto const& row : rows) {
    SCOPED_TRACE(row.story);
    raw_phone p{*g};
    for (auto const& request : row.said) p.say(request);
    EXPECT_EQ(reason_of(p.end()), row.reason);
  }
  raw_phone big{*g};
  big.say(raw_phone::subscription({std::string(17 << 10, 'x')}));
  EXPECT_EQ(big.end().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST(alert_gateway, streams_are_limited_and_silent_callers_are_sent_off) {
  gateway_world w;
  auto options = gateway_world::quick();
  options.limits.streams = 1;
  options.session.subscribe_within = milliseconds{300};
  auto const g = w.start(options);
  raw_phone silent{*g};
  ASSERT_TRUE(comes(*g, [](auto const& d) { return d.phones() == 1; }));
  raw_phone second{*g};
  EXPECT_EQ(reason_of(second.end()), "TOO_MANY_STREAMS");
  EXPECT_EQ(reason_of(silent.end()), "SUBSCRIBE_FIRST");
}

TEST(alert_gateway, a_phone_that_stops_reading_is_cut) {
  gateway_world w;
  auto options = gateway_world::quick();
  options.session.write_timeout = milliseconds{300};
  auto const g = w.start(options);
  raw_phone p{*g};
  p.say(raw_phone::subscription({"west"}));
  ASSERT_TRUE(comes(*g, [](auto const& d) { return d.phones() == 1; }));
  std::string const long_text(100'000, 'x');
  for (int i = 0; i < 200; ++i) w.happen("west", stage::go, {}, long_text);
  EXPECT_TRUE(comes(*g, [](auto const& d) { return d.phones() == 0; }));
  EXPECT_EQ(p.end().error_code(), grpc::StatusCode::CANCELLED);
}

TEST(alert_gateway, drain_sends_phones_elsewhere_in_good_order) {
  gateway_world w;
  auto const g = w.start();
  raw_phone p{*g};
  p.say(raw_phone::subscription({"west"}));
  p.next(WatchAlertsResponse::kHeartbeat);
  std::thread stopping{[&] { g->stop(); }};
  auto const bye = p.next(WatchAlertsResponse::kGoAway).go_away();
  EXPECT_EQ(bye.reason(), "DRAINING");
  EXPECT_EQ(from_proto(bye.retry_within()), milliseconds{50});
  EXPECT_FALSE(bye.terminal());
  EXPECT_TRUE(p.end().ok());
  stopping.join();
}

TEST(alert_gateway, a_phone_id_has_a_limit) {
  gateway_world w;
  auto const g = w.start();
  raw_phone p{*g};
  auto hello = raw_phone::at(50.0501, 30.05);
  hello.mutable_subscribe()->set_phone_id(std::string(65, 'x'));
  p.say(hello);
  EXPECT_EQ(reason_of(p.end()), "FIELD_TOO_LONG");
}

std::string scraped(std::uint16_t port) {
  auto const fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
  std::string const ask = "GET /metrics HTTP/1.0\r\n\r\n";
  EXPECT_EQ(::write(fd, ask.data(), ask.size()), static_cast<ssize_t>(ask.size()));
  std::string got;
  char part[4096];
  for (ssize_t n = 0; (n = ::read(fd, part, sizeof part)) > 0;) got.append(part, static_cast<std::size_t>(n));
  ::close(fd);
  return got;
}

/// Promise "position is not kept": planted coordinates are in no log line and no metric, whatever is done with them.
TEST(alert_gateway, position_is_not_kept) {
  auto const folder = make_run_folder("test");
  start_logging("alert_gateway", "debug", folder + "/log");
  gateway_world w;
  auto const port = free_port();
  ASSERT_TRUE(w.measured.serve("127.0.0.1:" + std::to_string(port)).ok());
  w.plans.plan_for({{"west shelter", 30.04}});
  auto const g = w.start();
  ASSERT_TRUE(comes(*g, [](auto const& d) { return d.plan_version() == 1; }));
  {
    raw_phone p{*g};
    p.say(raw_phone::at(50.0512347, 30.0567891));
    p.next(WatchAlertsResponse::kHeartbeat);
    w.publish(w.happen("west", stage::go));
    p.next(WatchAlertsResponse::kGuidance);
    raw_phone bad{*g};
    bad.say(raw_phone::at(950.0512347, 30.0567891));
    auto const refused = bad.end();
    EXPECT_EQ(refused.error_message().find("0512347"), std::string::npos);
  }
  ASSERT_TRUE(comes(*g, [](auto const& d) { return d.phones() == 0; }));
  auto const shown = scraped(port);
  EXPECT_NE(shown.find("siren_gateway_guidance_sent_total 1"), std::string::npos);
  g->stop();
  start_logging("after", "info", "");
  std::ifstream in{folder + "/log"};
  std::stringstream logged;
  logged << in.rdbuf();
  EXPECT_NE(logged.str().find("alert_taken"), std::string::npos);
  for (auto const* planted : {"0512", "0567", "512347", "567891"}) {
    EXPECT_EQ(shown.find(planted), std::string::npos) << planted;
    EXPECT_EQ(logged.str().find(planted), std::string::npos) << planted;
  }
  remove_run_folder(folder);
}

}  // namespace
}  // namespace siren
