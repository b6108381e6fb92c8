#include "picture_metrics/set_distance.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace siren::picture_metrics {
namespace {

std::vector<plane_point> points(nlohmann::json const& from) {
  std::vector<plane_point> out;
  for (auto const& one : from) out.push_back({meters{one.at(0).get<double>()}, meters{one.at(1).get<double>()}});
  return out;
}

TEST(set_distance, by_hand) {
  std::vector<plane_point> const tracks{{meters{0}, meters{0}}, {meters{50}, meters{50}}};
  std::vector<plane_point> const truth{{meters{3}, meters{4}}};
  set_distance_policy const policy{meters{10}, 1.0};
  EXPECT_DOUBLE_EQ(ospa(tracks, truth, policy).value, 7.5);
  auto const told = gospa(tracks, truth, policy);
  EXPECT_DOUBLE_EQ(told.distance.value, 10.0);
  EXPECT_DOUBLE_EQ(told.localisation, 5.0);
  EXPECT_EQ(told.missed_count, 0U);
  EXPECT_EQ(told.false_count, 1U);
}

TEST(set_distance, empty_sets_are_equal) {
  EXPECT_EQ(ospa({}, {}, {}).value, 0.0);
  EXPECT_EQ(gospa({}, {}, {}).distance.value, 0.0);
}

TEST(set_distance, reproduces_reference_numbers) {
  std::filesystem::path const file = std::filesystem::path{SIREN_SOURCE_DIR} / "tests/references/ospa_gospa.json";
  std::ifstream in{file};
  ASSERT_TRUE(in) << file;
  auto const reference = nlohmann::json::parse(in);
  ASSERT_GE(reference.at("cases").size(), 24U);
  for (auto const& one : reference.at("cases")) {
    auto const tracks = points(one.at("tracks"));
    auto const truth = points(one.at("truth"));
    set_distance_policy const policy{meters{one.at("c").get<double>()}, one.at("p").get<double>()};
    EXPECT_NEAR(ospa(tracks, truth, policy).value, one.at("ospa").get<double>(), 1e-6) << one;
    auto const told = gospa(tracks, truth, policy);
    auto const& expected = one.at("gospa");
    EXPECT_NEAR(told.distance.value, expected.at("distance").get<double>(), 1e-6) << one;
    EXPECT_NEAR(told.localisation, expected.at("localisation").get<double>(), 1e-6) << one;
    EXPECT_NEAR(told.missed, expected.at("missed").get<double>(), 1e-6) << one;
    EXPECT_NEAR(told.false_tracks, expected.at("false").get<double>(), 1e-6) << one;
  }
}

}  // namespace
}  // namespace siren::picture_metrics
