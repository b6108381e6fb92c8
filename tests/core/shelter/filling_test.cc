#include "core/shelter/filling.h"

#include <gtest/gtest.h>

namespace siren {
namespace {

utc_time const kNow{hours{500'000}};

std::vector<occupancy_point> each_minute(std::vector<std::uint32_t> const& people) {
  std::vector<occupancy_point> points;
  for (std::size_t i = 0; i < people.size(); ++i) points.push_back({kNow - minutes{people.size() - 1 - i}, people[i]});
  return points;
}

TEST(full_at, table) {
  struct row {
    char const* story;
    std::vector<std::uint32_t> people;
    std::uint32_t capacity;
    std::optional<minutes> in;
  };
  row const rows[] = {
      {"ten a minute, fifty places left", {10, 20, 30, 40, 50}, 100, minutes{5}},
      {"full", {98, 99, 100}, 100, minutes{0}},
      {"over", {98, 99, 130}, 100, minutes{0}},
      {"nobody comes", {50, 50, 50, 50}, 100, std::nullopt},
      {"they leave", {50, 40, 30, 20}, 100, std::nullopt},
      {"too slowly to matter", {1, 1, 1, 2}, 10'000, std::nullopt},
      {"two points are no trend", {10, 90}, 100, std::nullopt},
      {"no capacity told", {10, 20, 30}, 0, std::nullopt},
      {"what was an hour ago does not count", std::vector<std::uint32_t>(40, 0), 100, std::nullopt},
      {"nothing", {}, 100, std::nullopt},
  };
  for (auto const& c : rows) {
    auto const full = full_at(each_minute(c.people), c.capacity, kNow);
    ASSERT_EQ(full.has_value(), c.in.has_value()) << c.story;
    if (!full) continue;
    EXPECT_LE(abs(*full - (kNow + *c.in)), seconds{1}) << c.story;
  }
}

TEST(full_at, an_old_crowd_is_no_trend) {
  std::vector<occupancy_point> points;
  for (int i = 0; i < 20; ++i) points.push_back({kNow - hours{2} + minutes{i}, static_cast<std::uint32_t>(10 * i)});
  EXPECT_EQ(full_at(points, 1'000, kNow), std::nullopt);
}

}  // namespace
}  // namespace siren
