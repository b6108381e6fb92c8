// Recordings and the adapter's own file as they are read, and what is refused of them.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "feed_adapters/config.h"
#include "feed_adapters/recording.h"
#include "feed_adapters/told_file.h"
#include "services/bundle_folder.h"

namespace siren {
namespace {

source_id const kRadar{"radar"};
source_id const kOfficial{"official"};
constexpr char kReports[] = "observed_at_utc,lat,lon,place,threat_class,count,source\n";
constexpr char kAlarms[] = "oblast,raion,hromada,level,started_at,finished_at,source\n";
region_names const kNames{{"Kyiv City", zone_id{"31"}},
                          {"Kyivska oblast", zone_id{"14"}},
                          {"Kyivska oblast/Buchanskyi raion", zone_id{"75"}}};

struct bad_line {
  char const* line;
  reason why;
};

class refuses_reports : public testing::TestWithParam<bad_line> {};
TEST_P(refuses_reports, line_by_line) {
  auto const read = parse_reports_csv(
      std::string{kReports} + GetParam().line + "\n2026-01-23T12:47:22Z,50.9,31.3,here,drone,2,channel\n", kRadar);
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->rejects.size(), 1U);
  EXPECT_EQ(read->rejects[0].line, 2U);
  EXPECT_EQ(read->rejects[0].because.why, GetParam().why) << read->rejects[0].because.message;
  ASSERT_EQ(read->records.size(), 1U);
  auto const& report = read->records[0].record.observation();
  EXPECT_EQ(report.source(), "radar");
  EXPECT_EQ(report.origin_source(), "channel");
  EXPECT_EQ(report.count(), 2U);
  EXPECT_EQ(report.threat_class(), threats::v1::THREAT_CLASS_DRONE);
  EXPECT_EQ(report.world(), geo::v1::WORLD_EXERCISE) << "a recording is never live";
}
INSTANTIATE_TEST_SUITE_P(
    table, refuses_reports,
    testing::Values(bad_line{"yesterday,50.9,31.3,x,drone,1,c", reason::malformed},
                    bad_line{",50.9,31.3,x,drone,1,c", reason::time_missing},
                    bad_line{"2026-01-23T12:47:22Z,,31.3,x,drone,1,c", reason::missing_field},
                    bad_line{"2026-01-23T12:47:22Z,north,31.3,x,drone,1,c", reason::malformed},
                    bad_line{"2026-01-23T12:47:22Z,90.5,31.3,x,drone,1,c", reason::latitude_out_of_range},
                    bad_line{"2026-01-23T12:47:22Z,50.9,-181,x,drone,1,c", reason::longitude_out_of_range},
                    bad_line{"2026-01-23T12:47:22Z,nan,31.3,x,drone,1,c", reason::malformed},
                    bad_line{"2026-01-23T12:47:22Z,50.9,31.3,x,kite,1,c", reason::malformed},
                    bad_line{"2026-01-23T12:47:22Z,50.9,31.3,x,drone,1001,c", reason::count_out_of_range},
                    bad_line{"2026-01-23T12:47:22Z,50.9,31.3,x,drone,-1,c", reason::count_out_of_range},
                    bad_line{"2026-01-23T12:47:22Z,50.9,31.3,x,drone,1.5,c", reason::malformed},
                    bad_line{"2026-01-23T12:47:22Z,50.9,31.3", reason::malformed},
                    bad_line{"2026-01-23T12:47:22Z,50.9,31.3,\"x,drone,1,c", reason::malformed},
                    bad_line{"2026-01-23T12:47:22Z,50.9,31.3,x\xff,drone,1,c", reason::malformed}));

class refuses_alarms : public testing::TestWithParam<bad_line> {};
TEST_P(refuses_alarms, line_by_line) {
  auto const read = parse_alarms_csv(
      std::string{kAlarms} + GetParam().line +
          "\nKyivska oblast,Buchanskyi raion,,raion,2022-03-15 16:10:34+00:00,2022-03-15 16:50:07+00:00,official\n",
      kOfficial, kNames);
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->rejects.size(), 1U);
  EXPECT_EQ(read->rejects[0].because.why, GetParam().why) << read->rejects[0].because.message;
  ASSERT_EQ(read->records.size(), 2U);
  EXPECT_EQ(read->records[0].record.region_alarm().region_id(), "75");
  EXPECT_TRUE(read->records[0].record.region_alarm().active());
  EXPECT_FALSE(read->records[1].record.region_alarm().active());
  EXPECT_EQ(read->records[1].at, parse_utc("2022-03-15T16:50:07Z").value());
}
INSTANTIATE_TEST_SUITE_P(
    table, refuses_alarms,
    testing::Values(bad_line{"Kyiv City,,,oblast,,2022-03-15 16:50:07+00:00,o", reason::time_missing},
                    bad_line{"Kyiv City,,,oblast,2022-03-15,2022-03-15 16:50:07+00:00,o", reason::malformed},
                    bad_line{"Kyiv City,,,oblast,2022-03-15 16:10:34+00:00,never,o", reason::malformed},
                    bad_line{"Kyiv City,,,oblast,2022-03-15 16:10:34+00:00,2022-03-15 16:10:34+00:00,o",
                             reason::malformed},
                    bad_line{"Kyiv City,,,street,2022-03-15 16:10:34+00:00,,o", reason::malformed},
                    bad_line{"Atlantis,,,oblast,2022-03-15 16:10:34+00:00,,o", reason::unknown_region},
                    bad_line{"Kyivska oblast,,,raion,2022-03-15 16:10:34+00:00,,o", reason::unknown_region},
                    bad_line{"Kyiv City,,,oblast,2022-03-15 16:10:34+00:00", reason::malformed}));

