// Cursor on Target as XML and protobuf, whole and in pieces, good and bad.
#include <cmath>

#include <gtest/gtest.h>

#include "feed_adapters/cot_protobuf.h"
#include "feed_adapters/cot_stream.h"
#include "feed_adapters/cot_xml.h"
#include "services/cot_bytes.h"

namespace siren {
namespace {

using test::cot_fields;
using test::cot_message;
using test::cot_text;
using test::tak_frame;

utc_time const kNow = parse_utc("2026-01-23T12:00:05Z").value();
source_id const kRadar{"radar"};

result<observation> read_xml(std::string const& text) {
  auto const event = parse_cot_xml(text);
  return event ? observation_of(*event, kRadar, kNow) : result<observation>{event.error()};
}
result<observation> read_protobuf(std::string const& bytes) {
  auto const event = parse_cot_protobuf(bytes);
  return event ? observation_of(*event, kRadar, kNow) : result<observation>{event.error()};
}

TEST(cot, both_forms_tell_the_same) {
  for (auto const& read : {read_xml(cot_text()), read_protobuf(cot_message())}) {
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(read->source, kRadar);
    EXPECT_EQ(read->native_id, "uav-7");
    EXPECT_EQ(read->observed_at, parse_utc("2026-01-23T12:00:00.250Z").value());
    EXPECT_EQ(read->kind, threat_class::drone);
    EXPECT_DOUBLE_EQ(read->position.lat.value, 50.9);
    EXPECT_DOUBLE_EQ(read->position.lon.value, 31.25);
    EXPECT_DOUBLE_EQ(read->position_sigma->value, 150.0);
    EXPECT_DOUBLE_EQ(read->altitude->value, 800.0);
    EXPECT_NEAR(read->velocity->east.value, -50.0, 1e-9);
    EXPECT_NEAR(read->velocity->north.value, 0.0, 1e-9);
    EXPECT_EQ(read->belongs_to, world::live);
    EXPECT_EQ(read->count, 1U);
  }
}

TEST(cot, unknown_numbers_are_absent) {
  for (auto const* unknown : {"9999999", "9999999.0", "999999", "NaN", "0"}) {
    auto with = cot_fields{};
    with.hae = with.ce = with.speed = unknown;
    auto const read = read_xml(cot_text(with));
    ASSERT_TRUE(read.ok()) << unknown << ": " << read.error().message;
    EXPECT_FALSE(read->position_sigma) << unknown;
    EXPECT_FALSE(read->altitude) << unknown;
    EXPECT_FALSE(read->velocity) << unknown << ": a speed of 0 is no stop in the air";
  }
}

TEST(cot, a_course_of_nought_is_north) {
  auto with = cot_fields{};
  with.course = "0.0";
  for (auto const& read : {read_xml(cot_text(with)), read_protobuf(cot_message(with))}) {
    ASSERT_TRUE(read.ok());
    EXPECT_NEAR(read->velocity->north.value, 50.0, 1e-9);
  }
}

struct typed {
  char const* type;
  std::optional<threat_class> kind;
};
class class_of_types : public testing::TestWithParam<typed> {};
TEST_P(class_of_types, by_the_longest_beginning) {
  EXPECT_EQ(class_of_cot_type(GetParam().type), GetParam().kind) << GetParam().type;
}
INSTANTIATE_TEST_SUITE_P(
    table, class_of_types,
    testing::Values(typed{"a-h-A-M-F-Q", threat_class::drone}, typed{"a-h-A-M-F-Q-r", threat_class::drone},
                    typed{"a-u-A-C-F-q", threat_class::drone}, typed{"a-s-A-M-H-Q", threat_class::drone},
                    typed{"a-h-A-W-M-L", threat_class::cruise_missile},
                    typed{"a-h-A-W-M-S", threat_class::ballistic_missile},
                    typed{"a-h-A-W-M-S-S", threat_class::ballistic_missile},
                    typed{"a-h-A-W-M-S-A", threat_class::surface_to_air_missile},
                    typed{"a-h-A-W-B", threat_class::guided_bomb}, typed{"a-h-A", threat_class::unknown},
                    typed{"a-p-A-M-F", threat_class::unknown}, typed{"a-h-A-M-F-QX", threat_class::unknown},
                    typed{"a-k-A-M-F-Q", threat_class::drone}, typed{"a-f-A-M-F-Q", std::nullopt},
                    typed{"a-n-A-C-F", std::nullopt}, typed{"a-h-G-E-V", std::nullopt}, typed{"t-x-c-t", std::nullopt},
                    typed{"a-h-", std::nullopt}, typed{"", std::nullopt}, typed{"a-h-AX", std::nullopt}));

// A drill that leaks out sends a city to the shelters for nothing.
TEST(cot, drill_is_another_world_and_typed_at_the_door) {
  for (auto const& [type, how, opex] : {std::tuple{"a-k-A-M-F-Q", "m-g", ""},
                                        {"a-j-A-M-F-Q", "m-g", ""},
                                        {"a-h-A-M-F-Q", "m-s", ""},
                                        {"a-h-A-M-F-Q", "m-s-x", ""},
                                        {"a-h-A-M-F-Q", "m-g", "e"},
                                        {"a-h-A-M-F-Q", "m-g", "e-storm"},
                                        {"a-h-A-M-F-Q", "m-g", "s-7"}}) {
    auto with = cot_fields{};
    with.type = type;
    with.how = how;
    with.opex = opex;
    EXPECT_EQ(read_xml(cot_text(with))->belongs_to, world::exercise) << type << how << opex;
    EXPECT_EQ(read_protobuf(cot_message(with))->belongs_to, world::exercise) << type << how << opex;
  }
  auto with = cot_fields{};
  with.opex = "o-shield";
  EXPECT_EQ(read_xml(cot_text(with))->belongs_to, world::live);
}

struct spoilt {
  char const* name;
  void (*spoil)(cot_fields&);
  reason why;
};
class refuses_fields : public testing::TestWithParam<spoilt> {};
TEST_P(refuses_fields, in_both_forms) {
  auto with = cot_fields{};
  GetParam().spoil(with);
  auto const xml = read_xml(cot_text(with));
  ASSERT_FALSE(xml.ok());
  EXPECT_EQ(xml.error().why, GetParam().why) << xml.error().message;
  auto const protobuf = read_protobuf(cot_message(with));
  ASSERT_FALSE(protobuf.ok());
  EXPECT_EQ(protobuf.error().why, GetParam().why) << protobuf.error().message;
}
INSTANTIATE_TEST_SUITE_P(
    table, refuses_fields,
    testing::Values(spoilt{"no_uid", [](cot_fields& f) { f.uid = ""; }, reason::missing_field},
                    spoilt{"no_type", [](cot_fields& f) { f.type = ""; }, reason::missing_field},
                    spoilt{"long_uid", [](cot_fields& f) { f.uid = std::string(129, 'u'); }, reason::field_too_long},
                    spoilt{"long_type", [](cot_fields& f) { f.type = "a-h-A-" + std::string(129, 'M'); },
                           reason::field_too_long},
                    spoilt{"uid_with_a_tab", [](cot_fields& f) { f.uid = "a\tb"; }, reason::malformed},
                    spoilt{"uid_no_utf8", [](cot_fields& f) { f.uid = "\xC3\x28"; }, reason::malformed},
                    spoilt{"friend", [](cot_fields& f) { f.type = "a-f-A-M-F-Q"; }, reason::not_a_threat},
                    spoilt{"ground", [](cot_fields& f) { f.type = "a-h-G"; }, reason::not_a_threat},
                    spoilt{"no_lat", [](cot_fields& f) { f.lat = ""; }, reason::missing_field},
                    spoilt{"no_lon", [](cot_fields& f) { f.lon = ""; }, reason::missing_field},
                    spoilt{"no_time", [](cot_fields& f) { f.time = ""; }, reason::time_missing},
                    spoilt{"no_stale", [](cot_fields& f) { f.stale = ""; }, reason::time_missing},
                    spoilt{"stale", [](cot_fields& f) { f.stale = "2026-01-23T12:00:05Z"; }, reason::time_too_old},
                    spoilt{"course_of_361", [](cot_fields& f) { f.course = "361"; }, reason::malformed},
                    spoilt{"course_below_0", [](cot_fields& f) { f.course = "-1"; }, reason::malformed},
                    spoilt{"speed_below_0", [](cot_fields& f) { f.speed = "-3"; }, reason::speed_out_of_range}),
    [](auto const& one) { return std::string{one.param.name}; });

struct bad_bytes {
  std::string bytes;
  reason why;
};
class refuses_xml : public testing::TestWithParam<bad_bytes> {};
TEST_P(refuses_xml, with_its_reason) {
  auto const read = parse_cot_xml(GetParam().bytes);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().why, GetParam().why) << read.error().message;
}
std::string without(std::string text, std::string const& what, std::string const& instead = "") {
  return text.replace(text.find(what), what.size(), instead);
}
INSTANTIATE_TEST_SUITE_P(
    table, refuses_xml,
    testing::Values(
        bad_bytes{"", reason::malformed}, bad_bytes{"<event>", reason::malformed},
        bad_bytes{"</event>", reason::malformed}, bad_bytes{"<events></events>", reason::malformed},
        bad_bytes{cot_text() + cot_text(), reason::malformed},
        bad_bytes{without(cot_text(), "</event>"), reason::malformed},
        // Entities that grow: a billion laughs in 800 bytes.
        bad_bytes{R"(<!DOCTYPE e [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>)" + cot_text(), reason::malformed},
        bad_bytes{R"(<!DOCTYPE e SYSTEM "file:///etc/passwd">)" + cot_text(), reason::malformed},
        bad_bytes{std::string{"<event \0></event>", 17}, reason::malformed},
        bad_bytes{without(cot_text(), "lat=\"50.9\"", "lat=\"50,9\""), reason::malformed},
        bad_bytes{without(cot_text(), "lat=\"50.9\"", "lat=\"0x32\""), reason::malformed},
        bad_bytes{without(cot_text(), "lat=\"50.9\"", "lat=\" 50.9\""), reason::malformed},
        bad_bytes{without(cot_text(), "lat=\"50.9\"", "lat=\"1e999\""), reason::malformed},
        bad_bytes{without(cot_text(), "ce=\"150\"", "ce=\"wide\""), reason::malformed},
        bad_bytes{without(cot_text(), "speed=\"50\"", "speed=\"\""), reason::malformed},
        bad_bytes{without(cot_text(), "2026-01-23T12:00:00.250Z", "now"), reason::malformed},
        bad_bytes{without(cot_text(), "<point", "<spot"), reason::missing_field},
        bad_bytes{
            R"(<event uid="1" type="a-h-A" how="m-g" time="2026-01-23T12:00:00Z" stale="2026-01-23T12:10:00Z"></event>)",
            reason::missing_field},
        bad_bytes{"<event>" + std::string(kMaxCotBytes, ' ') + "</event>", reason::message_too_large}));

class refuses_protobuf : public testing::TestWithParam<bad_bytes> {};
TEST_P(refuses_protobuf, with_its_reason) {
  auto const read = parse_cot_protobuf(GetParam().bytes);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().why, GetParam().why) << read.error().message;
}
INSTANTIATE_TEST_SUITE_P(
    table, refuses_protobuf,
    testing::Values(bad_bytes{"", reason::not_a_threat}, bad_bytes{std::string{"\x0a\x00", 2}, reason::not_a_threat},
                    bad_bytes{"\xff", reason::malformed}, bad_bytes{std::string{"\x12\x7f\x0a", 3}, reason::malformed},
                    bad_bytes{"\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", reason::malformed},
                    bad_bytes{std::string{"\x12\x00", 2}, reason::missing_field},
                    bad_bytes{std::string{"\x10\x05", 2}, reason::malformed},  // an event that is a number
                    bad_bytes{cot_message().substr(0, 40), reason::malformed},
                    bad_bytes{test::cot_message({}, "<track"), reason::malformed},
                    bad_bytes{test::cot_message({}, "<!DOCTYPE x><track/>"), reason::malformed},
                    bad_bytes{std::string(kMaxCotBytes + 1, '\x0a'), reason::message_too_large}));

TEST(cot, a_place_beyond_the_earth_is_left_to_the_intake) {
  auto with = cot_fields{};
  with.lat = "91";
  with.lon = "nan";
  auto const read = read_xml(cot_text(with));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->position.lat.value, 91.0);
  EXPECT_TRUE(std::isnan(read->position.lon.value));
}

