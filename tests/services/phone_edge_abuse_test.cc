// What strangers can't do to the phones' door.
#include "alert_gateway/edge/grpc_wire.h"
#include "services/echo_edge.h"

namespace siren::edge {
namespace {

using phone_edge_abuse_test = echo_edge;

TEST_F(phone_edge_abuse_test, sixty_thousand_resets_end_their_connection_only) {
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

TEST_F(phone_edge_abuse_test, who_is_sent_off_can_read_why) {
  serve();
  h2_stranger attacker{edge_->address()};
  for (int i = 0; i < 300; ++i) {
    auto const stream = attacker.ask(kEcho);
    (void)attacker.send_all();
    attacker.reset(stream);
    (void)attacker.send_all();
  }
  (void)attacker.until([&] { return !attacker.open(); });
  EXPECT_EQ(attacker.went_away(), NGHTTP2_ENHANCE_YOUR_CALM) << "although more was on its way to the door";
}

TEST_F(phone_edge_abuse_test, pings_without_end_are_not_answered) {
  serve();
  h2_stranger attacker{edge_->address()};
  for (int i = 0; i < 10'000 && attacker.open(); ++i) {
    attacker.ping();
    (void)attacker.send_all();
  }
  (void)attacker.until([&] { return !attacker.open(); });
  EXPECT_EQ(refused(refusal::ping_rate), 1);
  EXPECT_LT(attacker.pongs(), 1'000U) << "two hundred at once, then 20 a second";
  expect_serves();
}

TEST_F(phone_edge_abuse_test, headers_have_a_limit) {
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
  expect_serves();
}

TEST_F(phone_edge_abuse_test, more_connections_than_the_limit_are_closed_and_leave_room_when_they_go) {
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

TEST_F(phone_edge_abuse_test, who_never_asks_is_sent_off) {
  edge_limits limits;
  limits.first_call_within = seconds{1};
  serve(limits);
  h2_stranger silent{edge_->address()};
  EXPECT_TRUE(silent.until([&] { return !silent.open(); }));
  EXPECT_EQ(refused(refusal::no_call_in_time), 1);
}

TEST_F(phone_edge_abuse_test, frames_of_any_kind_have_a_rate) {
  serve();
  h2_stranger attacker{edge_->address()};
  ASSERT_TRUE(attacker.until([&] { return attacker.settled(); }));
  static constexpr char kPriority[] = "\0\0\5\2\0\0\0\0\3\0\0\0\0\0";
  for (int i = 0; i < 100'000 && attacker.open(); ++i) (void)attacker.send_raw({kPriority, 14});
  (void)attacker.until([&] { return !attacker.open(); });
  EXPECT_FALSE(attacker.open());
  EXPECT_EQ(refused(refusal::frame_rate), 1);
  expect_serves();
}

/// A request on this stream in as few bytes as it takes; its stream stays open.
std::string shortest_request(std::uint32_t stream) {
  std::string frame{"\0\0\3\1\4", 5};
  for (auto const shift : {24U, 16U, 8U, 0U}) frame += static_cast<char>((stream >> shift) & 0xFFU);
  return frame + "\x83\x86\x84";  // POST http /
}

/// Refused streams are answered, and an answer that nobody reads is memory.
TEST_F(phone_edge_abuse_test, answers_that_nobody_reads_do_not_pile_up) {
  edge_limits limits;
  limits.frames_burst = 1e9;
  serve(limits);
  h2_stranger attacker{edge_->address()};
  for (int i = 0; i < 4; ++i) (void)attacker.ask(kEcho);
  ASSERT_TRUE(attacker.send_all());
  for (std::uint32_t i = 0; i < 1'000'000 && attacker.open(); ++i) (void)attacker.send_raw(shortest_request(9 + 2 * i));
  EXPECT_FALSE(attacker.open());
  EXPECT_EQ(refused(refusal::answers_unread), 1);
  EXPECT_TRUE(wait_until([&] { return edge_->connections() == 0; }, kSoon));
  expect_serves();
}

TEST_F(phone_edge_abuse_test, who_does_not_read_is_cut_and_forgotten) {
  edge_limits limits;
  limits.dead_after = milliseconds{500};
  serve(limits);
  std::vector<std::unique_ptr<h2_stranger>> crowd;
  auto const prefix = prefix_of(16'000);
  auto const large = std::string{prefix.data(), prefix.size()} + std::string(16'000, 'x');
  for (int i = 0; i < 20; ++i) {
    crowd.push_back(std::make_unique<h2_stranger>(edge_->address(), 4'096));
    auto& phone = *crowd.back();
    phone.open_windows();
    auto const stream = phone.ask(kEcho);
    for (int k = 0; k < 4; ++k) phone.say(stream, large);  // more than both kernels hold
    ASSERT_TRUE(phone.send_all());
  }
  ASSERT_TRUE(wait_until([&] { return edge_->connections() == 0; }, kSoon));
  expect_serves();
}

TEST_F(phone_edge_abuse_test, a_call_that_asks_nothing_ends) {
  edge_limits limits;
  limits.first_message_within = seconds{1};
  serve(limits);
  h2_stranger silent{edge_->address()};
  (void)silent.ask(kEcho);
  ASSERT_TRUE(silent.until([&] { return !silent.grpc_status().empty(); }));
  EXPECT_EQ(silent.grpc_status(), "4");
}

TEST_F(phone_edge_abuse_test, an_end_that_is_not_taken_is_cut) {
  edge_limits limits;
  limits.first_message_within = limits.idle_within = limits.end_within = seconds{1};
  serve(limits);
  h2_stranger miser{edge_->address()};
  miser.window(0);
  miser.say(miser.ask(kEcho), std::string("\0\0\0\0\1a", 6), true);
  ASSERT_TRUE(miser.until([&] { return miser.closed_streams() == 1; }));
  EXPECT_EQ(miser.bytes(), "");
  EXPECT_TRUE(miser.grpc_status().empty());
}

}  // namespace
}  // namespace siren::edge
