// What the console's page is told of the picture, and what it can look back at: nothing old as new, nothing unknown as
// calm.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <optional>

#include "common/convert/base_convert.h"
#include "fakes/memory_alert_log.h"
#include "fakes/memory_picture_log.h"
#include "operator_console/picture_view.h"
#include "rig/child_process.h"
#include "siren/alerts/v1/alert.pb.h"

namespace siren {
namespace {

using ::testing::ElementsAre;

constexpr milliseconds kSoon{20'000};  // an event that does not come by then does not come
constexpr utc_time kNow{hours{24 * 365 * 56}};

class still_clock final : public world_clock {
 public:
  [[nodiscard]] utc_time now() const override { return kNow; }
};

/// Answers, fails or hangs as told.
class scripted_delivery final : public delivery_source {
 public:
  std::string const& address() const override { return address_; }
  result<alerts::v1::GetDeliveryResponse> now() override {
    if (hold) release.get_future().wait();
    if (down) return failure{reason::not_ready, "the gateway does not answer"};
    alerts::v1::GetDeliveryResponse answer;
    answer.set_phones(12);
    answer.set_bus_heard(true);
    answer.mutable_covered()->set_seq(3);
    return answer;
  }
  std::atomic<bool> down = false;
  std::atomic<bool> hold = false;
  std::promise<void> release;

 private:
  std::string address_ = "gateway";
};

class scripted_list final : public shelter_list {
 public:
  result<changes> news() override {
    std::lock_guard const lock{mutex_};
    if (down_) return failure{reason::not_ready, "the registry does not answer"};
    return std::exchange(next_, {});
  }
  void say(changes news) {
    std::lock_guard const lock{mutex_};
    next_ = std::move(news);
  }
  void set_down(bool down) {
    std::lock_guard const lock{mutex_};
    down_ = down;
  }

 private:
  std::mutex mutex_;
  changes next_;
  bool down_ = false;
};

shelters::v1::Shelter shelter_of(std::string const& id, std::uint32_t occupancy) {
  shelters::v1::Shelter made;
  made.set_shelter_id(id);
  made.set_capacity(100);
  made.set_occupancy(occupancy);
  return made;
}

alert_append alarm(std::string const& zone, std::uint32_t rev, zones::v1::Stage stage) {
  alerts::v1::Alert alert;
  alert.set_zone_id(zone);
  alert.set_stage(stage);
  alert.set_rev(rev);
  alert.set_headline_en("Alarm");
  alert_append made;
  made.zone = zone_id{zone};
  made.alert = alert_id{zone + "@1"};
  made.rev = rev;
  made.ended = stage == zones::v1::STAGE_ALL_CLEAR;
  made.bytes = alert.SerializeAsString();
  made.source = "test";
  made.message_id = zone + "/" + std::to_string(rev);
  return made;
}

class console_view : public ::testing::Test {
 protected:
  void SetUp() override {
    threats::v1::PictureStep step;
    auto& track = *step.add_tracks();
    track.set_track_id(7);
    track.set_threat_class(threats::v1::THREAT_CLASS_DRONE);
    track.set_count(2);
    track.set_confirmed(true);
    track.mutable_position()->set_latitude_deg(50.5);
    track.mutable_position()->set_longitude_deg(30.5);
    track.mutable_velocity()->set_east_mps(-40);
    for (int i = 0; i < 16; ++i) track.add_covariance(i == 0 ? 40'000.0 : i == 5 ? 90'000.0 : 0.0);
    to_proto(kNow - seconds{9}, track.mutable_updated_time());
    auto& feed = *step.add_feeds();
    feed.set_source("radar_north");
    feed.set_alive(true);
    store_.keep(step);
    ASSERT_TRUE(log_.append({alarm("31", 1, zones::v1::STAGE_GO)}));
    ASSERT_TRUE(log_.beat(picture_state::live));
    list_.say({{shelter_of("a", 20), shelter_of("b", 0)}, true});
    gateways_.push_back(std::move(own_delivery_));
  }
  void look(milliseconds engine_silent_after = kSoon, milliseconds fresh_for = kSoon) {
    view_.emplace(picture_view::parts{picture_, log_, gateways_, list_, clock_, &moments_, milliseconds{5},
                                      engine_silent_after, fresh_for});
  }
  /// Watches until a picture is so.
  bool shows(std::function<bool(console::v1::Picture const&)> const& what = [](auto const&) { return true; }) {
    return wait_until(
        [&] {
          auto const next = view_->next(me_, milliseconds{50});
          if (!next) return false;
          newest_ = next->picture();
          last_ = *next;
          for (auto const& row : next->shelters()) told_.push_back(row.shelter_id());
          return what(newest_);
        },
        kSoon);
  }

  memory_picture_store store_;
  memory_picture_log_reader picture_{store_};
  memory_alert_log log_;
  std::unique_ptr<scripted_delivery> own_delivery_ = std::make_unique<scripted_delivery>();
  scripted_delivery& delivery_ = *own_delivery_;
  std::vector<std::unique_ptr<delivery_source>> gateways_;
  scripted_list list_;
  still_clock clock_;
  moment_book moments_{{zone_id{"31"}}, {milliseconds{0}}};
  std::optional<picture_view> view_;
  picture_view::place me_;
  console::v1::Picture newest_;
  console::v1::WatchPictureResponse last_;
  std::vector<std::string> told_;
};

TEST_F(console_view, shows_every_part) {
  look();
  ASSERT_TRUE(shows());
  EXPECT_EQ(utc_from_proto(newest_.now_time()), kNow);
  ASSERT_EQ(newest_.tracks_size(), 1);
  EXPECT_EQ(newest_.tracks(0).count(), 2U);
  EXPECT_EQ(newest_.tracks(0).covariance_size(), 16);
  ASSERT_EQ(newest_.feeds_size(), 1);
  EXPECT_EQ(newest_.feeds(0).source(), "radar_north");
  ASSERT_EQ(newest_.alerts_size(), 1);
  EXPECT_EQ(newest_.alerts(0).stage(), zones::v1::STAGE_GO);
  EXPECT_EQ(newest_.head().seq(), 1U);
  EXPECT_EQ(newest_.state(), alerts::v1::PICTURE_STATE_LIVE);
  ASSERT_EQ(newest_.gateways_size(), 1);
  EXPECT_EQ(newest_.gateways(0).delivery().phones(), 12U);
  EXPECT_TRUE(last_.all_shelters());
  EXPECT_THAT(told_, ElementsAre("a", "b"));
}

TEST_F(console_view, after_the_first_only_changed_shelters_are_told_and_each_watcher_hears_all) {
  look();
  ASSERT_TRUE(shows());
  told_.clear();
  list_.say({{shelter_of("b", 7)}, false});
  ASSERT_TRUE(shows([&](auto const&) { return !told_.empty(); }));
  EXPECT_THAT(told_, ElementsAre("b"));
  EXPECT_FALSE(last_.all_shelters());
  me_ = {};
  told_.clear();
  ASSERT_TRUE(shows());
  EXPECT_THAT(told_, ElementsAre("a", "b"));
  EXPECT_EQ(last_.shelters(1).occupancy(), 7U);
  list_.say({{shelter_of("c", 0)}, true});
  ASSERT_TRUE(shows([&](auto const&) { return last_.all_shelters() && last_.shelters_size() == 1; }));
}

// What changed while the registry was away was never told.
TEST_F(console_view, changes_around_an_outage_of_the_registry_are_told_after_it) {
  look();
  ASSERT_TRUE(shows());
  list_.set_down(true);
  ASSERT_TRUE(shows([](auto const& now) { return !now.shelters_trouble().empty(); }));
  told_.clear();
  list_.say({{shelter_of("a", 99)}, false});
  list_.set_down(false);
  ASSERT_TRUE(shows([&](auto const&) { return !told_.empty(); }));
  EXPECT_THAT(told_, ElementsAre("a"));
}

TEST_F(console_view, an_alarm_leaves_with_its_all_clear) {
  look();
  ASSERT_TRUE(shows([](auto const& now) { return now.alerts_size() == 1; }));
  ASSERT_TRUE(log_.append({alarm("31", 2, zones::v1::STAGE_ALL_CLEAR)}));
  EXPECT_TRUE(shows([](auto const& now) { return now.alerts().empty() && now.head().seq() == 2; }));
}

TEST_F(console_view, each_part_that_fails_says_so_and_the_others_stay) {
  look();
  delivery_.down = true;
  EXPECT_TRUE(shows([](auto const& now) { return !now.gateways(0).trouble().empty(); }));
  store_.set_available(false);
  EXPECT_TRUE(shows([](auto const& now) { return !now.tracks_trouble().empty(); }));
  EXPECT_TRUE(newest_.tracks().empty());
  EXPECT_EQ(newest_.alerts_size(), 1);
  EXPECT_EQ(newest_.state(), alerts::v1::PICTURE_STATE_LIVE);
  log_.set_down(true);
  EXPECT_TRUE(shows([](auto const& now) { return !now.alerts_trouble().empty(); }));
  EXPECT_EQ(newest_.state(), alerts::v1::PICTURE_STATE_LOST);
  log_.set_down(false);
  store_.set_available(true);
  EXPECT_TRUE(shows([](auto const& now) { return now.alerts_trouble().empty() && now.tracks_trouble().empty(); }));
}

TEST_F(console_view, the_picture_is_as_the_engine_says_and_lost_when_it_is_silent) {
  look();
  ASSERT_TRUE(log_.beat(picture_state::degraded));
  EXPECT_TRUE(shows([](auto const& now) { return now.state() == alerts::v1::PICTURE_STATE_DEGRADED; }));
  look(milliseconds{1});
  me_ = {};
  EXPECT_TRUE(shows([](auto const& now) { return now.state() == alerts::v1::PICTURE_STATE_LOST; }));
}

TEST_F(console_view, an_engine_that_never_gave_a_sign_is_a_lost_picture) {
  memory_alert_log never;
  picture_view const view{{picture_, never, gateways_, list_, clock_}};
  auto const first = view.next(me_, kSoon);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->picture().state(), alerts::v1::PICTURE_STATE_LOST);
}

// With a part hanging, the page went on showing the last picture, time and all, as if it were the present one.
TEST_F(console_view, while_a_part_hangs_nothing_old_is_given) {
  look(kSoon, milliseconds{300});
  ASSERT_TRUE(shows());
  delivery_.hold = true;
  EXPECT_TRUE(wait_until(
      [&] {
        picture_view::place newcomer;
        return !view_->next(newcomer, milliseconds{0});
      },
      kSoon));
  delivery_.hold = false;
  delivery_.release.set_value();
  EXPECT_TRUE(shows());
}

TEST_F(console_view, an_alert_that_cannot_be_read_leaves_its_zone_unknown_and_never_calm) {
  auto torn = alarm("30", 1, zones::v1::STAGE_GO);
  torn.bytes = "\xff\xff\xff";
  ASSERT_TRUE(log_.append({torn}));
  look();
  ASSERT_TRUE(shows());
  ASSERT_EQ(newest_.alerts_size(), 2);
  EXPECT_EQ(newest_.alerts(1).zone_id(), "30");
  EXPECT_EQ(newest_.alerts(1).stage(), zones::v1::STAGE_UNSPECIFIED);
}

TEST_F(console_view, what_was_shown_can_be_looked_back_at) {
  look();
  ASSERT_TRUE(shows());
  auto const listed = moments_.list(0);
  ASSERT_GT(listed.moments_size(), 0);
  EXPECT_EQ(listed.moments(0).stage(), zones::v1::STAGE_GO);
  EXPECT_EQ(listed.moments(0).tracks(), 1U);
  auto const then = moments_.at(listed.moments(0).number());
  ASSERT_TRUE(then);
  EXPECT_EQ(then->tracks(0).track_id(), 7U);
}

console::v1::Picture picture_at(int second) {
  console::v1::Picture made;
  made.mutable_now_time()->set_seconds(second);
  return made;
}

TEST(console_moments, are_apart_and_thinned_from_the_old_end_with_the_beginning_kept) {
  moment_book book{{}, {.apart = seconds{2}, .most = 8}};
  steady_time at{hours{1}};
  book.offer(picture_at(0), at);
  book.offer(picture_at(1), at + seconds{1});
  EXPECT_EQ(book.list(0).moments_size(), 1) << "too soon";
  for (auto i = 1; i < 9; ++i) book.offer(picture_at(2 * i), at + seconds{2 * i});
  auto const all = book.list(0);
  std::vector<std::int64_t> told;
  for (auto const& each : all.moments()) told.push_back(each.now_time().seconds());
  EXPECT_THAT(told, ElementsAre(0, 4, 8, 10, 12, 14, 16));
  EXPECT_EQ(book.list(all.moments(5).number()).moments_size(), 1);
  EXPECT_TRUE(book.at(1));
  EXPECT_FALSE(book.at(2)) << "thinned out";
  EXPECT_FALSE(book.at(99));
  EXPECT_EQ(all.kept_from_number(), 1U);
}

TEST(console_moments, hold_no_more_bytes_than_allowed) {
  moment_book book{{}, {.apart = milliseconds{0}, .most_bytes = 10'000}};
  for (auto i = 1; i <= 100; ++i) {
    auto picture = picture_at(i);
    picture.set_tracks_trouble(std::string(1'000, 'x'));
    book.offer(picture, steady_time{seconds{i}});
  }
  EXPECT_LE(book.list(0).moments_size(), 10);
  EXPECT_EQ(book.list(0).moments(0).now_time().seconds(), 1);
}

}  // namespace
}  // namespace siren
