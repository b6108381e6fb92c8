// One suite for the port shelter_store, over memory and over PostgreSQL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "common/pg_store.h"
#include "fakes/memory_shelter_store.h"
#include "rig/private_servers.h"
#include "shelter_registry/adapters/pg_shelter_store.h"

namespace siren {
namespace {

using ::testing::ElementsAre;

utc_time const kNow{hours{24 * 365 * 56}};

/// One database for the whole program; each test finds it empty.
class database final : public ::testing::Environment {
 public:
  void SetUp() override {
    folder_ = make_run_folder("test");
    auto started = private_postgres::start(folder_, false);
    ASSERT_TRUE(started) << started.error().message;
    server_ = std::move(*started);
    store_ = std::make_unique<pg_store>(server_->dsn());
    auto const migrated = migrate(*store_, SIREN_SOURCE_DIR "/migrations", "exercise", "UA");
    ASSERT_TRUE(migrated) << migrated.error().message;
  }
  void TearDown() override {
    store_.reset();
    server_.reset();
    remove_run_folder(folder_);
  }
  pg_store& emptied() {
    auto const done = store_->transact([](pqxx::work& work) -> result<void> {
      work.exec("TRUNCATE shelter, shelter_entrance, shelter_request");
      for (auto const* live : {"shelter_sum", "shelter_sensor", "shelter_history", "shelter_sign"})
        work.exec(std::string{"DELETE FROM "} + live);
      work.exec("UPDATE shelter_head SET seq = 0");
      work.exec(
          "UPDATE ground_conditions SET light = 1, ice = false, closed_bridges = '[]', trains_running = true, "
          "metro_power = true, revision = 1, changed_at = NULL, changed_by = '', change_seq = 0");
      return {};
    });
    EXPECT_TRUE(done);
    return *store_;
  }

 private:
  std::string folder_;
  std::unique_ptr<private_postgres> server_;
  std::unique_ptr<pg_store> store_;
};

auto* const kDatabase =
    dynamic_cast<database*>(::testing::AddGlobalTestEnvironment(new database));  // NOLINT: gtest owns it

class shelter_store_contract : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (GetParam() == "memory")
      store_ = std::make_unique<memory_shelter_store>();
    else
      store_ = std::make_unique<pg_shelter_store>(kDatabase->emptied());
  }

  static shelter cellar(std::string const& id, std::uint32_t capacity = 100) {
    shelter s;
    s.id = shelter_id{id};
    s.type = shelter_type::basic;
    s.name_uk = "Укриття \"" + id + "\"";
    s.name_en = "Shelter " + id;
    s.address = "вул. Хрещатик, 1";
    s.place = {degrees{50.4501234567}, degrees{30.5234765432}};
    s.entrances = {{"Вхід 1", s.place, true}, {"", {degrees{50.4502}, degrees{30.5235}}, false}};
    s.capacity = capacity;
    s.pets = true;
    s.state = open_state::open;
    s.verified_at = kNow - hours{24} + microseconds{7};
    s.generated = true;
    return s;
  }
  void put(std::vector<shelter> const& records) {
    auto const done = store_->put_all(records, kNow, false);
    ASSERT_TRUE(done) << done.error().message;
    ASSERT_TRUE(done->refused.empty()) << done->refused[0].because.message;
  }
  result<mutation_outcome> mutate(std::string const& request, std::string const& id, decltype(shelter_edit::what) what,
                                  std::optional<std::uint64_t> expected = std::nullopt,
                                  std::string const& asked = "same") {
    return store_->mutate({request, asked, shelter_id{id}, {expected, std::move(what)}}, kNow);
  }
  result<conditions_outcome> set(std::string const& request, conditions_edit edit, std::string const& asked = "same") {
    edit.operator_name = "duty";
    return store_->set_conditions({request, asked, std::move(edit)}, kNow);
  }
  static conditions_edit ice(bool there) {
    conditions_edit edit;
    edit.ice = there;
    return edit;
  }
  static count_delta word(std::string const& id, std::string const& sensor, std::uint64_t sequence,
                          std::int32_t people) {
    return {shelter_id{id}, sensor, 7, sequence, people};
  }
  static set_occupancy by(std::int64_t people) { return {set_occupancy::kind::delta, people, false}; }
  static std::vector<std::string> ids(std::vector<shelter> const& list) {
    std::vector<std::string> names;
    for (auto const& s : list) names.push_back(s.id.value);
    return names;
  }

