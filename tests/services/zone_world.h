#pragma once

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>

#include <atomic>
#include <mutex>

#include "common/access/access_options.h"
#include "common/convert/alert_convert.h"
#include "common/pg_store.h"
#include "common/rpc_server.h"
#include "fakes/set_clock.h"
#include "rig/private_servers.h"
#include "services/picture_steps.h"
#include "siren/alerts/v1/alarm_service.grpc.pb.h"
#include "zone_engine/adapters/pg_leadership.h"
#include "zone_engine/adapters/pg_order_store.h"
#include "zone_engine/engine.h"
#include "zone_engine/handlers.h"
#include "zone_engine/leftover.h"

namespace siren::test {

inline zone_engine_limits quick_limits() {
  zone_engine_limits limits;
  limits.tick_interval = milliseconds{20};
  limits.beat_interval = milliseconds{50};
  limits.head_poll = milliseconds{100};
  return limits;
}

/// zone_engine's parts put together as its main does once it leads, in this process, on a free port.
class live_engine {
 public:
  live_engine(std::string const& dsn, std::string const& redis, zone_engine_config const& config,
              world_clock const& clock, std::unique_ptr<leadership> held, zone_map const& zones)
      : kept_{journal::open(config.journal, {.max_bytes = kJournalBytes}).value()},
        store_{dsn},
        lead_{std::move(held)},
        speaks_{make_redis_bus(redis)} {
    auto const term = writer_->take_over(kept_->noted()).value();
    EXPECT_TRUE(put_leftover(*kept_, term, *writer_, *orders_));
    EXPECT_TRUE(kept_->clear(term.mine));
    auto const channel = bus_name(config.common, "picture");
    auto const listens = [redis, channel](bus_handlers to) { return listen_redis(redis, {channel}, std::move(to)); };
    engine_ = engine::start({*writer_, *reader_, *picture_, *orders_, *lead_, *kept_, term.mine, *speaks_, listens,
                             clock, measured_},
                            zones, config,
                            {.on_step =
                                 [this](alert_outlet::outcome became) {
                                   became_ = became;
                                   ++steps_;
                                 },
                             .on_fenced = [this] { fenced_ = true; }})
                  .value();
    guard_ = open_guard(config.sign_in, config.common.serves).value();
    alarms_ = std::make_unique<alarm_handlers>(
        alarm_handlers::parts{engine_->zones(), engine_->inputs(), *guard_, config.common.serves, record_},
        config.limits);
    zones_ = std::make_unique<zone_handlers>(engine_->zones(), engine_->board());
    server_ = rpc_server::start("127.0.0.1:0", rpc_exposure::internal, {alarms_.get(), zones_.get()}).value();
  }
  ~live_engine() { server_->stop(milliseconds{500}); }

  [[nodiscard]] std::string const& address() const { return server_->address(); }
  [[nodiscard]] std::uint64_t steps() const { return steps_; }
  [[nodiscard]] bool durable() const { return became_ == alert_outlet::outcome::durable; }
  [[nodiscard]] bool kept() const { return became_ == alert_outlet::outcome::kept; }
  [[nodiscard]] bool at_risk() const { return became_ == alert_outlet::outcome::at_risk; }
  [[nodiscard]] bool fenced() const { return fenced_; }
  [[nodiscard]] double picture_seq() { return measured_.gauge("siren_zone_picture_seq", kHelp).Value(); }
  [[nodiscard]] double undurable() { return measured_.gauge("siren_zone_undurable_alerts", kHelp).Value(); }
  [[nodiscard]] double publish_failures() {
    return measured_.counter("siren_zone_publish_failures_total", kHelp).Value();
  }
  [[nodiscard]] double rejected(std::string const& why) {
    return measured_.counter("siren_zone_rejected_total", kHelp, {{"reason", why}}).Value();
  }

