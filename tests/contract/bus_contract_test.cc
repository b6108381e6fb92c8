#include <condition_variable>
#include <deque>
#include <thread>

#include <gtest/gtest.h>

#include "common/bus.h"
#include "common/clock.h"
#include "fakes/memory_bus.h"
#include "rig/private_servers.h"

namespace siren {
namespace {

constexpr seconds kSoon{10};  // far above every promise; a test that waits so long has failed

/// A broker that can go away, with the bus on it.
class bus_under_test {
 public:
  virtual ~bus_under_test() = default;
  virtual bus& speaker() = 0;
  virtual std::unique_ptr<bus_listener> listen(std::vector<std::string> channels, bus_handlers handlers) = 0;
  virtual void stop() = 0;
  virtual void start_again() = 0;
};

class in_memory final : public bus_under_test {
 public:
  bus& speaker() override { return bus_; }
  std::unique_ptr<bus_listener> listen(std::vector<std::string> channels, bus_handlers handlers) override {
    return bus_.listen(std::move(channels), std::move(handlers));
  }
  void stop() override { bus_.stop(); }
  void start_again() override { bus_.start_again(); }

 private:
  memory_bus bus_;
};

class on_redis final : public bus_under_test {
 public:
  on_redis() : folder_{make_run_folder("test")}, redis_{private_redis::start(folder_).value()} {
    bus_ = make_redis_bus(redis_->address());
  }
  ~on_redis() override {
    bus_.reset();
    redis_.reset();
    remove_run_folder(folder_);
  }
  bus& speaker() override { return *bus_; }
  std::unique_ptr<bus_listener> listen(std::vector<std::string> channels, bus_handlers handlers) override {
    return listen_redis(redis_->address(), std::move(channels), std::move(handlers));
  }
  void stop() override { redis_->kill_hard(); }
  void start_again() override { ASSERT_TRUE(redis_->start_again()); }

 private:
  std::string folder_;
  std::unique_ptr<private_redis> redis_;
  std::unique_ptr<bus> bus_;
};

/// What a listener heard: "channel:bytes" and, for on_gap, "gap".
class notebook {
 public:
  bus_handlers handlers() {
    return {[this](std::string const& channel, std::string const& bytes) { note(channel + ":" + bytes); },
            [this] { note("gap"); }};
  }
  /// The next note; "" when none comes in time.
  std::string next() {
    std::unique_lock lock{mutex_};
    if (!heard_.wait_for(lock, kSoon, [this] { return !notes_.empty(); })) return "";
    auto note = notes_.front();
    notes_.pop_front();
    return note;
  }

 private:
  void note(std::string text) {
    {
      std::lock_guard const lock{mutex_};
      notes_.push_back(std::move(text));
    }
    heard_.notify_all();
  }
  std::mutex mutex_;
  std::condition_variable heard_;
  std::deque<std::string> notes_;
};

template <typename Kind>
class bus_contract : public testing::Test {
 protected:
  Kind kind_;
};
using kinds = testing::Types<in_memory, on_redis>;
TYPED_TEST_SUITE(bus_contract, kinds);

TYPED_TEST(bus_contract, messages_come_in_order_and_whole) {
  notebook heard;
  auto const listener = this->kind_.listen({"a"}, heard.handlers());
  ASSERT_EQ(heard.next(), "gap");
  EXPECT_TRUE(listener->connected());
  std::string const bytes{"\0\n\r\xff%b", 6};
  for (auto i = 0; i < 200; ++i) ASSERT_TRUE(this->kind_.speaker().publish("a", bytes + std::to_string(i)));
  for (auto i = 0; i < 200; ++i) ASSERT_EQ(heard.next(), "a:" + bytes + std::to_string(i));
}

TYPED_TEST(bus_contract, only_asked_channels_are_heard) {
  notebook heard;
  auto const listener = this->kind_.listen({"a", "c"}, heard.handlers());
  ASSERT_EQ(heard.next(), "gap");
  for (auto const* channel : {"a", "b", "c"}) ASSERT_TRUE(this->kind_.speaker().publish(channel, "x"));
  EXPECT_EQ(heard.next(), "a:x");
  EXPECT_EQ(heard.next(), "c:x");
}

TYPED_TEST(bus_contract, the_past_has_no_echo) {
  ASSERT_TRUE(this->kind_.speaker().publish("a", "before"));
  notebook heard;
  auto const listener = this->kind_.listen({"a"}, heard.handlers());
  ASSERT_EQ(heard.next(), "gap");
  ASSERT_TRUE(this->kind_.speaker().publish("a", "after"));
  EXPECT_EQ(heard.next(), "a:after");
}

TYPED_TEST(bus_contract, publishing_on_a_dead_broker_fails_within_a_second) {
  ASSERT_TRUE(this->kind_.speaker().publish("a", "x"));
  this->kind_.stop();
  for (auto i = 0; i < 20; ++i) {
    auto const begin = steady_now();
    auto const said = this->kind_.speaker().publish("a", "x");
    EXPECT_LT(steady_now() - begin, seconds{1});
    ASSERT_FALSE(said);
    EXPECT_EQ(said.error().why, reason::bus_unavailable);
  }
}

TYPED_TEST(bus_contract, a_broker_that_comes_back_is_heard_again_after_a_gap) {
  notebook heard;
  auto const listener = this->kind_.listen({"a"}, heard.handlers());
  ASSERT_EQ(heard.next(), "gap");
  this->kind_.stop();
  EXPECT_TRUE(wait_until([&] { return !listener->connected(); }, kSoon));
  this->kind_.start_again();
  ASSERT_EQ(heard.next(), "gap");
  EXPECT_TRUE(wait_until([&] { return this->kind_.speaker().publish("a", "again").ok(); }, kSoon));
  EXPECT_EQ(heard.next(), "a:again");
}

TYPED_TEST(bus_contract, a_listener_born_before_its_broker_is_served_when_it_comes) {
  this->kind_.stop();
  notebook heard;
  auto const listener = this->kind_.listen({"a"}, heard.handlers());
  EXPECT_FALSE(listener->connected());
  this->kind_.start_again();
  EXPECT_EQ(heard.next(), "gap");
}

}  // namespace
}  // namespace siren
