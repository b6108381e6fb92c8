#include "core/stream/log_watch.h"

#include <gtest/gtest.h>

#include "core/stream/bus_probe.h"
#include "core/stream/stream_world.h"

namespace siren {
namespace {

using namespace stream_test;

head_reading reading(std::uint64_t seq, std::uint64_t epoch = 1) {
  return {{epoch, seq}, picture_state::live, milliseconds{300}};
}

board at(std::uint64_t seq) {
  board b{nullptr};
  b.reset({1, seq}, {}, {});
  return b;
}

TEST(log_watch, says_what_to_read_next) {
  log_watch w;
  EXPECT_EQ(w.on_head(board{nullptr}, {}, at_ms(0), reading(0)), log_watch::need::read_state);
  EXPECT_EQ(w.on_head(at(5), {1, 5}, at_ms(0), reading(5)), log_watch::need::nothing);
  EXPECT_EQ(w.on_head(at(5), {1, 5}, at_ms(0), reading(6)), log_watch::need::read_log);
  EXPECT_EQ(w.on_head(at(5), {1, 5}, at_ms(0), reading(2, 2)), log_watch::need::read_state);
}

/// A heartbeat that went on naming a cached head would show calm while the log can't be read.
TEST(log_watch, no_false_calm_a_head_not_read_lately_is_not_named) {
  log_watch w;
  EXPECT_FALSE(w.at(at_ms(0), {1, 5}).head.has_value());
  (void)w.on_head(at(5), {1, 5}, at_ms(1'000), reading(5));
  EXPECT_EQ(w.at(at_ms(2'500), {1, 5}).head, (cursor{1, 5}));
  EXPECT_FALSE(w.at(at_ms(2'501), {1, 5}).head.has_value());
  EXPECT_EQ(w.at(at_ms(2'501), {1, 5}).picture, picture_state::unknown);
}

TEST(log_watch, no_false_calm_a_silent_engine_loses_the_picture) {
  log_watch w;
  auto const picture_after = [&](std::optional<milliseconds> silence, picture_state said) {
    (void)w.on_head(at(5), {1, 5}, at_ms(0), {{1, 5}, said, silence});
    return w.at(at_ms(0), {1, 5}).picture;
  };
  EXPECT_EQ(picture_after(milliseconds{5'000}, picture_state::live), picture_state::live);
  EXPECT_EQ(picture_after(milliseconds{5'000}, picture_state::degraded), picture_state::degraded);
  EXPECT_EQ(picture_after(milliseconds{5'001}, picture_state::live), picture_state::lost);
  EXPECT_EQ(picture_after(std::nullopt, picture_state::live), picture_state::lost);
  // The database's clock was set back an hour and the engine died: phones would have shown calm for that hour.
  EXPECT_EQ(picture_after(milliseconds{-3'600'000}, picture_state::live), picture_state::lost);
  EXPECT_EQ(picture_after(milliseconds{1}, picture_state::unknown), picture_state::lost);
}

/// A phone told of a head some milliseconds before its entries said "not current" until the next heartbeat.
TEST(log_watch, a_head_whose_entries_are_under_way_is_named_when_they_are_there) {
  log_watch w;
  (void)w.on_head(at(5), {1, 5}, at_ms(0), reading(5));
  (void)w.on_head(at(5), {1, 5}, at_ms(500), reading(6));
  EXPECT_EQ(w.at(at_ms(501), {1, 5}).head, (cursor{1, 5}));
  EXPECT_EQ(w.at(at_ms(501), {1, 5}).read_at, at_ms(0)) << "what a phone asked since was not answered yet";
  EXPECT_EQ(w.at(at_ms(502), {1, 6}).head, (cursor{1, 6}));
  EXPECT_EQ(w.at(at_ms(502), {1, 6}).read_at, at_ms(500));
}

TEST(log_watch, no_false_calm_entries_that_do_not_come_are_missed_after_two_polls) {
  log_watch w;
  (void)w.on_head(at(5), {1, 5}, at_ms(0), reading(5));
  (void)w.on_head(at(5), {1, 5}, at_ms(500), reading(6));
  (void)w.on_head(at(5), {1, 5}, at_ms(1'000), reading(6));
  EXPECT_EQ(w.at(at_ms(1'000), {1, 5}).head, (cursor{1, 5}));
  EXPECT_EQ(w.at(at_ms(1'001), {1, 5}).head, (cursor{1, 6}));
}

/// The bus may run ahead of a read already under way; a log behind what was known before has lost entries.
TEST(log_watch, a_log_that_went_back_is_not_named) {
  log_watch w;
  EXPECT_EQ(w.on_head(at(7), {1, 5}, at_ms(0), reading(6)), log_watch::need::nothing);
  EXPECT_FALSE(w.went_back());
  EXPECT_EQ(w.on_head(at(7), {1, 7}, at_ms(500), reading(6)), log_watch::need::nothing);
  EXPECT_TRUE(w.went_back());
  EXPECT_EQ(w.at(at_ms(500), {1, 5}).picture, picture_state::lost);
  EXPECT_FALSE(w.at(at_ms(500), {1, 5}).head.has_value());
  (void)w.on_head(at(7), {1, 7}, at_ms(1'000), reading(7));
  EXPECT_TRUE(w.at(at_ms(1'000), {1, 5}).head.has_value());
}

TEST(bus_probe, a_bus_that_takes_but_does_not_tell_is_found_in_five_seconds) {
  bus_probe p{at_ms(0)};
  EXPECT_FALSE(p.hears(at_ms(0)));
  auto const first = p.due(at_ms(0));
  ASSERT_TRUE(first.has_value());
  EXPECT_FALSE(p.due(at_ms(999)).has_value());
  p.on_heard(*first, at_ms(2));
  p.on_heard(*first + 10, at_ms(900));
  EXPECT_TRUE(p.hears(at_ms(3'002)));
  EXPECT_FALSE(p.hears(at_ms(3'003)));
  EXPECT_FALSE(p.should_reset(at_ms(3'002)));
  EXPECT_TRUE(p.should_reset(at_ms(3'003)));
  EXPECT_FALSE(p.should_reset(at_ms(4'000)));
  EXPECT_TRUE(p.should_reset(at_ms(6'004)));
  p.on_heard(*p.due(at_ms(7'000)), at_ms(7'000));
  EXPECT_TRUE(p.hears(at_ms(7'000)));
}

}  // namespace
}  // namespace siren
