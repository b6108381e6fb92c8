#include <atomic>
#include <memory>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/alert_log/alert_history.h"
#include "common/pg_store.h"
#include "fakes/memory_alert_log.h"
#include "rig/private_servers.h"

namespace siren {
namespace {

/// One PostgreSQL for the whole program; every test writes as a country of its own.
class shared_postgres final : public testing::Environment {
 public:
  void SetUp() override {
    folder_ = make_run_folder("test");
    auto started = private_postgres::start(folder_, false);
    ASSERT_TRUE(started) << started.error().message;
    server_ = std::move(started).value();
    store_ = std::make_unique<pg_store>(server_->dsn(), pg_store::limits{.connections = 8});
    auto const migrated = migrate(*store_, SIREN_SOURCE_DIR "/migrations", "exercise", "UA");
    ASSERT_TRUE(migrated) << migrated.error().message;
  }
  void TearDown() override {
    store_.reset();
    server_.reset();
    remove_run_folder(folder_);
  }
  pg_store& store() { return *store_; }
  private_postgres& server() { return *server_; }

 private:
  std::string folder_;
  std::unique_ptr<private_postgres> server_;
  std::unique_ptr<pg_store> store_;
};
auto* const kPostgres =
    static_cast<shared_postgres*>(testing::AddGlobalTestEnvironment(new shared_postgres));  // NOLINT: owned by gtest

struct log_under_test {
  std::unique_ptr<memory_alert_log> memory;
  std::unique_ptr<alert_log_writer> pg_writer;
  std::unique_ptr<alert_log_reader> pg_reader;
  std::unique_ptr<alert_history> pg_history;
  alert_log_writer& writer() { return memory ? *memory : *pg_writer; }
  alert_history& history() { return memory ? static_cast<alert_history&>(*memory) : *pg_history; }
  alert_log_reader& reader() { return memory ? static_cast<alert_log_reader&>(*memory) : *pg_reader; }
};

enum class kind : std::uint8_t { memory, postgres };

class alert_log_contract : public testing::TestWithParam<kind> {
 protected:
  void SetUp() override {
    static std::atomic<int> tests{0};
    country_ = "T" + std::to_string(++tests);
    if (GetParam() == kind::memory) {
      log_.memory = std::make_unique<memory_alert_log>();
    } else {
      log_.pg_writer = make_pg_alert_log_writer(kPostgres->store(), country_);
      log_.pg_reader = make_pg_alert_log_reader(kPostgres->store(), country_);
      log_.pg_history = make_pg_alert_history(kPostgres->store(), country_);
    }
  }

  /// Revision `rev` of the alert of `zone`, in a message of its own.
  alert_append message(std::string const& zone, std::uint32_t rev, bool ended = false) const {
    auto const id = country_ + "/" + zone + "@1";
    return {.zone = zone_id{zone},
            .alert = alert_id{id},
            .rev = rev,
            .ended = ended,
            .bytes = std::string("\0\xff'\"\\{},", 8) + zone + std::to_string(rev),
            .source = "engine",
            .message_id = id + "/" + std::to_string(rev),
            .actor = "analysis",
            .act = rev == 1 ? "raise" : "change",
            .because = "Шахед, \"схід\" \\ {1,2}",
            .trace = trace_id{"0123456789abcdef0123456789abcdef"}};
  }

