#include "core/track/track_index.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/track/reports.h"

namespace siren {
namespace {

using test::around_kyiv;
using test::kStart;
using test::report_of;

track_policy const kPolicy{};

/// Tracks of every class over 200 x 200 km, of one to three reports.
std::vector<tracked> sky(std::size_t size, std::mt19937_64& random) {
  std::uniform_real_distribution<double> anywhere{-100'000, 100'000};
  std::uniform_real_distribution<double> speed{-250, 250};
  std::vector<tracked> all;
  for (std::size_t i = 0; i < size; ++i) {
    auto first =
        report_of("a", "", kStart + seconds{static_cast<int>(i % 20)}, around_kyiv(anywhere(random), anywhere(random)));
    first.kind = static_cast<threat_class>(i % kThreatClasses);
    if (i % 3 == 0) first.velocity = {meters_per_second{speed(random)}, meters_per_second{speed(random)}};
    all.push_back(born(track_id{i + 1}, first, kPolicy));
  }
  return all;
}

TEST(track_index, finds_every_track_whose_gate_holds_a_report) {
  std::mt19937_64 random{7};
  std::normal_distribution<double> near{0, 1'500};
  std::uniform_int_distribution<int> later{0, 40};
  auto all = sky(600, random);
  track_index index;
  std::vector<std::uint32_t> found;
  int held = 0;
  for (int round = 0; round < 3'000; ++round) {
    auto const at = kStart + seconds{later(random)};
    if (index.stale(all.size(), at)) index.rebuild(all, at, kPolicy);
    auto const& target = all[static_cast<std::size_t>(round) % all.size()];
    auto const middle = local_plane{test::kKyiv}.to_plane(target.now.position);
    auto report =
        report_of("b", "", at, around_kyiv(middle.east.value + near(random), middle.north.value + near(random)));
    report.kind = target.now.kind;
    auto const said = reading_of(report, kPolicy);
    index.near(report.position, at, said.place_sigma * 3.7, 1.0, found);
    for (std::uint32_t slot = 0; slot < all.size(); ++slot) {
      if (at < all[slot].flight.at) continue;
      auto const fitted = fit_of(flight_at(all[slot], at, kPolicy), said, kPolicy);
      if (fitted.place_squared > kPolicy.gate_position) continue;
      ++held;
      ASSERT_TRUE(std::binary_search(found.begin(), found.end(), slot)) << round << " " << slot;
    }
  }
  EXPECT_GT(held, 3'000);
}

TEST(track_index, leaves_out_what_is_far) {
  std::mt19937_64 random{8};
  auto all = sky(600, random);
  std::erase_if(all,
                [](tracked const& t) { return t.now.kind != threat_class::drone || t.now.velocity.east.value != 0.0; });
  track_index index;
  index.rebuild(all, kStart + seconds{20}, kPolicy);
  std::vector<std::uint32_t> found;
  std::size_t sum = 0;
  for (auto const& t : all) {
    index.near(t.now.position, kStart + seconds{20}, meters{500}, 1.0, found);
    sum += found.size();
  }
  EXPECT_GE(sum, all.size());
  EXPECT_LT(sum, 3 * all.size());
}

TEST(track_index, follows_what_moves_and_forgets_what_ends) {
  std::mt19937_64 random{9};
  auto all = sky(20, random);
  track_index index;
  index.rebuild(all, kStart, kPolicy);
  std::vector<std::uint32_t> found;
  auto moved = born(track_id{5}, report_of("a", "", kStart, around_kyiv(150'000, 0)), kPolicy);
  index.place(4, moved, kPolicy);
  index.near(around_kyiv(150'000, 0), kStart, meters{100}, 1.0, found);
  EXPECT_TRUE(std::binary_search(found.begin(), found.end(), 4U));
  index.remove(4);
  index.near(around_kyiv(150'000, 0), kStart, meters{100}, 1.0, found);
  EXPECT_FALSE(std::binary_search(found.begin(), found.end(), 4U));
  index.near(around_kyiv(150'000, 0), kStart, meters{500'000}, 1.0, found);  // more cells than are looked into
  EXPECT_EQ(found.size(), 19u);
  EXPECT_TRUE(index.stale(21, kStart));
  EXPECT_TRUE(index.stale(20, kStart + seconds{2}));
  EXPECT_FALSE(index.stale(20, kStart));
}

}  // namespace
}  // namespace siren
