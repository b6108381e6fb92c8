// When providers are asked, what their answers change, and what is not believed of them.
#include <gtest/gtest.h>

#include "feed_adapters/alarm_poller.h"

namespace siren {
namespace {

steady_time const kStart{hours{1}};
utc_time const kNow = parse_utc("2026-01-23T18:00:00Z").value();

std::string entry(std::string const& uid, std::string const& more = "") {
  return R"({"id":1,"location_uid":")" + uid + R"(","alert_type":"air_raid","started_at":"2026-01-23T17:00:00Z")" +
         more + "}";
}
http_answer listing(std::vector<std::string> const& uids, std::string const& more = "") {
  std::string list;
  for (auto const& uid : uids) list += (list.empty() ? "" : ",") + entry(uid);
  if (!more.empty()) list += (list.empty() ? "" : ",") + more;
  return {200, R"({"alerts":[)" + list + "]}", "Fri, 23 Jan 2026 18:00:00 GMT", {}, {}};
}
http_answer status(int code, std::optional<seconds> retry_after = {}) {
  return {code, "", "", retry_after, {}};
}

/// A poller and a clock that stands until the next poll.
class polls : public testing::Test {
 protected:
  using kind = alarm_poller::kind;
  explicit polls(alarm_provider which = alarm_provider::alerts_in_ua) : poller_{which} {}

  http_request ask() {
    clock_ = std::max(clock_, poller_.due());
    return poller_.next(clock_);
  }
  alarm_poller::outcome answered(http_answer const& answer) {
    ask();
    return poller_.take(answer, now(), clock_);
  }
  /// "+31 -16": what began and ended.
  std::string changes(http_answer const& answer) {
    std::string text;
    for (auto const& change : answered(answer).changes)
      text += (text.empty() ? "" : " ") + std::string{change.active ? "+" : "-"} + change.region.value;
    return text;
  }
  [[nodiscard]] utc_time now() const { return kNow + std::chrono::duration_cast<microseconds>(clock_ - kStart); }
  [[nodiscard]] milliseconds wait() const { return std::chrono::duration_cast<milliseconds>(poller_.due() - clock_); }

