#include "core/shelter/conditions.h"

#include <gmock/gmock.h>

namespace siren {
namespace {

using ::testing::ElementsAre;

constexpr utc_time kNow{hours{24 * 365 * 56}};

conditions_edit by(char const* who) {
  conditions_edit edit;
  edit.operator_name = who;
  return edit;
}

TEST(ground, what_is_not_named_stays) {
  ground_conditions const before{.light = light_rule::dark, .ice = true, .closed_bridges = {"Міст"}};
  auto edit = by("duty");
  edit.metro_power = false;
  auto const after = change(before, edit, kNow);
  ASSERT_TRUE(after);
  EXPECT_EQ(after->light, light_rule::dark);
  EXPECT_TRUE(after->ice);
  EXPECT_TRUE(after->trains_running);
  EXPECT_FALSE(after->metro_power);
  EXPECT_THAT(after->closed_bridges, ElementsAre("Міст"));
  EXPECT_EQ(after->revision, 2U);
  EXPECT_EQ(after->changed_at, kNow);
  EXPECT_EQ(after->changed_by, "duty");
}

TEST(ground, an_edit_that_changes_nothing_keeps_the_revision_and_who_changed_it) {
  ground_conditions const before{.ice = true, .revision = 7, .changed_by = "night"};
  auto edit = by("duty");
  edit.ice = true;
  EXPECT_EQ(*change(before, edit, kNow), before);
}

TEST(ground, closed_bridges_are_kept_in_order_and_once) {
  auto edit = by("duty");
  edit.closed_bridges = {"Південний міст", "Дарницький міст", "Південний міст"};
  EXPECT_THAT(change({}, edit, kNow)->closed_bridges, ElementsAre("Дарницький міст", "Південний міст"));
  edit.closed_bridges = std::vector<std::string>{};
  EXPECT_TRUE(change(*change({}, by("duty"), kNow), edit, kNow)->closed_bridges.empty());
}

TEST(ground, limits_are_refused_by_their_reason) {
  struct row {
    conditions_edit edit;
    reason why;
  };
  auto stale = by("duty");
  stale.expected_revision = 2;
  auto nameless = by("duty");
  nameless.closed_bridges = {""};
  auto long_name = by("duty");
  long_name.closed_bridges = {std::string(301, 'x')};
  auto many = by("duty");
  many.closed_bridges = std::vector<std::string>(65, "x");
  auto long_operator = by("duty");
  long_operator.operator_name = std::string(101, 'x');
  for (auto const& [edit, why] : {row{stale, reason::stale_revision}, row{by(""), reason::missing_field},
                                  row{nameless, reason::missing_field}, row{long_name, reason::field_too_long},
                                  row{many, reason::count_out_of_range}, row{long_operator, reason::field_too_long}}) {
    auto const refused = change({}, edit, kNow);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().why, why);
  }
}

TEST(ground, every_light_rule_has_a_name_that_reads_back) {
  for (auto const rule : {light_rule::automatic, light_rule::day, light_rule::dark, light_rule::blackout})
    EXPECT_EQ(light_rule_named(name_of(rule)), rule);
  EXPECT_EQ(light_rule_named("twilight"), std::nullopt);
}

}  // namespace
}  // namespace siren
