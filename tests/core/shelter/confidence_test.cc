#include "core/shelter/confidence.h"

#include <gtest/gtest.h>

#include "core/shelter/shelter.h"

namespace siren {
namespace {

utc_time const kNow{hours{500'000}};

open_sign sign(sign_kind kind, bool open, minutes ago, std::string const& source = "s") {
  return {kind, source, open, kNow - ago};
}

TEST(confidence, table) {
  using k = sign_kind;
  auto const m = [](int n) { return minutes{n}; };
  auto const crowd = [&](std::size_t open, std::size_t shut, bool independent = true) {
    std::vector<open_sign> signs;
    for (std::size_t i = 0; i < open + shut; ++i)
      signs.push_back(sign(k::person, i < open, m(5), independent ? "p" + std::to_string(i) : "p"));
    return signs;
  };
  struct row {
    char const* story;
    std::vector<open_sign> signs;
    std::optional<bool> planned;  // absent: no confidence
  };
  row const rows[] = {
      {"nothing heard", {}, std::nullopt},
      {"the door stands open", {sign(k::door, true, m(1))}, true},
      {"the door is shut", {sign(k::door, false, m(1))}, false},
      {"a sensor that went silent tells nothing", {sign(k::door, false, m(10))}, std::nullopt},
      {"the keeper is there, the door fell shut", {sign(k::keeper, true, m(3)), sign(k::door, false, m(1))}, true},
      {"the keeper left half an hour ago", {sign(k::keeper, true, m(30))}, std::nullopt},
      {"one stranger at a locked door", crowd(0, 1), std::nullopt},
      {"two strangers", crowd(0, 2), std::nullopt},
      {"three who agree", crowd(0, 3), false},
      {"three words of one", crowd(0, 3, false), std::nullopt},
      {"three against two", crowd(2, 3), true},  // one more than the others is not worth an inspection
      {"six against two", crowd(2, 6), false},
      {"as many here as there", crowd(4, 4), std::nullopt},
      {"three who got in", crowd(3, 0), true},
      {"a word from the future", {sign(k::door, false, m(-1))}, std::nullopt},
  };
  for (auto const& c : rows) {
    auto const sure = confidence_of(kNow - hours{24 * 30}, c.signs, kNow);
    ASSERT_EQ(sure.has_value(), c.planned.has_value()) << c.story;
    if (!sure) continue;
    EXPECT_EQ(*sure >= kBelievedFromPercent, *c.planned) << c.story << ": " << *sure;
    EXPECT_EQ(*sure % 5, 0U) << c.story;
  }
}

TEST(confidence, an_inspection_overrules_what_came_before_and_ages) {
  auto const shut = sign(sign_kind::door, false, minutes{5});
  EXPECT_EQ(confidence_of(kNow - minutes{1}, {shut}, kNow), std::nullopt);
  EXPECT_TRUE(confidence_of(kNow - minutes{6}, {shut}, kNow).has_value());
  std::vector<open_sign> const strangers{
      sign(sign_kind::person, false, minutes{5}, "a"), sign(sign_kind::person, false, minutes{5}, "b"),
      sign(sign_kind::person, true, minutes{5}, "c"), sign(sign_kind::person, false, minutes{5}, "d")};
  auto const fresh = confidence_of(kNow - hours{24}, strangers, kNow);
  auto const old = confidence_of(kNow - hours{24 * 2'000}, strangers, kNow);
  auto const never = confidence_of(std::nullopt, strangers, kNow);
  ASSERT_TRUE(fresh && old && never);
  EXPECT_GT(*fresh, *old);
  EXPECT_EQ(*old, *never);
}

TEST(confidence, sources_have_names) {
  EXPECT_TRUE(validate(sign(sign_kind::door, true, minutes{0})));
  EXPECT_EQ(validate(sign(sign_kind::door, true, minutes{0}, "")).error().why, reason::missing_field);
  EXPECT_EQ(validate(sign(sign_kind::door, true, minutes{0}, std::string(101, 'x'))).error().why,
            reason::field_too_long);
}

}  // namespace
}  // namespace siren
