// The shared impure parts: options, clock, log, metrics, the PostgreSQL pool and migrations.
#include <filesystem>
#include <fstream>
#include <future>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/log.h"
#include "common/metrics.h"
#include "common/pg_store.h"
#include "common/service_options.h"
#include "rig/private_servers.h"

namespace siren {
namespace {

namespace fs = std::filesystem;

std::optional<int> parse(std::vector<char const*> words, service_options& to) {
  CLI::App app{"test", "test"};
  add_service_options(app, to);
  words.insert(words.begin(), "test");
  return parse_command_line(app, static_cast<int>(words.size()), words.data());
}

TEST(options, wrong_use_ends_with_status_2_and_help_with_0) {
  service_options options;
  EXPECT_EQ(parse({}, options), 2);
  EXPECT_EQ(parse({"--world", "moon", "--listen", "x"}, options), 2);
  EXPECT_EQ(parse({"--world", "live", "--listen", "x", "--scenario-start", "yesterday"}, options), 2);
  EXPECT_EQ(parse({"--world", "live", "--listen", "x", "--no-such-flag"}, options), 2);
  EXPECT_EQ(parse({"--help"}, options), 0);
}

TEST(options, the_scenario_clock_is_three_numbers_and_never_live) {
  service_options options;
  ASSERT_EQ(parse({"--world", "exercise", "--listen", "x", "--scenario-start", "2026-01-23T18:00:00Z",
                   "--scenario-anchor", "1000000", "--scenario-rate", "60"},
                  options),
            std::nullopt);
  EXPECT_TRUE(options.clock.scenario);
  EXPECT_EQ(options.clock.start, parse_utc("2026-01-23T18:00:00Z").value());
  EXPECT_EQ(options.clock.anchor, wall_time{seconds{1}});
  EXPECT_EQ(options.clock.rate, 60.0);
  EXPECT_TRUE(verify_options(options));
  options.serves = world::live;
  EXPECT_EQ(verify_options(options).error().why, reason::wrong_mode);
}

TEST(options, two_worlds_on_one_bus_can_not_meet) {
  service_options options;
  options.serves = world::exercise;
  auto const drill = bus_name(options, "alert");
  options.serves = world::live;
  EXPECT_NE(bus_name(options, "alert"), drill);
  EXPECT_EQ(drill, "siren:exercise:UA:alert");
}

TEST(clock, a_scenario_runs_at_its_rate_from_its_start) {
  clock_options options{parse_utc("2026-01-23T18:00:00Z").value(), wall_now() - seconds{10}, 60.0, true};
  auto const passed = real_world_clock{options}.now() - options.start;
  EXPECT_GE(passed, minutes{10});
  EXPECT_LT(passed, minutes{20});
}

TEST(clock, the_live_world_has_the_systems_time) {
  auto const before = wall_now().time_since_epoch();
  auto const now = real_world_clock{{}}.now().time_since_epoch();
  EXPECT_GE(now, before);
  EXPECT_LE(now, wall_now().time_since_epoch());
}

class with_folder : public testing::Test {
 protected:
  ~with_folder() override { remove_run_folder(folder_); }
  std::string folder_ = make_run_folder("test");
};

TEST_F(with_folder, a_log_line_is_one_json_object_with_its_trace) {
  auto const file = folder_ + "/log";
  start_logging("tester", "info", file);
  log(log_level::info, "said", {{"text", "a \"quoted\"\nline"}, {"number", 7}, {"yes", true}}, trace_id{"abc"});
  log(log_level::debug, "below_the_level");
  std::ifstream in{file};
  std::stringstream text;
  text << in.rdbuf();
  auto const line = text.str();
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1) << line;
  auto const read = nlohmann::json::parse(line, nullptr, false);
  ASSERT_TRUE(read.is_object()) << line;
  EXPECT_EQ(read.value("level", ""), "info");
  EXPECT_EQ(read.value("service", ""), "tester");
  EXPECT_EQ(read.value("event", ""), "said");
  EXPECT_EQ(read.value("trace_id", ""), "abc");
  EXPECT_EQ(read.value("text", ""), "a \"quoted\"\nline");
  EXPECT_EQ(read.value("number", 0), 7);
  EXPECT_EQ(read.value("yes", false), true);
  EXPECT_TRUE(parse_utc(read.value("time", ""))) << line;
}

TEST(metrics_door, a_taken_address_is_a_clear_failure) {
  auto const address = "127.0.0.1:" + std::to_string(free_port());
  metrics first;
  ASSERT_TRUE(first.serve(address));
  metrics second;
  auto const taken = second.serve(address);
  ASSERT_FALSE(taken);
  EXPECT_NE(taken.error().message.find(address), std::string::npos);
  EXPECT_TRUE(second.serve("")) << "kept but not served";
}

class with_postgres : public with_folder {
 protected:
  void SetUp() override {
    auto started = private_postgres::start(folder_, false);
    ASSERT_TRUE(started) << started.error().message;
    server_ = std::move(started).value();
  }
  static result<void> touch(pg_store& store) {
    return store.transact([](pqxx::work& work) -> result<void> {
      work.exec("SELECT 1");
      return {};
    });
  }
  std::unique_ptr<private_postgres> server_;
};

TEST_F(with_postgres, what_an_act_refuses_changes_nothing) {
  pg_store store{server_->dsn()};
  ASSERT_TRUE(store.transact([](pqxx::work& work) -> result<void> {
    work.exec("CREATE TABLE t (x int)");
    return {};
  }));
  auto const refused = store.transact([](pqxx::work& work) -> result<void> {
    work.exec("INSERT INTO t VALUES (1)");
    return failure{reason::stale_revision, "no"};
  });
  EXPECT_EQ(refused.error().why, reason::stale_revision);
  auto const wrong = store.transact([](pqxx::work& work) -> result<void> {
    work.exec("INSERT INTO t VALUES (2)");
    work.exec("SELECT no_such_column FROM t");
    return {};
  });
  EXPECT_EQ(wrong.error().why, reason::store_unavailable);
  auto rows = -1;
  ASSERT_TRUE(store.transact([&](pqxx::work& work) -> result<void> {
    rows = work.exec1("SELECT count(*) FROM t")[0].as<int>();
    return {};
  }));
  EXPECT_EQ(rows, 0);
}

TEST_F(with_postgres, a_restarted_server_is_found_again_without_a_failed_call) {
  pg_store store{server_->dsn()};
  ASSERT_TRUE(touch(store));
  server_->kill_hard();
  EXPECT_EQ(touch(store).error().why, reason::store_unavailable);
  ASSERT_TRUE(server_->start_again());
  EXPECT_TRUE(touch(store));
  server_->stop();
  ASSERT_TRUE(server_->start_again());
  EXPECT_TRUE(touch(store)) << "the pooled connection died unseen";
}

TEST_F(with_postgres, waits_have_limits) {
  pg_store store{server_->dsn(), {1, seconds{2}, milliseconds{100}, milliseconds{50}}};
  auto const slow = store.transact([](pqxx::work& work) -> result<void> {
    work.exec("SELECT pg_sleep(30)");
    return {};
  });
  EXPECT_EQ(slow.error().why, reason::store_unavailable) << "statement";
  auto const nested = store.transact([&](pqxx::work&) -> result<void> { return touch(store); });
  EXPECT_EQ(nested.error().why, reason::store_unavailable) << "free connection";
  EXPECT_TRUE(touch(store));
}

TEST_F(with_postgres, migrations_are_applied_once_and_pin_the_world) {
  pg_store store{server_->dsn()};
  auto const folder = std::string{SIREN_SOURCE_DIR "/migrations"};
  EXPECT_EQ(check_instance(store, "exercise", "UA").error().why, reason::schema_mismatch);
  std::vector<std::future<std::size_t>> at_once;
  for (auto i = 0; i < 3; ++i)
    at_once.push_back(std::async(std::launch::async, [&] {
      pg_store own{server_->dsn()};
      return migrate(own, folder, "exercise", "UA").value();
    }));
  std::size_t applied = 0;
  for (auto& one : at_once) applied += one.get();
  std::size_t files = 0;
  for ([[maybe_unused]] auto const& file : fs::directory_iterator{folder}) ++files;
  EXPECT_EQ(applied, files) << "each by one of three";
  EXPECT_EQ(migrate(store, folder, "exercise", "UA").value(), 0U);
  EXPECT_TRUE(check_instance(store, "exercise", "UA"));
  EXPECT_EQ(check_instance(store, "live", "UA").error().why, reason::wrong_mode);
  EXPECT_EQ(check_instance(store, "exercise", "PL").error().why, reason::wrong_mode);
  EXPECT_EQ(migrate(store, folder, "live", "UA").error().why, reason::wrong_mode);
}

TEST_F(with_postgres, an_applied_migration_may_not_change) {
  pg_store store{server_->dsn()};
  auto const folder = folder_ + "/migrations";
  fs::copy(SIREN_SOURCE_DIR "/migrations", folder);
  ASSERT_TRUE(migrate(store, folder, "exercise", "UA"));
  std::ofstream{folder + "/0001_instance.sql", std::ios::app} << "-- changed\n";
  EXPECT_EQ(migrate(store, folder, "exercise", "UA").error().why, reason::schema_mismatch);
  EXPECT_EQ(migrate(store, folder_ + "/nothing", "exercise", "UA").error().why, reason::file_unreadable);
}

}  // namespace
}  // namespace siren
