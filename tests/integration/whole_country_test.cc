// Every raion of the country at once, over real processes: each phone is told once, on the wire, and the all clear too.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include <nlohmann/json.hpp>

#include "common/convert/base_convert.h"
#include "common/rpc_server.h"
#include "fakes/alarm_provider.h"
#include "integration/attacked_city.h"
#include "siren/alerts/v1/alert_service.grpc.pb.h"
#include "siren/threats/v1/threat_feed_service.grpc.pb.h"

namespace siren {
namespace {

using alerts::v1::WatchAlertsRequest;
using alerts::v1::WatchAlertsResponse;

constexpr std::size_t kRaions = 126;
constexpr std::size_t kPhonesEach = 3;
constexpr seconds kSoon{30};

/// Phones of stock gRPC, which take whatever is written to their streams: the phone library would hide what comes
/// twice.
class wire_phones {
 public:
  wire_phones(std::string const& gateway, std::vector<zone_id> const& zones) {
    for (auto const& zone : zones) {
      auto& one = *phones_.emplace_back(std::make_unique<phone>());
      grpc::ChannelArguments own;
      own.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
      one.stub = alerts::v1::AlertService::NewStub(
          grpc::CreateCustomChannel(gateway, grpc::InsecureChannelCredentials(), own));
      one.zone = zone;
      one.context.set_deadline(std::chrono::system_clock::now() + seconds{120});
      one.stream = one.stub->PrepareAsyncWatchAlerts(&one.context, &queue_);
      one.stream->StartCall(&one);
    }
    thread_ = std::thread{[this] { run(); }};
  }
  ~wire_phones() {
    for (auto const& one : phones_) one->context.TryCancel();
    queue_.Shutdown();
    thread_.join();
  }
  wire_phones(wire_phones const&) = delete;
  wire_phones& operator=(wire_phones const&) = delete;

  [[nodiscard]] bool all_begun() {
    std::lock_guard const lock{mutex_};
    return std::all_of(phones_.begin(), phones_.end(), [](auto const& one) { return one->snapshots > 0; });
  }
  /// How many phones heard this stage of their zone so many times.
  [[nodiscard]] std::size_t told(bool clear, std::size_t times) {
    std::lock_guard const lock{mutex_};
    return static_cast<std::size_t>(std::count_if(
        phones_.begin(), phones_.end(), [&](auto const& one) { return (clear ? one->clears : one->raises) == times; }));
  }
  /// The same revision of the same alert on one stream, or one of another zone.
  [[nodiscard]] std::size_t twice_or_not_theirs() {
    std::lock_guard const lock{mutex_};
    std::size_t bad = 0;
    for (auto const& one : phones_) bad += one->bad;
    return bad;
  }

 private:
  struct phone {
    zone_id zone;
    std::unique_ptr<alerts::v1::AlertService::Stub> stub;
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientAsyncReaderWriter<WatchAlertsRequest, WatchAlertsResponse>> stream;
    WatchAlertsResponse heard;
    enum class step { call, subscribe, read } now = step::call;
    std::size_t snapshots = 0, raises = 0, clears = 0, bad = 0;
    std::set<std::pair<std::string, std::uint32_t>> known;
  };

  void run() {
    void* tag = nullptr;
    for (bool ok = false; queue_.Next(&tag, &ok);) {
      auto& one = *static_cast<phone*>(tag);
      if (!ok) continue;
      switch (one.now) {
        case phone::step::call: {
          WatchAlertsRequest hello;
          hello.mutable_subscribe()->set_world(geo::v1::WORLD_EXERCISE);
          hello.mutable_subscribe()->add_watch_zone_ids(one.zone.value);
          one.now = phone::step::subscribe;
          one.stream->Write(hello, &one);
          break;
        }
        case phone::step::read:
          take(one);
          [[fallthrough]];
        case phone::step::subscribe:
          one.now = phone::step::read;
          one.stream->Read(&one.heard, &one);
          break;
      }
    }
  }
  void take(phone& one) {
    std::lock_guard const lock{mutex_};
    if (one.heard.has_snapshot()) ++one.snapshots;
    if (!one.heard.has_alert()) return;
    auto const& alert = one.heard.alert().alert();
    bool const theirs = alert.zone_id() == one.zone.value;
    if (!theirs || !one.known.emplace(alert.alert_id(), alert.rev()).second) ++one.bad;
    ++(alert.stage() == zones::v1::STAGE_ALL_CLEAR ? one.clears : one.raises);
  }