class refuses_json : public testing::TestWithParam<bad_line> {};
TEST_P(refuses_json, line_by_line) {
  auto const read = parse_json_lines(std::string{GetParam().line} +
                                     "\n\n{\"record_number\": 1, \"beat\": {\"source\": \"radar\"}}\r\n"
                                     "{\"observation\": {\"source\": \"radar\", \"observed_time\": "
                                     "\"2026-01-23T12:00:00Z\", \"world\": \"WORLD_LIVE\"}}");
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->rejects.size(), 1U);
  EXPECT_EQ(read->rejects[0].line, 1U);
  EXPECT_EQ(read->rejects[0].because.why, GetParam().why) << read->rejects[0].because.message;
  ASSERT_EQ(read->records.size(), 1U) << "beats are passed over";
  EXPECT_EQ(read->records[0].record.observation().world(), geo::v1::WORLD_EXERCISE) << "a recording is never live";
}
INSTANTIATE_TEST_SUITE_P(
    table, refuses_json,
    testing::Values(
        bad_line{"{", reason::malformed}, bad_line{"[]", reason::malformed}, bad_line{"7", reason::malformed},
        bad_line{"{}", reason::missing_field}, bad_line{R"({"record_number": 1})", reason::missing_field},
        bad_line{R"({"observation": {}})", reason::time_missing},
        bad_line{R"({"region_alarm": {"region_id": "31"}})", reason::time_missing},
        bad_line{R"({"observation": {"observed_time": "2026-13-01T00:00:00Z"}})", reason::malformed},
        bad_line{R"({"observation": {"observed_time": "2026-01-01T00:00:00Z", "colour": "red"}})", reason::malformed},
        bad_line{R"({"observation": {"observed_time": "2026-01-01T00:00:00Z", "count": -1}})", reason::malformed},
        bad_line{R"({"observation": {"observed_time": "2026-01-01T00:00:00Z", "threat_class": "KITE"}})",
                 reason::malformed},
        bad_line{R"({observation: {observed_time: '2026-01-01T00:00:00Z'}})", reason::malformed},
        bad_line{"{\"observation\": {\"source\": \"\xC3\x28\"}}", reason::malformed}));

TEST(recording, limits_hold) {
  recording_limits small;
  small.max_lines = 2;
  small.max_line_bytes = 20;
  EXPECT_EQ(parse_json_lines("{}\n{}\n{}\n", small).error().why, reason::message_too_large);
  auto const read = parse_json_lines(std::string(21, ' ') + "\n" + std::string(21, '{'), small);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->rejects.at(0).because.why, reason::message_too_large);
  EXPECT_EQ(parse_reports_csv(std::string{kReports} + "a\nb\nc\n", kRadar, small).error().why,
            reason::message_too_large);
}

