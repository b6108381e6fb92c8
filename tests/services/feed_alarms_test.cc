// What alarm providers' answers are read as, and what is refused of them.
#include <gtest/gtest.h>

#include "feed_adapters/alerts_in_ua.h"
#include "feed_adapters/ukrainealarm.h"

namespace siren {
namespace {

utc_time at(std::string const& text) {
  return parse_utc(text).value();
}

std::string alerts(std::string const& entries) {
  return R"({"alerts":[)" + entries + R"(],"meta":{"last_updated_at":"2026/01/23 18:00:00 +0000"}})";
}

constexpr char kLuhansk[] =
    R"({"id":8757,"location_title":"Луганська область","location_type":"oblast","started_at":"2022-04-04T16:45:39.000Z",
"finished_at":null,"updated_at":"2022-04-08T08:04:26.316Z","alert_type":"air_raid","location_uid":"16","deleted_at":null})";

TEST(alerts_in_ua, an_answer_is_read) {
  auto const read = parse_alerts_in_ua(
      alerts(std::string{kLuhansk} +
             R"(,{"id":1,"location_uid":31,"alert_type":"air_raid","started_at":"2026-01-23T20:00:00.5+02:00"},
{"id":2,"location_uid":"22","alert_type":"artillery_shelling","started_at":"2026-01-23T10:00:00Z","finished_at":"2026-01-23T11:00:00.250Z"},
{"id":3,"location_uid":"22","alert_type":"tsunami","started_at":"2026-01-23T10:00:00Z"},
{"location_uid":"22","alert_type":"nuclear","started_at":"2026-01-23T10:00:00Z","deleted_at":"2026-01-23T10:01:00Z"})"));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_TRUE(read->refused.empty());
  EXPECT_EQ(read->alarms,
            (std::vector<told_alarm>{{zone_id{"16"}, alarm_type::air, "8757", true, at("2022-04-04T16:45:39Z")},
                                     {zone_id{"31"}, alarm_type::air, "1", true, at("2026-01-23T18:00:00.5Z")},
                                     {zone_id{"22"}, alarm_type::artillery, "2", false, at("2026-01-23T11:00:00.25Z")},
                                     // A type of tomorrow is kept, to be shown.
                                     {zone_id{"22"}, alarm_type::unknown, "3", true, at("2026-01-23T10:00:00Z")},
                                     {zone_id{"22"}, alarm_type::nuclear, "", false, at("2026-01-23T10:01:00Z")}}));
}

struct bad_document {
  char const* text;
  reason why;
};
class refuses_alerts_in_ua : public testing::TestWithParam<bad_document> {};
TEST_P(refuses_alerts_in_ua, as_a_whole) {
  auto const read = parse_alerts_in_ua(GetParam().text);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().why, GetParam().why) << read.error().message;
}
INSTANTIATE_TEST_SUITE_P(
    table, refuses_alerts_in_ua,
    testing::Values(
        bad_document{"", reason::malformed}, bad_document{"<html>502</html>", reason::malformed},
        bad_document{R"({"alerts":[)", reason::malformed}, bad_document{"null", reason::malformed},
        bad_document{"[]", reason::malformed}, bad_document{R"("ANNA")", reason::malformed},
        bad_document{"{}", reason::missing_field}, bad_document{R"({"alerts":null})", reason::missing_field},
        bad_document{R"({"alerts":{}})", reason::malformed}, bad_document{R"({"alerts":[],})", reason::malformed},
        // As the provider's own documentation has it, with a comma missing.
        bad_document{R"({"alerts":[{"id":10,"location_oblast_uid":"16" "location_raion":"x"}]})", reason::malformed},
        bad_document{"{\"alerts\":[\"\xC3\x28\"]}", reason::malformed},
        bad_document{"[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]", reason::malformed}));

