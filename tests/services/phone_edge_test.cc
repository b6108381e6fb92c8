// The phones' door by itself: the gRPC wire, and what strangers can't do to it.
#include "alert_gateway/edge/phone_edge.h"

#include <fstream>
#include <map>
#include <mutex>

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "alert_gateway/edge/grpc_wire.h"
#include "common/rpc_server.h"
#include "rig/child_process.h"
#include "rig/private_servers.h"
#include "services/h2_stranger.h"

namespace siren::edge {
namespace {

constexpr milliseconds kSoon{10'000};
constexpr auto kEcho = "/test.Echo/Say";

/// Says every message back, one after the other, and ends when the phone has.
class echo final : public stream_handler {
 public:
  explicit echo(phone_pipe& pipe) : pipe_{pipe} {}
  void on_request(std::string_view bytes) override {
    waiting_.emplace_back(bytes);
    go_on();
  }
  void on_half_closed() override {
    ended_ = true;
    go_on();
  }
  void on_written(bool) override {
    writing_ = false;
    go_on();
  }
  void on_closed() override {}

 private:
  void go_on() {
    if (writing_) return;
    if (!waiting_.empty()) {
      writing_ = true;
      auto const next = std::make_shared<std::string const>(waiting_.front());
      waiting_.erase(waiting_.begin());
      pipe_.write(next);
    } else if (ended_ && !finished_) {
      finished_ = true;
      pipe_.finish(std::nullopt);
    }
  }
  phone_pipe& pipe_;
  std::vector<std::string> waiting_;
  bool writing_ = false;
  bool ended_ = false;
  bool finished_ = false;
};

class phone_edge_test : public ::testing::Test {
 protected:
  void serve(edge_limits limits = {}, std::string const& certificate = "", std::string const& key = "") {
    auto const work = [] { return loop_work{[] { return false; }, [] {}, milliseconds{20}}; };
    auto made = phone_edge::make(
        {"127.0.0.1:0", certificate, key, limits}, {work(), work()},
        [](std::size_t, std::string const& path, phone_pipe& pipe) -> std::shared_ptr<stream_handler> {
          return path == kEcho ? std::make_shared<echo>(pipe) : nullptr;
        },
        [this](refusal why) {
          std::lock_guard const lock{mutex_};
          ++refused_[why];
        });
    ASSERT_TRUE(made.ok()) << made.error().message;
    edge_ = std::move(made).value();
    edge_->start();
  }
  int refused(refusal why) {
    std::lock_guard const lock{mutex_};
    return refused_[why];
  }

  struct said {
    grpc::Status status;
    std::string bytes;
  };
  said say(std::string const& method, std::string const& bytes,
           std::shared_ptr<grpc::ChannelCredentials> const& how = grpc::InsecureChannelCredentials()) const {
    grpc::ChannelArguments own;
    own.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    own.SetSslTargetNameOverride("siren.test");
    grpc::GenericStub stub{grpc::CreateCustomChannel(edge_->address(), how, own)};
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kSoon);
    grpc::CompletionQueue queue;
    grpc::Slice const slice{bytes};
    grpc::ByteBuffer const request{&slice, 1};
    grpc::ByteBuffer response;
    said told;
    auto const call = stub.PrepareUnaryCall(&context, method, request, &queue);
    call->StartCall();
    call->Finish(&response, &told.status, nullptr);
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    std::vector<grpc::Slice> slices;
    if (told.status.ok() && response.Dump(&slices).ok())
      for (auto const& each : slices) told.bytes.append(reinterpret_cast<char const*>(each.begin()), each.size());
    return told;
  }
  void expect_serves() const {
    auto const told = say(kEcho, "are you there");
    EXPECT_TRUE(told.status.ok()) << told.status.error_message();
    EXPECT_EQ(told.bytes, "are you there");
  }

  std::unique_ptr<phone_edge> edge_;
  std::mutex mutex_;
  std::map<refusal, int> refused_;
};

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

TEST_F(phone_edge_test, a_call_ends_at_its_own_deadline) {
  serve();
  h2_stranger phone{edge_->address()};
  (void)phone.ask(kEcho, {{"grpc-timeout", "100m"}});
  ASSERT_TRUE(phone.until([&] { return !phone.grpc_status().empty(); }));
  EXPECT_EQ(phone.grpc_status(), "4") << "DEADLINE_EXCEEDED";
}

TEST_F(phone_edge_test, a_malformed_deadline_and_another_protocol_are_refused) {
  serve();
  h2_stranger phone{edge_->address()};
  (void)phone.ask(kEcho, {{"grpc-timeout", "soon"}});
  ASSERT_TRUE(phone.until([&] { return !phone.grpc_status().empty(); }));
  EXPECT_EQ(phone.grpc_status(), "3") << "INVALID_ARGUMENT";
  h2_stranger browser{edge_->address()};
  ASSERT_TRUE(browser.send_raw("GET / HTTP/1.1\r\nHost: siren\r\n\r\n"));
  while (browser.open()) browser.read_some();
  EXPECT_TRUE(wait_until([&] { return refused(refusal::protocol_error) == 1; }, kSoon));
  expect_serves();
}

TEST_F(phone_edge_test, sixty_thousand_resets_end_their_connection_only) {
  serve();
  h2_stranger honest{edge_->address()};
  (void)honest.ask(kEcho);
  ASSERT_TRUE(honest.until([&] { return honest.settled(); }));
  h2_stranger attacker{edge_->address()};
  for (int i = 0; i < 60'000 && attacker.open(); ++i) {
    auto const stream = attacker.ask(kEcho);
    (void)attacker.send_all();
    attacker.reset(stream);
    (void)attacker.send_all();
  }
  (void)attacker.until([&] { return !attacker.open(); });
  EXPECT_FALSE(attacker.open());
  EXPECT_EQ(refused(refusal::streams_rate), 1);
  EXPECT_TRUE(honest.open());
  expect_serves();
}

TEST_F(phone_edge_test, pings_without_end_are_not_answered) {
  serve();
  h2_stranger attacker{edge_->address()};
  for (int i = 0; i < 10'000 && attacker.open(); ++i) {
    attacker.ping();
    (void)attacker.send_all();
  }
  (void)attacker.until([&] { return !attacker.open(); });
  EXPECT_EQ(refused(refusal::ping_rate), 1);
  expect_serves();
}

TEST_F(phone_edge_test, headers_have_a_limit) {
  serve();
  h2_stranger attacker{edge_->address()};
  std::size_t sent = 0;
  for (int i = 0; i < 2'000 && attacker.open(); ++i) {
    auto const stream = attacker.ask(kEcho, {{"padding", std::string(7'500, 'x')}});  // 15 MB in all
    (void)attacker.send_all();
    attacker.reset(stream);
    ++sent;
  }
  (void)attacker.until([&] { return !attacker.open(); });
  EXPECT_FALSE(attacker.open()) << sent;
  EXPECT_GE(refused(refusal::header_bytes), 1);
  h2_stranger large{edge_->address()};
  (void)large.ask(kEcho, {{"padding", std::string(9'000, 'x')}});
  EXPECT_TRUE(large.until([&] { return large.closed_streams() == 1; })) << "that call alone";
  EXPECT_TRUE(large.open());
  expect_serves();
}

TEST_F(phone_edge_test, more_connections_than_the_limit_are_closed_and_leave_room_when_they_go) {
  edge_limits limits;
  limits.connections = 8;
  serve(limits);
  {
    std::vector<std::unique_ptr<h2_stranger>> crowd;
    for (int i = 0; i < 24; ++i) {
      crowd.push_back(std::make_unique<h2_stranger>(edge_->address()));
      (void)crowd.back()->until([&] { return crowd.back()->settled(); });
    }
    auto const served = std::count_if(crowd.begin(), crowd.end(), [](auto const& each) { return each->settled(); });
    EXPECT_EQ(served, 8);
    EXPECT_EQ(refused(refusal::too_many_connections), 16);
    EXPECT_EQ(edge_->connections(), 8U);
  }
  EXPECT_TRUE(wait_until([&] { return edge_->connections() == 0; }, kSoon));
  expect_serves();
}

TEST_F(phone_edge_test, who_never_asks_is_sent_off) {
  edge_limits limits;
  limits.first_call_within = seconds{1};
  serve(limits);
  h2_stranger silent{edge_->address()};
  EXPECT_TRUE(silent.until([&] { return !silent.open(); }));
  EXPECT_EQ(refused(refusal::no_call_in_time), 1);
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

TEST_F(phone_edge_test, tls) {
  auto const folder = make_run_folder("tls");
  auto const certificate = folder + "/cert.pem";
  auto const key = folder + "/key.pem";
  auto made = child_process::start({{"/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                                     "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=siren.test",
                                     "-addext", "subjectAltName=DNS:siren.test", "-keyout", key, "-out", certificate},
                                    folder + "/openssl.out",
                                    ""});
  ASSERT_TRUE(made.ok());
  ASSERT_EQ((*made)->wait_for_exit(milliseconds{20'000}), 0);
  serve({}, certificate, key);
  std::ifstream file{certificate};
  grpc::SslCredentialsOptions trust;
  trust.pem_root_certs.assign(std::istreambuf_iterator<char>{file}, {});
  auto const told = say(kEcho, std::string(10'000, 'x'), grpc::SslCredentials(trust));
  EXPECT_TRUE(told.status.ok()) << told.status.error_message();
  EXPECT_EQ(told.bytes.size(), 10'000U);
  EXPECT_FALSE(say(kEcho, "", grpc::InsecureChannelCredentials()).status.ok()) << "plain is not spoken on a TLS door";
  auto const wrong = phone_edge::make({"127.0.0.1:0", key, certificate, {}}, {}, nullptr, [](refusal) {});
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().why, reason::file_unreadable);
  remove_run_folder(folder);
}

}  // namespace
}  // namespace siren::edge