  std::vector<alert_entry> append(std::vector<alert_append> const& alerts) {
    auto entries = log_.writer().append(alerts);
    EXPECT_TRUE(entries) << entries.error().message;
    return entries ? *entries : std::vector<alert_entry>{};
  }
  void let_another_take_over() {
    if (log_.memory) {
      log_.memory->let_another_take_over();
      return;
    }
    ASSERT_TRUE(make_pg_alert_log_writer(kPostgres->store(), country_)->take_over({}));
  }
  /// As when the database is restored from a copy made then.
  void put_back_to(std::uint64_t seq) {
    if (log_.memory) return log_.memory->go_back_to(seq);
    auto const done = kPostgres->store().transact([&](pqxx::work& work) -> result<void> {
      work.exec_params0("DELETE FROM alert_log WHERE country = $1 AND seq > $2", country_, seq);
      work.exec_params0("UPDATE alert_head SET seq = $2 WHERE country = $1", country_, seq);
      work.exec_params0(
          "UPDATE alert_state s SET seq = l.seq, rev = l.rev, alert = l.alert FROM (SELECT DISTINCT ON (zone_id) * FROM"
          " alert_log WHERE country = $1 ORDER BY zone_id, seq DESC) l WHERE s.country = $1 AND s.zone_id = l.zone_id",
          country_);
      return {};
    });
    ASSERT_TRUE(done) << done.error().message;
  }
  cursor head() {
    auto const now = log_.reader().head();
    EXPECT_TRUE(now) << now.error().message;
    return now ? now->head : cursor{};
  }
  std::vector<alert_entry> all() {
    auto entries = log_.reader().read_after({head().epoch, 0}, 100'000);
    EXPECT_TRUE(entries) << entries.error().message;
    return entries ? *entries : std::vector<alert_entry>{};
  }
  static std::vector<std::uint64_t> seqs(std::vector<alert_entry> const& entries) {
    std::vector<std::uint64_t> found;
    for (auto const& entry : entries) found.push_back(entry.seq);
    return found;
  }

  std::string country_;
  log_under_test log_;
};

TEST_P(alert_log_contract, an_empty_log_has_an_epoch_that_stays) {
  auto const first = head();
  EXPECT_NE(first.epoch, 0U);
  EXPECT_EQ(first.seq, 0U);
  EXPECT_EQ(head(), first);
  EXPECT_THAT(all(), testing::IsEmpty());
  auto const state = log_.reader().read_state();
  ASSERT_TRUE(state);
  EXPECT_EQ(state->at, first);
  EXPECT_THAT(state->newest_by_zone, testing::IsEmpty());
  EXPECT_EQ(append({message("a", 1)}).at(0).epoch, first.epoch);
}

TEST_P(alert_log_contract, a_batch_is_placed_in_order_and_read_back_byte_for_byte) {
  auto const placed = append({message("a", 1), message("b", 1), message("a", 2)});
  EXPECT_THAT(seqs(placed), testing::ElementsAre(1, 2, 3));
  EXPECT_THAT(seqs(append({message("b", 2, true)})), testing::ElementsAre(4));

  auto const read = all();
  ASSERT_EQ(read.size(), 4U);
  EXPECT_EQ(read[2].bytes, message("a", 2).bytes);
  EXPECT_EQ(read[2].zone, zone_id{"a"});
  EXPECT_EQ(read[2].alert, message("a", 2).alert);
  EXPECT_EQ(read[2].rev, 2U);
  EXPECT_FALSE(read[2].ended);
  EXPECT_TRUE(read[3].ended);
  EXPECT_EQ(head().seq, 4U);
}

TEST_P(alert_log_contract, nothing_to_append_changes_nothing) {
  EXPECT_THAT(append({}), testing::IsEmpty());
  EXPECT_EQ(head().seq, 0U);
}

TEST_P(alert_log_contract, a_message_sent_again_keeps_its_first_place_and_takes_no_number) {
  append({message("a", 1), message("b", 1)});
  EXPECT_THAT(seqs(append({message("b", 1), message("c", 1), message("a", 1), message("c", 1)})),
              testing::ElementsAre(2, 3, 1, 3));
  EXPECT_EQ(head().seq, 3U);
  EXPECT_THAT(seqs(all()), testing::ElementsAre(1, 2, 3));
  auto const waiting = log_.writer().unpublished(10);
  ASSERT_TRUE(waiting);
  EXPECT_THAT(seqs(*waiting), testing::ElementsAre(1, 2, 3));
}

TEST_P(alert_log_contract, another_message_with_the_same_revision_is_refused_whole) {
  append({message("a", 1)});
  auto impostor = message("a", 1);
  impostor.message_id += "-other";
  auto const refused = log_.writer().append({message("b", 1), impostor});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().why, reason::duplicate);
  EXPECT_EQ(head().seq, 1U);
  EXPECT_THAT(seqs(append({message("b", 1)})), testing::ElementsAre(2));
}

TEST_P(alert_log_contract, reading_goes_on_after_a_place_and_is_bounded) {
  append({message("a", 1), message("b", 1), message("c", 1), message("d", 1)});
  auto const epoch = head().epoch;
  auto const two = log_.reader().read_after({epoch, 1}, 2);
  ASSERT_TRUE(two);
  EXPECT_THAT(seqs(*two), testing::ElementsAre(2, 3));
  for (auto const seq : {std::uint64_t{4}, std::uint64_t{99}, ~std::uint64_t{0}}) {
    auto const nothing = log_.reader().read_after({epoch, seq}, 10);
    ASSERT_TRUE(nothing);
    EXPECT_THAT(*nothing, testing::IsEmpty());
  }
}

TEST_P(alert_log_contract, a_place_of_another_epoch_is_refused) {
  append({message("a", 1)});
  for (auto const epoch : {std::uint64_t{0}, head().epoch + 1, ~std::uint64_t{0}}) {
    auto const refused = log_.reader().read_after({epoch, 0}, 10);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().why, reason::schema_mismatch);
  }
}

TEST_P(alert_log_contract, the_state_is_the_newest_entry_of_every_zone_ended_ones_too) {
  append({message("a", 1), message("b", 1), message("a", 2)});
  append({message("b", 2, true)});
  auto const state = log_.reader().read_state();
  ASSERT_TRUE(state);
  EXPECT_EQ(state->at, head());
  ASSERT_THAT(seqs(state->newest_by_zone), testing::ElementsAre(3, 4));
  EXPECT_EQ(state->newest_by_zone[0].bytes, message("a", 2).bytes);
  EXPECT_EQ(state->newest_by_zone[1].rev, 2U);
  EXPECT_TRUE(state->newest_by_zone[1].ended);
}

TEST_P(alert_log_contract, the_revisions_of_an_alert_are_remembered_over_epochs) {
  ASSERT_TRUE(log_.writer().take_over({}));
  append({message("a", 1), message("b", 1), message("a", 2)});
  ASSERT_TRUE(log_.writer().renew());
  append({message("a", 3, true)});
  auto const revisions = [&](std::string const& zone, std::uint32_t rev, std::size_t at_most) {
    auto const found = log_.history().revisions_of(message(zone, 1).alert, rev, at_most);
    EXPECT_TRUE(found) << found.error().message;
    std::vector<std::uint32_t> revs;
    for (auto const& entry : found ? *found : std::vector<alert_entry>{}) revs.push_back(entry.rev);
    return revs;
  };
  EXPECT_THAT(revisions("a", 3, 10), testing::ElementsAre(1, 2, 3));
  EXPECT_THAT(revisions("a", 2, 10), testing::ElementsAre(1, 2));
  EXPECT_THAT(revisions("a", ~std::uint32_t{0}, 2), testing::ElementsAre(2, 3));
  EXPECT_THAT(revisions("b", 9, 10), testing::ElementsAre(1));
  EXPECT_THAT(revisions("c", 9, 10), testing::IsEmpty());
  EXPECT_THAT(revisions(std::string("a\0b", 3), 9, 10), testing::IsEmpty());
  EXPECT_EQ(log_.history().revisions_of(message("a", 1).alert, 1, 1)->at(0).bytes, message("a", 1).bytes);
}

TEST_P(alert_log_contract, the_newest_ends_come_first_and_of_this_epoch_only) {
  ASSERT_TRUE(log_.writer().take_over({}));
  append({message("old", 1), message("old", 2, true)});
  ASSERT_TRUE(log_.writer().renew());
  append({message("a", 1), message("b", 1), message("a", 2, true), message("c", 1), message("b", 2, true)});
  auto const ends = [&](std::size_t at_most) {
    auto const found = log_.history().newest_ends(at_most);
    EXPECT_TRUE(found) << found.error().message;
    std::vector<std::string> zones;
    for (auto const& entry : found ? *found : std::vector<alert_entry>{}) zones.push_back(entry.zone.value);
    return zones;
  };
  EXPECT_THAT(ends(10), testing::ElementsAre("b", "a"));
  EXPECT_THAT(ends(1), testing::ElementsAre("b"));
}

TEST_P(alert_log_contract, the_outbox_holds_what_was_not_published) {
  auto const placed = append({message("a", 1), message("b", 1), message("c", 1)});
  auto const first = log_.writer().unpublished(2);
  ASSERT_TRUE(first);
  EXPECT_THAT(seqs(*first), testing::ElementsAre(1, 2));
  EXPECT_EQ(first->at(0).bytes, message("a", 1).bytes);

  auto const epoch = placed[0].epoch;
  EXPECT_TRUE(log_.writer().published({{epoch, 1}, {epoch, 3}, {epoch + 1, 2}}));
  EXPECT_TRUE(log_.writer().published({{epoch, 1}}));
  EXPECT_TRUE(log_.writer().published({}));
  auto const rest = log_.writer().unpublished(10);
  ASSERT_TRUE(rest);
  EXPECT_THAT(seqs(*rest), testing::ElementsAre(2));
}

TEST_P(alert_log_contract, the_head_tells_how_long_the_engine_is_silent) {
  auto const never = log_.reader().head();
  ASSERT_TRUE(never);
  EXPECT_EQ(never->picture, picture_state::unknown);
  EXPECT_FALSE(never->engine_silence);

  for (auto const picture : {picture_state::degraded, picture_state::lost, picture_state::live}) {
    ASSERT_TRUE(log_.writer().beat(picture));
    auto const now = log_.reader().head();
    ASSERT_TRUE(now);
    EXPECT_EQ(now->picture, picture);
    ASSERT_TRUE(now->engine_silence);
    EXPECT_GE(*now->engine_silence, milliseconds{0});
    EXPECT_LT(*now->engine_silence, seconds{60});
  }
}

TEST_P(alert_log_contract, concurrent_writers_leave_no_gap_and_readers_see_no_hole) {
  constexpr int kWriters = 4;
  constexpr int kBatches = 25;
  auto const epoch = head().epoch;
  std::atomic<int> failures{0};
  std::atomic<bool> writing{true};

  // A reader that ever sees n+1 before n would leave phones with a hole.
  std::thread reader{[&] {
    std::uint64_t last = 0;
    while (writing) {
      auto const more = log_.reader().read_after({epoch, last}, 1000);
      if (!more) ++failures;
      for (auto const& entry : more ? *more : std::vector<alert_entry>{})
        if (entry.seq != ++last) ++failures;
    }
  }};
  std::vector<std::thread> writers;
  for (int w = 0; w < kWriters; ++w)
    writers.emplace_back([&, w] {
      for (int b = 1; b <= kBatches; ++b) {
        auto const rev = static_cast<std::uint32_t>(b);
        // "shared" is sent by every writer: logged once, at the same place for all.
        auto const placed = log_.writer().append({message("w" + std::to_string(w), rev), message("shared", rev)});
        if (!placed) ++failures;
      }
    });
  for (auto& writer : writers) writer.join();
  writing = false;
  reader.join();

  EXPECT_EQ(failures, 0);
  auto const entries = all();
  ASSERT_EQ(entries.size(), kWriters * kBatches + kBatches);
  for (std::size_t i = 0; i < entries.size(); ++i) EXPECT_EQ(entries[i].seq, i + 1);
  EXPECT_EQ(head().seq, entries.size());
}

// People would have got one alert's revision twice with different content, from a leader that does not know of its end.
TEST_P(alert_log_contract, a_writer_is_shut_out_by_the_next_one_however_late_it_writes) {
  auto& first = log_.writer();
  ASSERT_TRUE(first.take_over({}));
  append({message("a", 1)});
  ASSERT_TRUE(first.beat(picture_state::live));
  let_another_take_over();
  auto const late = first.append({message("a", 2)});
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().why, reason::deposed);
  auto const confirmed = first.confirm();
  ASSERT_FALSE(confirmed);
  EXPECT_EQ(confirmed.error().why, reason::deposed);
  EXPECT_FALSE(first.beat(picture_state::live)) << "nor may it say that somebody decides";
  EXPECT_EQ(first.renew().error().why, reason::deposed);
  EXPECT_EQ(all().size(), 1U);
}

