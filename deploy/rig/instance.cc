#include "rig/instance.h"

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "common/access/local_issuer.h"
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
constexpr seconds kTokenLife{12 * 3'600};  // as long as services believe one

/// "alert_gateway" of "alert_gateway_2".
std::string kind_of(std::string const& name) {
  auto const end = name.find_last_not_of("0123456789");
  return end + 1 < name.size() && name[end] == '_' ? name.substr(0, end) : name;
}

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

std::vector<std::string> instance::names() const {
  std::vector<std::string> all;
  for (std::string const kind : kServices) {
    auto const found = options_.copies.find(kind);
    auto const count = found == options_.copies.end() ? 1 : found->second;
    for (auto i = 1; i <= count; ++i) all.push_back(i == 1 ? kind : fmt::format("{}_{}", kind, i));
  }
  return all;
}

void instance::choose_addresses() {
  for (auto const& name : names()) {
    addresses_[name] = "unix:" + options_.folder + "/" + name + ".sock";
    metrics_[name] = fmt::format("127.0.0.1:{}", free_port());
    if (kind_of(name) != "alert_gateway" && kind_of(name) != "operator_console") continue;
    addresses_[name + "_internal"] = addresses_[name];
    addresses_[name] = fmt::format("127.0.0.1:{}", free_port());
  }
  if (!options_.console_listen.empty()) addresses_["operator_console"] = options_.console_listen;
}

result<std::unique_ptr<instance>> instance::start(instance_options options, progress const& tell) {
  std::unique_ptr<instance> made{new instance{std::move(options)}};
  if (auto issued = made->issue_tokens(); !issued) return issued.error();
  if (auto started = made->start_stores(tell); !started) return started.error();
  made->write_instance_file();
  tell("migrations");
  auto const& chosen = made->options_;
  auto migrated = made->run_siren({"migrate", "--postgres", made->dsn_, "--world", std::string{name_of(chosen.serves)},
                                   "--country", chosen.country, "--migrations", chosen.migrations});
  if (!migrated) return migrated.error();
  if (auto started = made->start_services(tell); !started) return started.error();
  return made;
}

result<void> instance::issue_tokens() {
  if (options_.people.empty()) return {};
  auto const issuer = local_issuer::open(options_.serves, options_.folder + "/issuer");
  if (!issuer) return issuer.error();
  for (auto const& [name, roles] : options_.people) {
    std::vector<std::string> grants;
    for (auto const& role : roles) grants.push_back(options_.city_zone + "/" + role);
    tokens_[name] = issuer->token({name, grants, kTokenLife}, wall_now());
    auto const file = options_.folder + "/" + name + ".token";
    std::error_code bad;
    std::ofstream out{file};
    std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, bad);
    out << tokens_[name] << '\n';
    if (!out.flush()) return failure{reason::file_unreadable, file + " can't be written"};
  }
  auto const told = issuer->options();
  access_flags_ = {"--access-issuer",    told.issuer,    "--access-audience", told.audience,
                   "--access-algorithm", told.algorithm, "--access-jwks",     told.jwks};
  return {};
}

std::string instance::token_of(std::string const& person) const {
  auto const found = tokens_.find(person);
  return found == tokens_.end() ? "" : found->second;
}

result<void> instance::start_stores(progress const& tell) {
  if (options_.stores) {
    dsn_ = options_.stores->postgres;
    redis_flags_ = options_.stores->redis;
    return {};
  }
  tell("PostgreSQL (private)");
  auto postgres = private_postgres::start(options_.folder, options_.durable);
  if (!postgres) return postgres.error();
  postgres_ = std::move(postgres).value();
  if (!options_.keep_data)
    if (auto emptied = postgres_->empty_database(); !emptied) return emptied.error();
  tell("Redis (private)");
  auto redis = private_redis::start(options_.folder);
  if (!redis) return redis.error();
  redis_ = std::move(redis).value();
  dsn_ = postgres_->dsn();
  redis_flags_ = {"--redis", redis_->address()};
  return {};
}

