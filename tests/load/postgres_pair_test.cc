// The pair of servers that faults are played on breaks as told, and only so.
#include <gtest/gtest.h>

#include "fault_rig/postgres_pair.h"

namespace siren::faults {
namespace {

constexpr milliseconds kSoon{30'000};
// More than the primary keeps by itself: two segments, and those since the checkpoint before the last.
constexpr int kSegments = 6;

struct postgres_pair_test : testing::Test {
  void SetUp() override {
    folder_ = make_run_folder("test");
    auto started = postgres_pair::start(folder_);
    ASSERT_TRUE(started.ok()) << started.error().message;
    pair_ = std::move(started).value();
  }
  void TearDown() override {
    pair_.reset();
    remove_run_folder(folder_);
  }

  std::string folder_;
  std::unique_ptr<postgres_pair> pair_;
};

// People would have seen: "not current" on every phone, for good. The primary's disk got full, it crashed before the
// standby had everything, and its recovery threw away what the standby still needed; then every commit waited for a
// standby that could never follow again. Whether it happened depended on which was faster.
TEST_F(postgres_pair_test, a_standby_that_was_behind_when_the_primary_crashed_follows_it_again) {
  pair_->standby().freeze();
  for (auto i = 0; i < kSegments; ++i)
    ASSERT_NE(pair_->primary().ask("SELECT pg_switch_wal() FROM pg_logical_emit_message(false, 'test', 'x')"), "");
  pair_->primary().kill_hard();
  ASSERT_TRUE(pair_->primary().start_again().ok());
  pair_->standby().thaw();

  auto const follows = [&] {
    return pair_->primary().ask(
               "SELECT flush_lsn >= pg_current_wal_flush_lsn() FROM pg_stat_replication"
               " WHERE sync_state = 'sync'") == "t";
  };
  EXPECT_TRUE(wait_until(follows, kSoon)) << "the standby does not come back";
}

}  // namespace
}  // namespace siren::faults
