#include "core/alert/two_person.h"

#include <gtest/gtest.h>

#include <random>

namespace siren {
namespace {

constexpr steady_time kStart{seconds{1'000}};

alarm_words words(std::string const& text = "Drones from the north") {
  return {zone_id{"31"}, stage::go, text};
}

struct desk {
  two_person_policy policy;
  two_person_state state;

  result<alarm_proposal> propose(std::string const& id, std::string const& person, steady_time at = kStart,
                                 alarm_words const& what = words()) {
    return apply(state, propose_alarm{id, "request " + id, person, what, at}, policy);
  }
  result<alarm_proposal> approve(std::string const& id, std::string const& person, steady_time at = kStart,
                                 alarm_words const& what = words()) {
    return apply(state, approve_alarm{id, person, what, at}, policy);
  }
};

TEST(two_person, another_one_approves_the_same_words_in_time) {
  desk all;
  ASSERT_TRUE(all.propose("a", "olena"));
  EXPECT_EQ(waiting(all.state, kStart, all.policy).size(), 1U);
  auto const approved = all.approve("a", "bohdan", kStart + seconds{120});
  ASSERT_TRUE(approved) << approved.error().message;
  EXPECT_EQ(approved->proposer, "olena");
  EXPECT_EQ(approved->approver, "bohdan");
  EXPECT_EQ(approved->words, words());
  EXPECT_TRUE(waiting(all.state, kStart, all.policy).empty());
  EXPECT_EQ(all.approve("a", "bohdan", kStart + seconds{120})->approver, "bohdan") << "said again";
  EXPECT_EQ(all.state.approved_at.size(), 1U);
}

TEST(two_person, what_is_refused_changes_nothing) {
  desk all;
  ASSERT_TRUE(all.propose("a", "olena"));
  auto const why = [&](result<alarm_proposal> const& answer) {
    EXPECT_FALSE(answer);
    return answer ? reason::internal_error : answer.error().why;
  };
  EXPECT_EQ(why(all.approve("a", "olena")), reason::second_person_needed);
  EXPECT_EQ(why(all.approve("a", "")), reason::missing_field);
  EXPECT_EQ(why(all.approve("b", "bohdan")), reason::unknown_proposal);
  EXPECT_EQ(why(all.approve("a", "bohdan", kStart, words("Drones from the north "))), reason::proposal_differs);
  EXPECT_EQ(why(all.approve("a", "bohdan", kStart, {zone_id{"31"}, stage::take_cover, words().text})),
            reason::proposal_differs);
  EXPECT_EQ(why(all.approve("a", "bohdan", kStart, {zone_id{"14"}, stage::go, words().text})),
            reason::proposal_differs);
  EXPECT_EQ(why(all.approve("a", "bohdan", kStart + seconds{120} + milliseconds{1})), reason::proposal_expired);
  EXPECT_EQ(why(all.propose("c", "")), reason::missing_field);
  EXPECT_EQ(why(apply(all.state, propose_alarm{"c", "request a", "olena", words("another"), kStart}, all.policy)),
            reason::request_id_reused);
  EXPECT_EQ(code_of(reason::second_person_needed), code::permission_denied);
  EXPECT_TRUE(all.approve("a", "bohdan")) << "it still waits";
}

TEST(two_person, a_request_said_again_is_the_same_proposal) {
  desk all;
  ASSERT_TRUE(all.propose("a", "olena"));
  auto const again = apply(all.state, propose_alarm{"b", "request a", "olena", words(), kStart}, all.policy);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->id, "a");
  EXPECT_EQ(apply(all.state, propose_alarm{"c", "request a", "bohdan", words(), kStart}, all.policy)->id, "c");
}

// An approval kept back by a slow network would have raised an alarm again after it was cancelled.
TEST(two_person, nothing_cancelled_can_be_approved_or_approved_again) {
  desk all;
  ASSERT_TRUE(all.propose("a", "olena"));
  ASSERT_TRUE(all.propose("b", "olena"));
  ASSERT_TRUE(all.approve("a", "bohdan"));
  withdraw(all.state, zone_id{"31"});
  EXPECT_EQ(all.approve("a", "bohdan").error().why, reason::proposal_withdrawn);
  EXPECT_EQ(all.approve("b", "bohdan").error().why, reason::proposal_withdrawn);
}

TEST(two_person, proposals_and_approvals_are_bounded_in_number_and_pace) {
  desk all;
  for (std::size_t i = 0; i < all.policy.proposals_a_minute; ++i)
    EXPECT_TRUE(all.propose("o" + std::to_string(i), "olena", kStart + seconds{i}));
  EXPECT_EQ(all.propose("more", "olena", kStart + seconds{59}).error().why, reason::too_many_requests);
  EXPECT_TRUE(all.propose("more", "olena", kStart + seconds{60}));
  for (std::size_t i = 0; waiting(all.state, kStart + seconds{60}, all.policy).size() < all.policy.most_waiting; ++i)
    ASSERT_TRUE(all.propose("p" + std::to_string(i), "p" + std::to_string(i), kStart + seconds{60}));
  EXPECT_EQ(all.propose("last", "last", kStart + seconds{60}).error().why, reason::too_many_requests);

  desk busy;
  busy.policy.approvals_in_ten_minutes = 2;
  for (auto const* id : {"a", "b", "c"}) ASSERT_TRUE(busy.propose(id, "olena"));
  EXPECT_TRUE(busy.approve("a", "bohdan"));
  EXPECT_TRUE(busy.approve("b", "bohdan"));
  EXPECT_EQ(busy.approve("c", "bohdan").error().why, reason::too_many_requests);
  EXPECT_TRUE(busy.approve("a", "bohdan")) << "saying it again is not another one";
}

TEST(two_person, memory_is_bounded) {
  desk all;
  for (int i = 0; i < 10'000; ++i)
    static_cast<void>(all.propose(std::to_string(i), "p" + std::to_string(i % 1'000), kStart + seconds{i}));
  EXPECT_LE(all.state.proposals.size(), 601U);
  EXPECT_LE(all.state.proposed_by.size(), 60U);
}

// Whatever is tried in whatever order: nothing is approved without two names and the same words.
TEST(two_person, for_any_seed_no_one_alone_approves) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random{seed};
    desk all;
    auto at = kStart;
    auto const any = [&](int below) { return std::uniform_int_distribution<int>{0, below - 1}(random); };
    for (int step = 0; step < 300; ++step) {
      at += milliseconds{any(40'000)};
      auto const id = std::to_string(any(30));
      auto const who = any(2) == 0 ? "olena" : "bohdan";
      auto const text = words(any(3) == 0 ? "other" : "same");
      if (any(3) == 0 && !all.state.proposals.contains(id)) static_cast<void>(all.propose(id, who, at, text));
      if (any(20) == 0) withdraw(all.state, zone_id{"31"});
      auto const approved = all.approve(id, who, at, text);
      if (!approved) continue;
      EXPECT_NE(approved->proposer, who);
      EXPECT_NE(approved->proposer, approved->approver);
      EXPECT_EQ(approved->words, text);
      EXPECT_LE(at - approved->made_at, seconds{120});
    }
  }
}

}  // namespace
}  // namespace siren
