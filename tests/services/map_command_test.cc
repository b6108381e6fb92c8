// `siren map` over a small generated city: what is written, and the exit status.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <numeric>
#include <sstream>

#include "bundle_folder.h"
#include "cli/cli.h"
#include "common/whole_city/whole_city.h"
#include "generate.h"

namespace siren {
namespace {

using nlohmann::json;
using test::temporary_folder;
using test::text_of;
using ::testing::HasSubstr;

class map_command : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new temporary_folder;
    std::ostringstream quiet;
    auto const made = city::generate(
        {std::filesystem::path{SIREN_SOURCE_DIR} / "deploy/city/kyiv", folder_->path() / "city", 1, 0.02}, quiet);
    ASSERT_TRUE(made) << made.error().message;
  }
  static void TearDownTestSuite() {
    delete folder_;
    folder_ = nullptr;
  }

  [[nodiscard]] std::string path(std::string const& name) const { return (folder_->path() / name).string(); }
  int draw(std::string const& file, std::vector<std::string> more = {}) {
    std::vector<std::string> words{"map", "--city", path("city"), "--out", path(file)};
    words.insert(words.end(), more.begin(), more.end());
    out_.str({});
    err_.str({});
    return run_cli(std::move(words), {out_, err_});
  }
  json features(std::string const& file) { return json::parse(text_of(path(file))); }

  static temporary_folder* folder_;
  std::ostringstream out_;
  std::ostringstream err_;
};
temporary_folder* map_command::folder_ = nullptr;

TEST_F(map_command, draws_everybody_once_and_nobody_over_capacity) {
  ASSERT_EQ(draw("city.geojson", {"--people", "20000"}), 0) << err_.str();
  auto const whole = features("city.geojson");
  auto const& totals = whole["totals"]["before"];
  EXPECT_EQ(totals["people"], 20'000);
  EXPECT_EQ(totals["sheltered"].get<int>() + totals["no_room"].get<int>() + totals["too_far"].get<int>() +
                totals["unreachable"].get<int>(),
            20'000);
  EXPECT_EQ(totals["overload"], 0);
  std::uint64_t load = 0;
  for (auto const& f : whole["features"])
    if (f["properties"]["kind"] == "shelter") {
      load += f["properties"]["load"].get<std::uint64_t>();
      EXPECT_LE(f["properties"]["load"], f["properties"]["room"]);
    }
  EXPECT_EQ(load, totals["sheltered"].get<std::uint64_t>());
  EXPECT_TRUE(whole["generated"]);
}

TEST_F(map_command, a_picture_names_the_city_and_says_that_it_is_generated) {
  ASSERT_EQ(draw("city.svg"), 0) << err_.str();
  auto const svg = text_of(path("city.svg"));
  EXPECT_THAT(svg, HasSubstr("Київ"));
  EXPECT_THAT(svg, HasSubstr("Вулиці та укриття згенеровано"));
  EXPECT_THAT(svg, HasSubstr("#dbe9f4")) << "the river is drawn";
  EXPECT_THAT(out_.str(), HasSubstr("Streets and shelters are generated"));
  EXPECT_THAT(out_.str(), HasSubstr("0 over capacity"));
}

TEST_F(map_command, closing_a_shelter_leaves_nobody_pointed_at_it) {
  ASSERT_EQ(draw("before.geojson", {"--people", "20000"}), 0) << err_.str();
  auto const before = features("before.geojson");
  std::string fullest;
  std::uint64_t people = 0;
  for (auto const& f : before["features"])
    if (f["properties"]["kind"] == "shelter" && f["properties"]["load"].get<std::uint64_t>() > people) {
      people = f["properties"]["load"];
      fullest = f["properties"]["id"];
    }
  ASSERT_GT(people, 0U);
  ASSERT_EQ(draw("change.geojson", {"--people", "20000", "--close", fullest}), 0) << err_.str();
  auto const change = features("change.geojson");
  EXPECT_EQ(change["totals"]["before"], before["totals"]["before"]);
  int seen = 0;
  for (auto const& f : change["features"]) {
    auto const& p = f["properties"];
    if (p["moment"] != "after") continue;
    if (p.contains("shelter")) {
      EXPECT_NE(p["shelter"], fullest);
    }
    if (p["kind"] != "shelter" || p["id"] != fullest) continue;
    ++seen;
    EXPECT_EQ(p["load"], 0);
    EXPECT_FALSE(p["open"]);
  }
  EXPECT_EQ(seen, 1);
  EXPECT_GT(change["redirected"], 0);
}

TEST_F(map_command, a_short_deadline_keeps_people_off_the_streets) {
  ASSERT_EQ(draw("now.geojson", {"--people", "20000"}), 0) << err_.str();
  ASSERT_EQ(draw("soon.geojson", {"--people", "20000", "--deadline", "4", "--light", "blackout", "--ice"}), 0);
  auto const now = features("now.geojson")["totals"]["before"];
  auto const soon = features("soon.geojson")["totals"]["before"];
  EXPECT_LT(soon["sheltered"], now["sheltered"]);
  EXPECT_GT(soon["too_far"], 0);
  EXPECT_EQ(features("soon.geojson")["deadline"], "4 minutes until the earliest impact");
}

TEST_F(map_command, wrong_use_and_failures_have_one_line_and_a_status) {
  EXPECT_EQ(draw("city.png"), 2);
  EXPECT_THAT(err_.str(), HasSubstr(".svg or .geojson"));
  EXPECT_EQ(draw("city.svg", {"--close", "nowhere"}), 1);
  EXPECT_THAT(err_.str(), HasSubstr("no shelter \"nowhere\""));
  EXPECT_EQ(draw("no/such/folder/city.svg"), 1);
  EXPECT_EQ(run_cli({"map", "--city", path("nothing"), "--out", path("x.svg")}, {out_, err_}), 1);
}

TEST_F(map_command, shares_of_a_total_are_whole_and_sum_to_it) {
  EXPECT_EQ(scaled_to({1, 1, 1}, 10), (std::vector<std::uint32_t>{4, 3, 3}));
  EXPECT_EQ(scaled_to({0, 5, 10}, 3), (std::vector<std::uint32_t>{0, 1, 2}));
  EXPECT_EQ(scaled_to({0, 0}, 7), (std::vector<std::uint32_t>{0, 0}));
  auto const many = scaled_to({7, 13, 29, 51}, 1'000'000);
  EXPECT_EQ(std::accumulate(many.begin(), many.end(), std::uint64_t{0}), 1'000'000U);
}

}  // namespace
}  // namespace siren
