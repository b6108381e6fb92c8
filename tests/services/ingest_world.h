#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>

#include "common/pg_store.h"
#include "common/rpc_server.h"
#include "rig/private_servers.h"
#include "services/threat_records.h"
#include "siren/threats/v1/threat_feed_service.grpc.pb.h"
#include "threat_ingest/handlers.h"

namespace siren::test {

/// World time that stands until it is set.
class set_clock final : public world_clock {
 public:
  [[nodiscard]] utc_time now() const override { return utc_time{microseconds{at_.load()}}; }
  void set(utc_time at) { at_ = at.time_since_epoch().count(); }

 private:
  std::atomic<std::int64_t> at_{noon().time_since_epoch().count()};
};

/// threat_ingest's parts put together as its main does, in this process, on a free port.
class ingest_instance {
 public:
  ingest_instance(std::string const& dsn, std::string const& redis, world serves, world_clock const& clock)
      : store_{dsn}, writer_{make_pg_picture_log_writer(store_, "UA")}, bus_{make_redis_bus(redis)} {
    ingest_policy policy;
    policy.intake.serves = serves;
    auto const memory = writer_->open(clock.now() - policy.longest_horizon(), policy.max_recent).value();
    source_map sources{{source_id{"air_force"}, source_kind::official}, {source_id{"radar"}, source_kind::sensor}};
    decisions_ = std::make_unique<ingest>(policy, source_book{std::move(sources), false},
                                          std::set<zone_id>{zone_id{"31"}, zone_id{"14"}});
    decisions_->restore(memory, clock.now(), steady_now());
    epoch_ = memory.state.epoch();
    records_.start(epoch_);
    loop_ = std::make_unique<decision_loop>(decision_loop::parts{*decisions_, records_, clock, counts_,
                                                                 [this] { shut_out_ = true; },
                                                                 [this] { return steady_now() + seconds{ahead_}; }});
    service_ = std::make_unique<threat_feed_service>(*loop_, counts_);
    server_ = rpc_server::start("127.0.0.1:0", rpc_exposure::feeds, {service_.get()}).value();
  }
  ~ingest_instance() {
    loop_->stop();
    server_->stop(milliseconds{500});
  }

  [[nodiscard]] std::string const& address() const { return server_->address(); }
  [[nodiscard]] std::uint64_t epoch() const { return epoch_; }
  [[nodiscard]] bool shut_out() const { return shut_out_; }
  [[nodiscard]] instruments& counts() { return counts_; }
  [[nodiscard]] double refused(std::string const& why) {
    return measured_.counter("siren_ingest_refused_total", "Records refused", {{"reason", why}}).Value();
  }
  [[nodiscard]] double accepted(std::string const& kind) {
    return measured_.counter("siren_ingest_accepted_total", "Records accepted", {{"kind", kind}}).Value();
  }
  /// Lets so much steady time pass at once.
  void pass(seconds time) {
    ahead_ += time.count();
    loop_->tick_soon();
  }

 private:
  pg_store store_;
  std::unique_ptr<picture_log_writer> writer_;
  std::unique_ptr<bus> bus_;
  metrics measured_;
  instruments counts_{measured_};
  bus_publisher publisher_{*bus_, "picture", counts_};
  store_worker worker_;
  recorder records_{*writer_, &publisher_, worker_, counts_};
  std::uint64_t epoch_ = 0;
  std::atomic<bool> shut_out_{false};
  std::atomic<seconds::rep> ahead_{0};
  std::unique_ptr<ingest> decisions_;
  std::unique_ptr<decision_loop> loop_;
  std::unique_ptr<threat_feed_service> service_;
  std::unique_ptr<rpc_server> server_;
};

/// A feed on a real socket. Every wait ends with the stream's deadline.
class feed {
 public:
  using request = threats::v1::StreamThreatsRequest;
  using response = threats::v1::StreamThreatsResponse;

