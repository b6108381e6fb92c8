// The commands of `siren` against services in this process: what is printed, and the exit status.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/cli.h"
#include "common/city_bundle/bundle_files.h"
#include "fakes/live_registry.h"
#include "fakes/scripted_services.h"

namespace siren {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using json = nlohmann::json;

struct told {
  int status = 0;
  std::string out;
  std::string err;
};

told siren_says(std::vector<std::string> words) {
  std::ostringstream out;
  std::ostringstream err;
  auto const status = run_cli(std::move(words), {out, err});
  return {status, out.str(), err.str()};
}

std::vector<json> lines_of(std::string const& text) {
  std::vector<json> lines;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);) lines.push_back(json::parse(line));
  return lines;
}

routing::v1::Guidance go_to_metro() {
  routing::v1::Guidance made;
  made.set_verdict(routing::v1::VERDICT_GO_METRO);
  made.mutable_destination()->set_name_uk("Арсенальна");
  made.mutable_destination()->set_name_en("Arsenalna");
  made.mutable_destination()->set_generated(true);
  made.mutable_route()->set_length_m(412.4);
  made.mutable_route()->mutable_slow_case_duration()->set_seconds(425);
  made.set_text_uk("Ідіть прямо.");
  made.set_text_en("Walk straight on.");
  return made;
}

class cli : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { live_ = new live_registry; }
  static void TearDownTestSuite() {
    delete live_;
    live_ = nullptr;
  }
  void SetUp() override {
    live_->forget();
    guide_.told = go_to_metro();
    gateway_.told = go_to_metro();
    auto server = rpc_server::start("unix:" + live_->folder() + "/all.sock", rpc_exposure::internal,
                                    {&alarms_, &zones_, &delivery_, &guide_, &gateway_});
    ASSERT_TRUE(server) << server.error().message;
    server_ = std::move(*server);
    server_->set_ready(true);
    write("instance.toml", "world = \"exercise\"\ncountry = \"UA\"\npostgres = \"" + live_->postgres().dsn() +
                               "\"\nshelter_registry = \"" + live_->address() + "\"\nzone_engine = \"" +
                               server_->address() + "\"\nroute_planner = \"" + server_->address() +
                               "\"\nalert_gateway = \"" + server_->address() + "\"\nthreat_ingest = \"" +
                               server_->address() + "\"\noperator_console = \"127.0.0.1:1\"\n" +
                               "operator_console_internal = \"" + server_->address() + "\"\nsomething_new = \"x\"\n");
  }

  [[nodiscard]] std::string file(std::string const& name) const { return live_->folder() + "/" + name; }
  void write(std::string const& name, std::string const& text) const { std::ofstream{file(name)} << text; }
  told run(std::vector<std::string> words) const {
    words.insert(words.begin(), {"--instance", file("instance.toml")});
    return siren_says(std::move(words));
  }
  void import_two() const {
    write("two.csv", std::string{kShelterColumns} +
                         "\na,basic,Укриття А,Shelter A,,50.45,30.52,100,no,yes,open,2025-01-02T03:04:05Z,yes"
                         "\nb,storage,Укриття Б,Shelter B,,50.46,30.53,20,yes,no,closed,,no\n");
    ASSERT_EQ(run({"shelters", "import", file("two.csv")}).status, 0);
  }

  static live_registry* live_;  // NOLINT: one database for the suite
  scripted_alarms alarms_;
  scripted_zones zones_;
  scripted_delivery delivery_;
  scripted_guide guide_;
  scripted_gateway gateway_;
  std::unique_ptr<rpc_server> server_;
};
live_registry* cli::live_ = nullptr;

struct wrong_case {
  std::vector<std::string> words;
  char const* says;
};
class cli_wrong_use : public ::testing::TestWithParam<wrong_case> {};

TEST_P(cli_wrong_use, is_one_clear_line_and_status_2) {
  auto const heard = siren_says(GetParam().words);
  EXPECT_EQ(heard.status, 2);
  EXPECT_THAT(heard.out, IsEmpty());
  EXPECT_THAT(heard.err, AllOf(StartsWith("siren: "), HasSubstr(GetParam().says)));
  EXPECT_EQ(std::count(heard.err.begin(), heard.err.end(), '\n'), 1);
}

