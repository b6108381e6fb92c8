#include "core/track/class_belief.h"

#include <gtest/gtest.h>

namespace siren {
namespace {

struct judgement {
  char const* what;
  threat_class known;
  bool settled;
  threat_class a;
  double share_a;
  threat_class b;
  threat_class becomes;
};
class class_judgement : public testing::TestWithParam<judgement> {};

TEST_P(class_judgement, follows_the_table) {
  auto const& row = GetParam();
  class_shares shares{};
  shares[static_cast<std::size_t>(row.a)] = row.share_a;
  shares[static_cast<std::size_t>(row.b)] = 1.0 - row.share_a;
  EXPECT_EQ(judged_class({row.known, true, row.settled}, shares, {}), row.becomes) << row.what;
}

constexpr auto drone = threat_class::drone;
constexpr auto jet = threat_class::jet_drone;
constexpr auto cruise = threat_class::cruise_missile;
INSTANTIATE_TEST_SUITE_P(
    table, class_judgement,
    testing::Values(judgement{"a third says jet: warn of the faster one", drone, true, drone, 0.6, jet, jet},
                    judgement{"a fifth says jet", drone, true, drone, 0.8, jet, drone},
                    judgement{"settled, goes not down for a mere majority", jet, true, drone, 0.95, jet, jet},
                    judgement{"settled, goes down once it is almost certain", jet, true, drone, 0.99, jet, drone},
                    judgement{"not settled, goes down with the likeliest", jet, false, drone, 0.7, jet, drone},
                    judgement{"another family needs certainty", drone, true, cruise, 0.95, drone, drone},
                    judgement{"another family, certain", drone, true, cruise, 0.99, drone, cruise}));

// A spotter's first word made a drone a jet drone for its whole flight: its zones were told it comes in half the time.
TEST(class_belief, a_slow_jet_drone_becomes_a_drone_by_its_speed) {
  track_policy const policy;
  auto const belief = class_belief_of(jet, policy);
  kalman_state motion;
  motion.mean = {0, 0, 45, 0};
  motion.covariance[10] = motion.covariance[15] = 9.0;
  auto const shares = shares_of(belief, motion, policy);
  EXPECT_EQ(judged_class({jet, true, true}, shares, policy), drone);
  motion.covariance[10] = motion.covariance[15] = 400.0;
  EXPECT_EQ(judged_class({jet, true, true}, shares_of(belief, motion, policy), policy), jet);
}

}  // namespace
}  // namespace siren
