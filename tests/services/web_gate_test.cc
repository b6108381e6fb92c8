// gRPC-Web at the console's door, over real sockets to a real gRPC server: what browsers may ask, how they are refused,
// and that a service hears of it when its browser leaves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <utility>

#include "common/rpc_server.h"
#include "operator_console/grpc_web/frames.h"
#include "operator_console/grpc_web/web_gate.h"
#include "operator_console/http_server.h"
#include "rig/child_process.h"
#include "rig/private_servers.h"
#include "services/http_visitor.h"
#include "siren/alerts/v1/delivery_service.grpc.pb.h"
#include "siren/routing/v1/plan_service.grpc.pb.h"

namespace siren {
namespace {

using test::visitor;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr milliseconds kSoon{20'000};
constexpr char kUnary[] = "/siren.alerts.v1.DeliveryService/GetDelivery";
constexpr char kStream[] = "/siren.routing.v1.PlanService/FetchGraph";

/// Answers with what it heard in `authorization`; refuses "bad".
class told_back final : public alerts::v1::DeliveryService::Service {
 public:
  grpc::Status GetDelivery(grpc::ServerContext* call, alerts::v1::GetDeliveryRequest const*,
                           alerts::v1::GetDeliveryResponse* answer) override {
    deadline_left = std::chrono::duration_cast<milliseconds>(call->deadline() - std::chrono::system_clock::now());
    auto const& headers = call->client_metadata();
    auto const found = headers.find("authorization");
    auto const token = found == headers.end() ? std::string{} : std::string{found->second.data(), found->second.size()};
    if (token == "Bearer bad") return to_status({reason::token_refused, "no: 100 % not — ні"}, {{"why", "said"}});
    answer->set_phones(token.empty() ? 0 : 7);
    return grpc::Status::OK;
  }
  std::atomic<milliseconds> deadline_left{};
};

/// Chunk after chunk until nobody listens any more.
class endless final : public routing::v1::PlanService::Service {
 public:
  grpc::Status FetchGraph(grpc::ServerContext* call, routing::v1::FetchGraphRequest const* asked,
                          grpc::ServerWriter<routing::v1::FetchGraphResponse>* to) override {
    routing::v1::FetchGraphResponse part;
    if (asked->graph_hash() == "three") {
      for (auto const* text : {"one", "two", "three"}) {
        part.set_chunk(text);
        to->Write(part);
      }
      return to_status({reason::plan_missing, "replaced"});
    }
    ++running;
    part.set_chunk(std::string(64 << 10, 'x'));
    while (!call->IsCancelled() && to->Write(part)) ++written;
    --running;
    return grpc::Status::OK;
  }
  std::atomic<int> running = 0;
  std::atomic<int> written = 0;
};

class web_gate_test : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = make_run_folder("test");
    auto started = rpc_server::start("unix:" + folder_ + "/door", rpc_exposure::internal, {&unary_, &stream_});
    ASSERT_TRUE(started) << started.error().message;
    services_ = std::move(*started);
    auto const channel = internal_channel(services_->address());
    options_.methods = {{kUnary, {channel, false}}, {kStream, {channel, true}}};
    options_.origins = {"https://console.city.example"};
    open();
  }
  void open() {
    door_.reset();
    gate_ = std::make_unique<web_gate>(options_, counts_);
    auto started = http_server::start("127.0.0.1:0", {}, gate_.get());
    ASSERT_TRUE(started) << started.error().message;
    door_ = std::move(*started);
  }
  void TearDown() override {
    door_.reset();
    services_->stop(milliseconds{0});
    remove_run_folder(folder_);
  }

  static std::string post(std::string const& path, std::string const& body, std::string const& more = "") {
    return "POST " + path +
           " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/grpc-web+proto\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n" + more + "\r\n" + body;
  }
  std::string say(std::string const& text) { return visitor{door_->address()}.say(text).rest(); }
  std::string call(std::string const& path, std::string const& body, std::string const& more = "") {
    return say(post(path, body, more));
  }
  static std::string asking(std::string const& hash) {
    routing::v1::FetchGraphRequest asked;
    asked.set_graph_hash(hash);
    return message_frame(asked.SerializeAsString());
  }