TEST_P(alert_log_contract, terms_only_rise) {
  auto const first = log_.writer().take_over({});
  ASSERT_TRUE(first);
  auto const again = log_.writer().take_over({});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->before, first->mine);
  EXPECT_GT(again->mine, first->mine);
  EXPECT_EQ(again->head, head());
}

TEST_P(alert_log_contract, a_log_put_back_to_an_older_copy_is_noticed_and_gets_a_new_epoch) {
  ASSERT_TRUE(log_.writer().take_over({}));
  append({message("a", 1), message("b", 1)});
  append({message("a", 2), message("b", 2)});
  auto const before = head();
  put_back_to(2);
  auto const refused = log_.writer().append({message("a", 3)});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().why, reason::log_went_back);
  EXPECT_EQ(log_.writer().confirm().error().why, reason::log_went_back);

  auto const newest = log_.writer().renew();
  ASSERT_TRUE(newest) << newest.error().message;
  ASSERT_EQ(newest->size(), 2U);
  for (auto const& entry : *newest) EXPECT_EQ(entry.rev, 1U);
  auto const renewed = head();
  EXPECT_NE(renewed.epoch, before.epoch);
  EXPECT_GE(renewed.seq, before.seq) << "after everything that anybody can have seen";
  EXPECT_THAT(seqs(append({message("a", 2)})), testing::ElementsAre(renewed.seq + 1));
  auto const state = log_.reader().read_state();
  ASSERT_TRUE(state);
  EXPECT_EQ(state->at, (cursor{renewed.epoch, renewed.seq + 1}));
  for (auto const& entry : state->newest_by_zone) EXPECT_EQ(entry.epoch, renewed.epoch);
  EXPECT_EQ(log_.reader().read_after(before, 10).error().why, reason::schema_mismatch) << "a state is to be taken";
}

