// The phones' door by itself: the gRPC wire.
#include "alert_gateway/edge/grpc_wire.h"

#include "services/echo_edge.h"

namespace siren::edge {
namespace {

using phone_edge_test = echo_edge;

TEST(grpc_wire, messages_are_cut_however_they_are_split) {
  std::string stream;
  for (std::string const message : {"", "a", "hello"}) {
    auto const prefix = prefix_of(message.size());
    stream.append(prefix.data(), prefix.size()).append(message);
  }
  for (std::size_t part = 1; part <= stream.size(); ++part) {
    message_cutter cutter{16};
    std::vector<std::string> got;
    for (std::size_t at = 0; at < stream.size(); at += part)
      ASSERT_TRUE(cutter.feed(stream.substr(at, part), [&](std::string_view one) { got.emplace_back(one); }).ok());
    EXPECT_EQ(got, (std::vector<std::string>{"", "a", "hello"})) << "in parts of " << part;
    EXPECT_FALSE(cutter.in_the_middle());
  }
}

TEST(grpc_wire, what_can_not_be_a_message_is_refused) {
  auto const feed = [](std::string const& bytes) {
    message_cutter cutter{16};
    return cutter.feed(bytes, [](std::string_view) { ADD_FAILURE() << "nothing is taken"; });
  };
  EXPECT_EQ(feed({"\1\0\0\0\1a", 6}).error().why, reason::malformed) << "compressed";
  EXPECT_EQ(feed({"\2\0\0\0\1a", 6}).error().why, reason::malformed);
  EXPECT_EQ(feed({"\0\0\0\0\21", 5}).error().why, reason::message_too_large) << "17 bytes";
  EXPECT_EQ(feed({"\0\377\377\377\377", 5}).error().why, reason::message_too_large);
}

TEST(grpc_wire, timeouts) {
  EXPECT_EQ(timeout_of("10S"), seconds{10});
  EXPECT_EQ(timeout_of("99999999m"), milliseconds{99'999'999});
  EXPECT_EQ(timeout_of("1500n"), microseconds{1});
  EXPECT_EQ(timeout_of("2H"), hours{2});
  for (std::string const bad : {"", "S", "10", "10s", "-1S", "1.5S", "999999999S", "1 S"})
    EXPECT_FALSE(timeout_of(bad)) << bad;
}

TEST(grpc_wire, an_end_says_why) {
  EXPECT_EQ(end_of(std::nullopt).status, "0");
  auto const end = end_of(failure{reason::too_many_streams, "50% йде\n"});
  EXPECT_EQ(end.status, "8");
  EXPECT_EQ(end.message, "50%25 %D0%B9%D0%B4%D0%B5%0A");
  EXPECT_EQ(end.details.find('='), std::string::npos);
}

TEST(grpc_wire, a_long_reason_is_cut_between_letters) {
  std::string longer;
  for (int i = 0; i < 600; ++i) longer += "й";  // 1,200 bytes
  auto const end = end_of(failure{reason::malformed, "x" + longer});
  EXPECT_EQ(end.message.substr(0, 7), "x%D0%B9");
  EXPECT_EQ(end.message.size(), 1 + 6 * 499U);
  EXPECT_LT(end.message.size() + end.details.size(), 8U << 10U);
  EXPECT_EQ(printable("/a\xFF\n" + std::string(200, 'x')), "/a??" + std::string(96, 'x'));
}

TEST(grpc_wire, what_counts_as_grpc) {
  for (std::string const good : {"application/grpc", "application/grpc+proto", "application/grpc; charset=utf-8"})
    EXPECT_TRUE(is_grpc(good)) << good;
  for (std::string const bad :
       {"", "application/json", "application/grpc-web", "application/grpcx", "application/grpc+json"})
    EXPECT_FALSE(is_grpc(bad)) << bad;
}

TEST_F(phone_edge_test, stock_grpc_is_understood) {
  serve();
  expect_serves();
  std::string const large(16'000, 'x');
  EXPECT_EQ(say(kEcho, large).bytes, large) << "longer than one frame's first part";
  auto const unknown = say("/test.Echo/Nothing", "");
  EXPECT_EQ(unknown.status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(reason_of(unknown.status), "UNKNOWN_METHOD");
  auto const too_large = say(kEcho, std::string(17'000, 'x'));
  EXPECT_EQ(too_large.status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(reason_of(too_large.status), "MESSAGE_TOO_LARGE");
  EXPECT_EQ(refused(refusal::unknown_method), 1);
}

std::string message(std::string const& bytes) {
  auto const prefix = prefix_of(bytes.size());
  return std::string{prefix.data(), prefix.size()} + bytes;
}

TEST_F(phone_edge_test, a_call_ends_at_its_own_deadline) {
  serve();
  h2_stranger phone{edge_->address()};
  (void)phone.ask(kEcho, {{"grpc-timeout", "100m"}});
  ASSERT_TRUE(phone.until([&] { return !phone.grpc_status().empty(); }));
  EXPECT_EQ(phone.grpc_status(), "4") << "DEADLINE_EXCEEDED";
}

TEST_F(phone_edge_test, the_longest_deadline_is_far_away) {
  serve();
  h2_stranger phone{edge_->address()};
  auto const stream = phone.ask(kEcho, {{"grpc-timeout", "99999999H"}});
  phone.say(stream, message("still there?"), true);
  ASSERT_TRUE(phone.until([&] { return !phone.grpc_status().empty(); }));
  EXPECT_EQ(phone.grpc_status(), "0");
}

TEST_F(phone_edge_test, messages_may_lie_anyhow_in_frames) {
  serve();
  h2_stranger phone{edge_->address()};
  auto const stream = phone.ask(kEcho);
  for (auto const c : message("one") + message("")) {
    phone.say(stream, {&c, 1});
    ASSERT_TRUE(phone.send_all()) << "a frame for each byte";
  }
  phone.say(stream, message("two") + message("three"), true);
  ASSERT_TRUE(phone.until([&] { return !phone.grpc_status().empty(); }));
  EXPECT_EQ(phone.bytes(), message("one") + message("") + message("two") + message("three"));
  EXPECT_EQ(phone.told(":status"), "200");
  EXPECT_EQ(phone.told("content-type"), "application/grpc");
  EXPECT_EQ(phone.grpc_status(), "0");
}

struct strange_request {
  char const* story;
  h2_stranger::pairs headers;
  std::string body;
  char const* http;
  char const* grpc;
};

TEST_F(phone_edge_test, each_strange_request_is_answered_with_its_own_status) {
  serve();
  std::string const good = message("hello");
  auto gzipped = good;
  gzipped[0] = 1;
  auto odd = good;
  odd[0] = 2;
  std::vector<strange_request> const rows{
      {"all is well", {}, good, "200", "0"},
      {"with its codec", {{"content-type", "application/grpc+proto"}}, good, "200", "0"},
      {"a browser's form", {{"content-type", "text/plain"}}, good, "415", "3"},
      {"gRPC-Web", {{"content-type", "application/grpc-web"}}, good, "415", "3"},
      {"JSON", {{"content-type", "application/grpc+json"}}, good, "415", "3"},
      {"not POST", {{":method", "PUT"}}, good, "405", "3"},
      {"a malformed deadline", {{"grpc-timeout", "soon"}}, good, "200", "3"},
      {"no such method", {{":path", "/test.Echo/Nothing"}}, good, "200", "12"},
      {"compressed", {{"grpc-encoding", "gzip"}}, gzipped, "200", "12"},
      {"neither compressed nor not", {}, odd, "200", "3"},
      {"too large", {}, std::string("\0\0\x7F\0\0", 5), "200", "8"},
      {"cut off", {}, good.substr(0, 7), "200", "3"},
      {"large headers", {{"padding", std::string(9'000, 'x')}}, good, "200", "8"},
  };
  for (auto const& row : rows) {
    SCOPED_TRACE(row.story);
    h2_stranger phone{edge_->address()};
    phone.say(phone.ask(kEcho, row.headers), row.body, true);
    ASSERT_TRUE(phone.until([&] { return phone.closed_streams() == 1; }));
    EXPECT_EQ(phone.told(":status"), row.http);
    EXPECT_EQ(phone.grpc_status(), row.grpc) << phone.told("grpc-message");
    EXPECT_TRUE(phone.open()) << "the connection stays";
  }
  EXPECT_EQ(refused(refusal::not_grpc), 4);
  EXPECT_EQ(refused(refusal::header_bytes), 1);
  expect_serves();
}

TEST_F(phone_edge_test, an_answer_names_what_would_be_understood) {
  serve();
  h2_stranger phone{edge_->address()};
  phone.say(phone.ask(kEcho), std::string("\1\0\0\0\1a", 6));
  ASSERT_TRUE(phone.until([&] { return !phone.grpc_status().empty(); }));
  EXPECT_EQ(phone.told("grpc-accept-encoding"), "identity");
}

TEST_F(phone_edge_test, trailers_of_a_request_change_nothing) {
  serve();
  h2_stranger phone{edge_->address()};
  auto const stream = phone.ask(kEcho);
  phone.say(stream, message("hello"));
  ASSERT_TRUE(phone.send_all());
  phone.end_with(stream, {{"grpc-timeout", "soon"}, {"content-type", "text/plain"}});
  ASSERT_TRUE(phone.until([&] { return !phone.grpc_status().empty(); }));
  EXPECT_EQ(phone.grpc_status(), "0");
  EXPECT_EQ(phone.bytes(), message("hello"));
}

TEST_F(phone_edge_test, a_closed_window_is_respected_and_the_rest_follows_when_it_opens) {
  serve();
  h2_stranger phone{edge_->address()};
  phone.window(0);
  auto const stream = phone.ask(kEcho);
  phone.say(stream, message("0123456789"), true);
  EXPECT_FALSE(phone.until([&] { return !phone.bytes().empty(); }, milliseconds{200}));
  EXPECT_TRUE(phone.open());
  phone.widen(stream, 100);
  ASSERT_TRUE(phone.until([&] { return !phone.grpc_status().empty(); }));
  EXPECT_EQ(phone.bytes(), message("0123456789"));
}

TEST_F(phone_edge_test, another_protocol_is_refused) {
  serve();
  h2_stranger browser{edge_->address()};
  ASSERT_TRUE(browser.send_raw("GET / HTTP/1.1\r\nHost: siren\r\n\r\n"));
  while (browser.open()) browser.read_some();
  EXPECT_TRUE(wait_until([&] { return refused(refusal::protocol_error) == 1; }, kSoon));
  expect_serves();
}

TEST_F(phone_edge_test, who_comes_while_it_stops_is_refused_and_who_is_there_is_served) {
  serve();
  h2_stranger phone{edge_->address()};
  auto const stream = phone.ask(kEcho);
  ASSERT_TRUE(phone.until([&] { return phone.settled(); }));
  phone.say(stream, message("hello"));
  ASSERT_TRUE(phone.until([&] { return !phone.bytes().empty(); }));
  edge_->begin_stop(seconds{20});
  ASSERT_TRUE(phone.until([&] { return phone.went_away().has_value(); }));
  EXPECT_FALSE(h2_stranger{edge_->address()}.open());
  phone.say(stream, message("bye"), true);
  ASSERT_TRUE(phone.until([&] { return !phone.open(); }));
  EXPECT_EQ(phone.bytes(), message("hello") + message("bye"));
  EXPECT_EQ(phone.grpc_status(), "0");
  EXPECT_TRUE(wait_until([&] { return edge_->connections() == 0; }, kSoon));
}

TEST_F(phone_edge_test, stopping_says_goodbye) {
  serve();
  h2_stranger phone{edge_->address()};
  (void)phone.ask(kEcho);
  ASSERT_TRUE(phone.until([&] { return phone.settled(); }));
  edge_->stop(milliseconds{200});
  EXPECT_TRUE(phone.until([&] { return !phone.open(); }));
  EXPECT_EQ(phone.went_away(), NGHTTP2_NO_ERROR);
}

}  // namespace
}  // namespace siren::edge
