#include "rig/private_servers.h"

#include <pwd.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include <hiredis/hiredis.h>
#include <pqxx/pqxx>

namespace siren {
namespace {

namespace fs = std::filesystem;

constexpr auto kRoot = "/var/tmp";
constexpr auto kPostgresUser = "postgres";
// Only part of the socket's file name, no TCP port is opened; not the default, so that nobody connects by mistake.
constexpr auto kPostgresPort = "54017";
constexpr milliseconds kReadyWithin{30'000};
constexpr milliseconds kInitWithin{60'000};
constexpr milliseconds kStopGrace{10'000};
constexpr std::size_t kMaxSocketPath = 107;
// Without one a primary forgets what a standby that is behind still needs at its next checkpoint, and with a crash at
// once: that standby never comes back, and every commit waits for it.
constexpr auto kStandbySlot = "siren_standby";

result<std::string> postgres_program(std::string const& name) {
  for (auto version : {"17", "16", "15"}) {
    auto path = std::string{"/usr/lib/postgresql/"} + version + "/bin/" + name;
    if (fs::exists(path)) return path;
  }
  return failure{reason::not_ready, "PostgreSQL is not installed: no " + name + " under /usr/lib/postgresql"};
}

void hand_to_postgres(std::string const& path) {
  if (geteuid() != 0) return;
  if (auto const* user = getpwnam(kPostgresUser); user != nullptr)
    if (chown(path.c_str(), user->pw_uid, user->pw_gid) != 0) return;  // initdb then says what is wrong
}

bool answers(std::string const& dsn) {
  try {
    pqxx::connection const probe{dsn + " connect_timeout=1"};
    return probe.is_open();
  } catch (std::exception const&) {
    return false;
  }
}

}  // namespace

std::string make_run_folder(std::string const& prefix) {
  auto pattern = std::string{kRoot} + "/siren-" + prefix + "-XXXXXX";
  verify(mkdtemp(pattern.data()) != nullptr, "a folder can be made under /var/tmp");
  fs::permissions(pattern, fs::perms{0755});
  return pattern;
}

void remove_run_folder(std::string const& folder) {
  if (!folder.starts_with(std::string{kRoot} + "/siren-")) return;
  std::error_code ignored;
  fs::remove_all(folder, ignored);
}

result<std::unique_ptr<private_postgres>> private_postgres::start(std::string const& folder, bool durable) {
  return start(folder, settings{.durable = durable});
}

result<std::unique_ptr<private_postgres>> private_postgres::start(std::string const& folder, settings chosen) {
  std::unique_ptr<private_postgres> made{new private_postgres};
  made->folder_ = folder;
  made->settings_ = std::move(chosen);
  if (folder.size() + 32 > kMaxSocketPath)
    return failure{reason::malformed, "the data folder's path is too long: " + folder};
  auto const data = folder + "/pg";
  auto const fresh = !fs::exists(data + "/PG_VERSION");
  if (fresh) {
    std::error_code ignored;
    fs::create_directories(data, ignored);
    hand_to_postgres(data);
    auto const initdb = postgres_program("initdb");
    if (!initdb) return initdb.error();
    auto log = folder + "/initdb.log";
    auto started = child_process::start({{*initdb, "-D", data, "-U", "siren", "-A", "trust", "--encoding=UTF8",
                                          "--locale=C.UTF-8", "--no-sync", "--no-instructions"},
                                         log,
                                         kPostgresUser});
    if (!started) return started.error();
    if ((*started)->wait_for_exit(kInitWithin) != 0) return failure{reason::not_ready, "initdb failed, see " + log};
  }
  if (auto running = made->run(); !running) return running.error();
  if (fresh)
    if (auto made_database = made->empty_database(); !made_database) return made_database.error();
  return made;
}

std::string private_postgres::dsn() const {
  if (settings_.tcp_port != 0)
    return "host=127.0.0.1 port=" + std::to_string(settings_.tcp_port) + " user=siren dbname=siren";
  return "host=" + folder_ + "/pg port=" + kPostgresPort + " user=siren dbname=siren";
}

result<std::unique_ptr<private_postgres>> private_postgres::start_standby(std::string const& folder,
                                                                          private_postgres& primary, settings chosen) {
  std::unique_ptr<private_postgres> made{new private_postgres};
  made->folder_ = folder;
  made->settings_ = std::move(chosen);
  fs::create_directories(folder);
  fs::permissions(folder, fs::perms{0755});
  hand_to_postgres(folder);
  auto copied =
      primary.copy(folder + "/pg", {"--write-recovery-conf", "--create-slot", std::string{"--slot="} + kStandbySlot});
  if (!copied) return copied.error();
  if (auto running = made->run(); !running) return running.error();
  return made;
}

result<void> private_postgres::wait_for_standby() {
  static_cast<void>(ask("ALTER SYSTEM SET synchronous_standby_names = '*'"));
  static_cast<void>(ask("SELECT pg_reload_conf()"));
  auto const synchronous = [&] { return ask("SELECT sync_state FROM pg_stat_replication") == "sync"; };
  if (!wait_until(synchronous, kReadyWithin)) return failure{reason::not_ready, "no standby is synchronous"};
  return {};
}

result<void> private_postgres::copy_to(std::string const& to) {
  return copy(to, {});
}

result<void> private_postgres::copy(std::string const& to, std::vector<std::string> more) {
  auto const program = postgres_program("pg_basebackup");
  if (!program) return program.error();
  auto const parent = fs::path{to}.parent_path().string();
  hand_to_postgres(parent);
  auto const server = server_address();
  std::vector<std::string> command{*program, "-D",    to,   "-h",     server.first,        "-p",       server.second,
                                   "-U",     "siren", "-X", "stream", "--checkpoint=fast", "--no-sync"};
  command.insert(command.end(), more.begin(), more.end());
  auto const log = parent + "/basebackup.log";
  auto started = child_process::start({command, log, kPostgresUser});
  if (!started) return started.error();
  if ((*started)->wait_for_exit(kInitWithin) != 0)
    return failure{reason::not_ready, "pg_basebackup failed, see " + log};
  return {};
}

result<void> private_postgres::put_back(std::string const& from) {
  std::error_code bad;
  fs::remove_all(folder_ + "/pg", bad);
  if (!bad) fs::rename(from, folder_ + "/pg", bad);
  if (bad) return failure{reason::file_unreadable, "the copy can't be put back: " + bad.message()};
  return {};
}

result<void> private_postgres::promote() {
  auto const became = ask("SELECT pg_promote(true, 30)");
  if (became != "t") return failure{reason::not_ready, "the standby did not become the primary"};
  return {};
}

std::string private_postgres::ask(std::string const& query) const {
  try {
    pqxx::connection connection{dsn() + " connect_timeout=2 options='-c statement_timeout=5000'"};
    pqxx::nontransaction work{connection};
    auto const rows = work.exec(query);
    return rows.empty() || rows[0][0].is_null() ? "" : rows[0][0].as<std::string>();
  } catch (std::exception const&) {
    return "";
  }
}

std::pair<std::string, std::string> private_postgres::server_address() const {
  if (settings_.tcp_port != 0) return {"127.0.0.1", std::to_string(settings_.tcp_port)};
  return {folder_ + "/pg", kPostgresPort};
}

result<void> private_postgres::empty_database() {
  try {
    auto const [host, port] = server_address();
    pqxx::connection connection{"host=" + host + " port=" + port + " user=siren dbname=postgres"};
    pqxx::nontransaction work{connection};
    work.exec("DROP DATABASE IF EXISTS siren");
    work.exec("CREATE DATABASE siren");
  } catch (std::exception const& bad) {
    return failure{reason::store_unavailable, bad.what()};
  }
  return {};
}

result<void> private_postgres::run() {
  auto const program = postgres_program("postgres");
  if (!program) return program.error();
  auto const data = folder_ + "/pg";
  std::vector<std::string> command{*program,
                                   "-D",
                                   data,
                                   "-k",
                                   data,
                                   "-p",
                                   kPostgresPort,
                                   "-c",
                                   "listen_addresses=",
                                   "-c",
                                   "max_connections=60",
                                   "-c",
                                   "logging_collector=off"};
  if (settings_.tcp_port != 0) {
    command[6] = std::to_string(settings_.tcp_port);
    command[8] = "listen_addresses=127.0.0.1";
  }
  for (auto const& setting : settings_.more) command.insert(command.end(), {"-c", setting});
  if (!settings_.durable)
    for (auto const* setting : {"fsync=off", "full_page_writes=off"}) command.insert(command.end(), {"-c", setting});
  auto started = child_process::start({command, folder_ + "/postgres.log", kPostgresUser, SIGINT});
  if (!started) return started.error();
  process_ = std::move(started).value();
  auto const [host, port] = server_address();
  auto const probe = "host=" + host + " port=" + port + " user=siren dbname=postgres";
  auto const ready = wait_until([&] { return !process_->running() || answers(probe); }, kReadyWithin);
  if (!ready || !process_->running())
    return failure{reason::not_ready, "PostgreSQL did not start, see " + folder_ + "/postgres.log"};
  return {};
}

void private_postgres::stop() {
  process_->stop(kStopGrace);
}
void private_postgres::freeze() {
  // The postmaster first, so that no backend is born meanwhile.
  process_->send(SIGSTOP);
  for (auto const child : children_of(process_->pid())) kill(child, SIGSTOP);
}
void private_postgres::thaw() {
  for (auto const child : children_of(process_->pid())) kill(child, SIGCONT);
  process_->send(SIGCONT);
}
void private_postgres::kill_hard() {
  // A killed postmaster leaves backends that may answer one more query; an immediate shutdown crashes all of them at
  // once.
  process_->send(SIGQUIT);
  if (!process_->wait_for_exit(kStopGrace)) process_->kill_hard();
}
result<void> private_postgres::start_again() {
  return run();
}

result<std::unique_ptr<private_redis>> private_redis::start(std::string const& folder) {
  std::unique_ptr<private_redis> made{new private_redis};
  made->folder_ = folder;
  if (auto running = made->start_again(); !running) return running.error();
  return made;
}

std::string private_redis::address() const {
  return "unix:" + folder_ + "/redis.sock";
}

void private_redis::stop() {
  process_->stop(kStopGrace);
}
void private_redis::kill_hard() {
  process_->kill_hard();
}

result<void> private_redis::start_again() {
  auto const path = folder_ + "/redis.sock";
  auto started =
      child_process::start({{"/usr/bin/redis-server", "--port", "0", "--unixsocket", path, "--unixsocketperm", "700",
                             "--save", "", "--appendonly", "no", "--dir", folder_},
                            folder_ + "/redis.log",
                            ""});
  if (!started) return started.error();
  process_ = std::move(started).value();
  auto const answers = [&] {
    auto* context = redisConnectUnix(path.c_str());
    auto const up = context != nullptr && context->err == 0;
    if (context != nullptr) redisFree(context);
    return up;
  };
  auto const ready = wait_until([&] { return !process_->running() || answers(); }, kReadyWithin);
  if (!ready || !process_->running())
    return failure{reason::not_ready, "Redis did not start, see " + folder_ + "/redis.log"};
  return {};
}

}  // namespace siren