struct bad_entry {
  char const* text;
  reason why;
  char const* region;  // empty: it does not tell
};
class refuses_an_alert : public testing::TestWithParam<bad_entry> {};
TEST_P(refuses_an_alert, and_keeps_the_rest) {
  auto const read = parse_alerts_in_ua(alerts(std::string{GetParam().text} + "," + kLuhansk));
  ASSERT_TRUE(read.ok()) << read.error().message;
  ASSERT_EQ(read->alarms.size(), 1U);
  EXPECT_EQ(read->alarms[0].region.value, "16");
  ASSERT_EQ(read->refused.size(), 1U);
  EXPECT_EQ(read->refused[0].because.why, GetParam().why) << read->refused[0].because.message;
  EXPECT_EQ(read->refused[0].region.value_or(zone_id{}).value, GetParam().region);
}
INSTANTIATE_TEST_SUITE_P(
    table, refuses_an_alert,
    testing::Values(
        bad_entry{"7", reason::malformed, ""}, bad_entry{"null", reason::malformed, ""},
        bad_entry{"[]", reason::malformed, ""}, bad_entry{"{}", reason::missing_field, ""},
        bad_entry{R"({"alert_type":"air_raid","started_at":"2026-01-23T10:00:00Z"})", reason::missing_field, ""},
        bad_entry{R"({"location_uid":"","alert_type":"air_raid","started_at":"2026-01-23T10:00:00Z"})",
                  reason::missing_field, ""},
        bad_entry{R"({"location_uid":1.5,"alert_type":"air_raid","started_at":"2026-01-23T10:00:00Z"})",
                  reason::malformed, ""},
        bad_entry{R"({"location_uid":["31"],"alert_type":"air_raid","started_at":"2026-01-23T10:00:00Z"})",
                  reason::malformed, ""},
        bad_entry{R"({"location_uid":"3\n1","alert_type":"air_raid","started_at":"2026-01-23T10:00:00Z"})",
                  reason::malformed, ""},
        bad_entry{R"({"location_uid":"31","started_at":"2026-01-23T10:00:00Z"})", reason::missing_field, "31"},
        bad_entry{R"({"location_uid":"31","alert_type":1,"started_at":"2026-01-23T10:00:00Z"})", reason::malformed,
                  "31"},
        bad_entry{R"({"location_uid":31,"alert_type":"air_raid"})", reason::time_missing, "31"},
        bad_entry{R"({"location_uid":"31","alert_type":"air_raid","started_at":null})", reason::time_missing, "31"},
        bad_entry{R"({"location_uid":"31","alert_type":"air_raid","started_at":1769191200})", reason::malformed, "31"},
        bad_entry{R"({"location_uid":"31","alert_type":"air_raid","started_at":"2026-02-30T10:00:00Z"})",
                  reason::malformed, "31"},
        bad_entry{R"({"location_uid":"31","alert_type":"air_raid","started_at":"2026/01/23 10:00:00 +0200"})",
                  reason::malformed, "31"},
        bad_entry{
            R"({"location_uid":"31","alert_type":"air_raid","started_at":"2026-01-23T10:00:00Z","finished_at":"soon"})",
            reason::malformed, "31"},
        bad_entry{
            R"({"location_uid":"31","alert_type":"air_raid","started_at":"2026-01-23T10:00:00Z","finished_at":"2026-01-23T09:59:59Z"})",
            reason::malformed, "31"},
        bad_entry{R"({"id":{},"location_uid":"31","alert_type":"air_raid","started_at":"2026-01-23T10:00:00Z"})",
                  reason::malformed, "31"}));

TEST(alerts_in_ua, names_and_documents_have_limits) {
  auto const named = [](std::size_t length) {
    return alerts(R"({"location_uid":")" + std::string(length, '1') +
                  R"(","alert_type":"air_raid","started_at":"2026-01-23T10:00:00Z"})");
  };
  EXPECT_EQ(parse_alerts_in_ua(named(kMaxFeedNameBytes))->alarms.size(), 1U);
  EXPECT_EQ(parse_alerts_in_ua(named(kMaxFeedNameBytes + 1))->refused.at(0).because.why, reason::field_too_long);
  auto const text = alerts(kLuhansk);
  EXPECT_TRUE(parse_alerts_in_ua(text, {text.size(), 16}).ok());
  EXPECT_EQ(parse_alerts_in_ua(text, {text.size() - 1, 16}).error().why, reason::message_too_large);
}

// A State's record carries its raions' alerts: read by the outer id, an alarm of one raion would sound in a whole
// oblast.
TEST(ukrainealarm, the_inner_region_says_where) {
  auto const read = parse_ukrainealarm(R"([
{"regionId":"11","regionType":"State","lastUpdate":"2025-01-15T10:00:00Z","activeAlerts":[
 {"regionId":"66","regionType":"District","type":"AIR","lastUpdate":"2025-01-15T10:00:00Z"},
 {"regionId":"61","regionType":"District","type":"AIR","lastUpdate":"2025-01-15T11:00:00Z"}]},
{"regionId":"66","regionType":"District","lastUpdate":"2025-01-15T10:00:00Z","activeAlerts":[
 {"regionId":"66","regionType":"District","type":"AIR","lastUpdate":"2025-01-15T09:59:00Z"}]},
{"regionId":"1293","regionType":"Null","activeAlerts":[
 {"regionId":"1293","regionType":"Community","type":"ARTILLERY","lastUpdate":"2022-09-02T08:10:49Z"},
 {"regionId":"1293","regionType":"Community","type":"LOCUSTS","lastUpdate":"2022-09-02T08:10:49Z"}]},
{"regionId":"31","regionType":"State","activeAlerts":[]}])");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_TRUE(read->refused.empty());
  EXPECT_EQ(read->alarms,
            (std::vector<told_alarm>{{zone_id{"66"}, alarm_type::air, "", true, at("2025-01-15T09:59:00Z")},
                                     {zone_id{"61"}, alarm_type::air, "", true, at("2025-01-15T11:00:00Z")},
                                     {zone_id{"1293"}, alarm_type::artillery, "", true, at("2022-09-02T08:10:49Z")},
                                     {zone_id{"1293"}, alarm_type::unknown, "", true, at("2022-09-02T08:10:49Z")}}));
}