INSTANTIATE_TEST_SUITE_P(
    uses, cli_wrong_use,
    ::testing::Values(
        wrong_case{{}, "subcommand"}, wrong_case{{"dance"}, "dance"}, wrong_case{{"shelters"}, "subcommand"},
        wrong_case{{"shelters", "list"}, "--shelter-registry"},
        wrong_case{{"shelters", "set", "a", "--shelter-registry", "unix:/x"}, "nothing to set"},
        wrong_case{{"shelters", "set", "a", "--state", "ajar"}, "ajar"},
        wrong_case{{"shelters", "set", "a", "--hours", "10-18", "--shelter-registry", "unix:/x"}, "--hours"},
        wrong_case{{"shelters", "import", "l.csv", "--json", "r"}, "--mapping"},
        wrong_case{{"shelters", "set", "a", "--people", "1", "--occupancy", "2"}, "--people"},
        wrong_case{{"shelters", "import", "list.txt"}, ".csv"},
        wrong_case{{"alarm", "raise", "--zone", "31", "--operator", "O"}, "--stage"},
        wrong_case{{"alarm", "raise", "--zone", "31", "--operator", "O", "--stage", "all_clear"}, "all_clear"},
        wrong_case{{"alarm", "clear", "--zone", "31"}, "--zone-engine"}, wrong_case{{"status"}, "--instance"},
        wrong_case{{"guide", "--lat", "91", "--lon", "30"}, "--lat"},
        wrong_case{{"watch", "--gateway", "unix:/x", "--world", "exercise"}, "--zone"},
        wrong_case{{"watch", "--gateway", "unix:/x", "--zone", "31"}, "--world"},
        wrong_case{{"watch", "--gateway", "unix:/x", "--world", "exercise", "--lat", "50"}, "--lon"},
        wrong_case{{"migrate", "--world", "exercise", "--country", "UA"}, "--postgres"},
        wrong_case{{"migrate", "--world", "drill"}, "drill"}));

TEST_F(cli, help_is_no_error) {
  auto const heard = siren_says({"--help"});
  EXPECT_EQ(heard.status, 0);
  EXPECT_THAT(heard.out, AllOf(HasSubstr("watch"), HasSubstr("migrate")));
  EXPECT_THAT(siren_says({"watch", "--help"}).out, HasSubstr("--lat"));
}

TEST_F(cli, a_dead_service_is_one_line_and_status_1) {
  auto const heard = siren_says({"shelters", "list", "--shelter-registry", "unix:" + file("nobody.sock")});
  EXPECT_EQ(heard.status, 1);
  EXPECT_THAT(heard.err, AllOf(StartsWith("siren: shelter_registry at unix:"), HasSubstr("does not answer")));
  EXPECT_EQ(siren_says({"--instance", file("no.toml"), "status"}).status, 1);
}

TEST_F(cli, a_list_is_imported_and_listed) {
  import_two();
  auto const again = run({"shelters", "import", file("two.csv")});
  EXPECT_THAT(again.out, HasSubstr("0 added, 0 changed, 2 unchanged, 0 left out"));
  auto const list = run({"shelters", "list"});
  EXPECT_EQ(list.status, 0);
  EXPECT_THAT(list.out,
              AllOf(HasSubstr("Shelter A [generated]"), HasSubstr("0/100"), HasSubstr("2 shelters, change 2")));
  EXPECT_THAT(run({"shelters", "list", "--state", "closed"}).out,
              AllOf(HasSubstr("Shelter B"), Not(HasSubstr("Shelter A"))));
  auto const objects = lines_of(run({"shelters", "list", "--json", "--type", "storage"}).out);
  ASSERT_EQ(objects.size(), 1U);
  EXPECT_EQ(objects[0]["shelter_id"], "b");
  EXPECT_EQ(objects[0]["occupancy"], 0);
}

