// The record: what the database writes agrees with what is recomputed here, and no row can be changed unnoticed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "common/alert_log/pg_alert_log.h"
#include "common/audit/audit_check.h"
#include "common/audit/audit_keeper.h"
#include "common/clock.h"
#include "common/pg_store.h"
#include "rig/private_servers.h"

namespace siren {
namespace {

using ::testing::HasSubstr;

class audit : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { folder_ = make_run_folder("test"); }
  static void TearDownTestSuite() { remove_run_folder(folder_); }
  void SetUp() override {
    server_ = private_postgres::start(folder_, false).value();
    ASSERT_TRUE(server_->empty_database());
    store_ = std::make_unique<pg_store>(server_->dsn());
    auto const migrated = migrate(*store_, SIREN_SOURCE_DIR "/migrations", "exercise", "UA");
    ASSERT_TRUE(migrated) << migrated.error().message;
    writer_ = make_pg_audit_writer(*store_);
    reader_ = make_pg_audit_reader(*store_);
    alerts_ = make_pg_alert_log_writer(*store_, "UA");
  }
  void TearDown() override {
    alerts_.reset();
    reader_.reset();
    writer_.reset();
    store_.reset();
    server_.reset();
  }

  void add(std::string const& detail) {
    ASSERT_TRUE(writer_->add({"orders", "olena", "propose", "31", detail, trace_id{"t1"}}));
  }
  static alert_append alert_of(std::uint32_t rev, std::string const& zone = "31") {
    return {.zone = zone_id{zone},
            .alert = alert_id{zone + "@1"},
            .rev = rev,
            .ended = false,
            .bytes = "alert " + zone + " " + std::to_string(rev),
            .source = "engine",
            .message_id = zone + "/" + std::to_string(rev),
            .actor = "air_force",
            .act = "change",
            .because = "Тривога: \"Київ\"",
            .trace = trace_id{"t2"}};
  }
  result<void> ask(std::string const& what) {
    return store_->transact([&](pqxx::work& work) -> result<void> {
      work.exec(what);
      return {};
    });
  }
  /// As whoever owns the database could.
  void tamper(std::string const& what) {
    ASSERT_TRUE(ask("ALTER TABLE audit_record DISABLE TRIGGER ALL"));
    ASSERT_TRUE(ask(what));
    ASSERT_TRUE(ask("ALTER TABLE audit_record ENABLE TRIGGER ALL"));
  }
  audit_findings check(std::string const& chain, std::optional<audit_mark> const& known = std::nullopt) {
    auto const heads = reader_->heads().value();
    for (auto const& head : heads)
      if (head.chain == chain) return check_chain(*reader_, head, known, 3).value();
    ADD_FAILURE() << "no chain " << chain;
    return {};
  }
  std::string fault(std::string const& chain) { return check(chain).fault.value_or("none"); }

