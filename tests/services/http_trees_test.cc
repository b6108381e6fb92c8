// Pages that are looked up: what is told of them, who need not be told again, and that slow ones hold up nobody else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <vector>

#include "operator_console/http_answer.h"
#include "operator_console/http_server.h"
#include "rig/child_process.h"
#include "services/http_visitor.h"

namespace siren {
namespace {

using test::request;
using test::visitor;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr milliseconds kSoon{20'000};

http_content text(std::string const& body, std::string const& tag = "") {
  return {.type = "text/plain", .body = std::make_shared<std::string const>(body), .etag = tag};
}

class http_trees : public ::testing::Test {
 protected:
  void SetUp() override {
    http_pages pages;
    pages.paths = {{"/", [] { return text("the page"); }}, {"/tree/fixed", [] { return text("fixed"); }}};
    pages.trees = {{"/tree/", [this](std::string const& rest) { return look(rest); }},
                   {"/tree/deeper/", [](std::string const& rest) { return text("deeper " + rest); }}};
    auto started = http_server::start("127.0.0.1:0", std::move(pages));
    ASSERT_TRUE(started) << started.error().message;
    server_ = std::move(*started);
  }
  http_content look(std::string const& rest) {
    if (rest == "slow") {
      ++waiting_;
      gate_.wait();
      return text("at last");
    }
    if (rest == "gone")
      return {.type = {}, .body = nullptr, .missing = http_content::lack::not_found, .trouble = "no such leaf"};
    if (rest == "down") return {.type = {}, .body = nullptr, .trouble = "the store is down"};
    return text("leaf " + rest, "\"v1\"");
  }
  std::string answer(std::string const& line, std::string const& more = "") {
    return visitor{server_->address()}.say(request(line, "Connection: close\r\n" + more)).rest();
  }

  std::promise<void> open_;
  std::shared_future<void> gate_ = open_.get_future().share();
  std::atomic<int> waiting_ = 0;
  std::unique_ptr<http_server> server_;
};

TEST_F(http_trees, a_tree_is_asked_for_the_rest_of_the_path_decoded) {
  EXPECT_THAT(answer("GET /tree/a"), EndsWith("\r\n\r\nleaf a"));
  EXPECT_THAT(answer("GET /tree/a%40b%2Fc?x=y"), EndsWith("leaf a@b/c"));
  EXPECT_THAT(answer("GET /tree/"), EndsWith("leaf "));
  EXPECT_THAT(answer("GET /tree/deeper/x"), EndsWith("deeper x")) << "the longest prefix";
  EXPECT_THAT(answer("GET /tree/fixed"), EndsWith("fixed")) << "a fixed path goes first";
  EXPECT_THAT(answer("GET /tree"), StartsWith("HTTP/1.1 404 "));
  for (std::string const bad : {"/tree/%", "/tree/%4", "/tree/%zz"})
    EXPECT_THAT(answer("GET " + bad), StartsWith("HTTP/1.1 400 ")) << bad;
}

TEST_F(http_trees, what_is_missing_says_why) {
  auto const gone = answer("GET /tree/gone");
  EXPECT_THAT(gone, StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(gone, EndsWith("\r\n\r\nno such leaf\n"));
  auto const down = answer("GET /tree/down");
  EXPECT_THAT(down, StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(down, HasSubstr("Retry-After: 5\r\n"));
  EXPECT_THAT(down, HasSubstr("Cache-Control: no-store\r\n")) << "nobody keeps an outage";
  EXPECT_THAT(down, EndsWith("\r\n\r\nthe store is down\n"));
}

TEST_F(http_trees, one_who_has_it_is_not_told_again) {
  auto const first = answer("GET /tree/a");
  EXPECT_THAT(first, HasSubstr("ETag: \"v1\"\r\n"));
  EXPECT_THAT(first, HasSubstr("Cache-Control: no-cache\r\n"));
  for (std::string const had : {"\"v1\"", "W/\"v1\"", "\"v0\", \"v1\"", "*", "\"v0\",W/\"v1\" "}) {
    auto const again = answer("GET /tree/a", "If-None-Match: " + had + "\r\n");
    EXPECT_THAT(again, StartsWith("HTTP/1.1 304 ")) << had;
    EXPECT_THAT(again, HasSubstr("ETag: \"v1\"\r\n"));
    EXPECT_THAT(again, EndsWith("\r\n\r\n")) << "without a body";
    EXPECT_THAT(again, Not(HasSubstr("leaf")));
  }
  for (std::string const had : {"\"v0\"", "v1", "", "\"v1", ",,"})
    EXPECT_THAT(answer("GET /tree/a", "If-None-Match: " + had + "\r\n"), StartsWith("HTTP/1.1 200 ")) << had;
  EXPECT_THAT(answer("GET /", "If-None-Match: *\r\n"), StartsWith("HTTP/1.1 200 ")) << "it bears no tag";
  EXPECT_THAT(answer("GET /tree/down", "If-None-Match: *\r\n"), StartsWith("HTTP/1.1 503 "))
      << "not changed is not what one can say without knowing";
}

TEST_F(http_trees, a_connection_is_kept_over_a_304) {
  visitor one{server_->address()};
  EXPECT_THAT(one.say(request("GET /tree/a")).one_answer(), EndsWith("leaf a"));
  EXPECT_THAT(one.say(request("GET /tree/a", "If-None-Match: \"v1\"\r\nConnection: close\r\n")).rest(),
              StartsWith("HTTP/1.1 304 "));
}

TEST_F(http_trees, head_tells_the_size_without_the_body) {
  auto const heard = answer("HEAD /tree/abc");
  EXPECT_THAT(heard, HasSubstr("Content-Length: 8\r\n"));
  EXPECT_THAT(heard, EndsWith("\r\n\r\n"));
  EXPECT_THAT(answer("POST /tree/abc"), StartsWith("HTTP/1.1 405 "));
}

// With the database hanging, sixteen readers of the feed would have frozen the operators' page.
TEST_F(http_trees, slow_looks_hold_up_nobody_and_more_than_sixteen_are_refused) {
  std::vector<std::unique_ptr<visitor>> slow;
  for (int i = 0; i < 16; ++i) {
    slow.push_back(std::make_unique<visitor>(server_->address()));
    slow.back()->say(request("GET /tree/slow", "Connection: close\r\n"));
  }
  ASSERT_TRUE(wait_until([&] { return answer("GET /tree/a").starts_with("HTTP/1.1 503 "); }, kSoon));
  EXPECT_THAT(answer("GET /tree/a"), HasSubstr("too many are asking"));
  EXPECT_THAT(answer("GET /"), EndsWith("the page"));
  open_.set_value();
  for (auto& one : slow) EXPECT_THAT(one->rest(), EndsWith("at last"));
  EXPECT_TRUE(wait_until([&] { return answer("GET /tree/a").ends_with("leaf a"); }, kSoon));
}

TEST_F(http_trees, a_server_that_stops_leaves_no_look_behind) {
  std::vector<std::unique_ptr<visitor>> slow;
  for (int i = 0; i < 6; ++i) {
    slow.push_back(std::make_unique<visitor>(server_->address()));
    slow.back()->say(request("GET /tree/slow"));
  }
  ASSERT_TRUE(wait_until([&] { return waiting_ == 4; }, kSoon)) << "four threads";
  auto stopped = std::async(std::launch::async, [&] { server_.reset(); });
  open_.set_value();
  EXPECT_EQ(stopped.wait_for(kSoon), std::future_status::ready);
  for (auto& one : slow) EXPECT_THAT(one->rest(), Not(HasSubstr("leaf"))) << "and every connection is closed";
}

TEST(http_path, is_cut_at_the_query_and_decoded_once) {
  EXPECT_EQ(path_of("/a%2540?b=%zz"), "/a%40");
  EXPECT_EQ(path_of(""), "");
  EXPECT_EQ(path_of("/%D0%9A"), "/К");
}

}  // namespace
}  // namespace siren