TEST_P(alert_log_contract, a_writer_that_comes_to_an_older_copy_knows_from_what_it_noted) {
  ASSERT_TRUE(log_.writer().take_over({}));
  append({message("a", 1), message("b", 1)});
  auto const noted = head();
  put_back_to(1);
  auto const term = log_.writer().take_over(noted);
  ASSERT_TRUE(term);
  EXPECT_NE(term->head.epoch, noted.epoch);
  EXPECT_EQ(term->head, head());
  EXPECT_THAT(seqs(append({message("c", 1)})), testing::ElementsAre(noted.seq + 1));
}

INSTANTIATE_TEST_SUITE_P(logs, alert_log_contract, testing::Values(kind::memory, kind::postgres),
                         [](auto const& tested) { return tested.param == kind::memory ? "memory" : "postgres"; });

TEST(pg_alert_log, a_lost_database_is_a_failure_and_sending_again_is_safe) {
  auto const writer = make_pg_alert_log_writer(kPostgres->store(), "P1");
  auto const reader = make_pg_alert_log_reader(kPostgres->store(), "P1");
  alert_append once;
  once.zone = zone_id{"a"};
  once.alert = alert_id{"p1/a@1"};
  once.rev = 1;
  once.source = "engine";
  once.message_id = "p1/a";
  ASSERT_TRUE(writer->append({once}));

  kPostgres->server().stop();
  auto const failed = writer->append({once});
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().why, reason::store_unavailable);
  EXPECT_FALSE(reader->head());

  auto const back = kPostgres->server().start_again();
  ASSERT_TRUE(back) << back.error().message;
  auto const again = writer->append({once});
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->at(0).seq, 1U);
}

}  // namespace
}  // namespace siren