TEST(recording, headers_are_asked_for) {
  for (auto const* text : {"", "a,b\n", "lat,lon\n1,2\n"}) {
    EXPECT_EQ(parse_reports_csv(text, kRadar).error().why, reason::missing_field) << text;
    EXPECT_EQ(parse_alarms_csv(text, kOfficial, kNames).error().why, reason::missing_field) << text;
  }
}

TEST(recording, alarms_come_in_order_and_starts_before_ends) {
  auto const read =
      parse_alarms_csv(std::string{kAlarms} +
                           "Kyiv City,,,oblast,2022-03-15 12:00:00+00:00,2022-03-15 13:00:00+00:00,o\n"
                           "Kyivska oblast,,,oblast,2022-03-15 11:00:00+00:00,2022-03-15 12:00:00+00:00,o\n",
                       kOfficial, kNames);
  ASSERT_TRUE(read);
  std::string order;
  for (auto const& one : read->records)
    order += (one.record.region_alarm().active() ? "+" : "-") + one.record.region_alarm().region_id() + " ";
  EXPECT_EQ(order, "+14 +31 -14 -31 ");
}

TEST(recording, names_of_zones_carry_their_parents_and_are_unique) {
  auto const made = [](char const* id, zone_kind kind, char const* parent, char const* name) {
    zone one;
    one.id = zone_id{id};
    one.kind = kind;
    if (*parent != 0) one.parent = zone_id{parent};
    one.name_en = name;
    return one;
  };
  std::vector<zone> const zones{
      made("UA", zone_kind::country, "", "Ukraine"), made("14", zone_kind::oblast, "UA", "Kyiv oblast"),
      made("75", zone_kind::raion, "14", "Buchanskyi raion"), made("76", zone_kind::raion, "14", "Obukhivskyi raion"),
      made("77", zone_kind::raion, "14", "Obukhivskyi raion")};
  auto names = names_of(zones);
  EXPECT_EQ(names, (region_names{{"Kyiv oblast", zone_id{"14"}}, {"Kyiv oblast/Buchanskyi raion", zone_id{"75"}}}));
  EXPECT_TRUE(add_region_names("name,zone_id\nKyivska oblast,14\n", zones, names));
  EXPECT_EQ(names.at("Kyivska oblast"), zone_id{"14"});
  EXPECT_EQ(add_region_names("name,zone_id\nAtlantis,99\n", zones, names).error().why, reason::unknown_zone);
  EXPECT_EQ(add_region_names("name\nAtlantis\n", zones, names).error().why, reason::missing_field);
}

