// siren_feed as a process before ingest's own door.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <regex>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakes/set_clock.h"
#include "rig/child_process.h"
#include "services/bundle_folder.h"
#include "services/cot_bytes.h"
#include "services/feed_door.h"
#include "services/threat_records.h"

namespace siren {
namespace {

constexpr seconds kSoon{20};

class feed_process : public testing::Test {
 protected:
  feed_process() {
    test::feed_door::parts what;
    what.sources = {{source_id{"official"}, source_kind::official}, {source_id{"radar"}, source_kind::sensor}};
    what.regions = {zone_id{"31"}};
    door_ = std::make_unique<test::feed_door>(what, store_, clock_);
  }
  std::unique_ptr<child_process> run(std::vector<std::string> words) {
    words.insert(words.begin(), SIREN_PROGRAMS "/siren_feed");
    auto started = child_process::start({words, (folder_.path() / "out").string(), ""});
    EXPECT_TRUE(started.ok());
    return std::move(*started);
  }
  std::string said() { return test::text_of(folder_.path() / "out"); }

  set_clock clock_{test::noon()};
  memory_picture_store store_;
  std::unique_ptr<test::feed_door> door_;
  test::temporary_folder folder_;
};

TEST_F(feed_process, a_recording_is_replayed_and_summed_up) {
  folder_.write(
      "lines",
      R"({"region_alarm": {"source": "official", "region_id": "31", "type": "ALARM_TYPE_AIR", "active": true, "changed_time": "2026-01-23T11:00:00Z", "world": "WORLD_LIVE"}}
{"observation": {"source": "radar", "native_id": "a", "observed_time": "2026-01-23T12:00:00Z", "position": {"latitude_deg": 50.9, "longitude_deg": 31}, "threat_class": "THREAT_CLASS_DRONE"}}
{"observation": {"source": "nobody", "observed_time": "2026-01-23T12:00:00Z", "position": {"latitude_deg": 50.9, "longitude_deg": 31}}}
not a record
)");
  auto const feed =
      run({"replay", "--ingest", door_->address(), "--source", "official", "--json-lines",
           (folder_.path() / "lines").string(), "--at-once", "--log-file", (folder_.path() / "log").string()});
  EXPECT_EQ(feed->wait_for_exit(kSoon), 0);
  auto const text = said();
  auto const summary = nlohmann::json::parse(text.substr(text.find('{')), nullptr, false);
  ASSERT_TRUE(summary.is_object()) << text;
  EXPECT_EQ(summary["records"], 3);
  EXPECT_EQ(summary["answers"], (nlohmann::json{{"accepted", 2}, {"UNKNOWN_SOURCE", 1}}));
  EXPECT_EQ(summary["rejected_lines"], (nlohmann::json{{"MALFORMED", 1}}));
  EXPECT_EQ(test::running_in(store_), "31");
  EXPECT_NE(text.find("line 4"), std::string::npos) << "the line is named";
}

TEST_F(feed_process, it_ends_in_good_order_with_ingest_away) {
  auto const address = door_->address();
  door_.reset();
  folder_.write(
      "lines",
      R"({"region_alarm": {"source": "official", "region_id": "31", "changed_time": "2026-01-23T11:00:00Z"}})");
  auto const feed = run({"replay", "--ingest", address, "--source", "official", "--json-lines",
                         (folder_.path() / "lines").string(), "--at-once"});
  EXPECT_TRUE(wait_until([&] { return said().find("feed_stream_ended") != std::string::npos; }, kSoon));
  feed->stop(seconds{5});
  EXPECT_EQ(feed->exit_status(), 1) << "not everything was answered";
}

TEST_F(feed_process, cursor_on_target_comes_in) {
  auto const feed = run({"cot", "--ingest", door_->address(), "--source", "radar", "--listen", "127.0.0.1:0"});
  std::smatch found;
  std::string text;
  ASSERT_TRUE(wait_until(
      [&] {
        text = said();
        return std::regex_search(text, found, std::regex{"127\\.0\\.0\\.1:([0-9]+)"});
      },
      kSoon));
  int const fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(found[1])));
  ASSERT_EQ(::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
  auto with = test::cot_fields{};
  with.opex = "e-test";
  with.time = format_utc(test::noon());
  with.stale = "2999-01-01T00:00:00Z";
  auto const event = test::cot_text(with);
  ASSERT_GT(::send(fd, event.data(), event.size(), MSG_NOSIGNAL), 0);
  EXPECT_TRUE(wait_until([&] { return store_.observation_count() == 1; }, kSoon));
  ::close(fd);
  feed->stop(seconds{5});
  EXPECT_EQ(feed->exit_status(), 0);
}

TEST_F(feed_process, wrong_use_says_so) {
  for (auto const& words : std::vector<std::vector<std::string>>{
           {}, {"cot", "--ingest", "127.0.0.1:1", "--source", "radar"}, {"replay", "--ingest", "127.0.0.1:1"}})
    EXPECT_EQ(run(words)->wait_for_exit(kSoon), 2);
  EXPECT_EQ(run({"replay", "--ingest", "127.0.0.1:1", "--source", "a", "--reports", "/nowhere"})->wait_for_exit(kSoon),
            1);
}

}  // namespace
}  // namespace siren