class refuses_ukrainealarm : public testing::TestWithParam<bad_document> {};
TEST_P(refuses_ukrainealarm, as_a_whole) {
  auto const read = parse_ukrainealarm(GetParam().text);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().why, GetParam().why) << read.error().message;
}
INSTANTIATE_TEST_SUITE_P(table, refuses_ukrainealarm,
                         testing::Values(bad_document{"", reason::malformed}, bad_document{"{}", reason::malformed},
                                         bad_document{R"({"alerts":[]})", reason::malformed},
                                         bad_document{R"([{"regionId":"31",)", reason::malformed},
                                         bad_document{"null", reason::malformed}));

class refuses_a_region : public testing::TestWithParam<bad_entry> {};
TEST_P(refuses_a_region, and_keeps_the_rest) {
  auto text = std::string{GetParam().text};
  text.insert(
      1, R"({"regionId":"16","activeAlerts":[{"regionId":"16","type":"AIR","lastUpdate":"2022-04-04T16:45:39Z"}]},)");
  auto const read = parse_ukrainealarm(text);
  ASSERT_TRUE(read.ok()) << read.error().message;
  ASSERT_EQ(read->alarms.size(), 1U);
  ASSERT_EQ(read->refused.size(), 1U);
  EXPECT_EQ(read->refused[0].because.why, GetParam().why) << read->refused[0].because.message;
  EXPECT_EQ(read->refused[0].region.value_or(zone_id{}).value, GetParam().region);
}
INSTANTIATE_TEST_SUITE_P(
    table, refuses_a_region,
    testing::Values(bad_entry{"[7]", reason::malformed, ""},
                    bad_entry{R"([{"regionId":"31"}])", reason::missing_field, ""},
                    bad_entry{R"([{"regionId":"31","activeAlerts":null}])", reason::missing_field, ""},
                    bad_entry{R"([{"regionId":"31","activeAlerts":{}}])", reason::malformed, ""},
                    bad_entry{R"([{"regionId":"31","activeAlerts":["AIR"]}])", reason::malformed, ""},
                    bad_entry{R"([{"activeAlerts":[{"type":"AIR","lastUpdate":"2026-01-23T10:00:00Z"}]}])",
                              reason::missing_field, ""},
                    bad_entry{R"([{"activeAlerts":[{"regionId":"31","lastUpdate":"2026-01-23T10:00:00Z"}]}])",
                              reason::missing_field, "31"},
                    bad_entry{
                        R"([{"activeAlerts":[{"regionId":"31","type":null,"lastUpdate":"2026-01-23T10:00:00Z"}]}])",
                        reason::missing_field, "31"},
                    bad_entry{R"([{"activeAlerts":[{"regionId":"31","type":"AIR"}]}])", reason::time_missing, "31"},
                    bad_entry{R"([{"activeAlerts":[{"regionId":"31","type":"AIR","lastUpdate":"yesterday"}]}])",
                              reason::malformed, "31"}));

TEST(ukrainealarm, the_action_index_is_a_natural_number) {
  EXPECT_EQ(parse_action_index(R"({"lastActionIndex":18446744073709551615})").value(), UINT64_MAX);
  for (auto const* text : {"", "7", R"({"lastActionIndex":-1})", R"({"lastActionIndex":1.5})",
                           R"({"lastActionIndex":"7"})", R"({"lastActionIndex":18446744073709551616})"})
    EXPECT_EQ(parse_action_index(text).error().why, reason::malformed) << text;
  EXPECT_EQ(parse_action_index("{}").error().why, reason::missing_field);
  EXPECT_EQ(parse_action_index(std::string(4'097, ' ')).error().why, reason::message_too_large);
}

}  // namespace
}  // namespace siren
