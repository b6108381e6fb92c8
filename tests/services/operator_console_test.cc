// The operators' page: what is served to whom, and that nothing old is shown as new.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <optional>

#include <nlohmann/json.hpp>

#include "fakes/memory_alert_log.h"
#include "fakes/memory_picture_log.h"
#include "operator_console/config.h"
#include "operator_console/http_server.h"
#include "operator_console/map_json.h"
#include "operator_console/picture_view.h"
#include "operator_console/web_files.h"
#include "rig/child_process.h"
#include "services/http_visitor.h"
#include "siren/alerts/v1/alert.pb.h"

namespace siren {
namespace {

using json = nlohmann::json;
using test::request;
using test::visitor;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr milliseconds kSoon{20'000};  // an event that does not come by then does not come
constexpr utc_time kNow{hours{24 * 365 * 56}};

class console_http : public ::testing::Test {
 protected:
  void SetUp() override {
    auto const fixed = [](std::string const& text) {
      return [held = std::make_shared<std::string const>(text)] { return http_content{"text/plain", held}; };
    };
    auto started = http_server::start("127.0.0.1:0", {{{"/", fixed("the page")},
                                                       {"/later",
                                                        [] {
                                                          return http_content{"application/json", nullptr};
                                                        }}},
                                                      {}});
    ASSERT_TRUE(started) << started.error().message;
    server_ = std::move(*started);
  }
  std::string answer(std::string const& line, std::string const& more = "") {
    return visitor{server_->address()}.say(request(line, "Connection: close\r\n" + more)).rest();
  }
  std::unique_ptr<http_server> server_;
};

TEST_F(console_http, get_answers_the_page_and_lets_it_run_only_its_own_scripts) {
  auto const heard = answer("GET /");
  EXPECT_THAT(heard, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(heard, HasSubstr("Content-Type: text/plain\r\n"));
  EXPECT_THAT(heard, HasSubstr("Content-Security-Policy: default-src 'self'"));
  EXPECT_THAT(heard, HasSubstr("X-Content-Type-Options: nosniff\r\n"));
  EXPECT_THAT(heard, HasSubstr("Cache-Control: no-store\r\n"));
  EXPECT_THAT(heard, EndsWith("\r\n\r\nthe page"));
  EXPECT_THAT(answer("GET /?a=b"), EndsWith("the page"));
}

TEST_F(console_http, head_answers_the_size_without_the_body) {
  auto const heard = answer("HEAD /");
  EXPECT_THAT(heard, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(heard, HasSubstr("Content-Length: 8\r\n"));
  EXPECT_THAT(heard, EndsWith("\r\n\r\n"));
}

TEST_F(console_http, other_paths_methods_and_what_is_not_ready_are_told_apart) {
  EXPECT_THAT(answer("GET /etc/passwd"), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(answer("GET /../"), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(answer("POST /"), StartsWith("HTTP/1.1 405 "));
  EXPECT_THAT(answer("DELETE /"), StartsWith("HTTP/1.1 405 "));
  EXPECT_THAT(answer("GET /later"), StartsWith("HTTP/1.1 503 "));
}

// A page elsewhere could have read exact tracks through the operator's browser by giving its own name our address.
TEST_F(console_http, a_foreign_host_name_is_refused) {
  for (std::string const host : {"evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", ""}) {
    auto const heard =
        visitor{server_->address()}.say("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n").rest();
    EXPECT_THAT(heard, StartsWith("HTTP/1.1 421 ")) << host;
    EXPECT_THAT(heard, Not(HasSubstr("the page"))) << host;
  }
  for (std::string const host : {"localhost", "localhost:8080", "127.0.0.1:1"})
    EXPECT_THAT(
        visitor{server_->address()}.say("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n").rest(),
        StartsWith("HTTP/1.1 200 "))
        << host;
}

TEST_F(console_http, a_connection_is_kept_for_more_requests) {
  visitor one{server_->address()};
  EXPECT_THAT(one.say(request("GET /")).one_answer(), EndsWith("the page"));
  EXPECT_THAT(one.say(request("GET /nothing")).one_answer(), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(one.say(request("GET /")).one_answer(), EndsWith("the page"));
}

TEST_F(console_http, a_header_over_8_kib_or_a_body_closes_the_connection) {
  EXPECT_THAT(answer("GET /", "X: " + std::string(7'000, 'x') + "\r\n"), StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(answer("GET /", "X: " + std::string(9'000, 'x') + "\r\n"), "");
  EXPECT_EQ(answer("POST /", "Content-Length: 5\r\n\r\nhello"), "");
  EXPECT_EQ(visitor{server_->address()}.say("no http\r\n\r\n").rest(), "");
  EXPECT_THAT(answer("GET /"), EndsWith("the page")) << "others are served on";
}

TEST_F(console_http, the_65th_connection_is_closed_and_room_comes_back) {
  std::vector<std::unique_ptr<visitor>> held;
  for (int i = 0; i < 64; ++i) {
    held.push_back(std::make_unique<visitor>(server_->address()));
    ASSERT_THAT(held.back()->say(request("GET /")).one_answer(), EndsWith("the page")) << i;
  }
  EXPECT_EQ(answer("GET /"), "");
  EXPECT_THAT(held.front()->say(request("GET /")).one_answer(), EndsWith("the page"));
  held.pop_back();
  EXPECT_TRUE(wait_until([&] { return answer("GET /").ends_with("the page"); }, kSoon));
}

TEST_F(console_http, an_address_that_is_taken_or_malformed_is_told) {
  for (auto const& address : {server_->address(), std::string{"nowhere"}, std::string{"127.0.0.1:70000"},
                              std::string{"127.0.0.1:http"}, std::string{"not.an.ip:1"}})
    EXPECT_FALSE(http_server::start(address, {})) << address;
}

TEST(console_options, the_page_listens_on_this_machine_only) {
  operator_console_config config;
  for (auto const* good : {"127.0.0.1:0", "127.0.0.1:8080"}) {
    config.common.listen = good;
    EXPECT_TRUE(verify_options(config)) << good;
  }
  for (auto const* bad : {"0.0.0.0:8080", "[::]:8080", "10.0.0.1:8080", "127.0.0.10:8080", "localhost:8080", ":8080",
                          "unix:/tmp/page", ""}) {
    config.common.listen = bad;
    auto const answer = verify_options(config);
    ASSERT_FALSE(answer) << bad;
    EXPECT_EQ(answer.error().why, reason::malformed);
  }
  config.common.listen = "127.0.0.1:0";
  config.common.serves = world::live;
  config.common.clock.scenario = true;
  EXPECT_FALSE(verify_options(config)) << "what is wrong for every service is wrong here";
}

zone square(std::string const& id, zone_kind kind, std::optional<zone_id> parent) {
  zone made;
  made.id = zone_id{id};
  made.kind = kind;
  made.parent = parent;
  made.name_uk = "Зона \"" + id + "\"";
  made.name_en = "Zone " + id;
  made.shape = {{{{degrees{50.0}, degrees{30.0}}, {degrees{50.0}, degrees{31.0}}, {degrees{51.0}, degrees{31.0}}}, {}}};
  return made;
}

TEST(console_map, is_valid_json_with_zones_and_stations) {
  city_bundle city;
  city.info.name_uk = "Київ";
  city.info.name_en = "Kyiv";
  city.info.city_zone = zone_id{"31"};
  city.info.generated = true;
  city.info.generated_label_uk = "Згенеровано";
  city.info.generated_label_en = "Generated";
  city.info.centre = {degrees{50.45}, degrees{30.52}};
  city.info.attribution = {"© OpenStreetMap contributors"};
  city.zones = {square("31", zone_kind::city, std::nullopt), square("d", zone_kind::district, zone_id{"31"})};
  shelter station;
  station.type = shelter_type::metro_station;
  station.name_uk = "Лівобережна";
  station.name_en = "Livoberezhna";
  station.place = {degrees{50.45}, degrees{30.6}};
  station.surface = true;
  shelter cellar;
  cellar.type = shelter_type::basic;
  city.shelters = {station, cellar};

  auto const map = json::parse(map_as_json(city));
  EXPECT_EQ(map["city"], (json{{"uk", "Київ"}, {"en", "Kyiv"}, {"zone", "31"}}));
  EXPECT_EQ(map["label"], (json{{"uk", "Згенеровано"}, {"en", "Generated"}}));
  EXPECT_EQ(map["generated"], true);
  EXPECT_EQ(map["centre"], (json{30.52, 50.45})) << "longitude first";
  ASSERT_EQ(map["zones"].size(), 2U);
  EXPECT_EQ(map["zones"][0]["parent"], nullptr);
  EXPECT_EQ(map["zones"][1]["parent"], "31");
  EXPECT_EQ(map["zones"][1]["kind"], "district");
  EXPECT_EQ(map["zones"][1]["uk"], "Зона \"d\"");
  EXPECT_EQ(map["zones"][1]["rings"], json::parse("[[[30,50],[31,50],[31,51]]]"));
  ASSERT_EQ(map["stations"].size(), 1U);
  EXPECT_EQ(map["stations"][0]["en"], "Livoberezhna");
  EXPECT_EQ(map["stations"][0]["surface"], true);
  EXPECT_EQ(map["water"], nullptr);
  EXPECT_EQ(map["attribution"], json::parse(R"(["© OpenStreetMap contributors"])"));
}

class still_clock final : public world_clock {
 public:
  [[nodiscard]] utc_time now() const override { return kNow; }
};

/// Answers, fails or hangs as told.
class scripted_delivery final : public delivery_source {
 public:
  result<alerts::v1::GetDeliveryResponse> now() override {
    if (hold) release.get_future().wait();
    if (down) return failure{reason::not_ready, "the gateway does not answer"};
    alerts::v1::GetDeliveryResponse answer;
    answer.set_phones(12);
    answer.set_bus_heard(true);
    answer.mutable_covered()->set_seq(3);
    return answer;
  }
  std::atomic<bool> down = false;
  std::atomic<bool> hold = false;
  std::promise<void> release;
};

class scripted_list final : public shelter_list {
 public:
  result<std::map<shelter_id, shelter> const*> now() override {
    if (down) return failure{reason::not_ready, "the registry does not answer"};
    return &all;
  }
  std::map<shelter_id, shelter> all;
  std::atomic<bool> down = false;
};

alert_append alarm(std::string const& zone, std::uint32_t rev, zones::v1::Stage stage) {
  alerts::v1::Alert alert;
  alert.set_zone_id(zone);
  alert.set_stage(stage);
  alert.set_rev(rev);
  alert.set_headline_en("Alarm");
  alert_append made;
  made.zone = zone_id{zone};
  made.alert = alert_id{zone + "@1"};
  made.rev = rev;
  made.ended = stage == zones::v1::STAGE_ALL_CLEAR;
  made.bytes = alert.SerializeAsString();
  made.source = "test";
  made.message_id = zone + "/" + std::to_string(rev);
  return made;
}

class console_view : public ::testing::Test {
 protected:
  void SetUp() override {
    threats::v1::PictureStep step;
    auto& track = *step.add_tracks();
    track.set_track_id(7);
    track.set_threat_class(threats::v1::THREAT_CLASS_DRONE);
    track.set_count(2);
    track.set_confirmed(true);
    track.mutable_position()->set_latitude_deg(50.5);
    track.mutable_position()->set_longitude_deg(30.5);
    track.mutable_velocity()->set_east_mps(-40);
    for (int i = 0; i < 16; ++i) track.add_covariance(i == 0 ? 40'000.0 : i == 5 ? 90'000.0 : 0.0);
    to_proto(kNow - seconds{9}, track.mutable_updated_time());
    auto& feed = *step.add_feeds();
    feed.set_source("radar_north");
    feed.set_alive(true);
    store_.keep(step);
    ASSERT_TRUE(log_.append({alarm("31", 1, zones::v1::STAGE_GO)}));
    ASSERT_TRUE(log_.beat(picture_state::live));
    shelter open;
    open.id = shelter_id{"a"};
    open.place = {degrees{50.4}, degrees{30.4}};
    open.capacity = 100;
    open.occupancy = 20;
    open.state = open_state::open;
    list_.all = {{open.id, open}};
  }
  void look(milliseconds engine_silent_after = kSoon, milliseconds fresh_for = kSoon) {
    view_.emplace(
        picture_view::parts{picture_, log_, delivery_, list_, clock_, milliseconds{5}, engine_silent_after, fresh_for});
  }
  json shown() {
    auto const text = view_->newest();
    return text ? json::parse(*text) : json{};
  }
  bool shows(std::function<bool(json const&)> const& what = [](json const&) { return true; }) {
    return wait_until(
        [&] {
          auto const now = shown();
          return !now.is_null() && what(now);
        },
        kSoon);
  }

  memory_picture_store store_;
  memory_picture_log_reader picture_{store_};
  memory_alert_log log_;
  scripted_delivery delivery_;
  scripted_list list_;
  still_clock clock_;
  std::optional<picture_view> view_;
};

bool has_trouble(json const& shown, char const* part) {
  return shown.contains(part) && shown[part].is_object() && shown[part].contains("trouble");
}

TEST_F(console_view, shows_every_part) {
  look();
  ASSERT_TRUE(shows());
  auto const now = shown();
  EXPECT_EQ(now["now"], format_utc(kNow));
  ASSERT_EQ(now["tracks"].size(), 1U);
  auto const& track = now["tracks"][0];
  EXPECT_EQ(track["kind"], "drone");
  EXPECT_EQ(track["count"], 2);
  EXPECT_EQ(track["at"], (json{30.5, 50.5}));
  EXPECT_EQ(track["sigma_m"], 300.0) << "the wider axis";
  EXPECT_EQ(track["age_s"], 9);
  EXPECT_EQ(now["feeds"], json::parse(R"([{"source":"radar_north","official":false,"alive":true}])"));
  ASSERT_EQ(now["alerts"].size(), 1U);
  EXPECT_EQ(now["alerts"][0]["zone"], "31");
  EXPECT_EQ(now["alerts"][0]["stage"], 3);
  EXPECT_EQ(now["log_seq"], 1);
  EXPECT_EQ(now["picture"], static_cast<int>(picture_state::live));
  EXPECT_EQ(now["delivery"]["phones"], 12);
  EXPECT_EQ(now["shelters"], json::parse("[[30.4,50.4,1,100,20,0]]"));
}

TEST_F(console_view, an_alarm_leaves_with_its_all_clear) {
  look();
  ASSERT_TRUE(shows([](json const& now) { return now["alerts"].size() == 1; }));
  ASSERT_TRUE(log_.append({alarm("31", 2, zones::v1::STAGE_ALL_CLEAR)}));
  EXPECT_TRUE(shows([](json const& now) { return now["alerts"].empty() && now["log_seq"] == 2; }));
}

TEST_F(console_view, each_part_that_fails_says_so_and_the_others_stay) {
  look();
  delivery_.down = true;
  EXPECT_TRUE(shows([](json const& now) { return has_trouble(now, "delivery"); }));
  list_.down = true;
  EXPECT_TRUE(shows([](json const& now) { return has_trouble(now, "shelters"); }));
  EXPECT_TRUE(shown()["tracks"].is_array());
  store_.set_available(false);
  EXPECT_TRUE(shows([](json const& now) { return has_trouble(now, "tracks") && has_trouble(now, "feeds"); }));
  EXPECT_TRUE(shown()["alerts"].is_array());
  EXPECT_EQ(shown()["picture"], static_cast<int>(picture_state::live));
  log_.set_down(true);
  EXPECT_TRUE(shows([](json const& now) { return has_trouble(now, "alerts"); }));
  EXPECT_EQ(shown()["picture"], static_cast<int>(picture_state::lost));
  log_.set_down(false);
  store_.set_available(true);
  EXPECT_TRUE(shows([](json const& now) { return now["alerts"].is_array() && now["tracks"].is_array(); }));
}

TEST_F(console_view, the_picture_is_as_the_engine_says_and_lost_when_it_is_silent) {
  look();
  ASSERT_TRUE(log_.beat(picture_state::degraded));
  EXPECT_TRUE(shows([](json const& now) { return now["picture"] == static_cast<int>(picture_state::degraded); }));
  look(milliseconds{1});
  EXPECT_TRUE(shows([](json const& now) { return now["picture"] == static_cast<int>(picture_state::lost); }));
}

TEST_F(console_view, an_engine_that_never_gave_a_sign_is_a_lost_picture) {
  memory_alert_log never;
  picture_view const view{{picture_, never, delivery_, list_, clock_}};
  ASSERT_TRUE(wait_until([&] { return view.newest() != nullptr; }, kSoon));
  EXPECT_EQ(json::parse(*view.newest())["picture"], static_cast<int>(picture_state::lost));
}

// With a part hanging, the page went on showing the last picture, time and all, as if it were the present one.
TEST_F(console_view, while_a_part_hangs_nothing_old_is_given) {
  look(kSoon, milliseconds{300});
  ASSERT_TRUE(shows());
  delivery_.hold = true;
  EXPECT_TRUE(wait_until([&] { return view_->newest() == nullptr; }, kSoon));
  delivery_.hold = false;
  delivery_.release.set_value();
  EXPECT_TRUE(shows());
}

TEST_F(console_view, what_a_newer_release_wrote_is_unknown_and_never_calm) {
  threats::v1::PictureStep step;
  auto& track = *step.add_tracks();
  track.set_track_id(7);
  track.set_threat_class(static_cast<threats::v1::ThreatClass>(250));
  {
    std::lock_guard const lock{store_.mutex};
    store_.keep(step);
  }
  auto torn = alarm("30", 1, zones::v1::STAGE_GO);
  torn.bytes = "\xff\xff\xff";
  ASSERT_TRUE(log_.append({torn}));
  look();
  ASSERT_TRUE(shows());
  EXPECT_EQ(shown()["tracks"][0]["kind"], "unknown");
  EXPECT_EQ(shown()["tracks"][0]["sigma_m"], 0.0);
  auto const alerts = shown()["alerts"];
  ASSERT_EQ(alerts.size(), 2U);
  EXPECT_EQ(alerts[1]["zone"], "30");
  EXPECT_EQ(alerts[1]["stage"], 0);
}

TEST(console_page, every_file_that_the_page_names_is_in_the_program) {
  EXPECT_THAT(std::string{kIndexHtml}, HasSubstr("src=\"/app.js\""));
  EXPECT_THAT(std::string{kIndexHtml}, HasSubstr("href=\"/style.css\""));
  EXPECT_THAT(std::string{kAppJs}, HasSubstr("from './map.js'"));
  EXPECT_THAT(std::string{kIndexHtml}, Not(HasSubstr("://"))) << "the page needs nothing from elsewhere";
  for (auto const file : {kIndexHtml, kAppJs, kMapJs, kPanelJs, kWordsJs, kStyleCss, kIconSvg})
    EXPECT_FALSE(file.empty());
}

}  // namespace
}  // namespace siren
