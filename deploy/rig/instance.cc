#include "rig/instance.h"

#include <array>
#include <csignal>
#include <fstream>

#include <fmt/format.h>

#include "common/rpc_server.h"
#include "grpc/health/v1/health.grpc.pb.h"

namespace siren {
namespace {

// In the order of starting: each after those that it asks.
constexpr std::array kServices{"shelter_registry", "route_planner", "zone_engine",
                               "threat_ingest",    "alert_gateway", "operator_console"};
constexpr milliseconds kServingWithin{60'000};
constexpr milliseconds kToolWithin{120'000};
constexpr milliseconds kStopGrace{6'000};
constexpr milliseconds kHealthWait{500};

std::string tail(std::string const& file) {
  std::ifstream in{file};
  std::string last;
  for (std::string line; std::getline(in, line);)
    if (!line.empty()) last = line;
  return last;
}

bool serving(std::string const& address) {
  auto const stub = grpc::health::v1::Health::NewStub(internal_channel(address));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kHealthWait);
  grpc::health::v1::HealthCheckResponse answer;
  return stub->Check(&context, {}, &answer).ok() && answer.status() == grpc::health::v1::HealthCheckResponse::SERVING;
}

}  // namespace

instance::instance(instance_options options) : options_{std::move(options)} {
  choose_addresses();
}
instance::~instance() {
  stop();
}

void instance::choose_addresses() {
  for (std::string const name : kServices) {
    addresses_[name] = "unix:" + options_.folder + "/" + name + ".sock";
    metrics_[name] = fmt::format("127.0.0.1:{}", free_port());
  }
  addresses_["alert_gateway_internal"] = addresses_["alert_gateway"];
  addresses_["alert_gateway"] = fmt::format("127.0.0.1:{}", free_port());
  addresses_["operator_console_internal"] = addresses_["operator_console"];
  addresses_["operator_console"] =
      options_.console_listen.empty() ? fmt::format("127.0.0.1:{}", free_port()) : options_.console_listen;
}

result<std::unique_ptr<instance>> instance::start(instance_options options, progress const& tell) {
  std::unique_ptr<instance> made{new instance{std::move(options)}};
  auto const& chosen = made->options_;
  tell("PostgreSQL (private)");
  auto postgres = private_postgres::start(chosen.folder, chosen.durable);
  if (!postgres) return postgres.error();
  made->postgres_ = std::move(postgres).value();
  if (!chosen.keep_data)
    if (auto emptied = made->postgres_->empty_database(); !emptied) return emptied.error();
  tell("Redis (private)");
  auto redis = private_redis::start(chosen.folder);
  if (!redis) return redis.error();
  made->redis_ = std::move(redis).value();
  made->write_instance_file();
  tell("migrations");
  auto migrated =
      made->run_siren({"migrate", "--postgres", made->postgres_->dsn(), "--world", std::string{name_of(chosen.serves)},
                       "--country", chosen.country, "--migrations", chosen.migrations});
  if (!migrated) return migrated.error();
  for (std::string const name : kServices) {
    tell(name);
    if (auto started = made->start_service(name); !started) return started.error();
    if (name == "shelter_registry") {
      if (auto up = made->wait_serving(name, kServingWithin); !up) return up.error();
      tell("shelters of the city");
      auto imported = made->run_siren({"--instance", chosen.folder + "/instance.toml", "city", "import", chosen.city});
      if (!imported) return imported.error();
    }
  }
  for (std::string const name : kServices)
    if (auto up = made->wait_serving(name, kServingWithin); !up) return up.error();
  return made;
}

std::vector<std::string> instance::command(std::string const& name) const {
  std::vector<std::string> words{options_.programs + "/siren_" + name,
                                 "--world",
                                 std::string{name_of(options_.serves)},
                                 "--country",
                                 options_.country,
                                 "--metrics-listen",
                                 metrics_.at(name),
                                 "--log-file",
                                 log_file(name)};
  auto const add = [&](std::initializer_list<std::string> more) { words.insert(words.end(), more); };
  if (options_.clock.scenario)
    add({"--scenario-start", format_utc(options_.clock.start), "--scenario-anchor",
         std::to_string(options_.clock.anchor.time_since_epoch().count()), "--scenario-rate",
         std::to_string(options_.clock.rate)});
  add({"--redis", redis_->address()});
  if (name != "route_planner") add({"--postgres", postgres_->dsn()});
  if (name != "shelter_registry") add({"--city", options_.city});
  add({"--listen", addresses_.at(name)});
  if (name == "route_planner") add({"--registry", addresses_.at("shelter_registry")});
  if (name == "alert_gateway")
    add({"--internal-listen", addresses_.at("alert_gateway_internal"), "--planner", addresses_.at("route_planner")});
  if (name == "operator_console")
    add({"--internal-listen", addresses_.at("operator_console_internal"), "--gateway",
         addresses_.at("alert_gateway_internal"), "--registry", addresses_.at("shelter_registry")});
  if (name == "threat_ingest" && options_.serves == world::exercise && !options_.more.contains(name))
    add({"--any-source"});
  if (auto const more = options_.more.find(name); more != options_.more.end())
    words.insert(words.end(), more->second.begin(), more->second.end());
  return words;
}

result<void> instance::start_service(std::string const& name) {
  auto started = child_process::start({command(name), options_.folder + "/" + name + ".out", ""});
  if (!started) return started.error();
  processes_[name] = std::move(started).value();
  return {};
}

result<void> instance::start_again(std::string const& name) {
  return start_service(name);
}

result<void> instance::wait_serving(std::string const& name, milliseconds at_most) {
  auto const internal = name + "_internal";
  auto const& where = addresses_.contains(internal) ? addresses_.at(internal) : addresses_.at(name);
  auto& process = *processes_.at(name);
  auto const up = wait_until([&] { return !process.running() || serving(where); }, at_most);
  if (!process.running())
    return failure{reason::not_ready,
                   name + " ended: " + tail(options_.folder + "/" + name + ".out") + " " + tail(log_file(name))};
  if (!up) return failure{reason::not_ready, name + " is not serving: " + tail(log_file(name))};
  return {};
}

result<void> instance::run_siren(std::vector<std::string> const& words) {
  std::vector<std::string> all{options_.programs + "/siren"};
  all.insert(all.end(), words.begin(), words.end());
  auto const output = options_.folder + "/siren.out";
  auto started = child_process::start({all, output, ""});
  if (!started) return started.error();
  auto const status = (*started)->wait_for_exit(kToolWithin);
  if (status == 0) return {};
  return failure{reason::not_ready, "siren " + words.front() + " failed: " + tail(output)};
}

void instance::stop() {
  for (auto it = kServices.rbegin(); it != kServices.rend(); ++it)
    if (auto const found = processes_.find(*it); found != processes_.end()) found->second->send(SIGTERM);
  for (auto& [name, process] : processes_) process->stop(kStopGrace);
  processes_.clear();
  redis_.reset();
  postgres_.reset();
}

std::string instance::log_file(std::string const& name) const {
  return options_.folder + "/" + name + ".log";
}

std::vector<std::pair<std::string, pid_t>> instance::processes() const {
  std::vector<std::pair<std::string, pid_t>> all{{"postgres", postgres_->process().pid()},
                                                 {"redis", redis_->process().pid()}};
  for (auto const& [name, process] : processes_) all.emplace_back(name, process->pid());
  return all;
}

void instance::write_instance_file() const {
  std::ofstream out{options_.folder + "/instance.toml"};
  out << fmt::format("world = \"{}\"\ncountry = \"{}\"\n", name_of(options_.serves), options_.country);
  for (auto const& [name, where] : addresses_) out << fmt::format("{} = \"{}\"\n", name, where);
  for (auto const& [name, where] : metrics_) out << fmt::format("{}_metrics = \"{}\"\n", name, where);
  out << fmt::format("postgres = \"{}\"\nredis = \"{}\"\n", postgres_->dsn(), redis_->address());
}

}  // namespace siren