  grpc::CompletionQueue queue_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<phone>> phones_;
  std::thread thread_;
};

class whole_country : public attacked_city {
 protected:
  /// The generated city, and as many raions around it as the country has.
  static void SetUpTestSuite() {
    attacked_city::SetUpTestSuite();
    auto const file = std::filesystem::path{city_folder_} / "zones.geojson";
    auto map = nlohmann::json::parse(std::ifstream{file});
    auto const is_raion = [](nlohmann::json const& f) { return f["properties"]["kind"] == "raion"; };
    auto& features = map["features"];
    auto const there = static_cast<std::size_t>(std::count_if(features.begin(), features.end(), is_raion));
    for (auto i = there; i < kRaions; ++i) {
      auto const west = 23.0 + 0.2 * static_cast<double>(i % 12);
      auto const south = 46.0 + 0.2 * static_cast<double>(i / 12);
      auto const ring = nlohmann::json::array(
          {{west, south}, {west + 0.1, south}, {west + 0.1, south + 0.1}, {west, south + 0.1}, {west, south}});
      auto const name = "Raion " + std::to_string(i);
      features.push_back({{"type", "Feature"},
                          {"properties",
                           {{"id", std::to_string(1'000 + i)},
                            {"kind", "raion"},
                            {"parent", std::to_string(3 + i % 3)},
                            {"name_uk", name},
                            {"name_en", name}}},
                          {"geometry", {{"type", "Polygon"}, {"coordinates", nlohmann::json::array({ring})}}}});
    }
    std::ofstream{file} << map.dump();
  }

  [[nodiscard]] std::vector<zone_id> raions() const {
    std::vector<zone_id> all;
    for (auto const& one : city_->zones)
      if (one.kind == zone_kind::raion) all.push_back(one.id);
    return all;
  }

  /// Says of every raion, within one second, that its alarm begins or ends; how long saying it took.
  milliseconds flip(bool active) {
    auto const stub = threats::v1::ThreatFeedService::NewStub(internal_channel(siren_->address("threat_ingest")));
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kSoon);
    auto const stream = stub->StreamThreats(&context);
    auto const began = steady_now();
    for (auto const& region : raions()) {
      threats::v1::StreamThreatsRequest record;
      auto& alarm = *record.mutable_region_alarm();
      alarm.set_source("air_force");
      alarm.set_region_id(region.value);
      alarm.set_type(threats::v1::ALARM_TYPE_AIR);
      alarm.set_active(active);
      to_proto(clock_->now(), alarm.mutable_changed_time());
      alarm.set_world(geo::v1::WORLD_EXERCISE);
      EXPECT_TRUE(stream->Write(record));
    }
    auto const took = std::chrono::duration_cast<milliseconds>(steady_now() - began);
    stream->WritesDone();
    for (threats::v1::StreamThreatsResponse answer; stream->Read(&answer);)
      EXPECT_TRUE(answer.accepted()) << answer.reason();
    EXPECT_TRUE(stream->Finish().ok());
    return took;
  }
};

TEST_F(whole_country, all_raions_flip_in_one_second_and_every_phone_is_told_once) {
  auto const regions = raions();
  ASSERT_EQ(regions.size(), kRaions);
  std::vector<zone_id> homes;
  for (std::size_t i = 0; i < kPhonesEach; ++i) homes.insert(homes.end(), regions.begin(), regions.end());
  wire_phones phones{siren_->address("alert_gateway"), homes};
  ASSERT_TRUE(wait_until([&] { return phones.all_begun(); }, kSoon));

  for (bool const clear : {false, true}) {
    auto const began = steady_now();
    EXPECT_LT(flip(!clear), seconds{1});
    EXPECT_TRUE(wait_until([&] { return phones.told(clear, 1) == homes.size(); }, kSoon))
        << phones.told(clear, 0) << " of " << homes.size() << " phones heard nothing";
    auto const took = std::chrono::duration_cast<milliseconds>(steady_now() - began);
    std::cout << (clear ? "all clear" : "alarm") << " of " << kRaions << " raions at " << homes.size()
              << " phones after " << took.count() << " ms" << std::endl;
  }
  // A second copy would be on its way by the time that a later alert has come through.
  flip(true);
  EXPECT_TRUE(wait_until([&] { return phones.told(false, 2) == homes.size(); }, kSoon));
  EXPECT_EQ(phones.told(true, 1), homes.size());
  EXPECT_EQ(phones.twice_or_not_theirs(), 0U);
}

// From an alarm provider's list over its adapter, ingest, engine and gateway to the phones, each a process of its own.
TEST_F(whole_country, a_providers_alarm_reaches_its_phones_and_ends) {
  wire_phones phones{siren_->address("alert_gateway"), {zone_id{"31"}}};
  ASSERT_TRUE(wait_until([&] { return phones.all_begun(); }, kSoon));
  auto const entry = [](char const* uid) {
    return std::string{R"({"id":1,"alert_type":"air_raid","started_at":"2026-01-23T15:59:00.000Z","location_uid":")"} +
           uid + "\"}";
  };
  fake_alarm_provider provider{"Bearer the-key"};
  provider.list("{\"alerts\":[" + entry("16") + "," + entry("31") + "]}");
  auto const key = folder_ + "/key";
  std::ofstream{key} << "the-key\n";
  auto const now = clock_->now();
  auto const anchor = wall_now();
  std::vector<std::string> const command{programs() + "/siren_feed",
                                         "alerts-in-ua",
                                         "--world",
                                         "exercise",
                                         "--ingest",
                                         siren_->address("threat_ingest"),
                                         "--source",
                                         "alerts_in_ua",
                                         "--city",
                                         city_folder_,
                                         "--base",
                                         provider.base(),
                                         "--key-file",
                                         key,
                                         "--told",
                                         folder_ + "/told.json",
                                         "--scenario-start",
                                         format_utc(now),
                                         "--scenario-anchor",
                                         std::to_string(anchor.time_since_epoch().count()),
                                         "--scenario-rate",
                                         "180"};
  auto const feed = child_process::start({command, folder_ + "/feed.log", ""});
  ASSERT_TRUE(feed.ok()) << feed.error().message;
  EXPECT_TRUE(wait_until([&] { return phones.told(false, 1) == 1; }, kSoon)) << "no alarm";
  provider.list("{\"alerts\":[" + entry("16") + "]}");
  EXPECT_TRUE(wait_until([&] { return phones.told(true, 1) == 1; }, kSoon)) << "no all clear";
  EXPECT_EQ(phones.twice_or_not_theirs(), 0U);
  (*feed)->stop(seconds{5});
  EXPECT_EQ((*feed)->exit_status(), 0);
}

}  // namespace
}  // namespace siren