std::string mixed_stream() {
  auto second = cot_fields{};
  second.uid = "uav-8";
  auto third = cot_fields{};
  third.uid = "uav-9";
  return "<?xml version=\"1.0\"?>" + cot_text() + "\n" + tak_frame(cot_message(second)) + cot_text(third);
}

TEST(cot_stream, pieces_of_any_length_give_the_same_events) {
  auto const whole = mixed_stream();
  for (std::size_t piece = 1; piece <= whole.size(); piece = piece * 2 + 1) {
    cot_memory memory;
    cot_stream stream{kRadar, memory};
    std::string uids;
    for (std::size_t at = 0; at < whole.size(); at += piece) {
      auto const out = stream.take(std::string_view{whole}.substr(at, piece), kNow);
      ASSERT_FALSE(out.broken) << out.broken->message;
      ASSERT_TRUE(out.refused.empty()) << out.refused[0].message;
      for (auto const& report : out.reports) uids += report.native_id + " ";
    }
    EXPECT_EQ(uids, "uav-7 uav-8 uav-9 ") << piece;
  }
}

TEST(cot_stream, a_bad_event_harms_no_other) {
  cot_memory memory;
  cot_stream stream{kRadar, memory};
  auto const out = stream.take("<event></event>" + tak_frame("\xff") + cot_text(), kNow);
  EXPECT_FALSE(out.broken);
  EXPECT_EQ(out.refused.size(), 2U);
  EXPECT_EQ(out.reports.size(), 1U);
}

