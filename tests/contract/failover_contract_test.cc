// Bus and store over servers that fail over: Redis with Sentinels, PostgreSQL with a synchronous standby.
#include <atomic>

#include <gtest/gtest.h>

#include "common/bus.h"
#include "common/clock.h"
#include "common/pg_store.h"
#include "common/redis_place.h"
#include "fault_rig/postgres_pair.h"
#include "fault_rig/redis_family.h"

namespace siren {
namespace {

constexpr seconds kSoon{30};

class failover_contract : public testing::Test {
 protected:
  ~failover_contract() override { remove_run_folder(folder_); }
  std::string folder_ = make_run_folder("test");
};

/// Speaks without end and counts what comes back.
class conversation {
 public:
  explicit conversation(std::string const& address)
      : speaks_{make_redis_bus(address)},
        listens_{listen_redis(address, {"a"},
                              {[this](std::string const&, std::string const&) { ++heard_; }, [this] { ++joined_; }})} {}
  [[nodiscard]] bool works() {
    auto const before = heard_.load();
    return wait_until(
        [&] {
          (void)speaks_->publish("a", "x").ok();
          return heard_ > before;
        },
        kSoon);
  }
  [[nodiscard]] int joined() const { return joined_; }
  [[nodiscard]] bool say() { return speaks_->publish("a", "x").ok(); }

 private:
  std::atomic<int> heard_{0};
  std::atomic<int> joined_{0};
  std::unique_ptr<bus> speaks_;
  std::unique_ptr<bus_listener> listens_;  // last: its thread writes to what is above
};

TEST_F(failover_contract, the_bus_follows_redis_to_the_promoted_replica) {
  auto const redis = faults::redis_family::start(folder_).value();
  conversation talk{redis->address()};
  ASSERT_TRUE(talk.works());
  auto const was = redis->primary();
  redis->node(was).kill_hard();
  auto const joined = talk.joined();
  ASSERT_TRUE(wait_until([&] { return talk.joined() > joined; }, kSoon)) << "told that something may be missing";
  EXPECT_TRUE(talk.works());
  EXPECT_NE(redis->primary(), was);
}

// People would have seen alerts half a second late each, for as long as nobody noticed: the old primary takes every
// message, and nobody hears it.
TEST_F(failover_contract, nobody_is_left_on_an_old_primary_that_still_answers) {
  auto const redis = faults::redis_family::start(folder_).value();
  conversation talk{redis->address()};
  ASSERT_TRUE(talk.works());
  auto const was = redis->primary();
  auto const joined = talk.joined();
  auto const hidden_at = steady_now();
  redis->hide(was);
  ASSERT_TRUE(talk.say()) << "the old primary still answers whoever is connected";
  ASSERT_TRUE(wait_until([&] { return talk.joined() > joined; }, kSoon));
  EXPECT_TRUE(talk.works());
  EXPECT_LT(steady_now() - hidden_at, seconds{5});
  EXPECT_NE(redis->primary(), was);
}

TEST_F(failover_contract, a_listener_on_a_connection_that_swallows_everything_comes_back) {
  auto const redis = faults::redis_family::start(folder_).value();
  auto proxy = faults::tcp_proxy::start(redis->way_to(0).port()).value();
  conversation talk{"127.0.0.1:" + std::to_string(proxy->port())};
  ASSERT_TRUE(talk.works());
  auto const joined = talk.joined();
  proxy->set(faults::network_fault::blackhole);
  auto const began = steady_now();
  EXPECT_FALSE(talk.say());
  EXPECT_LT(steady_now() - began, seconds{1});
  // Those that hang are cut and come back when the network does.
  ASSERT_TRUE(wait_until([&] { return steady_now() - began > seconds{4}; }, kSoon));
  proxy->set(faults::network_fault::none);
  ASSERT_TRUE(wait_until([&] { return talk.joined() > joined; }, kSoon));
  EXPECT_TRUE(talk.works());
}

TEST_F(failover_contract, what_was_committed_is_on_the_promoted_standby_which_is_found) {
  auto const servers = faults::postgres_pair::start(folder_).value();
  pg_store store{servers->dsn()};
  auto const sql = [&](std::string const& text) {
    return store.transact([&](pqxx::work& work) -> result<void> {
      work.exec(text);
      return {};
    });
  };
  ASSERT_TRUE(sql("CREATE TABLE fact (n int PRIMARY KEY)"));
  auto acknowledged = 0;
  for (auto n = 1; n <= 50; ++n)
    acknowledged += static_cast<int>(sql("INSERT INTO fact VALUES (" + std::to_string(n) + ")").ok());
  ASSERT_EQ(acknowledged, 50);
  ASSERT_TRUE(servers->lose_primary());
  ASSERT_TRUE(wait_until([&] { return sql("INSERT INTO fact VALUES (51)").ok(); }, kSoon));
  EXPECT_EQ(servers->current().ask("SELECT count(*) FROM fact"), "51");
}

TEST_F(failover_contract, a_server_that_hangs_fails_in_time_and_serves_again) {
  auto const server = private_postgres::start(folder_, false).value();
  pg_store store{server->dsn(), pg_store::limits{.statement_timeout = milliseconds{300}}};
  auto const ask = [&] {
    return store.transact([&](pqxx::work& work) -> result<void> {
      work.exec("SELECT 1");
      return {};
    });
  };
  ASSERT_TRUE(ask());
  server->freeze();
  auto const began = steady_now();
  auto const hung = ask();
  EXPECT_FALSE(hung);
  EXPECT_LT(steady_now() - began, seconds{5});
  server->thaw();
  EXPECT_TRUE(wait_until([&] { return ask().ok(); }, kSoon));
}

TEST(redis_address, sentinels_are_read_or_refused) {
  auto const good = parse_redis_address("sentinels:siren@a:1,b:2").value();
  ASSERT_TRUE(good.has_value());
  EXPECT_EQ(good->master, "siren");
  EXPECT_EQ(good->sentinels, (std::vector<std::string>{"a:1", "b:2"}));
  EXPECT_FALSE(parse_redis_address("unix:/run/redis.sock").value().has_value());
  for (auto const* wrong : {"sentinels:siren", "sentinels:@a:1", "sentinels:siren@", "sentinels:siren@a",
                            "sentinels:siren@a:x", "sentinels:siren@:1"})
    EXPECT_EQ(parse_redis_address(wrong).error().why, reason::malformed) << wrong;
}

}  // namespace
}  // namespace siren
