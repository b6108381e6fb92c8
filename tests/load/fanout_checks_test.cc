// The phones of load-tests/fanout and what judges them: each check must be able to fail.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fanout_bench/delay_counts.h"
#include "fanout_bench/delivery_check.h"
#include "fanout_bench/phone_news.h"
#include "fanout_bench/plots.h"
#include "fanout_bench/rows.h"
#include "fanout_bench/wire.h"
#include "siren/alerts/v1/alert_service.pb.h"

namespace siren::fanout {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

phone_news alert(std::uint64_t seq, std::uint64_t previous) {
  return {news_kind::alert, 7, seq, previous, std::nullopt, std::nullopt};
}
phone_news at_place(news_kind kind, std::uint64_t seq, std::uint64_t epoch = 7) {
  return {kind, epoch, seq, 0, std::nullopt, std::nullopt};
}

TEST(fanout_news, the_fields_are_those_of_the_contract) {
  alerts::v1::WatchAlertsResponse said;
  said.mutable_alert()->mutable_cursor()->set_epoch(0x7FFFFFFFFFFFFFFF);
  said.mutable_alert()->mutable_cursor()->set_seq(300);
  said.mutable_alert()->set_previous_seq_in_zone(299);
  auto* words = said.mutable_alert()->mutable_alert();
  words->set_alert_id("a");
  words->add_threats();
  words->mutable_observation_received_time()->set_seconds(1'769'130'000);
  words->mutable_observation_received_time()->set_nanos(123'456'789);
  words->set_body_uk(std::string(300, 'x'));
  auto const news = read_news(said.SerializeAsString());
  ASSERT_TRUE(news);
  EXPECT_EQ(news->kind, news_kind::alert);
  EXPECT_EQ(news->epoch, 0x7FFFFFFFFFFFFFFF);
  EXPECT_EQ(news->seq, 300U);
  EXPECT_EQ(news->previous_in_zone, 299U);
  EXPECT_EQ(news->published, wall_time{microseconds{1'769'130'000'123'456}});

  said.mutable_heartbeat()->set_covered_seq(12);
  said.mutable_heartbeat()->mutable_reconnect_within()->set_seconds(17);
  said.mutable_heartbeat()->mutable_head()->set_seq(99);
  auto const beat = read_news(said.SerializeAsString());
  ASSERT_TRUE(beat);
  EXPECT_EQ(beat->kind, news_kind::heartbeat);
  EXPECT_EQ(beat->seq, 12U);
  EXPECT_EQ(beat->back_within, milliseconds{17'000});

  said.mutable_go_away()->mutable_retry_within()->set_nanos(500'000'000);
  EXPECT_EQ(read_news(said.SerializeAsString())->back_within, milliseconds{500});
  said.mutable_snapshot()->mutable_cursor()->set_seq(5);
  said.mutable_snapshot()->add_zones()->set_zone_id("z");
  EXPECT_EQ(read_news(said.SerializeAsString())->seq, 5U);
}

TEST(fanout_news, half_a_message_is_none) {
  alerts::v1::WatchAlertsResponse said;
  said.mutable_alert()->mutable_cursor()->set_seq(300);
  said.mutable_alert()->mutable_alert()->set_body_en("words");
  auto const bytes = said.SerializeAsString();
  for (std::size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(read_news({bytes.data(), size})) << size;
  EXPECT_FALSE(read_news("\xFF\xFF\xFF"));
}

TEST(fanout_check, a_phone_that_hears_everything_misses_nothing) {
  stretches all;
  delivery_check one{3};
  EXPECT_EQ(one.hear(at_place(news_kind::snapshot, 10), all), delivery_check::finding::fine);
  EXPECT_EQ(one.hear(alert(12, 8), all), delivery_check::finding::fine);
  EXPECT_EQ(one.hear(at_place(news_kind::heartbeat, 13), all), delivery_check::finding::fine);
  EXPECT_EQ(one.hear(at_place(news_kind::continuation, 13), all), delivery_check::finding::fine);
  EXPECT_EQ(one.hear(alert(15, 12), all), delivery_check::finding::fine);
  all.add(one.open());
  auto const verdict = all.judge({{}, {}, {}, {8, 12, 15}});
  EXPECT_EQ(verdict.missing, 0U);
  EXPECT_EQ(verdict.surplus, 0U);
}

TEST(fanout_check, a_hole_is_seen_at_once_and_by_the_log) {
  stretches all;
  delivery_check one{0};
  (void)one.hear(at_place(news_kind::snapshot, 10), all);
  EXPECT_EQ(one.hear(alert(14, 12), all), delivery_check::finding::hole);
  all.add(one.open());
  EXPECT_EQ(all.judge({{12, 14}}).missing, 1U);
}

TEST(fanout_check, the_last_alert_that_never_came_is_missing) {
  stretches all;
  delivery_check one{0};
  (void)one.hear(at_place(news_kind::snapshot, 10), all);
  (void)one.hear(alert(12, 0), all);
  all.add(one.open(), 5'000);
  EXPECT_EQ(all.judge({{12, 20}}).missing, 5'000U);
}

TEST(fanout_check, a_phone_that_never_had_a_word_misses_the_whole_log) {
  stretches all;
  all.add(delivery_check{0}.open());
  EXPECT_EQ(all.judge({{1, 2, 3}}).missing, 3U);
}

TEST(fanout_check, what_was_missed_before_a_snapshot_stays_missed) {
  stretches all;
  delivery_check one{0};
  (void)one.hear(at_place(news_kind::snapshot, 0), all);
  (void)one.hear(alert(5, 0), all);  // 3 was never told, and the server hides it
  (void)one.hear(at_place(news_kind::snapshot, 9), all);
  all.add(one.open());
  EXPECT_EQ(all.judge({{3, 5, 8}}).missing, 1U) << "8 is covered by the snapshot";
}

TEST(fanout_check, twice_and_backwards_are_out_of_order) {
  stretches all;
  delivery_check one{0};
  (void)one.hear(at_place(news_kind::snapshot, 10), all);
  (void)one.hear(alert(12, 0), all);
  EXPECT_EQ(one.hear(alert(12, 0), all), delivery_check::finding::out_of_order);
  EXPECT_EQ(one.hear(alert(11, 0), all), delivery_check::finding::out_of_order);
  EXPECT_EQ(one.hear(at_place(news_kind::continuation, 14), all), delivery_check::finding::hole);
  EXPECT_EQ(one.hear(at_place(news_kind::snapshot, 9), all), delivery_check::finding::out_of_order);
  EXPECT_EQ(one.hear(alert(20, 0), all), delivery_check::finding::fine);
  EXPECT_EQ(one.hear(at_place(news_kind::snapshot, 1, 8), all), delivery_check::finding::other_epoch);
}

TEST(fanout_check, stretches_travel_as_json) {
  stretches all;
  all.add({1, 0, kToTheEnd, 2}, 40);
  auto const read = stretches::of_json(all.as_json());
  EXPECT_EQ(read.judge({{}, {1, 2, 3}}).missing, 40U);
  EXPECT_EQ(read.judge({{}, {1}}).surplus, 40U);
}

TEST(fanout_delays, shares_are_rounded_against_us_and_by_two_percent_at_most) {
  delay_counts all;
  for (int i = 1; i <= 100'000; ++i) all.add(microseconds{i});
  for (auto const share : {0.01, 0.5, 0.99, 0.999}) {
    auto const exact = share * 100'000;
    auto const told = static_cast<double>(all.at(share).count());
    EXPECT_GE(told, exact);
    EXPECT_LE(told, exact * 1.02);
  }
  EXPECT_EQ(all.at(1.0), microseconds{100'000});
  all.add(microseconds{-5});
  EXPECT_EQ(all.at(0.0), microseconds{0});
  EXPECT_EQ(delay_counts{}.at(0.99), microseconds{0});
}

TEST(fanout_delays, processes_add_up) {
  delay_counts one;
  delay_counts two;
  for (int i = 0; i < 99; ++i) one.add(microseconds{100});
  two.add(microseconds{5'000'000});
  one.add(delay_counts::of_json(two.as_json()));
  EXPECT_EQ(one.count(), 100U);
  EXPECT_LE(one.at(0.99), microseconds{102});
  EXPECT_EQ(one.max(), microseconds{5'000'000});
}

/// Remembers what it hears.
class listener final : public wire_ear {
 public:
  void on_message(std::string_view bytes) override { messages.emplace_back(bytes); }
  void on_ready() override { ++ready; }
  void on_end() override { ++ends; }
  void reply(std::string_view bytes) override { replies += bytes; }
  std::vector<std::string> messages;
  std::string replies;
  int ready = 0;
  int ends = 0;
};

std::string http2_frame(char type, char flags, char stream, std::string const& payload) {
  return std::string{'\0', '\0', static_cast<char>(payload.size()), type, flags, '\0', '\0', '\0', stream} + payload;
}
std::string grpc(std::string const& message) {
  return std::string{'\0', '\0', '\0', '\0', static_cast<char>(message.size())} + message;
}

TEST(fanout_wire, grpc_messages_are_cut_however_they_are_split) {
  auto const both = grpc("first") + grpc("second");
  auto const stream = http2_frame(4, 0, 0, "") + http2_frame(1, 4, 1, "headers") +
                      http2_frame(0, 0, 1, both.substr(0, 8)) + http2_frame(0, 0, 1, both.substr(8)) +
                      http2_frame(6, 0, 0, "12345678") + http2_frame(1, 5, 1, "end");
  auto const spoken = make_siren_wire();
  for (std::size_t part = 1; part <= stream.size(); ++part) {
    listener heard;
    std::unique_ptr<wire_rest> rest;
    for (std::size_t at = 0; at < stream.size(); at += part)
      ASSERT_TRUE(spoken->take(std::string_view{stream}.substr(at, part), rest, heard));
    EXPECT_THAT(heard.messages, ElementsAre("first", "second")) << "in parts of " << part;
    EXPECT_EQ(heard.replies, http2_frame(4, 1, 0, "") + http2_frame(6, 1, 0, "12345678"));
    EXPECT_EQ(heard.ends, 1);
    EXPECT_EQ(rest, nullptr) << "a quiet phone keeps nothing";
  }
}

TEST(fanout_wire, websocket_and_plain_messages_are_cut_however_they_are_split) {
  std::string const large(300, 'm');
  struct row {
    std::unique_ptr<wire> spoken;
    std::string stream;
  };
  std::vector<row> rows;
  rows.push_back({make_websocket_wire(), "HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n" +
                                             std::string{"\x82\x05hello"} + std::string{'\x82', 126, 1, 44} + large +
                                             std::string{"\x89\x01p"}});
  rows.push_back({make_plain_wire(), std::string(4, '\0') + std::string{'\0', '\0', '\0', 5} + "hello" +
                                         std::string{'\0', '\0', 1, 44} + large});
  for (auto const& [spoken, stream] : rows)
    for (std::size_t part = 1; part <= stream.size(); ++part) {
      listener heard;
      std::unique_ptr<wire_rest> rest;
      for (std::size_t at = 0; at < stream.size(); at += part)
        ASSERT_TRUE(spoken->take(std::string_view{stream}.substr(at, part), rest, heard));
      EXPECT_THAT(heard.messages, ElementsAre("hello", large)) << "in parts of " << part;
      EXPECT_EQ(heard.ready, 1);
    }
  listener heard;
  std::unique_ptr<wire_rest> rest;
  EXPECT_FALSE(rows[0].spoken->take("HTTP/1.1 403 Forbidden\r\n\r\n", rest, heard));
}

TEST(fanout_scenarios, all_that_are_shipped_can_be_read) {
  auto const all = read_scenarios(std::string{SIREN_SOURCE_DIR} + "/load-tests/fanout_bench/scenarios");
  ASSERT_TRUE(all.ok()) << all.error().message;
  for (auto const& one : *all) {
    auto const misses_nothing = [](want const& w) { return w.name == "missing" && !w.at_most && w.value == 0.0; };
    EXPECT_TRUE(std::any_of(one.wants.begin(), one.wants.end(), misses_nothing)) << one.name;
  }
}

TEST(fanout_scenarios, a_slip_in_a_file_is_told_with_its_line) {
  for (auto const* wrong :
       {"conect", "alerts zone=1", "hold for", "want p99", "want a.p99_ms < 3", "setup colour=red"}) {
    auto const read = read_scenario("x", std::string{"title T\nconnect\n"} + wrong + "\n");
    ASSERT_FALSE(read.ok()) << wrong;
    EXPECT_THAT(read.error().message, HasSubstr("line 3")) << wrong;
  }
}

played one_play(std::string const& wants, std::vector<std::pair<std::string, double>> numbers) {
  played all{*read_scenario("x", "title T\nconnect\n" + wants), false, {}};
  play_told told;
  told.phones = 10;
  told.numbers = std::move(numbers);
  all.told[kind_of_server::siren].push_back(told);
  return all;
}

TEST(fanout_rows, a_want_that_does_not_hold_or_was_not_measured_fails_the_run) {
  EXPECT_TRUE(bench::all_kept(figures_of(one_play("want missing = 0\n", {{"missing", 0.0}}))));
  EXPECT_FALSE(bench::all_kept(figures_of(one_play("want missing = 0\n", {{"missing", 1.0}}))));
  EXPECT_FALSE(bench::all_kept(figures_of(one_play("want missing = 0\n", {}))));
  EXPECT_FALSE(bench::all_kept(figures_of(one_play("want a.p99_ms <= 2 * b.p99_ms\n", {{"a.p99_ms", 3.0}}))));
  EXPECT_FALSE(
      bench::all_kept(figures_of(one_play("want a.p99_ms <= 2 * b.p99_ms\n", {{"a.p99_ms", 3.0}, {"b.p99_ms", 1.0}}))));
  EXPECT_TRUE(bench::all_kept(
      figures_of(one_play("want a.server_mb <= 2 + b.server_mb\n", {{"a.server_mb", 3.0}, {"b.server_mb", 1.0}}))));
  EXPECT_TRUE(bench::all_kept(figures_of(one_play("want tls missing = 0\n", {{"missing", 1.0}})))) << "it was plain";
}

TEST(fanout_rows, ratios_are_taken_turn_by_turn_and_can_fail) {
  auto all = one_play("want missing = 0\n", {{"alert.cpu_us", 9.0}, {"accept_us", 20.0}});
  play_told peer;
  peer.numbers = {{"alert.cpu_us", 10.0}, {"accept_us", 10.0}};
  all.told[kind_of_server::nchan].push_back(peer);
  auto const ratios = ratios_of(all);
  ASSERT_EQ(ratios.size(), 2U);
  EXPECT_DOUBLE_EQ(ratios[0].value(), 0.9);
  EXPECT_TRUE(ratios[0].kept());
  EXPECT_DOUBLE_EQ(ratios[1].value(), 2.0);
  EXPECT_FALSE(ratios[1].kept());
  EXPECT_THAT(picture_of({all}), HasSubstr("</svg>"));
}

}  // namespace
}  // namespace siren::fanout
