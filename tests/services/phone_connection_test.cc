// One connection of the phones' door on a bench: its clock is ours, and what comes in may be anything.
#include <algorithm>
#include <array>
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "alert_gateway/edge/connection.h"
#include "alert_gateway/edge/grpc_wire.h"
#include "services/h2_stranger.h"

namespace siren::edge {
namespace {

/// A handler that holds its transport to what ports.h promises, and says every message back.
class strict_echo final : public stream_handler {
 public:
  strict_echo(phone_pipe& pipe, int& open) : pipe_{&pipe}, open_{open} { ++open_; }
  ~strict_echo() override { EXPECT_EQ(pipe_, nullptr) << "each stream is told its end"; }
  strict_echo(strict_echo const&) = delete;
  strict_echo& operator=(strict_echo const&) = delete;

  void on_request(std::string_view bytes) override {
    EXPECT_NE(pipe_, nullptr);
    EXPECT_FALSE(half_closed_);
    said_ = std::string{bytes};
    beat();
  }
  void on_half_closed() override {
    EXPECT_NE(pipe_, nullptr);
    EXPECT_FALSE(half_closed_);
    half_closed_ = true;
    if (!writing_) pipe_->finish(std::nullopt);
  }
  void on_written(bool) override {
    EXPECT_TRUE(writing_);
    writing_ = false;
    if (half_closed_) pipe_->finish(std::nullopt);
  }
  void on_closed() override {
    EXPECT_NE(pipe_, nullptr) << "once";
    pipe_ = nullptr;
    --open_;
  }
  void beat() {
    if (pipe_ == nullptr || writing_ || half_closed_) return;
    writing_ = true;
    pipe_->write(std::make_shared<std::string const>(said_));
  }

 private:
  phone_pipe* pipe_;
  int& open_;
  std::string said_;
  bool writing_ = false;
  bool half_closed_ = false;
};

class bench final : public connection_home {
 public:
  explicit bench(edge_limits what = {}) : limits_{what} {
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    door_ = std::make_unique<connection>(*this, unique_fd{ends[0]}, nullptr);
    visitor_ = std::make_unique<h2_stranger>(ends[1]);
  }
  ~bench() override {
    if (door_) door_->bury();
  }

  h2_stranger& visitor() { return *visitor_; }
  [[nodiscard]] bool lives() const { return door_ != nullptr; }
  [[nodiscard]] int streams() const { return open_; }
  /// Both sides do what they can, at this moment.
  void settle() {
    for (int turn = 0; turn < 4; ++turn) {
      (void)visitor_->send_all();
      serve();
      visitor_->read_what_is_there();
    }
  }
  void serve() {
    while (door_ && door_->on_ready()) {
    }
    flush();
  }
  void pass(milliseconds time) {
    now_ += time;
    if (door_) door_->tick(now_);
    flush();
  }
  void beat() {
    for (auto const& each : handlers_)
      if (auto const one = each.lock()) one->beat();
    flush();
  }

  [[nodiscard]] edge_limits const& limits() const override { return limits_; }
  [[nodiscard]] steady_time now() const override { return now_; }
  std::shared_ptr<stream_handler> open(std::string const& path, phone_pipe& pipe) override {
    if (path != "/echo") return nullptr;
    auto made = std::make_shared<strict_echo>(pipe, open_);
    handlers_.push_back(made);
    return made;
  }
  void has_output(connection&) override { output_ = true; }
  void count(refusal why) override { ++refused[why]; }
  [[nodiscard]] bool on_own_thread() const override { return true; }
  void post(std::function<void()>) override { ADD_FAILURE() << "all is on one thread"; }
  std::string& scratch() override { return scratch_; }
  [[nodiscard]] frame_buffer const& shared_frame() const override { return frame_; }

  std::map<refusal, int> refused;

 private:
  void flush() {
    while (door_ && std::exchange(output_, false)) door_->flush();
    if (!door_ || !door_->dead()) return;
    door_->bury();
    door_.reset();
  }