  std::string folder_;
  told_back unary_;
  endless stream_;
  std::unique_ptr<rpc_server> services_;
  metrics counts_;
  web_gate_options options_;
  std::unique_ptr<web_gate> gate_;
  std::unique_ptr<http_server> door_;
};

TEST_F(web_gate_test, a_unary_call_is_answered_with_its_message_and_its_trailers) {
  auto const heard = call(kUnary, message_frame(""), "Authorization: Bearer good\r\n");
  EXPECT_THAT(heard, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(heard, HasSubstr("Content-Type: application/grpc-web+proto\r\n"));
  alerts::v1::GetDeliveryResponse answer;
  answer.set_phones(7);
  EXPECT_THAT(heard, HasSubstr(message_frame(answer.SerializeAsString())));
  EXPECT_THAT(heard, HasSubstr(trailer_frame(grpc::Status::OK)));
  EXPECT_THAT(heard, EndsWith("\r\n0\r\n\r\n"));
  EXPECT_THAT(heard, Not(HasSubstr("Access-Control"))) << "no other page asked";
}

TEST_F(web_gate_test, a_refusal_of_the_service_comes_with_its_reason) {
  auto const heard = call(kUnary, message_frame(""), "Authorization: Bearer bad\r\n");
  EXPECT_THAT(heard, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(heard, HasSubstr("grpc-status: 7\r\n"));
  EXPECT_THAT(heard, HasSubstr("grpc-message: no: 100 %25 not %E2%80%94 %D0%BD%D1%96\r\n"));
  auto const expected = trailers_of(to_status({reason::token_refused, "no: 100 % not — ні"}, {{"why", "said"}}));
  EXPECT_THAT(heard, HasSubstr("grpc-status-details-bin: " + expected.at("grpc-status-details-bin") + "\r\n"));
}

TEST_F(web_gate_test, a_stream_is_answered_message_by_message_and_with_how_it_ended) {
  auto const heard = call(kStream, asking("three"));
  auto at = std::size_t{0};
  for (auto const* text : {"one", "two", "three"}) {
    routing::v1::FetchGraphResponse part;
    part.set_chunk(text);
    at = heard.find(message_frame(part.SerializeAsString()), at);
    ASSERT_NE(at, std::string::npos) << text;
  }
  EXPECT_NE(heard.find(trailer_frame(to_status({reason::plan_missing, "replaced"})), at), std::string::npos);
}

// A closed tab went on being served.
TEST_F(web_gate_test, a_service_hears_of_it_when_its_browser_leaves) {
  {
    visitor browser{door_->address()};
    browser.say(post(kStream, asking("endless")));
    ASSERT_TRUE(wait_until([&] { return stream_.written > 0; }, kSoon));
  }
  EXPECT_TRUE(wait_until([&] { return stream_.running == 0; }, kSoon));
}

TEST_F(web_gate_test, a_browser_that_reads_slowly_slows_its_service_down) {
  visitor browser{door_->address()};
  browser.say(post(kStream, asking("endless")));
  ASSERT_TRUE(wait_until([&] { return stream_.written > 0; }, kSoon));
  auto before = -1;
  // Buffers of sockets and of gRPC fill up; then nothing more is written, for as long as one cares to look.
  EXPECT_TRUE(wait_until([&] { return std::exchange(before, stream_.written.load()) == stream_.written; }, kSoon));
  EXPECT_LT(stream_.written, 1'000) << "64 KiB each";
}

TEST_F(web_gate_test, the_door_closes_while_browsers_are_served) {
  visitor browser{door_->address()};
  browser.say(post(kStream, asking("endless")));
  ASSERT_TRUE(wait_until([&] { return stream_.written > 0; }, kSoon));
  door_.reset();
  EXPECT_TRUE(wait_until([&] { return stream_.running == 0; }, kSoon));
}

TEST_F(web_gate_test, every_refusal_says_why) {
  struct row {
    char const* what;
    std::string request;
    std::string answer;
    std::string more;
  };
  auto const fine = message_frame("");
  auto const large = std::string(65 << 10, 'x');
  auto const with_type = [&](std::string const& type) {
    return std::string{"POST "} + kUnary + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: " + type +
           "\r\nContent-Length: 5\r\n\r\n" + fine;
  };
  std::vector<row> const table{
      {"not on the list", post("/siren.threats.v1.ThreatFeedService/StreamThreats", fine), "HTTP/1.1 200 ",
       "grpc-status: 12\r\n"},
      {"a longer name", post(std::string{kUnary} + "s", fine), "HTTP/1.1 200 ", "grpc-status: 12\r\n"},
      {"a query", post(std::string{kUnary} + "?a=b", fine), "HTTP/1.1 200 ", "grpc-status: 12\r\n"},
      {"another prefix", post("/grpc.health.v1.Health/Check", fine), "", ""},
      {"a foreign page", post(kUnary, fine, "Origin: https://evil.example\r\n"), "HTTP/1.1 403 ", ""},
      {"a page without a name", post(kUnary, fine, "Origin: null\r\n"), "HTTP/1.1 403 ", ""},
      {"https of our own name", post(kUnary, fine, "Origin: https://127.0.0.1\r\n"), "HTTP/1.1 403 ", ""},
      {"a form's type", with_type("application/x-www-form-urlencoded"), "HTTP/1.1 415 ", ""},
      {"gRPC itself", with_type("application/grpc"), "HTTP/1.1 415 ", ""},
      {"base64", with_type("application/grpc-web-text"), "HTTP/1.1 415 ", ""},
      {"no frame", post(kUnary, "abc"), "HTTP/1.1 200 ", "grpc-status: 3\r\n"},
      {"a torn frame", post(kUnary, message_frame("abc").substr(0, 6)), "HTTP/1.1 200 ", "grpc-status: 3\r\n"},
      {"two messages", post(kUnary, fine + fine), "HTTP/1.1 200 ", "grpc-status: 3\r\n"},
      {"compressed", post(kUnary, std::string("\x01\0\0\0\0", 5)), "HTTP/1.1 200 ", "grpc-status: 3\r\n"},
      {"too large", post(kUnary, message_frame(large)), "HTTP/1.1 200 ", "grpc-status: 8\r\n"},
      {"too large, in chunks",
       std::string{"POST "} + kUnary +
           " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/grpc-web\r\nTransfer-Encoding: "
           "chunked\r\n\r\n10400\r\n" +
           large + "\r\n0\r\n\r\n",
       "HTTP/1.1 200 ", "grpc-status: 8\r\n"},
      {"no such unit", post(kUnary, fine, "grpc-timeout: 5y\r\n"), "HTTP/1.1 200 ", "grpc-status: 3\r\n"},
      {"another host", "POST " + std::string{kUnary} + " HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
       "HTTP/1.1 421 ", ""},
      {"GET", "GET " + std::string{kUnary} + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
       "HTTP/1.1 404 ", ""},
  };
  for (auto const& [what, request, answer, more] : table) {
    auto const heard = say(request);
    EXPECT_EQ(heard.empty(), answer.empty()) << what;
    EXPECT_THAT(heard, StartsWith(answer)) << what;
    EXPECT_THAT(heard, HasSubstr(more)) << what;
  }
  EXPECT_THAT(call(kUnary, fine), HasSubstr(trailer_frame(grpc::Status::OK))) << "others are served on";
}

TEST_F(web_gate_test, a_page_of_elsewhere_asks_only_if_it_is_listed) {
  auto const ask_first = [&](std::string const& origin) {
    return say("OPTIONS " + std::string{kUnary} + " HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: " + origin +
               "\r\nAccess-Control-Request-Method: POST\r\n\r\n");
  };
  auto const allowed = ask_first("https://console.city.example");
  EXPECT_THAT(allowed, StartsWith("HTTP/1.1 204 "));
  EXPECT_THAT(allowed, HasSubstr("Access-Control-Allow-Origin: https://console.city.example\r\n"));
  EXPECT_THAT(allowed, HasSubstr("Access-Control-Allow-Headers: authorization,content-type,"));
  EXPECT_THAT(allowed, Not(HasSubstr("Allow-Credentials"))) << "no cookie opens anything";
  auto const stranger = ask_first("https://evil.example");
  EXPECT_THAT(stranger, StartsWith("HTTP/1.1 403 "));
  EXPECT_THAT(stranger, Not(HasSubstr("Access-Control")));
  auto const heard = call(kUnary, message_frame(""), "Origin: https://console.city.example\r\n");
  EXPECT_THAT(heard, HasSubstr("Access-Control-Expose-Headers: grpc-status,grpc-message,grpc-status-details-bin\r\n"));
  EXPECT_THAT(heard, HasSubstr("Vary: Origin\r\n"));
  EXPECT_THAT(call(kUnary, message_frame(""), "Origin: http://127.0.0.1\r\n"), StartsWith("HTTP/1.1 200 "))
      << "its own";
}

TEST_F(web_gate_test, calls_at_once_are_limited_and_an_edit_finds_room_beside_watchers) {
  options_.most_calls = 3;
  options_.most_streams = 2;
  open();
  std::vector<std::unique_ptr<visitor>> watching;
  for (auto i = 1; i <= 2; ++i) {
    watching.push_back(std::make_unique<visitor>(door_->address()));
    watching.back()->say(post(kStream, asking("endless")));
    ASSERT_TRUE(wait_until([&] { return stream_.running == i; }, kSoon));
  }
  EXPECT_THAT(call(kStream, asking("three")), HasSubstr("grpc-status: 8\r\n"));
  EXPECT_THAT(call(kUnary, message_frame("")), HasSubstr(trailer_frame(grpc::Status::OK)));
  watching.pop_back();
  EXPECT_TRUE(wait_until([&] { return call(kStream, asking("three")).find("grpc-status: 8\r\n") == std::string::npos; },
                         kSoon));
}

TEST_F(web_gate_test, a_deadline_is_the_browsers_wish_and_never_beyond_ours) {
  constexpr milliseconds kRounded{500};  // gRPC rounds a deadline up on the wire
  (void)call(kUnary, message_frame(""));
  EXPECT_LE(unary_.deadline_left.load(), milliseconds{10'000} + kRounded);
  EXPECT_GT(unary_.deadline_left.load(), milliseconds{5'000});
  (void)call(kUnary, message_frame(""), "grpc-timeout: 3000m\r\n");
  EXPECT_LE(unary_.deadline_left.load(), milliseconds{3'000} + kRounded);
  (void)call(kUnary, message_frame(""), "grpc-timeout: 9H\r\n");
  EXPECT_LE(unary_.deadline_left.load(), milliseconds{10'000} + kRounded);
  EXPECT_THAT(call(kUnary, message_frame(""), "grpc-timeout: 0m\r\n"), HasSubstr("grpc-status: 4\r\n"));
}

TEST_F(web_gate_test, a_service_that_is_away_is_unavailable) {
  options_.methods[kUnary].service = internal_channel("unix:" + folder_ + "/nobody");
  open();
  EXPECT_THAT(call(kUnary, message_frame("")), HasSubstr("grpc-status: 14\r\n"));
}

TEST(web_frames, timeouts_are_read_as_grpc_writes_them) {
  for (auto const& [text, expected] : std::map<std::string, int>{
           {"5S", 5'000}, {"250m", 250}, {"2M", 120'000}, {"1H", 3'600'000}, {"1500u", 1}, {"99999999n", 0}}) {
    auto const read = timeout_of(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(*read, milliseconds{expected}) << text;
  }
  for (auto const* bad : {"", "S", "5", "5 S", "-5S", "5SS", "123456789S", "5x"}) EXPECT_FALSE(timeout_of(bad)) << bad;
}

}  // namespace
}  // namespace siren
