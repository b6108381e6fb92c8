#include "core/track/threat_class.h"

#include <gtest/gtest.h>

#include <set>

#include "core/track/class_traits.h"

namespace siren {
namespace {

TEST(threat_classes, have_distinct_names_that_are_read_back) {
  std::set<std::string_view> names;
  for (std::size_t index = 0; index < kThreatClasses; ++index) {
    auto const kind = static_cast<threat_class>(index);
    EXPECT_EQ(threat_class_named(name_of(kind)), kind);
    names.insert(name_of(kind));
  }
  EXPECT_EQ(names.size(), kThreatClasses);
  EXPECT_EQ(name_of(threat_class::unknown), "unknown");
  EXPECT_EQ(name_of(threat_class::jet_drone), "jet_drone");
  EXPECT_EQ(name_of(threat_class::guided_bomb), "guided_bomb");
}

TEST(threat_classes, are_not_guessed_from_other_names) {
  for (char const* name : {"", "Drone", "drone ", "shahed", "unknown2"}) EXPECT_FALSE(threat_class_named(name)) << name;
}

TEST(threat_classes, have_traits_that_make_sense) {
  for (std::size_t index = 0; index < kThreatClasses; ++index) {
    class_traits const& traits = kDefaultClassTable[index];
    SCOPED_TRACE(name_of(static_cast<threat_class>(index)));
    EXPECT_LT(meters_per_second{0}, traits.min_speed);
    EXPECT_LT(traits.min_speed, traits.typical_speed);
    EXPECT_LT(traits.typical_speed, traits.max_speed);
    EXPECT_LT(acceleration_density{0}, traits.maneuver);
    EXPECT_LT(meters{0}, traits.position_sigma);
    EXPECT_LT(meters_per_second{0}, traits.velocity_sigma);
    EXPECT_GE(traits.confirm_hits, 1u);
    EXPECT_LE(traits.tentative_limit, traits.coast_limit);
    EXPECT_LE(traits.coast_limit, traits.freshness_horizon);
  }
}

}  // namespace
}  // namespace siren