 private:
  static constexpr char kHelp[] = "as the engine says";
  static constexpr std::size_t kJournalBytes = 100'000;
  std::unique_ptr<journal> kept_;
  pg_store store_;
  std::unique_ptr<leadership> lead_;
  std::unique_ptr<alert_log_writer> writer_{make_pg_alert_log_writer(store_, "UA")};
  std::unique_ptr<alert_log_reader> reader_{make_pg_alert_log_reader(store_, "UA")};
  std::unique_ptr<picture_log_reader> picture_{make_pg_picture_log_reader(store_, "UA")};
  std::unique_ptr<order_store> orders_{make_pg_order_store(store_, "UA")};
  std::unique_ptr<bus> speaks_;
  metrics measured_;
  std::atomic<std::uint64_t> steps_{0};
  std::atomic<alert_outlet::outcome> became_{alert_outlet::outcome::at_risk};
  std::atomic<bool> fenced_{false};
  std::unique_ptr<engine> engine_;
  std::unique_ptr<access_guard> guard_;
  std::unique_ptr<audit_writer> record_writer_{make_pg_audit_writer(store_)};
  audit_keeper record_{*record_writer_};
  std::unique_ptr<alarm_handlers> alarms_;
  std::unique_ptr<zone_handlers> zones_;
  std::unique_ptr<rpc_server> server_;
};

/// One database a test with its picture log, the engine on it, and an ear on the bus. Zones: two_raions(). Ends by
/// proving that the alert log is sound.
class zone_engine : public testing::Test {
 protected:
  static constexpr seconds kSoon{20};

  zone_engine() { make_database(world::exercise); }
  ~zone_engine() override {
    engine_.reset();
    ear_.reset();
    expect_sound_log();
  }

  void make_database(world serves) {
    static auto number = 0;
    auto const name = "zones" + std::to_string(++number);
    database_ = name;
    {
      pqxx::connection admin{servers().postgres->dsn()};
      pqxx::nontransaction{admin}.exec("CREATE DATABASE " + name);
    }
    dsn_ = servers().postgres->dsn();
    dsn_.replace(dsn_.find("dbname=siren"), std::string{"dbname=siren"}.size(), "dbname=" + name);
    store_ = std::make_unique<pg_store>(dsn_);
    auto const made = migrate(*store_, SIREN_SOURCE_DIR "/migrations", std::string{name_of(serves)}, "UA");
    ASSERT_TRUE(made) << made.error().message;
    config_.common.serves = serves;
    config_.limits = quick_limits();
    reader_ = make_pg_alert_log_reader(*store_, "UA");
    writer_ = make_pg_picture_log_writer(*store_, "UA");
    picture_ = {writer_->open(kEvening - hours{1}, 1).value().state.epoch(), 0};
    speaks_ = make_redis_bus(redis());
  }

  [[nodiscard]] std::string journal_folder() const { return servers().folder + "/" + database_ + "-journal"; }
  [[nodiscard]] std::unique_ptr<leadership> leader() { return make_pg_leadership(dsn_, "UA"); }
  [[nodiscard]] std::unique_ptr<live_engine> engine_of(std::unique_ptr<leadership> held) {
    auto config = config_;
    config.journal = journal_folder() + (engine_ ? "-standby" : "");
    return std::make_unique<live_engine>(dsn_, redis(), config, clock_, std::move(held), zones_);
  }
  void start_engine() {
    auto const provisional = bus_name(config_.common, "provisional");
    ear_ = listen_redis(redis(), {bus_name(config_.common, "alert"), provisional},
                        {[this, provisional](std::string const& channel, std::string const& bytes) {
                           std::lock_guard const lock{mutex_};
                           auto read = channel == provisional ? provisional_.emplace_back().ParseFromString(bytes)
                                                              : heard_.emplace_back().ParseFromString(bytes);
                           EXPECT_TRUE(read);
                         },
                         [] {}});
    ASSERT_TRUE(wait_until([this] { return ear_->connected(); }, kSoon));
    auto lead = leader();
    ASSERT_TRUE(wait_until([&] { return lead->acquire().value(); }, kSoon));
    engine_ = engine_of(std::move(lead));
  }
  void restart_engine() {
    engine_.reset();
    start_engine();
  }

