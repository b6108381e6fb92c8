// The operators' page: what is served to whom, and that nothing old is shown as new.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include <nlohmann/json.hpp>

#include "operator_console/config.h"
#include "operator_console/http_server.h"
#include "operator_console/map_json.h"
#include "operator_console/web_files.h"
#include "rig/child_process.h"
#include "services/http_visitor.h"

namespace siren {
namespace {

using json = nlohmann::json;
using test::request;
using test::visitor;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr milliseconds kSoon{20'000};  // an event that does not come by then does not come

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
  for (auto const* bad : {"*", "null", "evil.example", "http://evil.example"}) {
    config.origins = {bad};
    EXPECT_FALSE(verify_options(config)) << bad;
  }
  config.origins = {"https://console.city.example"};
  EXPECT_TRUE(verify_options(config));
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
  station.id = shelter_id{"metro-1"};
  station.type = shelter_type::metro_station;
  station.name_uk = "Лівобережна";
  station.name_en = "Livoberezhna";
  station.place = {degrees{50.45}, degrees{30.6}};
  station.surface = true;
  shelter cellar;
  cellar.type = shelter_type::basic;
  city.shelters = {station, cellar};
  metro_line line;
  line.id = metro_line_id{"M1"};
  line.name_en = "Red";
  line.stops = {{station.id, true, seconds{90}, false}};
  city.metro.lines = {line};

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
  EXPECT_EQ(map["stations"][0]["id"], "metro-1");
  EXPECT_EQ(map["lines"],
            json::parse(R"([{"id":"M1","uk":"","en":"Red","stops":[{"station":"metro-1","joined":true}]}])"));
  EXPECT_EQ(map["water"], nullptr);
  EXPECT_EQ(map["attribution"], json::parse(R"(["© OpenStreetMap contributors"])"));
}

TEST(console_page, every_file_that_the_page_names_is_in_the_program) {
  std::map<std::string, std::string> files;
  for (auto const& file : web_files()) files[std::string{file.path}] = std::string{file.body};
  ASSERT_TRUE(files.contains("/index.html"));
  auto const& page = files["/index.html"];
  std::regex const named{"(?:src|href)=\"([^\"]+)\""};
  auto count = 0;
  for (std::sregex_iterator it{page.begin(), page.end(), named}; it != std::sregex_iterator{}; ++it, ++count)
    EXPECT_TRUE(files.contains((*it)[1])) << (*it)[1];
  EXPECT_GE(count, 3) << "script, style and icon";
  EXPECT_THAT(page, Not(HasSubstr("://"))) << "the page needs nothing from elsewhere";
}

}  // namespace
}  // namespace siren