  explicit feed(std::string const& address) : feed{internal_channel(address)} {}
  explicit feed(std::shared_ptr<grpc::Channel> const& channel)
      : stub_{threats::v1::ThreatFeedService::NewStub(channel)} {
    context_.set_deadline(std::chrono::system_clock::now() + seconds{30});
    stream_ = stub_->StreamThreats(&context_);
  }
  ~feed() {
    if (stream_) context_.TryCancel(), static_cast<void>(finish());
  }
  bool send(request one) {
    one.set_record_number(++sent_);
    return stream_->Write(one);
  }
  /// The next answer; a record number of 0 when the stream has ended.
  response answer() {
    response one;
    return stream_->Read(&one) ? one : response{};
  }
  /// "ok" or the reason, for one record sent and answered.
  std::string ask(request one) {
    if (!send(std::move(one))) return "stream ended";
    auto const said = answer();
    if (said.record_number() != sent_) return "stream ended or out of order";
    return said.accepted() ? "ok" : said.reason();
  }
  void done_sending() { stream_->WritesDone(); }
  grpc::Status finish() {
    auto const stream = std::move(stream_);
    for (response rest; stream->Read(&rest);) continue;
    return stream->Finish();
  }

 private:
  std::unique_ptr<threats::v1::ThreatFeedService::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<request, response>> stream_;
  std::uint64_t sent_ = 0;
};

/// What the bus said, and what the log and its tables hold.
class ingest_world : public testing::Test {
 protected:
  static constexpr seconds kSoon{20};

  ingest_world() { make_database("ingest", world::exercise); }
  ~ingest_world() override { stop_instance(); }

  void make_database(std::string const& kind, world serves) {
    static auto number = 0;
    auto const name = kind + std::to_string(++number);
    {
      pqxx::connection admin{servers().postgres->dsn()};
      pqxx::nontransaction{admin}.exec("CREATE DATABASE " + name);
    }
    dsn_ = servers().postgres->dsn();
    dsn_.replace(dsn_.find("dbname=siren"), std::string{"dbname=siren"}.size(), "dbname=" + name);
    store_ = std::make_unique<pg_store>(dsn_);
    auto const made = migrate(*store_, SIREN_SOURCE_DIR "/migrations", std::string{name_of(serves)}, "UA");
    ASSERT_TRUE(made) << made.error().message;
    serves_ = serves;
    reader_ = make_pg_picture_log_reader(*store_, "UA");
  }

  void start_instance() {
    ear_ = listen_redis(servers().redis->address(), {"picture"},
                        {[this](std::string const&, std::string const& bytes) {
                           {
                             std::lock_guard const lock{mutex_};
                             heard_.push_back(bytes);
                           }
                           changed_.notify_all();
                         },
                         [] {}});
    ASSERT_TRUE(wait_until([this] { return ear_->connected(); }, kSoon));
    instance_ = std::make_unique<ingest_instance>(dsn_, servers().redis->address(), serves_, clock_);
  }
  void stop_instance() {
    instance_.reset();
    ear_.reset();
  }

  /// Whether a step on the bus fits, now or soon.
  template <typename Fits>
  bool heard(Fits const& fits) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, kSoon, [&] {
      return std::any_of(heard_.begin(), heard_.end(), [&](std::string const& bytes) {
        threats::v1::PictureStep step;
        return step.ParseFromString(bytes) && fits(step);
      });
    });
  }

  std::int64_t count(std::string const& from) {
    std::int64_t rows = -1;
    auto const done = store_->transact([&](pqxx::work& work) -> result<void> {
      rows = work.exec1("SELECT count(*) FROM " + from)[0].as<std::int64_t>();
      return {};
    });
    EXPECT_TRUE(done);
    return rows;
  }

  std::vector<threats::v1::PictureStep> logged() {
    return reader_->read_after({instance_->epoch(), 0}, 10'000).value();
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

  std::string dsn_;
  world serves_ = world::exercise;
  set_clock clock_;
  std::unique_ptr<pg_store> store_;
  std::unique_ptr<picture_log_reader> reader_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> heard_;
  std::unique_ptr<bus_listener> ear_;
  std::unique_ptr<ingest_instance> instance_;
};

}  // namespace siren::test