TEST_F(cli, bad_rows_are_told_with_their_lines) {
  write("bad.csv", std::string{kShelterColumns} + "\na,cave,У,S,,50.45,30.52,1,no,no,open,,no\n");
  auto const heard = run({"shelters", "import", file("bad.csv")});
  EXPECT_EQ(heard.status, 0);
  EXPECT_THAT(heard.err, AllOf(HasSubstr("bad.csv:2"), HasSubstr("MALFORMED")));
  EXPECT_THAT(heard.out, HasSubstr("1 left out"));
}

TEST_F(cli, a_citys_own_list_is_imported_by_its_mapping) {
  std::string const header =
      "id,district,address,shelter_type,kind,building_type,ownership,ramp,hours,lat,lon,geo_precision\n";
  auto const row = [](std::string const& id, std::string const& hours, std::string const& precision) {
    return id + ",Печерський,\"вул. Довга, 1\",Укриття,Підвал,Школа,Комунальна,yes," + hours + ",50.45,30.52," +
           precision + "\n";
  };
  auto const list = header + row("kyiv-1", "Цілодобово", "address") + row("kyiv-2", "Цілодобово", "near_house") +
                    row("kyiv-3", "", "address") + row("kyiv-4", "Цілодобово", "none");
  write("list.csv", list);
  std::vector<std::string> const words{"shelters",       "import",     "--mapping",
                                       "kyiv",           "--mappings", SIREN_SOURCE_DIR "/deploy/mappings",
                                       file("list.csv"), "--json",     file("report.json")};
  auto const report = [&] {
    std::ifstream in{file("report.json")};
    return json::parse(in);
  };
  auto dry = words;
  dry.emplace_back("--dry-run");
  EXPECT_THAT(run(dry).out, HasSubstr("would import: 3 added"));
  EXPECT_THAT(run({"shelters", "list"}).out, HasSubstr("0 shelters"));
  auto const first = run(words);
  ASSERT_EQ(first.status, 0) << first.err;
  EXPECT_THAT(first.out, AllOf(HasSubstr("4 rows: 1 routable, 2 doubtful (place_doubtful 1, state_unknown 1)"),
                               HasSubstr("1 rejected (MISSING_FIELD 1)"), HasSubstr("imported: 3 added")));
  auto const told = report();
  EXPECT_EQ(told["rejected_rows"][0],
            (json{{"line", 5}, {"id", "kyiv-4"}, {"reason", "MISSING_FIELD"}, {"message", "no coordinates"}}));
  EXPECT_EQ(told["doubtful_rows"][0]["line"], 3);
  EXPECT_THAT(run(words).out, HasSubstr("imported: 0 added, 0 changed, 3 unchanged, 0 no longer on the list"));
  EXPECT_TRUE(report()["differences"].empty());
  write("list.csv", header + row("kyiv-1", "Доступ надається в робочий час з 10:00 до 18:00", "address") +
                        row("kyiv-3", "", "address"));
  EXPECT_THAT(run(words).out, HasSubstr("0 added, 1 changed, 1 unchanged, 1 no longer on the list"));
  EXPECT_EQ(report()["differences"], (json::array({{{"id", "kyiv-1"}, {"fields", {"open_hours"}}}})));
  EXPECT_EQ(report()["gone"], json::array({"kyiv-2"}));
  auto other = words;
  other[3] = "nowhere";
  EXPECT_EQ(run(other).status, 1);
}

