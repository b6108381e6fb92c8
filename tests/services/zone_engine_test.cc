// zone_engine in process, over real PostgreSQL, Redis and sockets.
#include <algorithm>

#include <gmock/gmock.h>

#include "services/zone_world.h"
#include "siren/alerts/v1/zone_service.grpc.pb.h"

namespace siren::test {
namespace {

using testing::ElementsAre;
using zones::v1::STAGE_ALL_CLEAR;
using zones::v1::STAGE_GO;
using zones::v1::STAGE_PREPARE;
using zones::v1::STAGE_TAKE_COVER;

bool says_official(alerts::v1::Alert const& alert) {
  return std::any_of(alert.threats().begin(), alert.threats().end(),
                     [](auto const& threat) { return threat.issuer() == zones::v1::ISSUER_OFFICIAL; });
}

TEST_F(zone_engine, an_alarm_is_in_the_log_and_on_the_bus_within_a_second) {
  start_engine();
  auto const step = write(step_of({declared("west", true, kEvening)}));
  auto const said_at = steady_now();
  ASSERT_TRUE(say(step));
  ASSERT_TRUE(wait_until([this] { return heard().size() == 2; }, kSoon));
  EXPECT_LT(steady_now() - said_at, seconds{1});

  auto const entries = logged();
  ASSERT_EQ(entries.size(), 2U) << "what is on the bus is in the log";
  for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(heard()[i].SerializeAsString(), entries[i].SerializeAsString());
  auto const& west = entries[0].alert();
  EXPECT_EQ(west.zone_id(), "west");
  EXPECT_EQ(west.stage(), STAGE_GO);
  EXPECT_FALSE(west.partly());
  EXPECT_EQ(west.trace_id(), kTrace);
  EXPECT_EQ(wall_from_proto(west.observation_received_time()), wall_from_proto(step.region_alarms(0).received_time()));
  EXPECT_NE(west.headline_en(), "");
  auto const& oblast = entries[1].alert();
  EXPECT_EQ(oblast.zone_id(), "oblast");
  EXPECT_TRUE(oblast.partly());
  EXPECT_TRUE(wait_until([this] { return one_text("SELECT count(*) FROM alert_outbox") == "0"; }, kSoon));
  EXPECT_EQ(one_text("SELECT string_agg(actor || ' ' || act, ', ' ORDER BY seq) FROM alert_audit"),
            "air_force raise, air_force raise");
}

/// Update `number` of 400: ten rounds, ten seconds apart, of forty drones from all sides, 50 km out.
track drone_of_raid(int number) {
  auto const round = number / 40;
  auto const bearing = number % 40 * 9.0;
  return flying(static_cast<std::uint64_t>(number % 40 + 1), threat_class::drone,
                at(kKyiv, bearing, 50.0 - 0.5 * round), bearing + 180.0, 50.0, kEvening + seconds{10 * round});
}

TEST_F(zone_engine, a_burst_of_400_track_updates_is_decided_and_not_pushed_one_by_one) {
  start_engine();
  for (auto i = 0; i < 400; ++i) happen(step_of(drone_of_raid(i)));
  ASSERT_TRUE(settled());
  for (auto const* raion : {"west", "east"}) {
    auto const alerts = logged_of(raion);
    ASSERT_FALSE(alerts.empty()) << raion;
    EXPECT_GE(alerts.back().stage(), STAGE_PREPARE);
  }
  // 100 s of the world with an update gap of 60 s: a raise, two refinements and a few higher stages a zone.
  EXPECT_LE(logged().size(), 3U * 6U);
}

TEST_F(zone_engine, a_full_inbox_loses_nothing) {
  config_.limits.max_inputs = 4;
  start_engine();
  constexpr auto kTurns = 60;
  for (auto i = 1; i <= kTurns; ++i) happen(step_of({declared("west", i % 2 == 1, kEvening + seconds{i})}));
  ASSERT_TRUE(settled());
  auto const alerts = logged_of("west");
  ASSERT_EQ(alerts.size(), static_cast<std::size_t>(kTurns)) << "every switch was decided on";
  for (auto i = 0; i < kTurns; ++i) EXPECT_EQ(alerts[i].stage(), i % 2 == 0 ? STAGE_GO : STAGE_ALL_CLEAR) << i;
}

TEST_F(zone_engine, without_redis_alerts_are_in_the_log_and_are_relayed_later) {
  start_engine();
  servers().redis->kill_hard();
  write(step_of({declared("west", true, kEvening)}));
  EXPECT_TRUE(wait_until([this] { return logged().size() == 2; }, kSoon));
  EXPECT_TRUE(wait_until([this] { return engine_->publish_failures() > 0; }, kSoon));
  EXPECT_EQ(one_text("SELECT count(*) FROM alert_outbox"), "2");
  EXPECT_TRUE(heard().empty());
  ASSERT_TRUE(servers().redis->start_again());
  EXPECT_TRUE(wait_until([this] { return one_text("SELECT count(*) FROM alert_outbox") == "0"; }, kSoon));
  EXPECT_EQ(logged().size(), 2U) << "relayed, not logged again";
}

TEST_F(zone_engine, a_step_that_the_bus_lost_is_read_from_the_log) {
  start_engine();
  write(step_of({declared("west", true, kEvening)}));
  happen(step_of({declared("east", true, kEvening)}));
  ASSERT_TRUE(settled());
  EXPECT_THAT(raions_in_order(logged()), ElementsAre("west STAGE_GO", "east STAGE_GO"));
}

TEST_F(zone_engine, another_epoch_of_the_picture_is_taken_whole) {
  start_engine();
  happen(step_of({declared("west", true, kEvening)}));
  ASSERT_TRUE(settled());
  auto whole = step_of({declared("east", true, kEvening + seconds{1})});
  auto const reopened = writer_->reopen(whole).value();
  picture_ = {reopened.epoch(), reopened.seq()};
  ASSERT_TRUE(wait_until([this] { return raions_in_order(logged()).size() == 3; }, kSoon));
  EXPECT_THAT(raions_in_order(logged()), ElementsAre("west STAGE_GO", "east STAGE_GO", "west STAGE_ALL_CLEAR"))
      << "what runs is raised before what ended is cleared";
  happen(step_of({declared("east", false, kEvening + seconds{2})}));
  ASSERT_TRUE(settled());
  EXPECT_EQ(raions_in_order(logged()).back(), "east STAGE_ALL_CLEAR");
}

TEST_F(zone_engine, a_restart_raises_nothing_anew_and_goes_on_with_the_revisions) {
  start_engine();
  happen(step_of({declared("west", true, kEvening)}));
  happen(step_of(missile_at_east(1, kEvening)));
  ASSERT_TRUE(raise("r1", "west", STAGE_TAKE_COVER, "Gas leak").status.ok());
  ASSERT_TRUE(settled());
  auto const before = logged();

  restart_engine();
  auto const steps = engine_->steps();
  ASSERT_TRUE(wait_until([&] { return engine_->steps() >= steps + 5; }, kSoon));
  ASSERT_EQ(logged().size(), before.size());
  auto const cleared = clear("c1", "west");
  ASSERT_TRUE(cleared.status.ok()) << cleared.status.error_message();
  EXPECT_EQ(cleared.body.alert().stage(), STAGE_GO) << "the official alarm was remembered";
  EXPECT_EQ(cleared.body.alert().alert_id(), logged_of("west").front().alert_id());
  EXPECT_EQ(cleared.body.alert().rev(), 3U);

  // An alarm that began and one that ended while nobody decided.
  engine_.reset();
  write(step_of({declared("west", false, kEvening + seconds{1}), declared("oblast", true, kEvening + seconds{1})}));
  start_engine();
  ASSERT_FALSE(says_official(logged_of("east").back()));
  EXPECT_TRUE(wait_until([this] { return says_official(logged_of("east").back()); }, kSoon))
      << "an alarm that began while nobody decided";
  EXPECT_EQ(logged_of("west").back().stage(), STAGE_GO) << "a parent's alarm covers it";
}

TEST_F(zone_engine, an_order_sent_again_gives_the_first_answer_and_other_content_is_refused) {
  start_engine();
  auto const first = raise("r1", "west", STAGE_GO, "Unexploded bomb");
  ASSERT_TRUE(first.status.ok()) << first.status.error_message();
  EXPECT_EQ(first.body.alert().zone_id(), "west");
  EXPECT_EQ(first.body.alert().stage(), STAGE_GO);
  EXPECT_NE(first.body.alert().body_en().find("Unexploded bomb"), std::string::npos);
  auto const entries = logged();
  ASSERT_TRUE(std::any_of(entries.begin(), entries.end(), [&](auto const& entry) {
    return entry.cursor().seq() == first.body.cursor().seq() &&
           entry.alert().SerializeAsString() == first.body.alert().SerializeAsString();
  })) << "in the log when the answer arrives";

  auto const refused_as_reused = [](auto const& got) {
    EXPECT_EQ(got.status.error_code(), grpc::StatusCode::ALREADY_EXISTS);
    EXPECT_EQ(reason_of(got.status), "REQUEST_ID_REUSED");
  };
  EXPECT_EQ(raise("r1", "west", STAGE_GO, "Unexploded bomb").body.SerializeAsString(), first.body.SerializeAsString());
  refused_as_reused(raise("r1", "west", STAGE_TAKE_COVER, "Unexploded bomb"));
  refused_as_reused(raise("r1", "east", STAGE_GO, "Unexploded bomb"));
  refused_as_reused(raise("r1", "west", STAGE_GO, "Another text"));
  refused_as_reused(clear("r1", "west"));
  ASSERT_TRUE(raise("r2", "west", STAGE_TAKE_COVER).status.ok());
  restart_engine();
  EXPECT_EQ(raise("r1", "west", STAGE_GO, "Unexploded bomb").body.SerializeAsString(), first.body.SerializeAsString());
  refused_as_reused(clear("r1", "west"));
  EXPECT_EQ(logged_of("west").size(), 2U);
  EXPECT_EQ(logged_of("west").back().stage(), STAGE_TAKE_COVER) << "the old order was answered, not obeyed again";
}

TEST_F(zone_engine, an_order_that_can_not_be_obeyed_is_refused_with_its_reason) {
  start_engine();
  struct refusal {
    std::string expected;
    std::function<void(alerts::v1::RaiseAlarmRequest&)> spoil;
  };
  std::vector<refusal> const table{
      {"UNKNOWN_ZONE", [](auto& r) { r.set_zone_id("atlantis"); }},
      {"MISSING_FIELD", [](auto& r) { r.clear_zone_id(); }},
      {"MISSING_FIELD", [](auto& r) { r.clear_request_id(); }},
      {"MISSING_FIELD", [](auto& r) { r.clear_operator_name(); }},
      {"MISSING_FIELD", [](auto& r) { r.clear_stage(); }},
      {"MALFORMED", [](auto& r) { r.set_stage(STAGE_ALL_CLEAR); }},
      {"MALFORMED", [](auto& r) { r.set_stage(static_cast<zones::v1::Stage>(99)); }},
      {"MALFORMED", [](auto& r) { r.set_text("two\nlines"); }},
      {"MALFORMED", [](auto& r) { r.set_request_id("a\tb"); }},
      {"FIELD_TOO_LONG", [](auto& r) { r.set_request_id(std::string(kMaxRequestIdBytes + 1, 'x')); }},
      {"FIELD_TOO_LONG", [](auto& r) { r.set_operator_name(std::string(kMaxOperatorNameBytes + 1, 'x')); }},
      {"FIELD_TOO_LONG", [](auto& r) { r.set_text(std::string(kMaxTextCharacters + 1, 'x')); }},
  };
  for (auto const& [expected, spoil] : table) {
    alerts::v1::RaiseAlarmRequest request;
    request.set_request_id("bad");
    request.set_operator_name("anna");
    request.set_zone_id("west");
    request.set_stage(STAGE_GO);
    spoil(request);
    auto const refused = ask(request);
    EXPECT_EQ(reason_of(refused.status), expected) << request.ShortDebugString();
  }
  EXPECT_EQ(reason_of(clear("bad", "atlantis").status), "UNKNOWN_ZONE");
  EXPECT_TRUE(logged().empty());
  std::string longest;
  for (std::size_t i = 0; i < kMaxTextCharacters; ++i) longest += "ї";
  EXPECT_TRUE(raise("bad", "west", STAGE_GO, longest).status.ok()) << "a refused request_id is not used up";
}

TEST_F(zone_engine, official_floor) {
  start_engine();
  happen(step_of({declared("east", true, kEvening)}));
  happen(step_of(missile_at_east(1, kEvening)));
  ASSERT_TRUE(settled());
  EXPECT_EQ(logged_of("east").back().stage(), STAGE_TAKE_COVER) << "analysis adds urgency";

  EXPECT_EQ(clear("c1", "east").body.alert().stage(), STAGE_TAKE_COVER);
  EXPECT_EQ(raise("r1", "east", STAGE_PREPARE).body.alert().stage(), STAGE_TAKE_COVER);
  happen(step_of(missile_at_east(1, kEvening + seconds{5}), track_end::destroyed));
  clock_.set(kEvening + hours{1});
  ASSERT_TRUE(wait_until([this] { return logged_of("east").back().stage() == STAGE_GO; }, kSoon));
  auto const withdrawn = clear("c2", "east");
  ASSERT_TRUE(withdrawn.status.ok());
  EXPECT_EQ(withdrawn.body.alert().stage(), STAGE_GO) << "the answer shows what still holds";
  EXPECT_TRUE(says_official(withdrawn.body.alert()));
  happen(step_of("air_force", true, false, clock_.now()));
  clock_.set(kEvening + hours{24});
  ASSERT_TRUE(settled());
  for (auto const& alert : logged_of("east")) {
    EXPECT_GE(alert.stage(), STAGE_GO) << "rev " << alert.rev();
    EXPECT_TRUE(says_official(alert)) << "rev " << alert.rev();
  }

  happen(step_of("air_force", true, true, clock_.now()));
  happen(step_of({declared("east", false, clock_.now())}));
  ASSERT_TRUE(settled());
  EXPECT_EQ(logged_of("east").back().stage(), STAGE_ALL_CLEAR) << "who declared it ends it";
}

TEST_F(zone_engine, drill_is_another_world) {
  auto real = declared("west", true, kEvening);
  real.belongs_to = world::live;
  auto const drill = declared("east", true, kEvening);
  start_engine();
  happen(step_of({real, drill}));
  ASSERT_TRUE(settled());
  EXPECT_THAT(raions_in_order(logged()), ElementsAre("east STAGE_GO")) << "a live alarm in an exercise";
  EXPECT_EQ(engine_->rejected("LIVE_IN_DRILL"), 1);
  restart_engine();
  ASSERT_TRUE(wait_until([this] { return engine_->steps() >= 5; }, kSoon));
  EXPECT_THAT(raions_in_order(logged()), ElementsAre("east STAGE_GO")) << "nor out of the picture's state";
  expect_sound_log();

  engine_.reset();
  make_database(world::live);
  start_engine();
  happen(step_of({real, drill}));
  ASSERT_TRUE(settled());
  EXPECT_THAT(raions_in_order(logged()), ElementsAre("west STAGE_GO")) << "a drill in the live world";
  EXPECT_EQ(engine_->rejected("DRILL_IN_LIVE"), 1);
}

TEST_F(zone_engine, an_alarm_of_an_unknown_region_disturbs_no_other) {
  start_engine();
  happen(step_of({declared("atlantis", true, kEvening), declared("west", true, kEvening)}));
  ASSERT_TRUE(settled());
  EXPECT_THAT(raions_in_order(logged()), ElementsAre("west STAGE_GO"));
  EXPECT_EQ(engine_->rejected("UNKNOWN_REGION"), 1);
  ASSERT_TRUE(servers().redis->process().running());
  EXPECT_TRUE(speaks_->publish(bus_name(config_.common, "picture"), "\xff noise").ok());
  happen(step_of({declared("east", true, kEvening)}));
  ASSERT_TRUE(settled());
  EXPECT_THAT(raions_in_order(logged()), ElementsAre("west STAGE_GO", "east STAGE_GO"));
  EXPECT_EQ(engine_->rejected("MALFORMED"), 1);
}

TEST_F(zone_engine, a_launch_of_a_trusted_source_covers_its_region_and_outlives_a_restart) {
  start_engine();
  happen(introduced("early_warning", threats::v1::SOURCE_KIND_TRUSTED, kEvening));
  happen(step_of(launched_at(at(kKyiv, 0, 200), kEvening)));
  ASSERT_TRUE(settled());
  EXPECT_THAT(raions_in_order(logged()), ElementsAre("east STAGE_TAKE_COVER", "west STAGE_TAKE_COVER"));
  EXPECT_EQ(logged_of("west").front().threats(0).cause(), zones::v1::CAUSE_LAUNCHED);
  auto const before = logged().size();
  restart_engine();
  ASSERT_TRUE(wait_until([this] { return engine_->steps() >= 5; }, kSoon));
  EXPECT_EQ(logged().size(), before) << "it is in the picture's state, so nothing changed";
}

TEST_F(zone_engine, volunteers_and_one_sensor_alone_raise_nothing) {
  start_engine();
  happen(introduced("early_warning", threats::v1::SOURCE_KIND_VOLUNTEER, kEvening));
  happen(step_of(launched_at(at(kKyiv, 0, 200), kEvening)));
  auto missile = missile_at_east(1, kEvening);
  missile.sources = {source_id{"radar"}};
  happen(introduced("radar", threats::v1::SOURCE_KIND_SENSOR, kEvening));
  happen(step_of(missile));
  ASSERT_TRUE(settled());
  EXPECT_THAT(raions_in_order(logged()), ElementsAre());
}

TEST_F(zone_engine, a_rezoning_hands_alarms_on_and_closes_those_of_zones_that_are_no_more) {
  zones_ = two_raions_before();
  start_engine();
  happen(step_of({declared("old_east", true, kEvening), declared("lost", true, kEvening)}));
  ASSERT_TRUE(raise("r1", "old_east", STAGE_TAKE_COVER).status.ok());
  ASSERT_TRUE(settled());
  auto const before = logged().size();

  engine_.reset();
  zones_ = two_raions();
  start_engine();
  ASSERT_TRUE(wait_until([&] { return logged().size() >= before + 3; }, kSoon));
  auto since = logged();
  since.erase(since.begin(), since.begin() + static_cast<std::ptrdiff_t>(before));
  EXPECT_THAT(raions_in_order(since),
              ElementsAre("east STAGE_TAKE_COVER", "lost STAGE_ALL_CLEAR", "old_east STAGE_ALL_CLEAR"))
      << "whoever is in danger hears it before the old zone is closed";
  EXPECT_EQ(logged_of("old_east").back().headline_en(), "EXERCISE. Zones have changed: old_east");
  EXPECT_THAT(logged_of("old_east").back().body_en(), testing::HasSubstr("there are now: east."));
  EXPECT_THAT(logged_of("lost").back().body_en(), testing::HasSubstr("is no more"));

  EXPECT_EQ(reason_of(raise("r2", "old_east", STAGE_GO).status), "UNKNOWN_ZONE");
  EXPECT_TRUE(clear("c1", "old_east").status.ok()) << "an order from before can be taken back";
  EXPECT_EQ(logged_of("east").back().stage(), STAGE_GO);
  happen(step_of({declared("old_east", false, kEvening + minutes{1})}));
  ASSERT_TRUE(settled());
  EXPECT_EQ(logged_of("east").back().stage(), STAGE_ALL_CLEAR) << "officials still say old_east";
}

TEST_F(zone_engine, a_standby_takes_over_when_the_leaders_connection_dies) {
  config_.limits.tick_interval = minutes{1};  // the leader learns of its loss when it next decides
  start_engine();
  happen(step_of({declared("west", true, kEvening)}));
  ASSERT_TRUE(wait_until([this] { return logged().size() == 2; }, kSoon));
  auto standby = leader();
  for (auto i = 0; i < 5; ++i) ASSERT_FALSE(standby->acquire().value()) << "the leader lives";
  ASSERT_FALSE(standby->held());

  cut_leader();
  ASSERT_TRUE(wait_until([&] { return standby->acquire().value(); }, kSoon));
  EXPECT_TRUE(standby->held());
  config_.limits = quick_limits();
  auto const deposed = std::exchange(engine_, engine_of(std::move(standby)));
  happen(step_of({declared("east", true, kEvening + seconds{1})}));
  EXPECT_TRUE(wait_until([&] { return deposed->fenced(); }, kSoon));
  ASSERT_TRUE(settled());
  EXPECT_THAT(raions_in_order(logged()), ElementsAre("west STAGE_GO", "east STAGE_GO")) << "one of them decided";
  EXPECT_EQ(logged_of("west").size(), 1U);
}

// It may not go on from what it knew: people would have got an alert's revision twice with different content.
TEST_F(zone_engine, a_leader_that_lost_its_right_for_a_while_ends_if_another_decided_meanwhile) {
  config_.limits.tick_interval = minutes{1};
  start_engine();
  happen(step_of({declared("west", true, kEvening)}));
  ASSERT_TRUE(wait_until([this] { return logged().size() == 2; }, kSoon));
  auto standby = leader();
  cut_leader();
  ASSERT_TRUE(wait_until([&] { return standby->acquire().value(); }, kSoon));
  config_.limits = quick_limits();
  auto const deposed = std::exchange(engine_, engine_of(std::move(standby)));
  ASSERT_TRUE(raise("r1", "west", STAGE_TAKE_COVER).status.ok());
  engine_.reset();  // the right is free again
  auto const before = logged().size();
  happen(step_of({declared("east", true, kEvening + seconds{1})}));
  EXPECT_TRUE(wait_until([&] { return deposed->fenced(); }, kSoon));
  EXPECT_EQ(logged().size(), before);
}

TEST_F(zone_engine, a_leader_whose_connection_broke_goes_on_when_nobody_else_decided) {
  start_engine();
  happen(step_of({declared("west", true, kEvening)}));
  ASSERT_TRUE(settled());
  auto const first = one_text(kLeader);
  cut_leader();
  ASSERT_TRUE(wait_until(
      [&] {
        auto const now = one_text(kLeader);
        return now != "0" && now != first;
      },
      kSoon));
  happen(step_of({declared("east", true, kEvening + seconds{1})}));
  ASSERT_TRUE(settled());
  EXPECT_FALSE(engine_->fenced());
  EXPECT_THAT(raions_in_order(logged()), ElementsAre("west STAGE_GO", "east STAGE_GO"));
}

TEST_F(zone_engine, its_sign_of_life_tells_how_much_it_sees) {
  start_engine();
  auto const becomes = [this](picture_state wanted) {
    return wait_until(
        [&] {
          auto const head = reader_->head();
          return head && head->picture == wanted && head->engine_silence < seconds{5};
        },
        kSoon);
  };
  EXPECT_TRUE(becomes(picture_state::lost)) << "no official source has spoken";
  happen(step_of("air_force", true, true, kEvening));
  EXPECT_TRUE(becomes(picture_state::live));
  happen(step_of("radar", false, false, kEvening));
  EXPECT_TRUE(becomes(picture_state::degraded));
  happen(step_of("air_force", true, false, kEvening));
  EXPECT_TRUE(becomes(picture_state::lost));
}

TEST_F(zone_engine, zones_are_listed_with_the_alarm_that_runs) {
  start_engine();
  happen(step_of({declared("west", true, kEvening), declared("east", true, kEvening)}));
  happen(step_of({declared("east", false, kEvening + seconds{1})}));
  ASSERT_TRUE(settled());
  auto const stub = alerts::v1::ZoneService::NewStub(internal_channel(engine_->address()));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kSoon);
  alerts::v1::ListZonesResponse listed;
  ASSERT_TRUE(stub->ListZones(&context, {}, &listed).ok());
  std::map<std::string, zones::v1::Stage> stages;
  for (auto const& row : listed.zones())
    stages[row.zone().zone_id()] = row.has_alert() ? row.alert().stage() : STAGE_ALL_CLEAR;
  EXPECT_THAT(stages, ElementsAre(std::pair{"east", STAGE_ALL_CLEAR}, std::pair{"oblast", STAGE_GO},
                                  std::pair{"west", STAGE_GO}));
}

}  // namespace
}  // namespace siren::test
