// libcurl against a provider on the loopback that answers well and in every bad way.
#include <gtest/gtest.h>

#include "common/clock.h"
#include "fakes/alarm_provider.h"
#include "feed_adapters/config.h"
#include "feed_adapters/http_client.h"

namespace siren {
namespace {

constexpr char kKey[] = "Bearer a-key";
constexpr char kPath[] = "/v1/alerts/active.json";

class http : public testing::Test {
 protected:
  http() {
    provider_.list(R"({"alerts":[]})");
    http_provider where;
    where.base = provider_.base();
    where.authorization = kKey;
    where.max_body_bytes = 10'000;
    where.answer_limit = seconds{20};
    make(where);
  }
  void make(http_provider const& where) {
    where_ = where;
    client_ = make_http_client(where, stopping_);
  }
  http_answer get(std::string const& since = "") { return client_->get({kPath, since}); }
  reason failed() {
    auto const answer = get();
    EXPECT_TRUE(answer.failed);
    return answer.failed ? answer.failed->why : reason::internal_error;
  }

  fake_alarm_provider provider_{kKey};
  std::atomic<bool> stopping_{false};
  http_provider where_;
  std::unique_ptr<http_getter> client_;
};

TEST_F(http, lists_are_fetched_and_unchanged_ones_are_not) {
  auto const first = get();
  EXPECT_FALSE(first.failed);
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.body, R"({"alerts":[]})");
  EXPECT_EQ(first.last_modified, "Fri, 23 Jan 2026 18:00:11 GMT");
  auto const second = get(first.last_modified);
  EXPECT_EQ(second.status, 304);
  EXPECT_EQ(second.body, "");
  auto const asked = provider_.requests();
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_EQ(asked[0].path, kPath);
  EXPECT_EQ(asked[0].headers.at("authorization"), kKey);
  EXPECT_FALSE(asked[0].headers.contains("if-modified-since"));
  EXPECT_EQ(asked[1].headers.at("if-modified-since"), first.last_modified);
}

TEST_F(http, refusals_come_with_their_status) {
  for (auto const status : {401, 403, 404, 429, 500, 503}) {
    provider_.fail(status);
    auto const answer = get();
    EXPECT_FALSE(answer.failed);
    EXPECT_EQ(answer.status, status);
  }
  where_.authorization = "Bearer another";
  make(where_);
  provider_.fail(0);
  EXPECT_EQ(get().status, 401);
}

TEST_F(http, a_wait_is_read_where_it_is_a_number) {
  for (auto const& [value, wait] :
       std::vector<std::pair<std::string, std::optional<seconds>>>{{"120", seconds{120}},
                                                                   {"0", seconds{0}},
                                                                   {"-5", {}},
                                                                   {"Fri, 23 Jan 2026 18:00:00 GMT", {}},
                                                                   {"99999999999999999999", {}},
                                                                   {"", {}}}) {
    provider_.next("HTTP/1.1 429 Busy\r\nretry-AFTER:  " + value + " \r\nContent-Length: 0\r\n\r\n");
    auto const answer = get();
    EXPECT_EQ(answer.status, 429);
    EXPECT_EQ(answer.retry_after, wait) << value;
  }
}

TEST_F(http, redirects_are_not_followed) {
  provider_.next("HTTP/1.1 302 Found\r\nLocation: " + provider_.base() + "/elsewhere\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(get().status, 302);
  EXPECT_EQ(provider_.request_count(), 1U) << "the key goes nowhere else";
}

TEST_F(http, an_answer_has_a_limit) {
  provider_.list(std::string(10'000, 'a'));
  EXPECT_EQ(get().body.size(), 10'000U);
  provider_.list(std::string(10'001, 'a'));
  EXPECT_EQ(failed(), reason::message_too_large);
  provider_.next("HTTP/1.1 200 OK\r\n\r\n" + std::string(1U << 20U, 'x'));
  EXPECT_EQ(failed(), reason::message_too_large) << "without a length";
  provider_.next("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8000\r\n" + std::string(0x8000, 'x') + "\r\n");
  EXPECT_EQ(failed(), reason::message_too_large) << "in chunks";
  provider_.list("{}");
  EXPECT_EQ(get().status, 200) << "the next one is as good as ever";
}

TEST_F(http, what_is_no_answer_is_no_answer) {
  std::vector<std::string> const broken{"",
                                        "no HTTP at all\r\n\r\n",
                                        "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{",
                                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                                        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
                                        "HTTP/1.1 200 OK\r\nX: " + std::string(500'000, 'x') + "\r\n\r\n"};
  for (auto const& bytes : broken) {
    provider_.next(bytes);
    EXPECT_EQ(failed(), reason::provider_unavailable) << bytes.substr(0, 60);
  }
}

TEST_F(http, headers_of_strangers_are_cut_to_size) {
  provider_.next("HTTP/1.1 200 OK\r\nLast-Modified: " + std::string(500, 'm') + "\r\nContent-Length: 2\r\n\r\n{}");
  auto const answer = get();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.last_modified, "");
}

TEST_F(http, a_provider_that_hangs_costs_one_wait) {
  where_.answer_limit = milliseconds{200};
  make(where_);
  provider_.hang_next();
  auto const begin = steady_now();
  EXPECT_EQ(failed(), reason::provider_unavailable);
  EXPECT_LT(steady_now() - begin, seconds{10});
}

TEST_F(http, stopping_ends_a_request) {
  provider_.hang_next();
  stopping_ = true;
  EXPECT_EQ(failed(), reason::provider_unavailable);
}

TEST_F(http, a_provider_that_is_away_is_unavailable) {
  std::string base;
  {
    fake_alarm_provider const gone{kKey};
    base = gone.base();
  }
  where_.base = base;
  make(where_);
  EXPECT_EQ(failed(), reason::provider_unavailable);
}

TEST(http_provider, what_would_give_the_key_away_is_refused) {
  struct row {
    char const* base;
    std::string key;
    std::optional<reason> why;
  };
  for (auto const& [base, key, why] :
       {row{"https://api.alerts.in.ua", "k", {}}, row{"http://127.0.0.1:80", "k", {}},
        row{"http://localhost:80/", "k", {}}, row{"http://[::1]:80", "k", {}},
        row{"http://api.alerts.in.ua", "k", reason::wrong_mode}, row{"http://10.0.0.1", "k", reason::wrong_mode},
        row{"ftp://api.alerts.in.ua", "k", reason::malformed}, row{"file:///etc/passwd", "k", reason::malformed},
        row{"https://", "k", reason::malformed}, row{"", "k", reason::malformed},
        row{"https://a:b@host", "k", reason::malformed}, row{"https://host/path", "k", reason::malformed},
        row{"https://host?x=1", "k", reason::malformed}, row{"https://host", "", reason::missing_field},
        row{"https://host", "a\r\nHost: b", reason::malformed}, row{"https://host", "\xD0\xBA", reason::malformed}}) {
    http_provider provider;
    provider.base = base;
    provider.authorization = key;
    auto const checked = check_provider(provider);
    EXPECT_EQ(checked.ok(), !why) << base;
    if (!checked && why) {
      EXPECT_EQ(checked.error().why, *why) << base << ": " << checked.error().message;
    }
  }
}

TEST(http_provider, a_key_has_no_default) {
  feed_config config;
  config.command = feed_command::alerts_in_ua;
  config.base = "https://api.alerts.in.ua";
  EXPECT_EQ(provider_of(config, nullptr).error().why, reason::missing_field);
  EXPECT_EQ(provider_of(config, "").error().why, reason::missing_field);
  EXPECT_EQ(provider_of(config, "k\n")->authorization, "Bearer k");
  config.command = feed_command::ukrainealarm;
  EXPECT_EQ(provider_of(config, "k")->authorization, "k");
  config.key_file = "/nowhere/key";
  EXPECT_EQ(provider_of(config, "k").error().why, reason::file_unreadable);
}

}  // namespace
}  // namespace siren