TEST(cot_stream, the_latest_of_an_object_counts) {
  cot_memory memory;
  cot_stream stream{kRadar, memory};
  cot_stream relay{kRadar, memory};
  EXPECT_EQ(stream.take(cot_text(), kNow).reports.size(), 1U);
  EXPECT_EQ(relay.take(cot_text(), kNow).refused.at(0).why, reason::duplicate);
  auto earlier = cot_fields{};
  earlier.time = "2026-01-23T11:59:59Z";
  EXPECT_EQ(relay.take(cot_text(earlier), kNow).refused.at(0).why, reason::time_too_old);
}

TEST(cot_stream, memory_is_bounded) {
  cot_memory memory;
  auto const begin = kNow;
  for (std::size_t i = 0; i < cot_memory::kMaxUids + 5; ++i)
    ASSERT_TRUE(memory.admit(std::to_string(i), begin + microseconds{i}));
  EXPECT_EQ(memory.size(), cot_memory::kMaxUids);
  EXPECT_TRUE(memory.admit("0", begin)) << "forgotten";
  EXPECT_EQ(memory.size(), cot_memory::kMaxUids);
  EXPECT_FALSE(memory.admit(std::to_string(cot_memory::kMaxUids), begin));
}

class breaks_a_stream : public testing::TestWithParam<bad_bytes> {};
TEST_P(breaks_a_stream, with_its_reason) {
  cot_memory memory;
  cot_stream stream{kRadar, memory};
  auto const out = stream.take(cot_text() + GetParam().bytes, kNow);
  EXPECT_EQ(out.reports.size(), 1U) << "what came before is taken";
  ASSERT_TRUE(out.broken);
  EXPECT_EQ(out.broken->why, GetParam().why) << out.broken->message;
}
INSTANTIATE_TEST_SUITE_P(
    table, breaks_a_stream,
    testing::Values(bad_bytes{"GET / HTTP/1.1\r\n", reason::malformed}, bad_bytes{"\x16\x03\x01", reason::malformed},
                    bad_bytes{"<event " + std::string(kMaxCotBytes, 'x'), reason::message_too_large},
                    bad_bytes{"<event>" + std::string(kMaxCotBytes, ' ') + "</event>", reason::message_too_large},
                    bad_bytes{"\xbf\xff\xff\xff\x7f", reason::message_too_large},
                    bad_bytes{"\xbf\x81\x80\x04", reason::message_too_large}));

}  // namespace
}  // namespace siren
