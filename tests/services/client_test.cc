#include "client/phone_client.h"

#include <condition_variable>
#include <future>

#include <gtest/gtest.h>

#include "client/timers.h"
#include "services/gateway_world.h"
#include "siren/alerts/v1/alert_service.grpc.pb.h"

namespace siren {
namespace {

using client::phone_client;
using client::phone_options;
constexpr seconds kPatience{20};

/// Writes down what a phone was told, and waits for it.
class recorder final : public client::phone_listener {
 public:
  void on_snapshot(alerts::v1::Snapshot const& whole) override {
    note([&] {
      ++snapshots;
      for (auto const& a : whole.alerts()) seqs.push_back(a.cursor().seq());
    });
  }
  void on_alert(alerts::v1::LoggedAlert const& change) override {
    note([&] { seqs.push_back(change.cursor().seq()); });
  }
  void on_provisional(alerts::v1::ProvisionalAlert const& now) override {
    note([&] { provisional.push_back(now.alert().alert_id()); });
  }
  void on_merged(alerts::v1::LoggedAlert const& change) override {
    note([&] { merged.push_back(change.cursor().seq()); });
  }
  void on_guidance(routing::v1::Guidance const& told) override {
    note([&] { sent_to.push_back(told.destination().shelter_id()); });
  }
  void on_state(bool is_current) override {
    note([&] { current = is_current; });
  }
  void on_continuation(alerts::v1::Cursor const&) override {
    note([&] { ++continuations; });
  }
  void on_disconnected(client::disconnection const& ended) override {
    note([&] { breaks.push_back(ended); });
  }

  template <typename Happened>
  bool wait(Happened happened) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, kPatience, happened);
  }
  bool wait_current(bool wanted) {
    return wait([&] { return current == wanted; });
  }

  int snapshots = 0;
  int continuations = 0;
  bool current = false;
  std::vector<std::uint64_t> seqs;
  std::vector<std::string> provisional;
  std::vector<std::uint64_t> merged;
  std::vector<std::string> sent_to;
  std::vector<client::disconnection> breaks;

 private:
  template <typename Act>
  void note(Act act) {
    {
      std::lock_guard const lock{mutex_};
      act();
    }
    changed_.notify_all();
  }
  std::mutex mutex_;
  std::condition_variable changed_;
};

phone_options options_for(std::vector<std::string> gateways, std::uint64_t seed = 1) {
  phone_options o;
  o.gateways = std::move(gateways);
  o.serves = world::exercise;
  o.watch = {zone_id{"west"}};
  o.policy.shortest_backoff = milliseconds{20};
  o.policy.longest_backoff = milliseconds{100};
  o.seed = seed;
  return o;
}

class client_test : public testing::Test {
 protected:
  gateway_world world_;
  std::shared_ptr<client::timers> clock_ = std::make_shared<client::timers>();
  recorder heard_;
};

TEST_F(client_test, hears_alerts_and_knows_that_it_is_current) {
  auto const g = world_.start();
  phone_client phone{options_for({g->phones_address()}), heard_, clock_};
  phone.start();
  ASSERT_TRUE(heard_.wait_current(true));
  world_.publish(world_.happen("west", stage::go));
  world_.publish(world_.happen("east", stage::go));
  world_.publish(world_.happen("west", stage::all_clear));
  ASSERT_TRUE(heard_.wait([&] { return heard_.seqs == std::vector<std::uint64_t>{1, 3}; }));
  EXPECT_TRUE(phone.current());
  phone.stop();
}

TEST_F(client_test, no_hole_when_gateways_come_and_go) {
  auto first = world_.start();
  auto second = world_.start();
  // Which gateway a phone begins with hangs on its seed: among eight phones both are chosen.
  std::vector<std::unique_ptr<recorder>> heard;
  std::vector<std::unique_ptr<phone_client>> phones;
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    heard.push_back(std::make_unique<recorder>());
    phones.push_back(std::make_unique<phone_client>(
        options_for({first->phones_address(), second->phones_address()}, seed), *heard.back(), clock_));
    phones.back()->start();
  }
  for (auto& h : heard) ASSERT_TRUE(h->wait_current(true));
  world_.happen("west", stage::go);
  for (auto& h : heard) ASSERT_TRUE(h->wait([&] { return h->seqs == std::vector<std::uint64_t>{1}; }));
  first->stop();
  world_.happen("west", stage::take_cover);
  int continued = 0;
  for (auto& h : heard) {
    ASSERT_TRUE(h->wait([&] { return h->seqs == std::vector<std::uint64_t>{1, 2}; }));
    EXPECT_EQ(h->snapshots, 1) << "a phone that resumes needs no second snapshot";
    continued += h->continuations;
  }
  EXPECT_GT(continued, 0);
  EXPECT_LT(continued, 8);
  phones.clear();
}