TEST(recording, the_real_ones_are_read) {
  auto const data = std::filesystem::path{SIREN_SOURCE_DIR} / ".." / "shared" / "data";
  auto const reports = data / "attacks" / "reports-2026-01-23.csv";
  auto const alarms = data / "alarms" / "official_data_en_2024-04-23.csv";
  if (!std::filesystem::exists(reports) || !std::filesystem::exists(alarms)) GTEST_SKIP() << "no ../shared/data";
  auto const read = parse_reports_csv(test::text_of(reports), kRadar);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->records.size(), 286U);
  EXPECT_TRUE(read->rejects.empty());
  auto const official = parse_alarms_csv(test::text_of(alarms), kOfficial, kNames);
  ASSERT_TRUE(official) << official.error().message;
  EXPECT_EQ(official->records.size(), 3'750U) << "of Kyiv and its oblast";
  for (auto const& reject : official->rejects) EXPECT_EQ(reject.because.why, reason::unknown_region);
  EXPECT_EQ(official->records.size() / 2 + official->rejects.size(), 43'031U) << "nothing else is lost";
}

TEST(told_file, is_read_as_it_was_written) {
  test::temporary_folder folder;
  auto const file = folder.path() / "told.json";
  EXPECT_TRUE(read_told_file(file, kOfficial)->empty()) << "none is no words";
  std::vector<told_alarm> const words{
      {zone_id{"31"}, alarm_type::air, "7", true, utc_time{microseconds{1'769'191'200'000'001}}},
      {zone_id{"14"}, alarm_type::unknown, "", false, utc_time{microseconds{-5}}}};
  ASSERT_TRUE(write_told_file(file, words, kOfficial));
  ASSERT_TRUE(write_told_file(file, words, kOfficial)) << "over an old one";
  EXPECT_EQ(read_told_file(file, kOfficial).value(), words);
  EXPECT_EQ(read_told_file(file, kRadar).error().why, reason::schema_mismatch) << "another feed's";
  EXPECT_FALSE(write_told_file(folder.path() / "none" / "told.json", words, kOfficial));
}

TEST(told_file, broken_ones_are_refused) {
  std::string const head = R"({"format":"siren-told/1","source":"official","words":)";
  for (auto const& [text, why] : std::vector<std::pair<std::string, reason>>{
           {"", reason::malformed},
           {"[]", reason::malformed},
           {"{}", reason::schema_mismatch},
           {R"({"format":"siren-told/2","source":"official","words":[]})", reason::schema_mismatch},
           {head + "{}}", reason::malformed},
           {head + "[1]}", reason::malformed},
           {head + R"([{"region":"","type":1,"active":true,"changed_us":1}]})", reason::malformed},
           {head + R"([{"region":"31","type":7,"active":true,"changed_us":1}]})", reason::malformed},
           {head + R"([{"region":"31","type":-1,"active":true,"changed_us":1}]})", reason::malformed},
           {head + R"([{"region":"31","type":1,"active":1,"changed_us":1}]})", reason::malformed},
           {head + R"([{"region":"31","type":1,"active":true,"changed_us":1.5}]})", reason::malformed}})
    EXPECT_EQ(parse_told(text, kOfficial).error().why, why) << text;
}

TEST(feed_config, wrong_use_is_told) {
  auto const verdict = [](std::vector<std::string> words) {
    CLI::App app{"", "siren_feed"};
    feed_config config;
    add_feed_options(app, config);
    std::vector<char const*> argv{"siren_feed"};
    for (auto const& word : words) argv.push_back(word.c_str());
    testing::internal::CaptureStderr();
    auto const status = parse_command_line(app, static_cast<int>(argv.size()), argv.data());
    auto const said = testing::internal::GetCapturedStderr();
    if (status) return said.empty() ? std::string{"no sentence"} : std::string{"usage"};
    auto const good = verify_config(config);
    return good ? std::string{"ok"} : std::string{name_of(good.error().why)};
  };
  EXPECT_EQ(verdict({}), "usage");
  EXPECT_EQ(verdict({"fax"}), "usage");
  EXPECT_EQ(verdict({"cot"}), "usage");
  EXPECT_EQ(verdict({"cot", "--ingest", "a:1", "--source", "r"}), "MISSING_FIELD");
  EXPECT_EQ(verdict({"cot", "--ingest", "a:1", "--source", "r", "--listen", "127.0.0.1:0"}), "ok");
  EXPECT_EQ(verdict({"cot", "--ingest", "a:1", "--source", "a b", "--listen", "127.0.0.1:0"}), "MALFORMED");
  EXPECT_EQ(verdict({"replay", "--ingest", "a:1", "--source", "r"}), "MISSING_FIELD");
  EXPECT_EQ(verdict({"replay", "--ingest", "a:1", "--source", "r", "--alarms", "f"}), "MISSING_FIELD");
  EXPECT_EQ(verdict({"replay", "--ingest", "a:1", "--source", "r", "--reports", "f", "--json-lines", "g"}),
            "MISSING_FIELD");
  EXPECT_EQ(verdict({"replay", "--ingest", "a:1", "--source", "r", "--reports", "f", "--world", "live"}), "usage")
      << "no recording into the live world";
  std::vector<std::string> const alerts{"alerts-in-ua", "--ingest", "a:1",    "--source", "o",
                                        "--city",       "c",        "--told", "t"};
  EXPECT_EQ(verdict(alerts), "usage") << "the world is never guessed";
  auto live = alerts;
  live.insert(live.end(), {"--world", "live"});
  EXPECT_EQ(verdict(live), "ok");
}

}  // namespace
}  // namespace siren
