// The console as a process over a real log: what a receiver of CAP gets over HTTP, from the first alert to the clear.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/alert_log/pg_alert_log.h"
#include "common/convert/alert_convert.h"
#include "common/pg_store.h"
#include "rig/child_process.h"
#include "rig/private_servers.h"
#include "services/bundle_folder.h"
#include "services/cap_world.h"
#include "services/http_visitor.h"

namespace siren {
namespace {

using test::at;
using test::request;
using test::visitor;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr milliseconds kSoon{20'000};
constexpr char kFirst[] = "exercise.31@1769212800000.1";
constexpr char kLast[] = "exercise.31@1769212800000.2";

void write_city(test::temporary_folder const& folder) {
  folder.write("city.json", R"({"format":"siren-city/1","name_uk":"Київ","name_en":"Kyiv","country":"UA",
    "city_zone":"31","time_zone":"Europe/Kyiv","centre":{"lat":50.45,"lon":30.5},
    "city_box":{"south":50,"west":30,"north":51,"east":31},
    "theatre_box":{"south":45,"west":22,"north":55,"east":42},"attribution":["nobody"]})");
  folder.write("streets.osm.pbf", "read by the route planner only");
  folder.write("zones.geojson", R"({"type":"FeatureCollection","features":[{"type":"Feature",
    "properties":{"id":"31","kind":"city","name_uk":"Київ","name_en":"Kyiv"},"geometry":{"type":"Polygon",
    "coordinates":[[[30.3,50.3],[30.8,50.3],[30.8,50.6],[30.3,50.6],[30.3,50.3]]]}}]})");
  folder.write("population.csv", "zone_id,people\n31,1000\n");
  folder.write("region_codes.csv", "zone_id,uid,katotth\n31,31,UA80000000000093317\n");
  folder.write("shelters.csv",
               "id,type,name_uk,name_en,address,lat,lon,capacity,step_free,pets,state,verified_at,generated\n");
  folder.write("metro.json", R"({"lines":[],"stations":[]})");
}

class cap_process : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = make_run_folder("test");
    auto started = private_postgres::start(folder_, false);
    ASSERT_TRUE(started) << started.error().message;
    server_ = std::move(started).value();
    store_ = std::make_unique<pg_store>(server_->dsn());
    ASSERT_TRUE(migrate(*store_, SIREN_SOURCE_DIR "/migrations", "exercise", "UA"));
    writer_ = make_pg_alert_log_writer(*store_, "UA");
    write_city(city_);
    page_ = "127.0.0.1:" + std::to_string(free_port());
    auto console = child_process::start(
        {.command = {std::string{SIREN_PROGRAMS} + "/siren_operator_console", "--world", "exercise", "--listen", page_,
                     "--internal-listen", "unix:" + folder_ + "/door", "--postgres", server_->dsn(), "--city",
                     city_.path().string(), "--gateway", "unix:" + folder_ + "/none", "--registry",
                     "unix:" + folder_ + "/none", "--engine", "unix:" + folder_ + "/none"},
         .output = folder_ + "/console.log",
         .as_user = {}});
    ASSERT_TRUE(console) << console.error().message;
    console_ = std::move(console).value();
    ASSERT_TRUE(wait_until([&] { return get("/city/instance.json").starts_with("HTTP/1.1 200 "); }, kSoon))
        << test::text_of(folder_ + "/console.log");
  }
  void TearDown() override {
    console_.reset();
    writer_.reset();
    store_.reset();
    server_.reset();
    remove_run_folder(folder_);
  }
  std::string get(std::string const& path, std::string const& more = "") {
    try {
      return visitor{page_}.say(request("GET " + path, "Connection: close\r\n" + more)).rest();
    } catch (std::exception const&) {
      return "";
    }
  }
  std::string document(std::string const& identifier) {
    auto const answer = get("/cap/" + identifier + ".xml");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 "));
    EXPECT_THAT(answer, HasSubstr("Content-Type: application/cap+xml; charset=utf-8\r\n"));
    auto body = answer.substr(answer.find("\r\n\r\n") + 4);
    EXPECT_EQ(schema_.fault_of(body), "") << body;
    return body;
  }
  void log(alert const& a) {
    alerts::v1::Alert bytes;
    to_proto(a, test::kyiv(), world::exercise, a.changed_at, &bytes);
    ASSERT_TRUE(writer_->append({{.zone = a.zone,
                                  .alert = a.id,
                                  .rev = a.rev,
                                  .ended = a.ended(),
                                  .bytes = bytes.SerializeAsString(),
                                  .source = "engine",
                                  .message_id = a.id.value + "/" + std::to_string(a.rev),
                                  .actor = "analysis",
                                  .act = "change",
                                  .because = "",
                                  .trace = {}}}));
  }
  static alert told(std::uint32_t rev, stage level, std::string const& when) {
    auto a = test::revision(rev, level, when,
                            level == stage::all_clear ? std::vector<threat>{} : std::vector{test::air_alarm()});
    a.id = alert_id{"31@1769212800000"};
    a.zone = zone_id{"31"};
    return a;
  }

  std::string folder_;
  std::string page_;
  test::temporary_folder city_;
  test::cap_schema schema_;
  std::unique_ptr<private_postgres> server_;
  std::unique_ptr<pg_store> store_;
  std::unique_ptr<alert_log_writer> writer_;
  std::unique_ptr<child_process> console_;
};