/// Promise "no false calm", at the phone: whatever fails, within 2.5 intervals it stops saying that it is current.
TEST_F(client_test, no_false_calm) {
  auto options = gateway_world::quick();
  options.watch.head_fresh = milliseconds{300};
  auto const g = world_.start(options);
  phone_client phone{options_for({g->phones_address()}), heard_, clock_};
  phone.start();
  ASSERT_TRUE(heard_.wait_current(true));
  world_.log.set_down(true);
  ASSERT_TRUE(heard_.wait_current(false));
  world_.log.set_down(false);
  ASSERT_TRUE(heard_.wait_current(true));
  (void)world_.log.beat(picture_state::lost);
  ASSERT_TRUE(heard_.wait_current(false));
  (void)world_.log.beat(picture_state::degraded);
  ASSERT_TRUE(heard_.wait_current(true));
  g->stop();
  ASSERT_TRUE(heard_.wait_current(false));
}

TEST_F(client_test, a_final_refusal_is_not_asked_again_until_the_request_changes) {
  auto const g = world_.start();
  auto options = options_for({g->phones_address()});
  options.watch = {zone_id{"atlantis"}};
  phone_client phone{options, heard_, clock_};
  phone.start();
  ASSERT_TRUE(heard_.wait([&] { return heard_.breaks.size() == 1; }));
  EXPECT_EQ(heard_.breaks[0].reason, "UNKNOWN_ZONE");
  EXPECT_FALSE(heard_.breaks[0].back_in.has_value());
  phone.watch_zones({zone_id{"east"}});
  ASSERT_TRUE(heard_.wait_current(true));
  EXPECT_EQ(heard_.snapshots, 1);
}

TEST_F(client_test, comes_back_to_a_gateway_that_is_not_there_yet) {
  phone_client phone{options_for({"127.0.0.1:1"}), heard_, clock_};
  phone.start();
  ASSERT_TRUE(heard_.wait([&] { return heard_.breaks.size() >= 3; }));
  EXPECT_LE(*heard_.breaks[2].back_in, milliseconds{100});
}

TEST_F(client_test, moves_with_its_person_and_keeps_the_place_over_breaks) {
  world_.plans.plan_for({{"west shelter", 30.04}, {"east shelter", 30.16}});
  world_.happen("west", stage::go);
  world_.happen("east", stage::go);
  auto first = world_.start();
  auto second = world_.start();
  auto options = options_for({first->phones_address(), second->phones_address()});
  options.watch.clear();
  options.position = {degrees{50.05}, degrees{30.05}};
  phone_client phone{options, heard_, clock_};
  phone.start();
  ASSERT_TRUE(heard_.wait([&] { return !heard_.sent_to.empty() && heard_.sent_to.back() == "west shelter"; }));
  phone.update_position({degrees{50.05}, degrees{30.15}});
  ASSERT_TRUE(heard_.wait([&] { return heard_.sent_to.back() == "east shelter"; }));
  first->stop();
  world_.happen("east", stage::take_cover);
  ASSERT_TRUE(heard_.wait([&] { return heard_.seqs.back() == 3; }));
}

TEST_F(client_test, many_phones_in_one_process_hear_everything_once_and_in_order) {
  constexpr std::size_t kPhones = 200;
  auto const g = world_.start();
  std::vector<std::unique_ptr<recorder>> heard;
  std::vector<std::unique_ptr<phone_client>> phones;
  for (std::size_t i = 0; i < kPhones; ++i) {
    heard.push_back(std::make_unique<recorder>());
    phones.push_back(std::make_unique<phone_client>(options_for({g->phones_address()}, i), *heard.back(), clock_));
    phones.back()->start();
  }
  for (auto& h : heard) ASSERT_TRUE(h->wait_current(true));
  std::vector<std::uint64_t> expected;
  for (std::uint64_t seq = 1; seq <= 5; ++seq) {
    expected.push_back(seq);
    world_.publish(world_.happen("west", stage::go));
  }
  for (auto& h : heard) EXPECT_TRUE(h->wait([&] { return h->seqs == expected; }));
  phones.clear();
}

