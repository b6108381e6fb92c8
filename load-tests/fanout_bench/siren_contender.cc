#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <thread>

#include <fmt/format.h>
#include <pqxx/pqxx>

#include "common/alert_log/alert_log.h"
#include "common/bus.h"
#include "common/clock.h"
#include "common/convert/alert_convert.h"
#include "common/pg_store.h"
#include "common/service_options.h"
#include "fanout_bench/alert_text.h"
#include "fanout_bench/contender.h"
#include "fanout_bench/grid_city.h"

namespace siren::fanout {
namespace {

constexpr auto kCountry = "UA";
constexpr milliseconds kReadyWithin{20'000};
constexpr milliseconds kStopWithin{8'000};
constexpr milliseconds kBeatEvery{1'000};
constexpr auto kCommits = "SELECT xact_commit FROM pg_stat_database WHERE datname = 'siren'";

std::string last_line(std::string const& file) {
  std::ifstream in{file};
  std::string last;
  for (std::string line; std::getline(in, line);)
    if (!line.empty()) last = line;
  return last;
}

/// Gateways over a private PostgreSQL and Redis; alerts are appended to the log and then published as zone_engine does.
class siren_contender final : public contender {
 public:
  explicit siren_contender(ground on) : contender{on.zones}, on_{std::move(on)} {}
  ~siren_contender() override {
    {
      std::lock_guard const lock{beat_mutex_};
      stopping_ = true;
    }
    beat_wake_.notify_all();
    if (beats_.joinable()) beats_.join();
  }

  result<void> start() {
    if (auto written = write_grid_city(on_.folder + "/city", on_.zones); !written) return written;
    auto postgres = private_postgres::start(on_.folder, true);
    if (!postgres) return postgres.error();
    postgres_ = std::move(postgres).value();
    auto redis = private_redis::start(on_.folder);
    if (!redis) return redis.error();
    redis_ = std::move(redis).value();
    store_ = std::make_unique<pg_store>(postgres_->dsn());
    auto migrated = migrate(*store_, on_.migrations, "exercise", kCountry);
    if (!migrated) return migrated.error();
    writer_ = make_pg_alert_log_writer(*store_, kCountry);
    if (auto led = writer_->take_over({}); !led) return led.error();
    bus_ = make_redis_bus(redis_->address());
    service_options names;
    names.country = kCountry;
    channel_ = bus_name(names, "alert");
    if (auto beaten = writer_->beat(picture_state::live); !beaten) return beaten;
    beats_ = std::thread{[this] { beat(); }};
    if (on_.tls) {
      auto made = own_certificate(on_.folder);
      if (!made) return made.error();
      certificate_ = std::move(made).value();
    }
    for (std::size_t i = 0; i < on_.servers; ++i) {
      ports_.push_back(free_port());
      gateways_.emplace_back();
      if (auto up = start_gateway(i); !up) return up;
    }
    return {};
  }

  std::string wire() const override { return "siren"; }
  std::vector<std::uint16_t> ports() const override { return ports_; }
  std::vector<pid_t> servers() const override {
    std::vector<pid_t> all;
    for (auto const& one : gateways_)
      if (one->running()) all.push_back(one->pid());
    return all;
  }

  result<void> publish(std::vector<zone_number> const& zones) override {
    auto const now = wall_now();
    std::vector<alert_append> batch;
    auto const round = ++round_;
    for (auto const zone : zones) {
      auto const alert = make_alert(zone, round, now);
      batch.push_back({zone_id{alert.zone_id()}, alert_id{alert.alert_id()}, round, false, alert.SerializeAsString(),
                       "load", fmt::format("{}-{}", round, zone), "load test", "raise", "",
                       trace_id{alert.trace_id()}});
    }
    auto const logged = writer_->append(batch);
    if (!logged) return logged.error();
    ++own_work_;
    std::vector<cursor> places;
    {
      std::lock_guard const lock{mutex_};
      for (std::size_t i = 0; i < zones.size(); ++i) last_[zones[i]] = static_cast<std::uint32_t>((*logged)[i].seq);
    }
    for (auto const& entry : *logged) {
      auto const message = logged_alert_of(entry);
      if (!message) return message.error();
      // A bus that is away costs time only: gateways read the log.
      if (bus_->publish(channel_, message->SerializeAsString())) places.push_back({entry.epoch, entry.seq});
    }
    if (!places.empty()) ++own_work_;
    return writer_->published(places);
  }

  result<std::vector<std::vector<std::uint32_t>>> places() override {
    std::vector<std::vector<std::uint32_t>> all(on_.zones);
    std::map<std::string, std::size_t> number;
    for (std::size_t i = 0; i < on_.zones; ++i) number[grid_zone_id(i)] = i;
    try {
      pqxx::connection connection{postgres_->dsn()};
      pqxx::nontransaction work{connection};
      for (auto const& row : work.exec("SELECT zone_id, seq FROM alert_log ORDER BY seq"))
        all.at(number.at(row[0].as<std::string>())).push_back(row[1].as<std::uint32_t>());
    } catch (std::exception const& bad) {
      return failure{reason::store_unavailable, bad.what()};
    }
    return all;
  }

  double database_work() override {
    auto const commits = postgres_->ask(kCommits);
    ++own_work_;  // that question
    return commits.empty() ? 0.0 : std::stod(commits) - static_cast<double>(own_work_);
  }

  result<void> kill(std::string const& part) override {
    if (part == "redis") return redis_->kill_hard(), result<void>{};
    if (auto* const one = gateway(part)) return one->kill_hard(), result<void>{};
    return no(part);
  }
  result<void> start_again(std::string const& part) override {
    if (part == "redis") return redis_->start_again();
    if (gateway(part) == nullptr) return no(part);
    return start_gateway(number_of(part));
  }
  result<void> stop(std::string const& part) override {
    auto* const one = gateway(part);
    if (one == nullptr) return no(part);
    one->stop(kStopWithin);
    return {};
  }

 private:
  static std::size_t number_of(std::string const& part) {
    static constexpr std::string_view kName = "gateway-";
    if (!part.starts_with(kName)) return ~std::size_t{0};
    return static_cast<std::size_t>(std::atoi(part.c_str() + kName.size()));
  }
  child_process* gateway(std::string const& part) {
    auto const number = number_of(part);
    return number < gateways_.size() ? gateways_[number].get() : nullptr;
  }

  result<void> start_gateway(std::size_t i) {
    auto const log = fmt::format("{}/gateway-{}.log", on_.folder, i);
    std::error_code ignored;
    std::filesystem::remove(log, ignored);
    std::vector<std::string> command{on_.programs + "/siren_alert_gateway",
                                     "--world",
                                     "exercise",
                                     "--country",
                                     kCountry,
                                     "--listen",
                                     fmt::format("127.0.0.1:{}", ports_[i]),
                                     "--internal-listen",
                                     fmt::format("unix:{}/gateway-{}.sock", on_.folder, i),
                                     "--postgres",
                                     postgres_->dsn(),
                                     "--redis",
                                     redis_->address(),
                                     "--city",
                                     on_.folder + "/city",
                                     "--planner",
                                     "unix:" + on_.folder + "/no-planner.sock",
                                     "--loops",
                                     "1",
                                     "--heartbeat-ms",
                                     std::to_string(on_.heartbeat_ms),
                                     "--log-file",
                                     log};
    if (on_.most_streams > 0) command.insert(command.end(), {"--max-streams", std::to_string(on_.most_streams)});
    if (on_.tls) command.insert(command.end(), {"--tls-cert", certificate_.chain, "--tls-key", certificate_.key});
    auto const output = fmt::format("{}/gateway-{}.out", on_.folder, i);
    auto started = child_process::start({command, output, ""});
    if (!started) return started.error();
    gateways_[i] = std::move(started).value();
    auto const says_ready = [&] {
      std::ifstream in{log};
      std::string const all{std::istreambuf_iterator<char>{in}, {}};
      return all.find(R"("event":"ready")") != std::string::npos;
    };
    auto const up = wait_until([&] { return says_ready() || !gateways_[i]->running(); }, kReadyWithin);
    if (!up || !gateways_[i]->running())
      return failure{reason::not_ready, "a gateway did not come up: " + last_line(log) + last_line(output)};
    return {};
  }

  void beat() {
    std::unique_lock lock{beat_mutex_};
    while (!beat_wake_.wait_for(lock, kBeatEvery, [this] { return stopping_; })) {
      lock.unlock();
      (void)writer_->beat(picture_state::live);
      ++own_work_;
      lock.lock();
    }
  }

  ground on_;
  std::unique_ptr<private_postgres> postgres_;
  std::unique_ptr<private_redis> redis_;
  std::unique_ptr<pg_store> store_;
  std::unique_ptr<alert_log_writer> writer_;
  std::unique_ptr<bus> bus_;
  std::string channel_;
  certificate certificate_;
  std::vector<std::uint16_t> ports_;
  std::vector<std::unique_ptr<child_process>> gateways_;
  std::uint32_t round_ = 0;
  std::atomic<std::uint64_t> own_work_{0};
  std::mutex beat_mutex_;
  std::condition_variable beat_wake_;
  bool stopping_ = false;
  std::thread beats_;
};

}  // namespace

result<std::unique_ptr<contender>> start_siren(ground const& on) {
  auto made = std::make_unique<siren_contender>(on);
  if (auto up = made->start(); !up) return up.error();
  return std::unique_ptr<contender>{std::move(made)};
}

result<certificate> own_certificate(std::string const& folder) {
  certificate const made{folder + "/door.pem", folder + "/door.key"};
  if (std::filesystem::exists(made.chain)) return made;
  auto started = child_process::start(
      {{"/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        "-days", "1", "-subj", "/CN=localhost", "-keyout", made.key, "-out", made.chain},
       folder + "/openssl.log",
       ""});
  if (!started) return started.error();
  if ((*started)->wait_for_exit(kReadyWithin) != 0) return failure{reason::not_ready, "openssl made no certificate"};
  return made;
}

}  // namespace siren::fanout
