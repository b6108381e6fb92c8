#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "guidance_bench/figure.h"

namespace siren::bench {
namespace {

using testing::HasSubstr;
using testing::Not;

figure taken(std::vector<double> runs, std::optional<bound> target = {}) {
  return {"Speed", "field", "ms", std::move(runs), target, {}, ""};
}

std::string table_of(std::vector<figure> const& figures) {
  std::ostringstream out;
  print_table(out, figures);
  return out.str();
}

TEST(guidance_figures, the_median_is_the_middle_and_of_an_even_number_the_mean_of_two) {
  EXPECT_EQ(median({9.0, 1.0, 5.0}), 5.0);
  EXPECT_EQ(median({4.0, 1.0, 2.0, 100.0}), 3.0);
  EXPECT_EQ(median({7.0}), 7.0);
}

TEST(guidance_figures, a_percentile_is_one_of_the_values) {
  std::vector<double> values;
  for (int i = 100; i >= 1; --i) values.push_back(i);
  EXPECT_EQ(percentile(values, 0.5), 50.0);
  EXPECT_EQ(percentile(values, 0.99), 99.0);
  EXPECT_EQ(percentile(values, 1.0), 100.0);
  EXPECT_EQ(percentile({3.0, 8.0}, 0.99), 8.0);
  EXPECT_EQ(percentile({3.0}, 0.0), 3.0);
}

TEST(guidance_figures, targets_include_their_own_value) {
  struct row {
    bound target;
    double value;
    bool kept;
  };
  for (auto const& r : {row{at_most(15), 15, true}, row{at_most(15), 15.1, false}, row{at_least(1e6), 1e6, true},
                        row{at_least(1e6), 999'999, false}, row{exactly(0), 0, true}, row{exactly(77), 76, false}})
    EXPECT_EQ(taken({r.value}, r.target).kept(), r.kept) << r.value;
}

TEST(guidance_figures, one_missed_target_fails_the_run_and_a_skipped_row_does_not) {
  figure skipped{"London", "import", "s", {}, at_most(2.0), {}, "skipped: no ../shared/data"};
  EXPECT_TRUE(all_kept({taken({1.0}, at_most(2.0)), skipped, taken({99.0})}));
  EXPECT_FALSE(all_kept({taken({1.0}, at_most(2.0)), taken({1.0, 3.0, 3.0}, at_most(2.0))}));
}

TEST(guidance_figures, numbers_have_three_digits_and_thousands_apart) {
  struct row {
    double value;
    char const* text;
  };
  for (auto const& r : {row{0, "0"}, row{0.02514, "0.0251"}, row{0.544, "0.544"}, row{4.605, "4.61"},
                        row{12.34, "12.3"}, row{352810, "352 810"}, row{1004512.4, "1 004 512"}, row{-1234, "-1 234"},
                        row{999, "999"}, row{3, "3"}, row{-0.5, "-0.500"}})
    EXPECT_EQ(shown(r.value), r.text);
}

TEST(guidance_figures, the_table_shows_target_verdict_and_ratio_to_the_peer) {
  auto kept = taken({10.0, 12.0, 11.0}, at_most(15.0));
  kept.peers = {{"heap", 55.0}};
  auto const table = table_of({kept, taken({20.0}, at_most(15.0))});
  EXPECT_THAT(table, HasSubstr("\nSpeed\n"));
  EXPECT_THAT(table, HasSubstr("11 ms  ≤ 15"));
  EXPECT_THAT(table, HasSubstr("kept"));
  EXPECT_THAT(table, HasSubstr("heap 55 (×5)"));
  EXPECT_THAT(table, HasSubstr("MISSED"));
}

TEST(guidance_figures, a_skipped_row_says_why_and_has_no_number) {
  auto const table = table_of({{"London", "import", "s", {}, at_most(2.0), {}, "no ../shared/data"}});
  EXPECT_THAT(table, HasSubstr("skipped"));
  EXPECT_THAT(table, HasSubstr("no ../shared/data"));
  EXPECT_THAT(table, Not(HasSubstr("kept")));
}

TEST(guidance_figures, json_holds_every_run_and_every_peer) {
  auto one = taken({1.0, 2.0, 3.0}, at_least(1.5));
  one.peers = {{"lemon", 4.6}};
  auto const all = as_json({one, {"London", "import", "s", {}, {}, {}, "no data"}});
  EXPECT_EQ(all[0]["runs"], (std::vector<double>{1.0, 2.0, 3.0}));
  EXPECT_EQ(all[0]["value"], 2.0);
  EXPECT_EQ(all[0]["peers"]["lemon"], 4.6);
  EXPECT_TRUE(all[0]["kept"]);
  EXPECT_FALSE(all[1].contains("value"));
  EXPECT_EQ(all[1]["skipped"], "no data");
}

}  // namespace
}  // namespace siren::bench
