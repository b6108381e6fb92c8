// zone_engine in process while its stores are away, hang or were put back to an older copy.
#include <algorithm>

#include <gmock/gmock.h>

#include "services/zone_world.h"

namespace siren::test {
namespace {

using testing::ElementsAre;
using zones::v1::STAGE_ALL_CLEAR;
using zones::v1::STAGE_GO;
using zones::v1::STAGE_PREPARE;
using zones::v1::STAGE_TAKE_COVER;

// People would have seen nothing of an alarm, because a database was down.
TEST_F(zone_engine, one_warning_path_always_works_with_the_database_killed) {
  start_engine();
  happen(step_of({declared("oblast", true, kEvening)}));
  ASSERT_TRUE(settled());
  auto const before = logged().size();
  servers().postgres->kill_hard();
  std::vector<threats::v1::PictureStep> unlogged;
  auto const at = [](int n) { return kEvening + seconds{n}; };
  auto const said_at = steady_now();
  unlogged.push_back(say_unlogged(step_of(missile_at_east(1, at(1)))));
  ASSERT_TRUE(wait_until([this] { return early("east").has_value(); }, kSoon));
  EXPECT_LT(steady_now() - said_at, milliseconds{1'500});
  EXPECT_EQ(early("east")->alert().stage(), STAGE_TAKE_COVER);
  unlogged.push_back(say_unlogged(step_of({declared("oblast", false, at(2))})));
  unlogged.push_back(say_unlogged(step_of({declared("west", true, at(3))})));
  ASSERT_TRUE(wait_until([this] { return engine_->picture_seq() == static_cast<double>(picture_.seq); }, kSoon));
  ASSERT_TRUE(wait_until([this] { return engine_->undurable() > 0 && engine_->kept(); }, kSoon));
  auto const obeyed = raise("r1", "east", STAGE_GO, "Stay inside");
  ASSERT_TRUE(obeyed.status.ok()) << obeyed.status.error_message();
  EXPECT_EQ(obeyed.body.cursor().seq(), 0U) << "it has no place yet";
  EXPECT_NE(obeyed.body.alert().body_en().find("Stay inside"), std::string::npos);
  EXPECT_EQ(raise("r1", "east", STAGE_GO, "Stay inside").body.SerializeAsString(), obeyed.body.SerializeAsString());
  EXPECT_EQ(reason_of(raise("r1", "east", STAGE_PREPARE).status), "REQUEST_ID_REUSED");
  EXPECT_EQ(heard().size(), before) << "what is not in the log has no place";

  ASSERT_TRUE(servers().postgres->start_again());
  ASSERT_TRUE(wait_until([this] { return engine_->durable() && engine_->undurable() == 0; }, kSoon));
  EXPECT_FALSE(engine_->fenced());
  auto entries = logged();
  ASSERT_GT(entries.size(), before);
  entries.erase(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(before));
  EXPECT_THAT(raions_in_order(entries), ElementsAre("east STAGE_TAKE_COVER", "east STAGE_TAKE_COVER",
                                                    "west STAGE_ALL_CLEAR", "west STAGE_GO", "east STAGE_TAKE_COVER"))
      << "east's second: the missile alone, the official alarm is over; its third: the operator's word";
  ASSERT_TRUE(wait_until([&] { return heard().size() == before + entries.size(); }, kSoon));
  for (std::size_t i = 0; i < entries.size(); ++i)
    EXPECT_EQ(heard()[before + i].SerializeAsString(), entries[i].SerializeAsString());
  for (auto const& said : provisional()) {
    auto const same = [&](auto const& entry) {
      return entry.alert().SerializeAsString() == said.alert().SerializeAsString() &&
             entry.cursor().seq() == said.after().seq() + 1;
    };
    EXPECT_TRUE(std::any_of(entries.begin(), entries.end(), same)) << "logged as it was said, where it was said";
    EXPECT_NE(said.alert().stage(), STAGE_ALL_CLEAR) << "nothing is ended before the log has it";
  }

  // Ingest logs its own steps late as well: they are known already.
  for (auto const& step : unlogged) happen(step);
  happen(step_of({declared("east", true, at(4))}));
  ASSERT_TRUE(settled());
  EXPECT_EQ(logged_of("west").size(), 3U);
  EXPECT_EQ(raise("r1", "east", STAGE_GO, "Stay inside").body.SerializeAsString(), obeyed.body.SerializeAsString());
}

TEST_F(zone_engine, a_store_that_hangs_holds_up_no_warning) {
  start_engine();
  happen(step_of({declared("oblast", true, kEvening)}));
  ASSERT_TRUE(settled());
  auto const before = logged().size();
  servers().postgres->freeze();
  auto const said_at = steady_now();
  auto const step = say_unlogged(step_of(missile_at_east(1, kEvening + seconds{1})));
  EXPECT_TRUE(wait_until([this] { return early("east").has_value(); }, kSoon));
  EXPECT_LT(steady_now() - said_at, milliseconds{1'500});
  auto const order_at = steady_now();
  EXPECT_TRUE(raise("r1", "west", STAGE_TAKE_COVER).status.ok());
  EXPECT_LT(steady_now() - order_at, milliseconds{1'500});
  servers().postgres->thaw();
  ASSERT_TRUE(wait_until([this] { return engine_->durable() && engine_->undurable() == 0; }, kSoon));
  auto entries = logged();
  entries.erase(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(before));
  EXPECT_THAT(raions_in_order(entries), ElementsAre("east STAGE_TAKE_COVER", "west STAGE_TAKE_COVER"));
  happen(step);
}

// An operator was told that the order holds: whatever dies then, it does.
TEST_F(zone_engine, an_acknowledged_trigger_is_never_lost_when_everything_dies) {
  start_engine();
  happen(step_of({declared("west", true, kEvening)}));
  ASSERT_TRUE(settled());
  servers().postgres->kill_hard();
  auto const step = say_unlogged(step_of(missile_at_east(1, kEvening + seconds{1})));
  ASSERT_TRUE(wait_until([this] { return early("east").has_value(); }, kSoon));
  auto const obeyed = raise("r1", "west", STAGE_TAKE_COVER, "Gas leak");
  ASSERT_TRUE(obeyed.status.ok()) << obeyed.status.error_message();
  engine_.reset();
  ASSERT_TRUE(servers().postgres->start_again());
  EXPECT_EQ(logged_of("west").size(), 1U);
  say(write(step));
  start_engine();
  ASSERT_TRUE(wait_until([this] { return engine_->steps() >= 5 && engine_->durable(); }, kSoon));
  EXPECT_EQ(logged_of("west").back().SerializeAsString(), obeyed.body.alert().SerializeAsString());
  ASSERT_EQ(logged_of("east").size(), 1U);
  EXPECT_EQ(logged_of("east").back().SerializeAsString(), early("east")->alert().SerializeAsString());
  EXPECT_EQ(raise("r1", "west", STAGE_TAKE_COVER, "Gas leak").body.SerializeAsString(),
            obeyed.body.SerializeAsString());
  EXPECT_EQ(clear("c1", "west").body.alert().stage(), STAGE_GO) << "and it can be withdrawn";
}

TEST_F(zone_engine, an_order_of_an_engine_that_could_not_hand_it_on_reaches_the_next_leader) {
  start_engine();
  servers().postgres->kill_hard();
  ASSERT_TRUE(raise("r1", "west", STAGE_TAKE_COVER).status.ok());
  engine_.reset();
  ASSERT_TRUE(servers().postgres->start_again());
  auto const first = journal_folder();
  database_ += "-other";
  start_engine();
  EXPECT_TRUE(logged_of("west").empty()) << "it knows nothing of the order";
  {
    auto const kept = journal::open(first).value();
    pg_store store{dsn_};
    ASSERT_TRUE(hand_over_orders(*kept, *make_pg_order_store(store, "UA")));
  }
  EXPECT_TRUE(wait_until([this] { return !logged_of("west").empty(); }, kSoon));
  EXPECT_EQ(logged_of("west").back().stage(), STAGE_TAKE_COVER);
}

TEST_F(zone_engine, an_order_that_can_not_be_kept_is_refused_and_not_obeyed_but_people_are_warned) {
  start_engine();
  servers().postgres->kill_hard();
  auto orders = 0;
  auto refused = raise("r0", "west", STAGE_GO, std::string(280, 'x'));
  for (; refused.status.ok() && orders < 1'000; ++orders)
    refused = raise("r" + std::to_string(orders + 1), "west", orders % 2 == 0 ? STAGE_PREPARE : STAGE_GO,
                    std::string(280, 'x'));
  EXPECT_EQ(reason_of(refused.status), "JOURNAL_FULL") << refused.status.error_message();
  ASSERT_GT(orders, 2);
  std::vector<threats::v1::PictureStep> unlogged;
  for (auto turn = 1; turn <= 41; ++turn)
    unlogged.push_back(say_unlogged(step_of({declared("east", turn % 2 == 1, kEvening + seconds{turn})})));
  EXPECT_TRUE(wait_until([this] { return engine_->at_risk(); }, kSoon)) << "it does not count as kept";
  unlogged.push_back(say_unlogged(step_of(missile_at_east(1, kEvening + seconds{60}))));
  EXPECT_TRUE(wait_until([&] { return early("east")->alert().stage() == STAGE_TAKE_COVER; }, kSoon))
      << "a warning that may be forgotten is better than none";
  EXPECT_EQ(reason_of(raise("late", "east", STAGE_TAKE_COVER).status), "JOURNAL_FULL");
  ASSERT_TRUE(servers().postgres->start_again());
  ASSERT_TRUE(wait_until([this] { return engine_->durable(); }, kSoon));
  EXPECT_FALSE(logged_of("east").empty());
  EXPECT_EQ(one_text("SELECT count(*) FROM operator_order WHERE request_id = 'late'"), "0");
  EXPECT_TRUE(raise("late", "east", STAGE_TAKE_COVER).status.ok()) << "sent again, it is obeyed";
  for (auto const& step : unlogged) happen(step);
}

// People would have seen an alarm vanish, because somebody put back yesterday's copy of the database.
TEST_F(zone_engine, a_log_put_back_to_an_older_copy_gets_a_new_epoch_and_what_it_lost) {
  start_engine();
  happen(step_of({declared("west", true, kEvening)}));
  ASSERT_TRUE(settled());
  ASSERT_TRUE(raise("r1", "east", STAGE_TAKE_COVER, "Gas leak").status.ok());
  happen(step_of({declared("west", false, kEvening + seconds{2})}));
  ASSERT_TRUE(settled());
  auto const before = reader_->head()->head;
  auto const west = logged_of("west").back();
  auto const east = logged_of("east").back();
  ASSERT_GT(before.seq, 2U);
  put_log_back_to(2);
  cut_leader();
  ASSERT_TRUE(wait_until([&] { return reader_->head()->head.epoch != before.epoch; }, kSoon));
  ASSERT_TRUE(wait_until([&] { return logged_of("east").size() == 1 && logged_of("west").size() == 1; }, kSoon));
  EXPECT_GT(reader_->head()->head.seq, before.seq);
  EXPECT_EQ(logged_of("west").back().SerializeAsString(), west.SerializeAsString());
  EXPECT_EQ(logged_of("east").back().SerializeAsString(), east.SerializeAsString());
  ASSERT_TRUE(wait_until([this] { return one_text("SELECT count(*) FROM operator_order") == "1"; }, kSoon));
  happen(step_of(missile_at_east(1, kEvening + seconds{3})));
  ASSERT_TRUE(settled());
  EXPECT_FALSE(engine_->fenced());
  sound_from_first_revision_ = false;
}

TEST_F(zone_engine, steps_behind_a_gap_warn_while_the_log_is_away_and_the_picture_is_whole_again_later) {
  start_engine();
  happen(step_of({declared("west", true, kEvening)}));
  ASSERT_TRUE(settled());
  servers().postgres->kill_hard();
  auto const unheard = [&] {
    auto step = step_of({declared("west", false, kEvening + seconds{1})});
    step.set_epoch(picture_.epoch);
    step.set_seq(++picture_.seq);
    return step;
  }();
  auto const behind = step_of({declared("east", true, kEvening + seconds{2})});
  auto const said = say_unlogged(behind);
  ASSERT_TRUE(wait_until(
      [&] {
        EXPECT_TRUE(say(said));
        return early("east").has_value();
      },
      kSoon));
  ASSERT_TRUE(servers().postgres->start_again());
  write(unheard);
  write(said);
  ASSERT_TRUE(wait_until([this] { return logged_of("west").size() == 2; }, kSoon));
  EXPECT_EQ(logged_of("west").back().stage(), STAGE_ALL_CLEAR);
  ASSERT_TRUE(settled());
  ASSERT_EQ(logged_of("east").size(), 1U);
  EXPECT_EQ(logged_of("east").back().stage(), STAGE_GO) << "not ended by being read again";
}

TEST_F(zone_engine, a_leader_that_hangs_is_put_out_and_one_that_had_a_broken_store_is_waited_for) {
  pg_store store{dsn_};
  auto const orphan = make_pg_leadership(dsn_, "UA");
  ASSERT_TRUE(orphan->acquire().value());  // and never beats
  auto const standby = make_pg_leadership(dsn_, "UA", {.return_within = seconds{60}, .hung_after = milliseconds{300}});
  EXPECT_FALSE(standby->acquire().value());
  EXPECT_TRUE(wait_until([&] { return standby->acquire().value(); }, kSoon));
  EXPECT_FALSE(orphan->held());

  auto const other = make_pg_leadership(dsn_, "UA", {.return_within = seconds{60}});
  ASSERT_FALSE(other->acquire().value());
  servers().postgres->kill_hard();
  ASSERT_FALSE(other->acquire());
  ASSERT_FALSE(standby->held());
  ASSERT_TRUE(servers().postgres->start_again());
  EXPECT_TRUE(wait_until([&] { return other->acquire().ok(); }, kSoon));
  EXPECT_FALSE(other->acquire().value()) << "who led before the break comes first";
  EXPECT_TRUE(wait_until([&] { return standby->acquire().ok() && standby->held(); }, kSoon));
}

}  // namespace
}  // namespace siren::test
