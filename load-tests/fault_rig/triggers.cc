#include "fault_rig/triggers.h"

#include <poll.h>

#include <fmt/format.h>

#include "common/convert/base_convert.h"
#include "common/rpc_server.h"
#include "siren/alerts/v1/alarm_service.grpc.pb.h"
#include "siren/threats/v1/threat_feed_service.grpc.pb.h"

namespace siren::faults {
namespace {

constexpr auto kSource = "faults_official";
constexpr milliseconds kBetweenAlarms{2'000};
constexpr milliseconds kBetweenOrders{3'000};
constexpr milliseconds kRetry{500};
constexpr milliseconds kOrderWithin{8'000};
constexpr milliseconds kSlice{50};

threats::v1::StreamThreatsRequest alarm(std::uint64_t number, zone_id const& region, utc_time now) {
  threats::v1::StreamThreatsRequest record;
  record.set_record_number(number);
  auto& word = *record.mutable_region_alarm();
  word.set_source(kSource);
  word.set_native_id(fmt::format("alarm-{}", number));
  word.set_region_id(region.value);
  word.set_type(threats::v1::ALARM_TYPE_AIR);
  word.set_active(number % 2 == 1);
  to_proto(now, word.mutable_changed_time());
  word.set_world(geo::v1::WORLD_EXERCISE);
  return record;
}

}  // namespace

triggers::triggers(plan what, world_clock const& clock) : plan_{std::move(what)}, clock_{clock} {
  official_ = std::thread{[this] { declare(); }};
  operator_ = std::thread{[this] { order(); }};
}

triggers::~triggers() {
  stop();
}

void triggers::stop() {
  stopping_ = true;
  if (official_.joinable()) official_.join();
  if (operator_.joinable()) operator_.join();
}

acknowledged triggers::so_far() const {
  std::lock_guard const lock{mutex_};
  return acknowledged_;
}

void triggers::pause(milliseconds time) {
  for (auto left = time; left > milliseconds{0} && !stopping_; left -= kSlice)
    poll(nullptr, 0, static_cast<int>(kSlice.count()));
}

void triggers::declare() {
  std::uint64_t number = 0;
  while (!stopping_) {
    declare_on_one_stream(number);
    pause(kRetry);
  }
}

void triggers::declare_on_one_stream(std::uint64_t& number) {
  auto const stub = threats::v1::ThreatFeedService::NewStub(internal_channel(plan_.ingest));
  grpc::ClientContext context;
  auto const stream = stub->StreamThreats(&context);
  std::atomic<bool> broken{false};
  std::thread reader{[&] {
    threats::v1::StreamThreatsResponse answer;
    while (stream->Read(&answer)) {
      if (!answer.accepted() || answer.record_number() == 0) continue;
      std::lock_guard const lock{mutex_};
      acknowledged_.alarms.insert(fmt::format("alarm-{}", answer.record_number()));
    }
    broken = true;
  }};
  threats::v1::StreamThreatsRequest beat;
  beat.mutable_beat()->set_source(kSource);
  beat.mutable_beat()->set_official(true);
  while (!stopping_ && !broken) {
    if (!stream->Write(beat) || !stream->Write(alarm(++number, plan_.region, clock_.now()))) break;
    pause(kBetweenAlarms);
  }
  context.TryCancel();
  reader.join();
  (void)stream->Finish();
}

void triggers::order() {
  std::uint64_t number = 0;
  while (!stopping_) {
    ++number;
    auto const id = fmt::format("order-{}", number);
    auto obeyed = false;
    for (auto const& engine : plan_.engines) {
      auto const stub = alerts::v1::AlarmService::NewStub(internal_channel(engine));
      grpc::ClientContext context;
      context.set_deadline(std::chrono::system_clock::now() + kOrderWithin);
      alerts::v1::RaiseAlarmRequest request;
      request.set_request_id(id);
      request.set_operator_name("faults");
      request.set_zone_id(plan_.zone.value);
      request.set_stage(number % 2 == 1 ? zones::v1::STAGE_TAKE_COVER : zones::v1::STAGE_PREPARE);
      request.set_text("order " + std::to_string(number));
      alerts::v1::RaiseAlarmResponse answer;
      auto const status = stub->RaiseAlarm(&context, request, &answer);
      if (!status.ok()) continue;
      obeyed = true;
      std::lock_guard const lock{mutex_};
      acknowledged_.orders.push_back(id);
      break;
    }
    if (!obeyed) ++refused_;
    pause(kBetweenOrders);
  }
}

}  // namespace siren::faults