  edge_limits limits_;
  steady_time now_{seconds{1'000}};
  int open_ = 0;
  std::vector<std::weak_ptr<strict_echo>> handlers_;
  std::string scratch_;
  frame_buffer frame_;
  bool output_ = false;
  std::unique_ptr<connection> door_;
  std::unique_ptr<h2_stranger> visitor_;
};

std::string message(std::string const& bytes) {
  auto const prefix = prefix_of(bytes.size());
  return std::string{prefix.data(), prefix.size()} + bytes;
}

/// Ten minutes of a phone that listens: it pings every 30 s, hears a heartbeat every 5 s, and says nothing more.
TEST(phone_connection, a_keepalive_every_30_s_is_answered_for_10_minutes) {
  bench b;
  auto& phone = b.visitor();
  phone.say(phone.ask("/echo"), message("beat"));
  b.settle();
  std::size_t pings = 0;
  for (seconds passed{0}; passed < minutes{10}; passed += seconds{1}) {
    b.pass(seconds{1});
    if (passed % seconds{5} == seconds{0}) b.beat();
    if (passed % seconds{30} == seconds{0}) {
      phone.ping();
      ++pings;
    }
    b.settle();
    ASSERT_TRUE(b.lives()) << "after " << passed.count() << " s";
  }
  EXPECT_EQ(pings, 20U);
  EXPECT_EQ(phone.pongs(), pings);
  EXPECT_FALSE(phone.went_away().has_value());
  EXPECT_EQ(b.streams(), 1);
  EXPECT_EQ(phone.bytes().size(), 121 * message("beat").size());
}

TEST(phone_connection, without_a_call_it_ends_after_four_keepalives_only) {
  bench b;
  auto& phone = b.visitor();
  phone.say(phone.ask("/echo"), message("x"), true);
  b.settle();
  ASSERT_EQ(phone.grpc_status(), "0");
  for (int s = 0; s < 119; ++s) {
    b.pass(seconds{1});
    b.settle();
  }
  EXPECT_TRUE(b.lives());
  EXPECT_FALSE(phone.went_away().has_value());
  b.pass(seconds{1});
  b.settle();
  EXPECT_EQ(phone.went_away(), NGHTTP2_NO_ERROR);
  b.pass(b.limits().linger_within);
  EXPECT_FALSE(b.lives());
}

TEST(phone_connection, more_pings_than_a_keepalive_needs_are_answered_up_to_the_rate) {
  bench b;
  auto& phone = b.visitor();
  (void)phone.ask("/echo");
  b.settle();
  for (int i = 0; i < 150; ++i) phone.ping();
  b.settle();
  EXPECT_EQ(phone.pongs(), 150U);
  for (int i = 0; i < 150; ++i) phone.ping();
  b.settle();
  EXPECT_EQ(phone.went_away(), NGHTTP2_ENHANCE_YOUR_CALM);
  EXPECT_EQ(b.refused[refusal::ping_rate], 1);
}

std::string window_update(std::uint32_t stream, std::uint32_t by) {
  std::string frame{"\0\0\4\10\0", 5};
  for (auto const value : {stream, by})
    for (auto const shift : {24U, 16U, 8U, 0U}) frame += static_cast<char>((value >> shift) & 0xFFU);
  return frame;
}

/// Messages go past the session that counts windows. A phone that is sent more than it takes breaks off, and its owner
/// hears nothing.
TEST(phone_connection, a_thousand_messages_stay_within_a_phones_windows) {
  for (auto const window : {700U, 20'000U, 65'535U}) {
    SCOPED_TRACE(window);
    bench b;
    auto& phone = b.visitor();
    phone.window(window);
    auto const said = message(std::string(400, 'm'));
    phone.say(phone.ask("/echo"), said);
    b.settle();
    for (int i = 0; i < 1'000; ++i) {
      b.pass(milliseconds{10});
      b.beat();
      b.settle();
    }
    ASSERT_TRUE(b.lives());
    EXPECT_FALSE(phone.went_away().has_value());
    ASSERT_TRUE(phone.open());
    EXPECT_EQ(phone.bytes().size(), 1'001 * said.size());
  }
}

TEST(phone_connection, what_went_out_is_counted_before_a_window_changes) {
  bench b;
  auto& phone = b.visitor();
  auto const said = message(std::string(400, 'm'));
  phone.say(phone.ask("/echo"), said);
  b.settle();
  for (auto const window : {1'000U, 30'000U, 0U, 500U, 65'535U, 2'000U}) {
    for (int i = 0; i < 9; ++i) b.beat();
    phone.window(window);
    b.settle();
    b.pass(seconds{1});
    EXPECT_FALSE(phone.went_away().has_value()) << window;
    ASSERT_TRUE(phone.open()) << window;
  }
  for (int i = 0; i < 20; ++i) b.settle();
  EXPECT_TRUE(b.lives());
  EXPECT_EQ(phone.bytes().size() % said.size(), 0U);
  EXPECT_GT(phone.bytes().size(), 20 * said.size());
}

/// The protocol allows a window of 2^31 - 1 and calls one byte more an error. A phone that fills up what it took stays
/// exactly there.
TEST(phone_connection, a_window_that_is_kept_at_its_most_is_no_error) {
  bench b;
  auto& phone = b.visitor();
  auto const said = message(std::string(400, 'm'));
  phone.open_windows();
  auto const stream = static_cast<std::uint32_t>(phone.ask("/echo"));
  phone.say(static_cast<std::int32_t>(stream), said);
  b.settle();
  auto const size = static_cast<std::uint32_t>(said.size());
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(phone.send_raw(window_update(0, size) + window_update(stream, size)));
    b.settle();
    b.beat();
    b.settle();
  }
  EXPECT_TRUE(b.lives());
  EXPECT_FALSE(phone.went_away().has_value());
  EXPECT_EQ(phone.bytes().size(), 101 * said.size());
}

TEST(phone_connection, questions_beside_a_stream_of_messages_disturb_neither) {
  bench b;
  auto& phone = b.visitor();
  auto const said = message(std::string(400, 'm'));
  auto const asked = message("where to");
  phone.say(phone.ask("/echo"), said);
  b.settle();
  for (int i = 0; i < 300; ++i) {
    b.pass(seconds{1});
    b.beat();
    if (i % 3 == 0) b.settle();
    phone.say(phone.ask("/echo"), asked, true);
    b.settle();
    ASSERT_EQ(b.streams(), 1) << i;
  }
  EXPECT_TRUE(b.lives());
  EXPECT_FALSE(phone.went_away().has_value());
  EXPECT_EQ(phone.bytes().size(), 301 * said.size() + 300 * asked.size());
}

constexpr std::uint32_t kEnds = NGHTTP2_FLAG_END_STREAM;
constexpr std::uint32_t kHeadersEnd = NGHTTP2_FLAG_END_HEADERS;

/// Frames that a client might send and, when it is wild, many that none would.
class frame_mill {
 public:
  frame_mill(std::uint64_t seed, bool wild) : random_{seed}, wild_{wild} { nghttp2_hd_deflate_new(&packs_, 0); }
  ~frame_mill() { nghttp2_hd_deflate_del(packs_); }
  frame_mill(frame_mill const&) = delete;
  frame_mill& operator=(frame_mill const&) = delete;

  std::string next() {
    auto const kind = upto(wild_ ? 11 : 10);
    if (kind <= 2) return request();
    if (kind <= 6) return data();
    if (kind == 7) return frame(NGHTTP2_RST_STREAM, 0, any_stream(), number(upto(13)));
    if (kind == 8) return frame(NGHTTP2_WINDOW_UPDATE, 0, upto(1) == 0 ? 0 : any_stream(), number(1 + upto(100'000)));
    if (kind == 9) return frame(NGHTTP2_PING, upto(1), 0, std::string(8, 'p'));
    if (kind == 10) return frame(NGHTTP2_SETTINGS, 0, 0, std::string{"\0\4", 2} + number(upto(70'000)));
    return frame(upto(12), upto(255), any_stream(), noise(upto(40)));
  }
  /// Some bytes of it are others now.
  std::string damaged(std::string bytes) {
    for (auto left = upto(3); left > 0 && !bytes.empty(); --left)
      bytes[upto(static_cast<std::uint32_t>(bytes.size() - 1))] = static_cast<char>(upto(255));
    return bytes;
  }
  std::uint32_t upto(std::uint32_t most) { return std::uniform_int_distribution<std::uint32_t>{0, most}(random_); }

 private:
  std::string noise(std::size_t size) {
    std::string bytes(size, ' ');
    for (auto& c : bytes) c = static_cast<char>(upto(255));
    return bytes;
  }
  static std::string number(std::uint32_t value) {
    std::string bytes;
    for (auto const shift : {24U, 16U, 8U, 0U}) bytes += static_cast<char>((value >> shift) & 0xFFU);
    return bytes;
  }
  /// One of the newest six.
  std::uint32_t any_stream() { return newest_ == 0 ? 1 : newest_ - 1 - 2 * upto(std::min(newest_ / 2 - 1, 5U)); }
  static std::string frame(std::uint32_t type, std::uint32_t flags, std::uint32_t stream, std::string const& payload) {
    return number(static_cast<std::uint32_t>(payload.size())).substr(1) + static_cast<char>(type) +
           static_cast<char>(flags) + number(stream) + payload;
  }
  std::string request() {
    std::vector<std::pair<std::string, std::string>> all{
        {":method", upto(9) == 0 ? "GET" : "POST"},
        {":scheme", "http"},
        {":path", upto(5) == 0 ? "/nothing" : "/echo"},
        {"content-type", upto(9) == 0 ? "text/html" : "application/grpc"}};
    if (upto(4) == 0) all.emplace_back("grpc-timeout", upto(1) == 0 ? "1S" : noise(3));
    if (upto(9) == 0) all.emplace_back("padding", std::string(upto(9'000), 'x'));
    std::vector<nghttp2_nv> named;
    for (auto& [name, value] : all)
      named.push_back({reinterpret_cast<std::uint8_t*>(name.data()), reinterpret_cast<std::uint8_t*>(value.data()),
                       name.size(), value.size(), NGHTTP2_NV_FLAG_NONE});
    std::array<std::uint8_t, 16'000> packed{};
    auto const size = nghttp2_hd_deflate_hd(packs_, packed.data(), packed.size(), named.data(), named.size());
    newest_ += 2;
    std::string const block{reinterpret_cast<char const*>(packed.data()),
                            static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
    return frame(NGHTTP2_HEADERS, kHeadersEnd | (upto(9) == 0 ? kEnds : 0U), newest_ - 1, block);
  }
  std::string data() {
    std::string payload;
    for (auto left = upto(3); left > 0; --left) payload += message(std::string(upto(300), 'm'));
    if (upto(5) == 0) payload = noise(upto(50));
    if (upto(3) == 0) payload.resize(payload.size() / 2);
    return frame(NGHTTP2_DATA, upto(5) == 0 ? kEnds : 0U, any_stream(), payload);
  }

  std::mt19937_64 random_;
  bool wild_;
  nghttp2_hd_deflater* packs_ = nullptr;
  std::uint32_t newest_ = 0;
};

/// Whatever comes in, in whatever pieces: no crash, no more streams than the limit, each stream told its end, and in
/// the end nothing is left.
TEST(phone_connection, any_bytes_at_all_are_survived) {
  std::size_t survived = 0;
  for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
    SCOPED_TRACE(seed);
    auto const damages = seed % 2 == 0;
    frame_mill mill{seed, damages};
    bench b;
    std::string bytes{NGHTTP2_CLIENT_MAGIC, NGHTTP2_CLIENT_MAGIC_LEN};
    bytes += std::string("\0\0\0\4\0\0\0\0\0", 9);
    for (int i = 0; i < 60; ++i) bytes += damages && mill.upto(9) == 0 ? mill.damaged(mill.next()) : mill.next();
    for (std::size_t at = 0; at < bytes.size() && b.lives();) {
      auto const part = std::min<std::size_t>(1 + mill.upto(mill.upto(1) == 0 ? 10 : 3'000), bytes.size() - at);
      if (!b.visitor().send_raw({bytes.data() + at, part})) break;
      at += part;
      b.serve();
      b.visitor().read_what_is_there();
      if (mill.upto(20) == 0) b.pass(milliseconds{mill.upto(2'000)});
      if (mill.upto(20) == 0) b.beat();
      ASSERT_LE(b.streams(), 4);
    }
    survived += b.lives() ? 1 : 0;
    for (int s = 0; s < 400 && b.lives(); ++s) {
      b.pass(seconds{1});
      b.serve();
    }
    EXPECT_FALSE(b.lives()) << "without news it ends by itself";
    EXPECT_EQ(b.streams(), 0);
  }
  EXPECT_GT(survived, 300U) << "not everything is refused at the first bytes";
}

}  // namespace
}  // namespace siren::edge