TEST_F(cap_process, a_receiver_follows_a_drill_from_the_first_alert_to_the_all_clear) {
  EXPECT_THAT(get("/cap/alerts.atom"), StartsWith("HTTP/1.1 503 ")) << "no engine has ever given a sign";
  ASSERT_TRUE(writer_->beat(picture_state::live));
  log(told(1, stage::go, "2026-01-24T00:00:00Z"));
  auto const first = document(kFirst);
  for (auto const* said : {"<status>Exercise</status>", "<msgType>Alert</msgType>", "<language>uk-UA</language>",
                           "<language>en-US</language>", "UA80000000000093317", "<polygon>"})
    EXPECT_THAT(first, HasSubstr(said));
  log(told(2, stage::all_clear, "2026-01-24T00:20:00Z"));
  auto const last = document(kLast);
  EXPECT_THAT(last, HasSubstr("<msgType>Update</msgType>"));
  EXPECT_THAT(last, HasSubstr("<responseType>AllClear</responseType>"));
  EXPECT_THAT(last, HasSubstr(std::string{","} + kFirst + ",2026-01-24T00:00:00-00:00</references>"));

  ASSERT_TRUE(writer_->beat(picture_state::live));
  auto const known = get(std::string{"/cap/"} + kLast + ".xml");
  auto const tag = known.find("ETag: ") + 6;
  auto const same = get(std::string{"/cap/"} + kLast + ".xml", "If-None-Match: " + known.substr(tag, 34) + "\r\n");
  EXPECT_THAT(same, StartsWith("HTTP/1.1 304 "));
  EXPECT_THAT(get("/cap/live.31@1769212800000.1.xml"), StartsWith("HTTP/1.1 404 ")) << "a drill tells nothing real";
}

// An empty feed would have read as calm while nobody could know.
TEST_F(cap_process, no_false_calm_without_the_database) {
  ASSERT_TRUE(writer_->beat(picture_state::live));
  ASSERT_TRUE(wait_until([&] { return get("/cap/alerts.atom").starts_with("HTTP/1.1 200 "); }, kSoon));
  server_->kill_hard();
  EXPECT_THAT(get("/cap/alerts.atom"), StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(get("/city/instance.json"), StartsWith("HTTP/1.1 200 ")) << "the operators' page goes on";
}

}  // namespace
}  // namespace siren