  steady_time clock_ = kStart;
  alarm_poller poller_;
};

TEST_F(polls, alarms_start_and_end_once) {
  EXPECT_EQ(changes(listing({"16", "31", "14", "22"})), "+16 +31 +14 +22");
  EXPECT_EQ(changes(listing({"16", "31", "14", "22"})), "");
  EXPECT_EQ(changes(listing({"16", "14", "22"})), "-31");
  EXPECT_EQ(changes(listing({"16", "14", "22", "31"})), "+31") << "listed again after its end";
  auto const again = poller_.board().words();
  EXPECT_EQ(again.size(), 4U);
}

// The old start, said after the end, would lose against it: no alarm for those who live there.
TEST_F(polls, an_alarm_listed_again_is_newer_than_its_end) {
  answered(listing({"16", "14", "31"}));
  auto const ended = answered(listing({"16", "14"})).changes.at(0);
  auto const again = answered(listing({"16", "14", "31"})).changes.at(0);
  EXPECT_GT(again.changed_at, ended.changed_at);
}

TEST_F(polls, an_end_that_is_told_keeps_its_time) {
  answered(listing({"16", "31"}));
  auto const over = answered(listing({"16"}, entry("31", R"(,"finished_at":"2026-01-23T17:59:30Z")"))).changes.at(0);
  EXPECT_FALSE(over.active);
  EXPECT_EQ(over.changed_at, parse_utc("2026-01-23T17:59:30Z").value());
}

// An empty answer looks like an all-clear of the whole country.
TEST_F(polls, an_empty_answer_ends_nothing_and_is_no_sign_of_life) {
  answered(listing({"16", "31"}));
  for (int i = 0; i < 20; ++i) {
    auto const out = answered(listing({}));
    EXPECT_TRUE(out.changes.empty());
    EXPECT_EQ(out.is, kind::doubted);
    EXPECT_EQ(out.implausible->why, reason::implausible);
  }
  EXPECT_EQ(poller_.board().running(), 2U);
  EXPECT_FALSE(poller_.lives(clock_));
  EXPECT_EQ(changes(listing({"16"})), "-31") << "the list that follows is believed";
  EXPECT_TRUE(poller_.lives(clock_));
}

TEST_F(polls, an_empty_first_answer_is_no_sign_of_life_either) {
  EXPECT_EQ(answered(listing({})).is, kind::doubted);
  EXPECT_FALSE(poller_.lives(clock_));
}

TEST_F(polls, a_shrunken_answer_is_believed_once_it_is_confirmed) {
  answered(listing({"16", "1", "2", "3", "4", "5"}));
  EXPECT_EQ(answered(listing({"16"})).is, kind::doubted);
  EXPECT_EQ(ask().if_modified_since, "") << "what is doubted is asked for as a whole";
  static_cast<void>(poller_.take(status(304), now(), clock_));
  EXPECT_EQ(poller_.board().running(), 6U) << "'unchanged' confirms nothing";
  EXPECT_EQ(changes(listing({"16"})), "");
  EXPECT_EQ(changes(listing({"16"})), "-1 -2 -3 -4 -5");
}

TEST_F(polls, an_answer_that_was_cut_once_ends_nothing) {
  answered(listing({"16", "1", "2", "3", "4", "5"}));
  EXPECT_EQ(changes(listing({"16", "1"})), "");
  EXPECT_EQ(changes(listing({"16", "1", "2", "3", "4", "5"})), "");
  EXPECT_EQ(changes(listing({"16", "1"})), "") << "the confirmation begins anew";
}

TEST_F(polls, an_unreadable_entry_ends_no_alarm_of_its_region) {
  answered(listing({"16", "31", "14", "22"}));
  auto const out = answered(listing({"16", "22"}, R"({"location_uid":"31","alert_type":"air_raid","started_at":7})"));
  ASSERT_EQ(out.refused.size(), 1U);
  ASSERT_EQ(out.changes.size(), 1U);
  EXPECT_EQ(out.changes[0].region.value, "14");
  EXPECT_EQ(answered(listing({"16"}, "{}")).changes.size(), 0U) << "an entry that could be anybody's holds all";
}

TEST_F(polls, an_alarm_of_next_year_is_refused) {
  auto const out =
      answered(listing({"16"}, R"({"location_uid":"31","alert_type":"air_raid","started_at":"2027-01-23T17:00:00Z"})"));
  ASSERT_EQ(out.refused.size(), 1U);
  EXPECT_EQ(out.refused[0].why, reason::time_in_future);
  EXPECT_EQ(out.changes.size(), 1U);
}

// After a restart people would hear every alarm of the country anew, or never the end of one that ended meanwhile.
TEST_F(polls, a_restart_tells_only_what_changed_meanwhile) {
  answered(listing({"16", "31", "14"}));
  auto const words = poller_.board().words();
  poller_ = alarm_poller{alarm_provider::alerts_in_ua};
  for (auto const& word : words) poller_.restore(word);
  EXPECT_EQ(changes(listing({"16", "14", "22"})), "+22 -31");
}

TEST_F(polls, unchanged_answers_are_asked_for_and_live) {
  answered(listing({"16"}));
  EXPECT_EQ(ask().if_modified_since, "Fri, 23 Jan 2026 18:00:00 GMT");
  EXPECT_EQ(poller_.take(status(304), now(), clock_).is, kind::unchanged);
  for (int i = 0; i < 30; ++i) answered(status(304));
  EXPECT_TRUE(poller_.lives(clock_));
  clock_ += seconds{400};
  EXPECT_EQ(ask().if_modified_since, "") << "now and then the whole list is asked for";
}

TEST_F(polls, requests_keep_the_providers_limit_whatever_is_answered) {
  std::vector<http_answer> const answers{listing({"16"}),         status(304), status(500),
                                         status(429, seconds{0}), listing({}), status(403),
                                         {200, "<", {}, {}, {}},  status(302)};
  steady_time last{};
  for (int i = 0; i < 100; ++i) {
    ask();
    EXPECT_GE(clock_ - last, milliseconds{7'500});
    last = clock_;
    static_cast<void>(
        poller_.take(answers[static_cast<std::size_t>(i * 7) % answers.size()], now(), clock_ + milliseconds{300}));
  }
}

struct failing {
  char const* name;
  http_answer answer;
  reason why;
  milliseconds first_wait;
  milliseconds fifth_wait;
};
class fails : public polls, public testing::WithParamInterface<failing> {};
TEST_P(fails, with_its_reason_and_a_growing_wait) {
  answered(listing({"16", "31"}));
  auto const out = answered(GetParam().answer);
  ASSERT_EQ(out.is, kind::failed);
  EXPECT_EQ(out.failed->why, GetParam().why);
  EXPECT_TRUE(out.changes.empty());
  EXPECT_EQ(wait(), GetParam().first_wait);
  for (int i = 0; i < 4; ++i) answered(GetParam().answer);
  EXPECT_EQ(wait(), GetParam().fifth_wait);
  EXPECT_FALSE(poller_.lives(clock_ + wait()));
  EXPECT_EQ(poller_.board().running(), 2U) << "silence ends nothing";
  EXPECT_EQ(answered(listing({"16", "31"})).is, kind::whole);
  EXPECT_EQ(wait(), milliseconds{7'500});
}
INSTANTIATE_TEST_SUITE_P(
    table, fails,
    testing::Values(
        failing{"unauthorized", status(401), reason::provider_refused, seconds{60}, seconds{60}},
        failing{"forbidden", status(403), reason::provider_refused, seconds{60}, seconds{60}},
        failing{"busy", status(429), reason::too_many_requests, seconds{30}, seconds{60}},
        failing{"busy_for", status(429, seconds{90}), reason::too_many_requests, seconds{90}, seconds{90}},
        failing{"busy_for_ever", status(429, seconds::max()), reason::too_many_requests, seconds{300}, seconds{300}},
        failing{"broken", status(500), reason::provider_unavailable, milliseconds{7'500}, seconds{60}},
        failing{"down_for", status(503, seconds{20}), reason::provider_unavailable, seconds{20}, seconds{60}},
        failing{"moved", status(301), reason::provider_unavailable, milliseconds{7'500}, seconds{60}},
        failing{"not_there", status(404), reason::provider_unavailable, milliseconds{7'500}, seconds{60}},
        failing{"no_json", {200, "<html>", "", {}, {}}, reason::malformed, milliseconds{7'500}, seconds{60}},
        failing{"no_list", {200, "{}", "", {}, {}}, reason::missing_field, milliseconds{7'500}, seconds{60}},
        failing{"no_answer",
                {0, "", "", {}, failure{reason::provider_unavailable, "no connection"}},
                reason::provider_unavailable,
                milliseconds{7'500},
                seconds{60}},
        failing{"too_large",
                {0, "", "", {}, failure{reason::message_too_large, "over the limit"}},
                reason::message_too_large,
                milliseconds{7'500},
                seconds{60}}),
    [](auto const& one) { return std::string{one.param.name}; });

class polls_by_index : public polls {
 protected:
  polls_by_index() : polls{alarm_provider::ukrainealarm} {}
  static http_answer index(int number) {
    return {200, R"({"lastActionIndex":)" + std::to_string(number) + "}", "", {}, {}};
  }
  static http_answer regions(std::vector<std::string> const& ids) {
    std::string list;
    for (auto const& id : ids)
      list += (list.empty() ? "" : ",") +
              (R"({"regionId":")" + id + R"(","type":"AIR","lastUpdate":"2026-01-23T17:00:00Z"})");
    return {200, R"([{"regionId":"1","activeAlerts":[)" + list + "]}]", "", {}, {}};
  }
};

TEST_F(polls_by_index, the_list_is_fetched_on_a_change_of_the_index_only) {
  EXPECT_EQ(ask().path, "/api/v3/alerts/status");
  static_cast<void>(poller_.take(index(5), now(), clock_));
  EXPECT_EQ(wait(), milliseconds{500});
  EXPECT_EQ(ask().path, "/api/v3/alerts");
  EXPECT_EQ(poller_.take(regions({"16", "31"}), now(), clock_).changes.size(), 2U);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(ask().path, "/api/v3/alerts/status");
    EXPECT_EQ(poller_.take(index(5), now(), clock_).is, kind::unchanged);
  }
  EXPECT_TRUE(poller_.lives(clock_));
  answered(index(6));
  EXPECT_EQ(ask().path, "/api/v3/alerts");
  static_cast<void>(poller_.take(status(500), now(), clock_));
  answered(index(6));
  EXPECT_EQ(ask().path, "/api/v3/alerts") << "the change was not taken yet";
}

TEST_F(polls_by_index, doubts_are_settled_by_lists_and_not_by_the_index) {
  answered(index(5));
  answered(regions({"16", "1", "2", "3"}));
  answered(index(6));
  EXPECT_EQ(answered(regions({"16"})).is, kind::doubted);
  std::string ended;
  for (int i = 0; i < 2; ++i) {
    answered(index(6));
    ended += changes(regions({"16"}));
  }
  EXPECT_EQ(ended, "-1 -2 -3");
}

}  // namespace
}  // namespace siren