result<void> instance::start_services(progress const& tell) {
  for (auto const& name : names()) {
    tell(name);
    if (auto started = start_service(name); !started) return started.error();
    // The first engine is to lead; a second one stands by and serves nothing.
    auto const first_engine = name == "zone_engine" && options_.copies.contains(name);
    if (name == "shelter_registry" || first_engine)
      if (auto up = wait_serving(name, kServingWithin); !up) return up.error();
    if (name == "shelter_registry") {
      tell("shelters of the city");
      auto imported = run_siren({"--instance", options_.folder + "/instance.toml", "city", "import", options_.city});
      if (!imported) return imported.error();
    }
  }
  for (auto const& name : names()) {
    if (kind_of(name) == "zone_engine" && name != "zone_engine") continue;
    if (auto up = wait_serving(name, kServingWithin); !up) return up.error();
  }
  return {};
}

std::vector<std::string> instance::command(std::string const& name) const {
  auto const kind = kind_of(name);
  std::vector<std::string> words{options_.programs + "/siren_" + kind,
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
  words.insert(words.end(), redis_flags_.begin(), redis_flags_.end());
  add({"--postgres", dsn_});
  if (kind != "shelter_registry") add({"--city", options_.city});
  add({"--listen", addresses_.at(name)});
  if (kind == "zone_engine") add({"--journal", options_.folder + "/" + name + "-journal"});
  if (kind == "route_planner") add({"--registry", addresses_.at("shelter_registry")});
  // A folder each: one process at a time writes there.
  if (kind == "route_planner" || kind == "alert_gateway") add({"--cache", options_.folder + "/cache-" + name});
  if (kind == "alert_gateway")
    add({"--internal-listen", addresses_.at(name + "_internal"), "--planner", addresses_.at("route_planner")});
  if (kind == "operator_console") {
    add({"--internal-listen", addresses_.at("operator_console_internal"), "--engine", addresses_.at("zone_engine"),
         "--registry", addresses_.at("shelter_registry")});
    for (auto const& other : names())
      if (kind_of(other) == "alert_gateway") add({"--gateway", addresses_.at(other + "_internal")});
  }
  if (kind == "operator_console" || kind == "zone_engine" || kind == "shelter_registry")
    words.insert(words.end(), access_flags_.begin(), access_flags_.end());
  if (kind == "shelter_registry" && !access_flags_.empty()) add({"--access-city", options_.city_zone});
  if (kind == "threat_ingest" && options_.serves == world::exercise && !options_.more.contains(kind))
    add({"--any-source"});
  if (auto const more = options_.more.find(kind); more != options_.more.end())
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
  auto const all = names();
  for (auto it = all.rbegin(); it != all.rend(); ++it)
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
  std::vector<std::pair<std::string, pid_t>> all;
  if (postgres_) all.emplace_back("postgres", postgres_->process().pid());
  if (redis_) all.emplace_back("redis", redis_->process().pid());
  for (auto const& [name, process] : processes_) all.emplace_back(name, process->pid());
  return all;
}

void instance::write_instance_file() const {
  std::ofstream out{options_.folder + "/instance.toml"};
  out << fmt::format("world = \"{}\"\ncountry = \"{}\"\n", name_of(options_.serves), options_.country);
  for (auto const& [name, where] : addresses_) out << fmt::format("{} = \"{}\"\n", name, where);
  for (auto const& [name, where] : metrics_) out << fmt::format("{}_metrics = \"{}\"\n", name, where);
  out << fmt::format("postgres = \"{}\"\n", dsn_);
  if (redis_) out << fmt::format("redis = \"{}\"\n", redis_->address());
  if (!tokens_.empty())
    out << fmt::format("token_file = \"{}/{}.token\"\n", options_.folder, options_.people.front().first);
}

}  // namespace siren