/// A gateway that skips an entry: the phone must notice and come back with its cursor.
class forgetful_gateway final : public alerts::v1::AlertService::Service {
 public:
  grpc::Status WatchAlerts(
      grpc::ServerContext*,
      grpc::ServerReaderWriter<alerts::v1::WatchAlertsResponse, alerts::v1::WatchAlertsRequest>* stream) override {
    alerts::v1::WatchAlertsRequest asked;
    if (!stream->Read(&asked)) return grpc::Status::OK;
    alerts::v1::WatchAlertsResponse said;
    auto const& subscribe = asked.subscribe();
    if (!subscribe.has_resume_from()) {
      said.mutable_snapshot()->mutable_cursor()->set_seq(10);
      said.mutable_snapshot()->add_zones()->set_zone_id("west");
      stream->Write(said);
      *said.mutable_alert() = alert(12, 11);
      stream->Write(said);
    } else {
      *said.mutable_continuation()->mutable_cursor() = subscribe.resume_from();
      stream->Write(said);
      for (std::uint64_t seq = subscribe.resume_from().seq() + 1; seq <= 12; ++seq) {
        *said.mutable_alert() = alert(seq, seq == 11 ? 0 : seq - 1);
        stream->Write(said);
      }
    }
    while (stream->Read(&asked)) {
    }
    return grpc::Status::OK;
  }

 private:
  static alerts::v1::LoggedAlert alert(std::uint64_t seq, std::uint64_t previous) {
    alerts::v1::LoggedAlert one;
    one.mutable_cursor()->set_seq(seq);
    one.set_previous_seq_in_zone(previous);
    one.mutable_alert()->set_zone_id("west");
    one.mutable_alert()->set_alert_id("west@1");
    one.mutable_alert()->set_rev(static_cast<std::uint32_t>(seq));
    one.mutable_alert()->set_stage(zones::v1::STAGE_GO);
    return one;
  }
};

TEST_F(client_test, no_hole_when_the_gateway_forgets) {
  forgetful_gateway service;
  auto const server = rpc_server::start("127.0.0.1:0", rpc_exposure::internal, {&service});
  ASSERT_TRUE(server.ok());
  phone_client phone{options_for({(*server)->address()}), heard_, clock_};
  phone.start();
  ASSERT_TRUE(heard_.wait([&] { return heard_.seqs == std::vector<std::uint64_t>{11, 12}; }));
  EXPECT_EQ(heard_.snapshots, 1);
  EXPECT_EQ(heard_.continuations, 1);
  EXPECT_EQ(phone.at().seq, 12U);
  phone.stop();
  (*server)->stop(milliseconds{0});
}

/// A thousand phones that come back at once would have kept others from saying that they know nothing any more.
TEST(phone_timers, what_is_urgent_goes_first) {
  using how = client::timers::urgency;
  auto const now = std::chrono::steady_clock::now();
  std::promise<void> busy;
  std::promise<void> all_are_due;
  std::promise<void> done;
  std::vector<std::string> order;
  client::timers clock;
  clock.at(now, how::can_wait, [&] {
    busy.set_value();
    all_are_due.get_future().wait();
  });
  ASSERT_EQ(busy.get_future().wait_for(kPatience), std::future_status::ready);
  clock.at(now - seconds{1}, how::can_wait, [&] { order.emplace_back("first to come"); });
  clock.at(now, how::can_wait, [&] {
    order.emplace_back("second");
    done.set_value();
  });
  clock.at(now, how::urgent, [&] { order.emplace_back("urgent"); });
  all_are_due.set_value();
  ASSERT_EQ(done.get_future().wait_for(kPatience), std::future_status::ready);
  EXPECT_EQ(order, (std::vector<std::string>{"urgent", "first to come", "second"}));
}

}  // namespace
}  // namespace siren
