#include <random>

#include <gtest/gtest.h>

#include "core/stream/stream_world.h"

namespace siren {
namespace {

using namespace stream_test;

/// A small world from one seed: a log, a bus that loses, doubles and reorders, two gateways with small rings that poll
/// the log (or can't), and a phone that breaks off, moves and comes back anywhere. After every step both promises hold.
class small_world {
 public:
  explicit small_world(unsigned seed) : random_{seed} {
    for (auto& g : gateways_) g.known.reset(log_.head(), {}, {});
    connect();
  }

  void step() {
    now_ms_ += static_cast<std::int64_t>(random_() % 700);
    switch (random_() % 10) {
      case 0:
      case 1:
      case 2:
        bus_.push_back(log_.happen(std::string(1, static_cast<char>('a' + random_() % 3))));
        happened_ms_.push_back(now_ms_);
        break;
      case 3:
      case 4:
        if (!bus_.empty())
          hear(gateways_[random_() % 2], bus_[bus_.size() - 1 - random_() % std::min<std::size_t>(5, bus_.size())]);
        break;
      case 5:
      case 6:
        poll(gateways_[random_() % 2]);
        break;
      case 7:
        if (random_() % 4 == 0) break_off();
        if (random_() % 16 == 0) log_readable_ = !log_readable_;
        break;
      case 8:
        if (random_() % 4 == 0) session_->change_zones(some_zones());
        break;
      default:
        for (auto writes = random_() % 6; writes > 0; --writes) pump();
    }
    check();
  }

  void settle() {
    log_readable_ = true;
    for (int i = 0; i < 40; ++i) {
      now_ms_ += 300;
      for (auto& g : gateways_) poll(g);
      for (int writes = 0; writes < 6; ++writes) pump();
      check();
    }
    EXPECT_TRUE(phone_.current(at_ms(now_ms_)));
    EXPECT_EQ(phone_.at(), log_.head());
  }

  std::size_t continuations = 0;
  std::size_t snapshots = 0;
  std::size_t times_current = 0;
  std::size_t times_unknown = 0;

 private:
  struct gateway {
    board known{nullptr, {.ring = 8}};
    log_watch watch;
  };

  std::vector<zone_id> some_zones() {
    return random_() % 2 ? std::vector{zone_named("a"), zone_named("b")} : std::vector{zone_named("b")};
  }
  void connect() {
    on_ = &gateways_[random_() % 2];
    auto const back = phone_.resume();
    session_ = std::make_unique<phone_session>(at_ms(now_ms_));
    auto const zones = back.from && random_() % 4 ? back.zones : some_zones();
    session_->subscribe({back.from, back.zones, zones}, at_ms(now_ms_));
    phone_.connected(at_ms(now_ms_));
  }
  void break_off() {
    (void)phone_.on_disconnected({}, random_(), at_ms(now_ms_));
    connect();
  }
  void hear(gateway& g, stream_entry const& e) {
    if (g.known.apply(e) == board::outcome::read_log) poll(g);
  }
  void poll(gateway& g) {
    if (!log_readable_) return;
    auto const need =
        g.watch.on_head(g.known, g.known.at(), at_ms(now_ms_), {log_.head(), picture_state::live, milliseconds{0}});
    if (need != log_watch::need::read_log) return;
    if (random_() % 3 == 0) {
      g.known.reset(log_.head(), log_.newest(), {});
      return;
    }
    for (auto seq = g.known.at().seq; seq < log_.head().seq; ++seq) g.known.apply(log_.entries()[seq]);
  }
  void pump() {
    auto const what = session_->next(on_->known, on_->watch.at(at_ms(now_ms_), on_->known.at()), at_ms(now_ms_));
    if (!what) return;
    session_->write_done();
    continuations += std::holds_alternative<send_continuation>(*what);
    snapshots += std::holds_alternative<send_snapshot>(*what);
    auto const before = phone_.at();
    if (hand_over(*what, phone_, at_ms(now_ms_)) == phone::taken::must_resume || session_->finished()) break_off();
    EXPECT_GE(phone_.at().seq, before.seq) << "sequence went back";
  }
  void check() {
    if (phone_.whole()) {
      ASSERT_EQ(held(phone_), log_.merged(phone_.at().seq, phone_.zones())) << "no_hole is broken";
    }
    auto const current = phone_.current(at_ms(now_ms_));
    ++(current ? times_current : times_unknown);
    if (!current) return;
    // Whatever a current phone does not know happened at most 2.5 intervals and a head's age ago.
    for (auto seq = phone_.at().seq; seq < log_.head().seq; ++seq)
      ASSERT_LE(now_ms_ - happened_ms_[seq], 12'500 + 1'500) << "no_false_calm is broken";
  }

  std::mt19937 random_;
  std::int64_t now_ms_ = 0;
  memory_log log_;
  std::vector<std::int64_t> happened_ms_;
  std::vector<stream_entry> bus_;
  bool log_readable_ = true;
  gateway gateways_[2];
  gateway* on_ = nullptr;
  std::unique_ptr<phone_session> session_;
  phone phone_;
};

TEST(promises, no_hole_and_no_false_calm_for_any_seed) {
  std::size_t continuations = 0, snapshots = 0, current = 0, unknown = 0;
  for (unsigned seed = 1; seed <= 400; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    small_world world{seed};
    for (int i = 0; i < 300; ++i) {
      world.step();
      if (testing::Test::HasFatalFailure()) return;
    }
    world.settle();
    if (testing::Test::HasFailure()) return;
    continuations += world.continuations;
    snapshots += world.snapshots;
    current += world.times_current;
    unknown += world.times_unknown;
  }
  // A checker that never met the interesting cases would prove nothing.
  EXPECT_GT(continuations, 1'000U);
  EXPECT_GT(snapshots, 1'000U);
  EXPECT_GT(current, 1'000U);
  EXPECT_GT(unknown, 1'000U);
}

}  // namespace
}  // namespace siren