  std::unique_ptr<shelter_store> store_;
};

TEST_P(shelter_store_contract, what_was_put_is_what_is_read) {
  auto station = cellar("metro-M1-15", 2'000);
  station.type = shelter_type::metro_station;
  station.role = metro_role::closed;
  station.surface = true;
  station.depth = meters{105.5};
  station.verified_at = std::nullopt;
  put({cellar("a"), station});
  EXPECT_EQ(store_->get(shelter_id{"a"}).value(), cellar("a"));
  EXPECT_EQ(store_->get(shelter_id{"metro-M1-15"}).value(), station);
  EXPECT_EQ(store_->get(shelter_id{"b"}).error().why, reason::unknown_shelter);
}

TEST_P(shelter_store_contract, an_import_sent_again_changes_nothing) {
  std::vector<shelter> const list{cellar("a"), cellar("b"), cellar("c")};
  auto const first = store_->put_all(list, kNow, false).value();
  EXPECT_EQ(first.added, 3U);
  EXPECT_EQ(first.change, 3U);
  auto const second = store_->put_all(list, kNow, false).value();
  EXPECT_EQ(second.unchanged, 3U);
  EXPECT_EQ(second.change, std::nullopt);
  auto other = list;
  other[1].capacity = 7;
  auto const third = store_->put_all(other, kNow, false).value();
  EXPECT_EQ(third.changed, 1U);
  EXPECT_EQ(third.unchanged, 2U);
  EXPECT_EQ(third.change, 4U);
  EXPECT_EQ(store_->get(shelter_id{"b"})->revision, 2U);
  EXPECT_EQ(store_->get(shelter_id{"a"})->revision, 1U);
}

TEST_P(shelter_store_contract, an_import_keeps_what_operators_and_counters_know) {
  put({cellar("a")});
  ASSERT_TRUE(mutate("r1", "a", set_state{open_state::closed}));
  ASSERT_TRUE(mutate("r2", "a", by(30)));
  auto again = cellar("a", 20);
  again.name_en = "Renamed";
  put({again});
  auto const now = store_->get(shelter_id{"a"}).value();
  EXPECT_EQ(now.state, open_state::closed);
  EXPECT_EQ(now.verified_at, kNow);
  EXPECT_EQ(now.occupancy, 30U);
  EXPECT_EQ(now.capacity, 20U);
  EXPECT_EQ(now.name_en, "Renamed");
}

TEST_P(shelter_store_contract, a_dry_run_tells_and_leaves_everything) {
  put({cellar("a")});
  auto changed = cellar("a", 5);
  auto const told = store_->put_all({changed, cellar("b")}, kNow, true).value();
  EXPECT_EQ(told.added, 1U);
  EXPECT_EQ(told.changed, 1U);
  EXPECT_EQ(told.change, std::nullopt);
  EXPECT_EQ(store_->get(shelter_id{"a"}).value(), cellar("a"));
  EXPECT_FALSE(store_->get(shelter_id{"b"}));
}

TEST_P(shelter_store_contract, a_bad_record_loses_nothing_else) {
  auto bad = cellar("bad");
  bad.entrances.clear();
  auto const done = store_->put_all({cellar("a"), bad, cellar("a"), cellar("b")}, kNow, false).value();
  EXPECT_EQ(done.added, 2U);
  ASSERT_EQ(done.refused.size(), 2U);
  EXPECT_EQ(done.refused[0].index, 1U);
  EXPECT_EQ(done.refused[0].because.why, reason::missing_field);
  EXPECT_EQ(done.refused[1].index, 2U);
  EXPECT_EQ(done.refused[1].because.why, reason::duplicate);
  EXPECT_EQ(done.change, 2U);
}

TEST_P(shelter_store_contract, a_stale_revision_is_refused_with_the_current_record) {
  put({cellar("a")});
  auto const first = mutate("r1", "a", set_state{open_state::full}, 1).value();
  EXPECT_EQ(first.record.revision, 2U);
  EXPECT_EQ(first.change, 2U);
  auto const stale = mutate("r2", "a", set_state{open_state::open}, 1).value();
  ASSERT_TRUE(stale.refused);
  EXPECT_EQ(stale.refused->why, reason::stale_revision);
  EXPECT_EQ(stale.record.revision, 2U);
  EXPECT_EQ(stale.change, std::nullopt);
  EXPECT_EQ(store_->get(shelter_id{"a"})->state, open_state::full);
  EXPECT_FALSE(mutate("r2", "a", set_state{open_state::open}, 2)->refused) << "a refused request_id stays usable";
}

TEST_P(shelter_store_contract, a_request_sent_again_gets_its_first_answer) {
  put({cellar("a"), cellar("b")});
  auto const first = mutate("door-7/1", "a", by(10)).value();
  ASSERT_TRUE(mutate("door-7/2", "a", by(5)));
  auto const again = mutate("door-7/1", "a", by(10)).value();
  EXPECT_EQ(again.record, first.record);
  EXPECT_EQ(again.change, std::nullopt);
  EXPECT_EQ(store_->get(shelter_id{"a"})->occupancy, 15U);
  EXPECT_EQ(mutate("door-7/1", "b", by(10)).error().why, reason::request_id_reused);
  EXPECT_EQ(mutate("door-7/1", "a", by(99), std::nullopt, "other").error().why, reason::request_id_reused);
  EXPECT_EQ(mutate("door-7/3", "none", by(1)).error().why, reason::unknown_shelter);
}

TEST_P(shelter_store_contract, pages_by_id_hold_every_shelter_once) {
  put({cellar("b"), cellar("B"), cellar("a-2"), cellar("a-10"), cellar("c")});
  std::vector<std::string> seen;
  shelter_id after;
  for (auto last = false; !last;) {
    auto const page = store_->list(by_id{after}, 2).value();
    EXPECT_LE(page.shelters.size(), 2U);
    EXPECT_EQ(page.head, 5U);
    for (auto const& id : ids(page.shelters)) seen.push_back(id);
    last = page.last;
    if (!last) after = page.shelters.back().id;
  }
  EXPECT_THAT(seen, ElementsAre("B", "a-10", "a-2", "b", "c"));
}

TEST_P(shelter_store_contract, changes_come_in_their_order_and_end_at_the_head) {
  put({cellar("a"), cellar("b"), cellar("c")});
  ASSERT_TRUE(mutate("r1", "a", by(1)));
  auto const since = store_->list(by_change{2}, 10).value();
  EXPECT_THAT(ids(since.shelters), ElementsAre("c", "a"));
  EXPECT_EQ(since.last_change, 4U);
  EXPECT_EQ(since.head, 4U);
  auto const page = store_->list(by_change{0}, 2).value();
  EXPECT_THAT(ids(page.shelters), ElementsAre("b", "c"));
  EXPECT_FALSE(page.last);
  EXPECT_EQ(page.last_change, 3U);
  auto const none = store_->list(by_change{~std::uint64_t{0}}, 2).value();
  EXPECT_TRUE(none.last);
  EXPECT_TRUE(none.shelters.empty());
}

// Two door counters and an operator at one shelter: if the store read before it locked, some people would vanish and
// the planner would fill a full shelter.
TEST_P(shelter_store_contract, no_update_is_lost_between_threads) {
  constexpr int kThreads = 4;
  constexpr int kEach = 25;
  put({cellar("a", 10'000)});
  std::atomic<int> failed{0};
  std::vector<std::thread> doors;
  for (int t = 0; t < kThreads; ++t)
    doors.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        auto const done = mutate(std::to_string(t) + "/" + std::to_string(i), "a", by(t + 1));
        if (!done || done->refused) ++failed;
      }
    });
  for (auto& door : doors) door.join();
  auto const now = store_->get(shelter_id{"a"}).value();
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(now.occupancy, static_cast<std::uint32_t>(kEach * (1 + 2 + 3 + 4)));
  EXPECT_EQ(now.revision, 1U + kThreads * kEach);
  EXPECT_EQ(store_->list(by_id{}, 1)->head, 1U + kThreads * kEach) << "change numbers have no gaps";
}

TEST_P(shelter_store_contract, of_racing_edits_on_one_revision_exactly_one_wins) {
  constexpr int kThreads = 4;
  constexpr int kRounds = 10;
  put({cellar("a")});
  for (std::uint64_t round = 1; round <= kRounds; ++round) {
    std::atomic<int> won{0};
    std::atomic<int> stale{0};
    std::vector<std::thread> operators;
    for (int t = 0; t < kThreads; ++t)
      operators.emplace_back([&, t] {
        auto const done = mutate(std::to_string(round) + "/" + std::to_string(t), "a",
                                 set_capacity{static_cast<std::uint32_t>(1'000 * round + t), false}, round);
        if (done && !done->refused) ++won;
        if (done && done->refused && done->refused->why == reason::stale_revision) ++stale;
      });
    for (auto& one : operators) one.join();
    EXPECT_EQ(won, 1);
    EXPECT_EQ(stale, kThreads - 1);
  }
  EXPECT_EQ(store_->get(shelter_id{"a"})->revision, 1U + kRounds);
}

TEST_P(shelter_store_contract, imports_and_edits_at_once_neither_hang_nor_lose_people) {
  std::vector<shelter> list;
  for (int i = 0; i < 50; ++i) list.push_back(cellar("s" + std::to_string(i)));
  put(list);
  std::atomic<int> failed{0};
  std::vector<std::thread> crowd;
  for (int t = 0; t < 2; ++t)
    crowd.emplace_back([&, t] {
      for (std::uint32_t i = 1; i <= 5; ++i) {
        auto mine = list;
        for (auto& s : mine) s.capacity = 1'000 * (t + 1) + i;
        if (!store_->put_all(mine, kNow, false)) ++failed;
      }
    });
  crowd.emplace_back([&] {
    for (int i = 0; i < 50; ++i)
      if (auto const done = mutate(std::to_string(i), "s" + std::to_string(49 - i), by(3)); !done || done->refused)
        ++failed;
  });
  for (auto& one : crowd) one.join();
  EXPECT_EQ(failed, 0);
  for (auto const& s : list) EXPECT_EQ(store_->get(s.id)->occupancy, 3U);
}

TEST_P(shelter_store_contract, a_large_import_is_whole) {
  std::vector<shelter> list;
  for (int i = 0; i < 2'345; ++i)
    list.push_back(cellar("s" + std::to_string(10'000 + i), static_cast<std::uint32_t>(i)));
  auto const done = store_->put_all(list, kNow, false).value();
  EXPECT_EQ(done.added, list.size());
  EXPECT_EQ(done.change, list.size());
  auto const page = store_->list(by_id{}, 5'000).value();
  EXPECT_EQ(page.shelters, list);
}

TEST_P(shelter_store_contract, facts_are_read_as_they_were_put) {
  auto full = cellar("a");
  full.open_hours = daily_hours{1'320, 360};
  full.access = access_rule::residents;
  full.keyholder = "Олег \"ключ\", 5";
  full.power = false;
  full.heat = true;
  full.stairs = 0;
  full.place_doubtful = true;
  full.capacity_assumed = true;
  put({full, cellar("b")});
  EXPECT_EQ(store_->get(shelter_id{"a"}).value(), full);
  auto other = full;
  other.address = "elsewhere";
  other.heat = std::nullopt;  // no longer told: stays
  auto const told = store_->put_all({other, cellar("b")}, kNow, false).value();
  ASSERT_EQ(told.differences.size(), 1U);
  EXPECT_EQ(told.differences[0].which.value, "a");
  EXPECT_THAT(told.differences[0].fields, ElementsAre("address"));
}

TEST_P(shelter_store_contract, door_counters_count_each_person_once_and_make_no_edit_stale) {
  put({cellar("a", 10), cellar("b", 10)});
  auto const first = store_->add_counts(
      {word("a", "door", 1, 4), word("b", "gate", 1, 2), word("a", "door", 2, 3), word("a", "hatch", 1, 1)}, kNow);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(first->tally, (count_tally{4, 0, 0, 0}));
  EXPECT_EQ(first->change, 4U) << "a number each";
  EXPECT_EQ(first->positions.at("door"), (sensor_place{shelter_id{"a"}, 7, 2}));
  EXPECT_EQ(store_->get(shelter_id{"a"})->occupancy, 8U);
  EXPECT_EQ(store_->get(shelter_id{"a"})->revision, 1U);
  auto const again = store_->add_counts({word("a", "door", 2, 3), word("a", "door", 4, 3), word("x", "y", 1, 1)}, kNow);
  EXPECT_EQ(again->tally, (count_tally{0, 1, 1, 1}));
  EXPECT_EQ(again->change, std::nullopt);
  EXPECT_THAT(ids(store_->list(by_change{2}, 9)->shelters), ::testing::UnorderedElementsAre("a", "b"));
  ASSERT_TRUE(mutate("r1", "a", set_state{open_state::full}, 1)) << "people walked in, the edit is not stale";
}

// Doors miscount: what is shown stays a number of people in that room, and nobody is lost by that.
TEST_P(shelter_store_contract, what_is_shown_stays_in_bounds_and_the_sum_is_exact) {
  put({cellar("a", 10)});
  auto const shown = [&](std::uint64_t sequence, std::int32_t people) {
    EXPECT_TRUE(store_->add_counts({word("a", "door", sequence, people)}, kNow));
    return store_->get(shelter_id{"a"})->occupancy;
  };
  EXPECT_EQ(shown(1, 25), 10U);
  EXPECT_EQ(shown(2, -12), 10U);
  EXPECT_EQ(shown(3, -12), 1U);
  EXPECT_EQ(shown(4, -5), 0U);
  EXPECT_EQ(shown(5, 6), 2U);
  ASSERT_TRUE(mutate("counted", "a", set_occupancy{set_occupancy::kind::absolute, 7, false}));
  EXPECT_EQ(shown(6, -2), 5U) << "an operator's count begins a new sum";
}

TEST_P(shelter_store_contract, no_count_is_lost_between_writers_that_repeat_themselves) {
  constexpr int kWriters = 8;
  constexpr int kBatches = 10;
  put({cellar("a", 100'000)});
  std::atomic<int> failed{0};
  std::vector<std::thread> writers;
  for (int w = 0; w < kWriters; ++w)
    writers.emplace_back([&, w] {
      for (int b = 0; b < kBatches; ++b) {
        std::vector<count_delta> batch;
        for (int i = std::max(0, b * 10 - 5); i < (b + 1) * 10; ++i)  // half of the batch before comes along
          batch.push_back(word("a", "door-" + std::to_string(w), static_cast<std::uint64_t>(i) + 1, 3));
        if (!store_->add_counts(batch, kNow)) ++failed;
      }
    });
  for (auto& writer : writers) writer.join();
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(store_->get(shelter_id{"a"})->occupancy, static_cast<std::uint32_t>(kWriters * kBatches * 10 * 3));
}

TEST_P(shelter_store_contract, the_history_keeps_a_point_in_ten_seconds) {
  put({cellar("a", 100)});
  for (std::uint64_t i = 1; i <= 6; ++i)
    ASSERT_TRUE(store_->add_counts({word("a", "door", i, 5)}, kNow + seconds{4 * (i - 1)}));
  ASSERT_TRUE(mutate("r", "a", set_occupancy{set_occupancy::kind::absolute, 50, false}));
  auto const told = store_->history(shelter_id{"a"}, kNow, 10).value();
  EXPECT_EQ(told.record.occupancy, 50U);
  EXPECT_THAT(told.points, ElementsAre(occupancy_point{kNow, 50}, occupancy_point{kNow + seconds{10}, 25},
                                       occupancy_point{kNow + seconds{20}, 30}));
  EXPECT_THAT(store_->history(shelter_id{"a"}, kNow, 1)->points, ElementsAre(occupancy_point{kNow + seconds{20}, 30}));
  EXPECT_TRUE(store_->history(shelter_id{"a"}, kNow + hours{1}, 10)->points.empty());
  EXPECT_EQ(store_->history(shelter_id{"x"}, kNow, 10).error().why, reason::unknown_shelter);
}

TEST_P(shelter_store_contract, signs_make_a_confidence_that_ages) {
  put({cellar("a")});
  open_sign shut{sign_kind::door, "d1", false, kNow};
  auto const told = store_->add_sign(shelter_id{"a"}, shut, kNow).value();
  ASSERT_TRUE(told.record.confidence);
  EXPECT_LT(*told.record.confidence, kBelievedFromPercent);
  EXPECT_EQ(told.change, 2U);
  EXPECT_EQ(told.record.revision, 1U);
  EXPECT_EQ(store_->add_sign(shelter_id{"a"}, shut, kNow)->change, std::nullopt) << "nothing new";
  shut.open = true;
  EXPECT_GT(store_->add_sign(shelter_id{"a"}, shut, kNow)->record.confidence, 90U);
  shut.at = kNow - seconds{1};
  shut.open = false;
  EXPECT_GT(store_->add_sign(shelter_id{"a"}, shut, kNow)->record.confidence, 90U) << "an older word comes late";
  EXPECT_EQ(store_->judge_again(kNow + minutes{5}).value(), std::nullopt);
  EXPECT_EQ(store_->judge_again(kNow + minutes{10}).value(), 4U);
  EXPECT_EQ(store_->get(shelter_id{"a"})->confidence, std::nullopt);
  EXPECT_EQ(store_->add_sign(shelter_id{"x"}, shut, kNow).error().why, reason::unknown_shelter);
}

TEST_P(shelter_store_contract, conditions_are_read_as_they_were_set_and_take_a_change_number) {
  put({cellar("a")});
  EXPECT_EQ(store_->conditions().value(), ground_conditions{});
  conditions_edit edit;
  edit.light = light_rule::blackout;
  edit.closed_bridges = {"Міст \"Патона\"", "Darnytskyi \\ bridge"};
  edit.trains_running = false;
  edit.metro_power = false;
  auto const done = set("c1", edit).value();
  EXPECT_EQ(done.change, 2U) << "whoever follows shelters hears of it";
  EXPECT_EQ(done.now.revision, 2U);
  EXPECT_EQ(done.now.changed_at, kNow);
  EXPECT_EQ(store_->conditions().value(), done.now);
  auto const since = store_->list(by_change{1}, 10).value();
  EXPECT_TRUE(since.shelters.empty());
  EXPECT_EQ(since.head, 2U);
  EXPECT_EQ(set("c2", edit)->change, std::nullopt) << "nothing changes";
}

TEST_P(shelter_store_contract, conditions_asked_again_get_the_first_answer_and_stale_ones_are_refused) {
  put({cellar("a")});
  auto const first = set("c1", ice(true)).value();
  ASSERT_TRUE(set("c2", ice(false)));
  EXPECT_EQ(set("c1", ice(true))->now, first.now);
  EXPECT_FALSE(store_->conditions()->ice);
  EXPECT_EQ(set("c1", ice(true), "other").error().why, reason::request_id_reused);
  EXPECT_EQ(mutate("c1", "a", by(1)).error().why, reason::request_id_reused);
  ASSERT_TRUE(mutate("r1", "a", by(1)));
  EXPECT_EQ(set("r1", ice(true)).error().why, reason::request_id_reused);
  auto stale = ice(true);
  stale.expected_revision = 1;
  auto const refused = set("c3", stale).value();
  ASSERT_TRUE(refused.refused);
  EXPECT_EQ(refused.refused->why, reason::stale_revision);
  EXPECT_EQ(refused.now.revision, 3U);
}

INSTANTIATE_TEST_SUITE_P(stores, shelter_store_contract, ::testing::Values("memory", "postgres"),
                         [](auto const& one) { return one.param; });

}  // namespace
}  // namespace siren