  /// Into the picture's log only.
  threats::v1::PictureStep write(threats::v1::PictureStep const& step) {
    auto placed = writer_->append(step, {}).value();
    picture_.seq = placed.seq();
    return placed;
  }
  /// Onto the bus only, after the newest step.
  threats::v1::PictureStep say_unlogged(threats::v1::PictureStep step) {
    step.set_epoch(picture_.epoch);
    step.set_seq(++picture_.seq);
    EXPECT_TRUE(say(step));
    return step;
  }
  bool say(threats::v1::PictureStep const& placed) {
    return speaks_->publish(bus_name(config_.common, "picture"), placed.SerializeAsString()).ok();
  }
  void happen(threats::v1::PictureStep const& step) { EXPECT_TRUE(say(write(step))); }

  /// Everything that happened is decided on and logged.
  [[nodiscard]] bool settled() {
    auto const decided = [this] { return engine_->picture_seq() == static_cast<double>(picture_.seq); };
    if (!wait_until(decided, kSoon)) return false;
    auto const before = engine_->steps();
    return wait_until([&] { return engine_->steps() >= before + 2 && engine_->durable(); }, kSoon);
  }

  /// The whole alert log; empty while the database is away.
  [[nodiscard]] std::vector<alerts::v1::LoggedAlert> logged() {
    auto const head = reader_->head();
    if (!head) return {};
    auto const entries = reader_->read_after({head->head.epoch, 0}, 100'000);
    std::vector<alerts::v1::LoggedAlert> all;
    if (!entries) return all;
    for (auto const& entry : *entries) all.push_back(logged_alert_of(entry).value());
    return all;
  }
  [[nodiscard]] std::vector<alerts::v1::Alert> logged_of(std::string const& zone) {
    std::vector<alerts::v1::Alert> found;
    for (auto const& entry : logged())
      if (entry.alert().zone_id() == zone) found.push_back(entry.alert());
    return found;
  }
  /// "zone stage" of every entry but the oblast's, in the order of the log.
  [[nodiscard]] std::vector<std::string> raions_in_order(std::vector<alerts::v1::LoggedAlert> const& entries) {
    std::vector<std::string> found;
    for (auto const& entry : entries)
      if (entry.alert().zone_id() != "oblast")
        found.push_back(entry.alert().zone_id() + " " + zones::v1::Stage_Name(entry.alert().stage()));
    return found;
  }
  [[nodiscard]] std::vector<alerts::v1::LoggedAlert> heard() {
    std::lock_guard const lock{mutex_};
    return heard_;
  }

  [[nodiscard]] std::vector<alerts::v1::ProvisionalAlert> provisional() {
    std::lock_guard const lock{mutex_};
    return provisional_;
  }
  /// The newest provisional alert of a zone.
  [[nodiscard]] std::optional<alerts::v1::ProvisionalAlert> early(std::string const& zone) {
    std::optional<alerts::v1::ProvisionalAlert> found;
    for (auto const& said : provisional())
      if (said.alert().zone_id() == zone) found = said;
    return found;
  }

  template <typename Response>
  struct answer {
    grpc::Status status;
    Response body;
  };
  answer<alerts::v1::RaiseAlarmResponse> raise(std::string const& id, std::string const& zone, zones::v1::Stage stage,
                                               std::string const& text = "") {
    alerts::v1::RaiseAlarmRequest request;
    request.set_request_id(id);
    request.set_operator_name(operator_);
    request.set_zone_id(zone);
    request.set_stage(stage);
    request.set_text(text);
    return ask(request);
  }
  answer<alerts::v1::RaiseAlarmResponse> ask(alerts::v1::RaiseAlarmRequest const& request) {
    answer<alerts::v1::RaiseAlarmResponse> got;
    with_stub([&](auto& stub, auto* context) { got.status = stub.RaiseAlarm(context, request, &got.body); });
    return got;
  }
  answer<alerts::v1::ClearAlarmResponse> clear(std::string const& id, std::string const& zone) {
    alerts::v1::ClearAlarmRequest request;
    request.set_request_id(id);
    request.set_operator_name(operator_);
    request.set_zone_id(zone);
    answer<alerts::v1::ClearAlarmResponse> got;
    with_stub([&](auto& stub, auto* context) { got.status = stub.ClearAlarm(context, request, &got.body); });
    return got;
  }

  template <typename Call>
  void with_stub(Call const& call) {
    auto const stub = alerts::v1::AlarmService::NewStub(internal_channel(engine_->address()));
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kSoon);
    carry_token(context, token_);
    call(*stub, &context);
  }