TEST_F(cli, one_shelter_is_set) {
  import_two();
  auto const set = run({"shelters", "set", "a", "--state", "full", "--capacity", "90", "--people", "12"});
  EXPECT_EQ(set.status, 0) << set.err;
  EXPECT_THAT(set.out, AllOf(HasSubstr("full"), HasSubstr("12/90")));
  auto const facts = run({"shelters", "set", "a", "--access", "school", "--hours", "08:00-20:00", "--stairs", "12"});
  EXPECT_EQ(facts.status, 0) << facts.err;
  auto const kept = lines_of(run({"shelters", "list", "--json"}).out)[0];
  EXPECT_EQ(kept["access"], "ACCESS_RULE_SCHOOL");
  EXPECT_EQ(kept["open_hours"]["closes_minute"], 1'200);
  EXPECT_EQ(kept["stairs"], 12);
  auto const left = run({"shelters", "set", "a", "--people", "-13"});
  EXPECT_EQ(left.status, 1);
  EXPECT_THAT(left.err, HasSubstr("OCCUPANCY_BELOW_ZERO"));
  auto const stale = run({"shelters", "set", "a", "--state", "open", "--revision", "1"});
  EXPECT_EQ(stale.status, 1);
  EXPECT_THAT(stale.err, AllOf(HasSubstr("STALE_REVISION"), HasSubstr("revision 4 now")));
  EXPECT_THAT(run({"shelters", "set", "nowhere", "--verified"}).err, HasSubstr("UNKNOWN_SHELTER"));
}

TEST_F(cli, a_city_is_imported_with_its_metro) {
  auto const kyiv = std::filesystem::path{SIREN_SOURCE_DIR} / "deploy/city/kyiv";
  auto const folder = std::filesystem::path{file("city")};
  std::filesystem::create_directory(folder);
  for (auto const* name : {"city.json", "zones.geojson", "population.csv", "metro.json"})
    std::filesystem::copy_file(kyiv / name, folder / name, std::filesystem::copy_options::overwrite_existing);
  write("city/streets.osm.pbf", "read by the route planner only");
  write("city/shelters.csv", std::string{kShelterColumns} + "\na,basic,У,S,,50.45,30.52,100,no,yes,open,,yes\n");
  auto const dry = run({"city", "import", folder, "--dry-run"});
  EXPECT_EQ(dry.status, 0) << dry.err;
  EXPECT_THAT(dry.out, AllOf(HasSubstr("52 of them metro stations"), HasSubstr("would import: 53 added")));
  EXPECT_THAT(run({"city", "import", folder}).out, HasSubstr("53 added"));
  EXPECT_THAT(run({"city", "import", folder}).out, HasSubstr("0 added, 0 changed, 53 unchanged"));
  auto closed = 0;
  for (auto const& one : lines_of(run({"shelters", "list", "--json", "--type", "metro_station"}).out))
    if (one["surface"] == true && one["metro_role"] == "METRO_ROLE_CLOSED") ++closed;
  EXPECT_EQ(closed, 6) << "Dnipro, Hidropark, Livoberezhna, Darnytsia, Chernihivska, Lisova";
}

TEST_F(cli, alarms_are_raised_and_cleared) {
  auto const raised =
      run({"alarm", "raise", "--zone", "31", "--stage", "take_cover", "--operator", "Olena", "--text", "Now"});
  EXPECT_EQ(raised.status, 0) << raised.err;
  EXPECT_THAT(raised.out,
              AllOf(HasSubstr("31 Kyiv: take_cover, alert 31@1 rev 2 at 1/9"), HasSubstr("Air-raid alarm")));
  EXPECT_EQ(alarms_.raised.operator_name(), "Olena");
  EXPECT_EQ(alarms_.raised.text(), "Now");
  EXPECT_EQ(alarms_.raised.request_id().size(), 32U);
  auto const cleared = run({"alarm", "clear", "--zone", "31", "--operator", "Olena", "--request-id", "r7"});
  EXPECT_EQ(cleared.status, 0);
  EXPECT_EQ(alarms_.cleared.request_id(), "r7");
  EXPECT_THAT(cleared.out, HasSubstr(": go,")) << "an official alarm stays, and the answer says so";
  auto const nowhere = run({"alarm", "raise", "--zone", "99", "--stage", "go", "--operator", "Olena"});
  EXPECT_EQ(nowhere.status, 1);
  EXPECT_EQ(nowhere.err, "siren: no zone 99 (UNKNOWN_ZONE)\n");
}

TEST_F(cli, an_alarm_of_two_people_is_proposed_approved_and_cancelled) {
  auto const proposed =
      run({"alarm", "propose", "--zone", "31", "--stage", "go", "--operator", "Olena", "--text", "Now"});
  EXPECT_EQ(proposed.status, 0) << proposed.err;
  EXPECT_EQ(proposed.out, "p1 by Olena, 120 s left: zone 31, go, \"Now\"\n");
  EXPECT_THAT(run({"alarm", "proposals"}).out, HasSubstr("p1 by Olena"));
  auto const approved = run({"alarm", "approve", "--proposal", "p1", "--zone", "31", "--stage", "go", "--text", "Now",
                             "--operator", "Bohdan"});
  EXPECT_EQ(approved.status, 0) << approved.err;
  EXPECT_EQ(alarms_.approved.proposal_id(), "p1");
  EXPECT_EQ(alarms_.approved.text(), "Now");
  EXPECT_EQ(alarms_.approved.operator_name(), "Bohdan");
  EXPECT_EQ(run({"alarm", "cancel", "--zone", "31", "--operator", "Olena"}).status, 0);
  EXPECT_EQ(alarms_.cancelled.zone_id(), "31");
}

TEST_F(cli, a_token_is_made_for_exercises_and_carried_in_calls) {
  auto const made = run({"token", "--folder", file("issuer"), "--person", "olena", "--role", "31/alarm_proposer",
                         "--out", file("olena.token")});
  EXPECT_EQ(made.status, 0) << made.err;
  EXPECT_EQ(run({"--token-file", file("olena.token"), "alarm", "raise", "--zone", "31", "--stage", "go"}).status, 0);
  EXPECT_THAT(alarms_.authorization, StartsWith("Bearer ey"));
  EXPECT_EQ(run({"--token-file", "/nowhere", "alarm", "raise", "--zone", "31", "--stage", "go"}).status, 1);
  EXPECT_EQ(run({"token", "--folder", file("issuer"), "--person", "olena", "--role", "king"}).status, 2);
  EXPECT_THAT(siren_says({"--world", "live", "token", "--folder", file("issuer"), "--person", "olena"}).err,
              HasSubstr("WRONG_MODE"));
}

TEST_F(cli, the_record_is_verified_and_asked) {
  import_two();
  auto const dsn = live_->postgres().dsn();
  auto const good = siren_says({"--postgres", dsn, "audit", "verify"});
  EXPECT_EQ(good.status, 0) << good.err;
  EXPECT_THAT(good.out, HasSubstr("good: shelters:"));
  auto const mark = good.out.substr(good.out.find("shelters:"),
                                    good.out.find('\n', good.out.find("shelters:")) - good.out.find("shelters:"));
  EXPECT_EQ(siren_says({"--postgres", dsn, "audit", "verify", "--expect", mark}).status, 0);
  auto const other = mark.substr(0, mark.size() - 64) + std::string(64, '0');
  auto const changed = siren_says({"--postgres", dsn, "audit", "verify", "--expect", other});
  EXPECT_EQ(changed.status, 1);
  EXPECT_THAT(changed.err, HasSubstr("RECORD_CHANGED"));
  EXPECT_EQ(siren_says({"--postgres", dsn, "audit", "verify", "--expect", "shelters"}).status, 2);
  auto const calm = siren_says(
      {"--postgres", dsn, "--country", "UA", "audit", "why", "--zone", "31", "--at", "2026-01-24T00:00:00Z"});
  EXPECT_EQ(calm.status, 0) << calm.err;
  EXPECT_THAT(calm.out, HasSubstr("zone 31 had been told nothing by 2026-01-24T00:00:00.000Z"));
}

TEST_F(cli, status_tells_all_at_once) {
  auto const whole = run({"status"});
  EXPECT_EQ(whole.status, 0) << whole.err << whole.out;
  EXPECT_THAT(whole.out, AllOf(HasSubstr("zones in alarm: 1"), HasSubstr("take_cover"), HasSubstr("4711"),
                               HasSubstr("degraded"), HasSubstr("feeds: none has spoken yet")));
  EXPECT_THAT(whole.out, Not(HasSubstr("Kyiv oblast")));
  auto const all = json::parse(run({"status", "--json"}).out);
  EXPECT_EQ(all["services"].size(), 6U);
  EXPECT_EQ(all["delivery"][0]["phones"], 2'000);
  EXPECT_TRUE(all["delivery"][0]["head_seq"].is_null()) << "a head that can't be read is not 0";
}

// A console that printed an empty list for a dead engine would look like calm.
TEST_F(cli, status_shows_what_it_does_not_know_as_unknown) {
  server_->set_ready(false);
  auto const unready = run({"status"});
  EXPECT_EQ(unready.status, 1);
  EXPECT_THAT(unready.out, HasSubstr("not serving"));
  server_->stop(milliseconds{0});
  auto const dead = run({"status"});
  EXPECT_EQ(dead.status, 1);
  EXPECT_THAT(dead.out, AllOf(HasSubstr("zones in alarm: UNKNOWN"), HasSubstr("no answer")));
}

TEST_F(cli, guidance_is_told_in_words) {
  auto const told = run({"guide", "--lat", "50.44", "--lon", "30.54", "--profile", "slow", "--deadline-min", "20"});
  EXPECT_EQ(told.status, 0) << told.err;
  EXPECT_EQ(told.out, "GO TO THE METRO: Arsenalna [generated], 412 m, at most 8 min\nWalk straight on.\n");
  EXPECT_EQ(guide_.asked.profile(), routing::v1::WALKING_PROFILE_SLOW);
  EXPECT_EQ(utc_from_proto(guide_.asked.deadline_time()), utc_time{hours{500'000}} + minutes{20})
      << "the exercise's time, not this machine's";
  EXPECT_THAT(run({"guide", "--lat", "50", "--lon", "30", "--lang", "uk"}).out,
              AllOf(HasSubstr("ІДІТЬ ДО МЕТРО: Арсенальна [згенеровано]"), HasSubstr("Ідіть прямо.")));
  EXPECT_EQ(json::parse(run({"guide", "--lat", "50", "--lon", "30", "--json"}).out)["verdict"], "VERDICT_GO_METRO");
  EXPECT_FALSE(guide_.asked.has_deadline_time());
}

TEST_F(cli, watch_prints_what_a_phone_hears) {
  auto const heard = run({"watch", "--lat", "50.44", "--lon", "30.54"});
  EXPECT_EQ(heard.status, 1) << "the gateway sent it away for good";
  EXPECT_THAT(heard.err, HasSubstr("DRAINING"));
  EXPECT_THAT(heard.out, StartsWith("UNKNOWN: no fresh word"));
  EXPECT_THAT(heard.out, AllOf(HasSubstr("Zones: Kyiv (31); alarms: 0"), HasSubstr("What is shown is current."),
                               HasSubstr("[EXERCISE] TAKE COVER NOW  Kyiv"), HasSubstr("Air-raid alarm"),
                               HasSubstr("GO TO THE METRO: Arsenalna")));
  EXPECT_LT(heard.out.find("What is shown is current"), heard.out.find("TAKE COVER NOW"));
}

TEST_F(cli, watch_speaks_json_to_programs) {
  auto const lines = lines_of(run({"watch", "--zone", "31", "--json"}).out);
  std::vector<std::string> events;
  for (auto const& line : lines) events.push_back(line["event"]);
  ASSERT_GE(lines.size(), 5U);
  EXPECT_EQ(lines[0], (json{{"event", "state"}, {"current", false}}));
  EXPECT_EQ(lines[1]["snapshot"]["zones"][0]["zone_id"], "31");
  EXPECT_THAT(events, ::testing::IsSupersetOf({"snapshot", "state", "alert", "guidance"}));
}

// Promise "drill is another world".
TEST_F(cli, watch_of_another_world_is_refused) {
  auto const heard = siren_says({"watch", "--gateway", server_->address(), "--world", "live", "--zone", "31"});
  EXPECT_EQ(heard.status, 1);
  EXPECT_THAT(heard.err, HasSubstr("WRONG_MODE"));
  EXPECT_THAT(heard.out, Not(HasSubstr("Air-raid")));
}

TEST_F(cli, migrations_are_applied_once_and_only_for_their_world) {
  auto const folder = std::string{SIREN_SOURCE_DIR} + "/migrations";
  auto const again = run({"migrate", "--migrations", folder});
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_THAT(again.out, HasSubstr("migrations applied: 0; the database serves exercise UA"));
  auto const other = run({"migrate", "--migrations", folder, "--world", "live"});
  EXPECT_EQ(other.status, 1);
  EXPECT_THAT(other.err, HasSubstr("WRONG_MODE"));
  EXPECT_THAT(run({"migrate", "--migrations", "/nowhere"}).err, HasSubstr("FILE_UNREADABLE"));
}

}  // namespace
}  // namespace siren