  static std::string folder_;  // NOLINT: one database folder for the suite
  std::unique_ptr<private_postgres> server_;
  std::unique_ptr<pg_store> store_;
  std::unique_ptr<audit_writer> writer_;
  std::unique_ptr<audit_reader> reader_;
  std::unique_ptr<alert_log_writer> alerts_;
};
std::string audit::folder_;  // NOLINT: one database folder for the suite

TEST_F(audit, what_is_written_is_what_is_recomputed) {
  add("Дрони з півночі, \"quoted\", 12:34");
  add("");
  for (int i = 0; i < 7; ++i) add(std::to_string(i));
  auto const found = check("orders");
  EXPECT_EQ(found.fault.value_or("none"), "none");
  EXPECT_EQ(found.rows, 9U);
  EXPECT_EQ(found.head.size(), 64U);
  EXPECT_EQ(hex_of(sha256_of("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_F(audit, every_alert_is_recorded_with_what_was_told) {
  ASSERT_TRUE(alerts_->append({alert_of(1), alert_of(1, "14"), alert_of(2)}));
  ASSERT_TRUE(alerts_->append({alert_of(3)}));
  EXPECT_EQ(check("alerts").rows, 4U);
  EXPECT_EQ(fault("alerts"), "none");
  auto const rows = reader_->rows_after("alerts", 0, 10).value();
  EXPECT_EQ(rows[1].row.subject, "14");
  EXPECT_EQ(rows[3].row.detail, "31@1 rev 3: Тривога: \"Київ\"");
  EXPECT_EQ(rows[3].row.actor, "air_force");
  EXPECT_EQ(rows[3].row.content, sha256_of("alert 31 3"));
}

TEST_F(audit, the_record_is_append_only) {
  add("a");
  for (auto const* what :
       {"UPDATE audit_record SET actor = 'eve'", "DELETE FROM audit_record", "TRUNCATE audit_record"})
    EXPECT_FALSE(ask(what)) << what;
  EXPECT_EQ(fault("orders"), "none");
}

TEST_F(audit, a_changed_row_is_found_whatever_was_changed) {
  for (int i = 0; i < 8; ++i) add(std::to_string(i));
  for (std::string const change :
       {"actor = 'eve'", "act = 'approve'", "subject = '14'", "detail = ''", "trace_id = ''", "epoch = 1",
        "acted_at = acted_at + interval '1 microsecond'", "content = 'x'", "hash = sha256(hash)"}) {
    ASSERT_TRUE(ask("DROP TABLE IF EXISTS kept; CREATE TABLE kept AS SELECT * FROM audit_record"));
    tamper("UPDATE audit_record SET " + change + " WHERE place = 5");
    EXPECT_THAT(fault("orders"), HasSubstr("row orders 5 was changed")) << change;
    tamper("DELETE FROM audit_record; INSERT INTO audit_record SELECT * FROM kept");
    EXPECT_EQ(fault("orders"), "none");
  }
}

TEST_F(audit, a_row_taken_out_or_put_in_is_found) {
  for (int i = 0; i < 8; ++i) add(std::to_string(i));
  ASSERT_TRUE(ask("CREATE TABLE kept AS SELECT * FROM audit_record"));
  auto const again = "DELETE FROM audit_record; INSERT INTO audit_record SELECT * FROM kept";
  tamper("DELETE FROM audit_record WHERE place = 4");
  EXPECT_EQ(fault("orders"), "row orders 4 is missing");
  tamper(again);
  tamper("DELETE FROM audit_record WHERE place = 8");
  EXPECT_EQ(fault("orders"), "row orders 8 is missing");
  tamper(again);
  tamper("DELETE FROM audit_record WHERE place = 4; UPDATE audit_record SET place = place - 1 WHERE place > 4");
  EXPECT_THAT(fault("orders"), HasSubstr("row orders 4 was changed"));
  tamper(again);
  EXPECT_EQ(fault("orders"), "none");
}

TEST_F(audit, an_alert_changed_in_the_log_is_found) {
  ASSERT_TRUE(alerts_->append({alert_of(1), alert_of(2), alert_of(3)}));
  ASSERT_TRUE(ask("UPDATE alert_log SET alert = 'something calmer' WHERE rev = 2"));
  EXPECT_THAT(fault("alerts"), HasSubstr("is not what row alerts 2 says was told"));
  ASSERT_TRUE(ask("DELETE FROM alert_log WHERE rev = 2"));
  EXPECT_THAT(fault("alerts"), HasSubstr("of row alerts 2 is gone"));
}

// Whoever owns the database can write the whole record anew; only a mark kept elsewhere tells.
TEST_F(audit, a_record_written_anew_is_found_by_a_mark_kept_elsewhere) {
  for (int i = 0; i < 5; ++i) add(std::to_string(i));
  auto const before = check("orders");
  audit_mark const mark{before.rows, before.head};
  EXPECT_EQ(check("orders", mark).fault.value_or("none"), "none");
  tamper("DELETE FROM audit_record; DELETE FROM audit_head");
  for (int i = 0; i < 6; ++i) add(std::to_string(i));
  EXPECT_EQ(fault("orders"), "none");
  EXPECT_EQ(check("orders", mark).fault, "row orders 5 has another hash than it had");
  EXPECT_EQ(check("orders", audit_mark{7, before.head}).fault, "row orders 7 is missing");
}

TEST_F(audit, writers_side_by_side_make_one_chain) {
  std::vector<std::future<void>> hands;
  for (int hand = 0; hand < 4; ++hand)
    hands.push_back(std::async(std::launch::async, [&, hand] {
      for (int i = 0; i < 50; ++i) add(std::to_string(hand) + "/" + std::to_string(i));
    }));
  for (auto& hand : hands) hand.get();
  EXPECT_EQ(check("orders").rows, 200U);
  EXPECT_EQ(fault("orders"), "none");
}

class slow_writer final : public audit_writer {
 public:
  result<void> add(audit_entry const& entry) override {
    std::lock_guard const lock{mutex_};
    if (down_) return failure{reason::store_unavailable, "the store is down"};
    written_.push_back(entry.detail);
    return {};
  }
  void set_down(bool down) {
    std::lock_guard const lock{mutex_};
    down_ = down;
  }
  std::vector<std::string> written() {
    std::lock_guard const lock{mutex_};
    return written_;
  }

 private:
  std::mutex mutex_;
  bool down_ = false;
  std::vector<std::string> written_;
};

TEST(audit_keeper, writes_in_order_and_waits_for_a_store_that_is_away) {
  slow_writer store;
  {
    audit_keeper keeper{store, {.most_waiting = 3, .patience = milliseconds{5'000}, .retry = milliseconds{1}}};
    EXPECT_TRUE(keeper.note({"orders", "a", "act", "s", "1", {}}));
  }
  store.set_down(true);
  audit_keeper keeper{store, {.most_waiting = 3, .patience = milliseconds{1}, .retry = milliseconds{1}}};
  for (auto const* detail : {"2", "3", "4", "5"}) EXPECT_FALSE(keeper.note({"orders", "a", "act", "s", detail, {}}));
  EXPECT_EQ(keeper.lost(), 1U) << "the oldest goes at the limit, and is counted";
  store.set_down(false);
  EXPECT_TRUE(wait_until([&] { return store.written().size() == 4; }, milliseconds{20'000}));
  EXPECT_THAT(store.written(), ::testing::ElementsAre("1", "3", "4", "5"));
}

// A row that the store refuses for ever would have kept every later one out.
TEST(audit_keeper, nothing_that_a_request_carries_can_stop_the_record) {
  slow_writer store;
  audit_keeper keeper{store, {.patience = milliseconds{20'000}}};
  EXPECT_TRUE(keeper.note({"orders", "", "act", "s", std::string("a\0b\nc", 5), {}}));
  std::string longest;
  for (int i = 0; i < 3'000; ++i) longest += "ї";
  EXPECT_TRUE(keeper.note({"orders", "a", "act", "s", "x" + longest, {}}));
  EXPECT_EQ(store.written()[0], "a b c");
  EXPECT_EQ(store.written()[1].size(), 1'999U) << "cut between two letters";
}

}  // namespace
}  // namespace siren