  std::string one_text(std::string const& query) {
    std::string found;
    auto const done = store_->transact([&](pqxx::work& work) -> result<void> {
      found = work.exec1(query)[0].as<std::string>();
      return {};
    });
    EXPECT_TRUE(done);
    return found;
  }
  static constexpr char kLeader[] =
      "SELECT coalesce(max(pid), 0) FROM pg_locks WHERE locktype = 'advisory' AND granted"
      " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
  /// The server ends the connection that carries the right to decide.
  void cut_leader() { one_text("SELECT coalesce(pg_terminate_backend((" + std::string{kLeader} + ")), false)"); }

  /// Seqs without a hole, revisions 1, 2, 3 … of every alert, nothing after an all clear, one open alert a zone, one
  /// world.
  /// As when the database is restored from a copy made when the log was so long, and no order was given.
  void put_log_back_to(std::uint64_t seq) {
    auto const done = store_->transact([&](pqxx::work& work) -> result<void> {
      work.exec_params0("DELETE FROM alert_log WHERE seq > $1", seq);
      work.exec_params0("UPDATE alert_head SET seq = $1", seq);
      work.exec0("DELETE FROM alert_state");
      work.exec0("DELETE FROM operator_order");
      work.exec0("DELETE FROM alarm_request");
      work.exec0(
          "INSERT INTO alert_state SELECT DISTINCT ON (zone_id) country, zone_id, epoch, seq, alert_id, rev, ended, "
          "alert"
          " FROM alert_log ORDER BY zone_id, seq DESC");
      return {};
    });
    ASSERT_TRUE(done) << done.error().message;
  }

  void expect_sound_log() {
    if (!sound_from_first_revision_) return;
    std::map<std::string, alerts::v1::Alert> newest;
    std::set<std::string> ended;
    std::uint64_t seq = 0;
    for (auto const& entry : logged()) {
      auto const& alert = entry.alert();
      EXPECT_EQ(entry.cursor().seq(), ++seq);
      EXPECT_EQ(alert.world(), to_proto(config_.common.serves));
      EXPECT_FALSE(ended.contains(alert.alert_id())) << "seq " << seq;
      auto const before = newest.find(alert.zone_id());
      auto const goes_on = before != newest.end() && !ended.contains(before->second.alert_id());
      EXPECT_EQ(alert.rev(), goes_on ? before->second.rev() + 1 : 1) << "seq " << seq;
      EXPECT_TRUE(!goes_on || alert.alert_id() == before->second.alert_id()) << "seq " << seq;
      if (alert.stage() == zones::v1::STAGE_ALL_CLEAR) ended.insert(alert.alert_id());
      newest[alert.zone_id()] = alert;
    }
  }

  struct running {
    std::string folder = make_run_folder("test");
    std::unique_ptr<private_postgres> postgres = private_postgres::start(folder, false).value();
    std::unique_ptr<private_redis> redis = private_redis::start(folder).value();
    ~running() {
      redis.reset();
      postgres.reset();
      remove_run_folder(folder);
    }
  };
  static running& servers() {
    static running both;
    return both;
  }
  static std::string redis() { return servers().redis->address(); }

  bool sound_from_first_revision_ = true;  // false: the log was put back, so an epoch may begin with a later revision
  std::string operator_ = "anna";
  std::string token_;  // where there is sign-in
  std::string dsn_;
  std::string database_;
  zone_map zones_ = two_raions();
  zone_engine_config config_;
  set_clock clock_{kEvening};
  std::unique_ptr<pg_store> store_;
  std::unique_ptr<alert_log_reader> reader_;
  std::unique_ptr<picture_log_writer> writer_;
  std::unique_ptr<bus> speaks_;
  cursor picture_;  // of the newest step
  std::unique_ptr<live_engine> engine_;

 private:
  std::mutex mutex_;
  std::vector<alerts::v1::LoggedAlert> heard_;
  std::vector<alerts::v1::ProvisionalAlert> provisional_;
  std::unique_ptr<bus_listener> ear_;
};

}  // namespace siren::test
