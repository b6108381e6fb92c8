#include <algorithm>
#include <chrono>

#include "common/access/access_guard.h"
#include "common/rpc_server.h"
#include "operators_bench/guided_phones.h"
#include "operators_bench/rows.h"
#include "rig/child_process.h"
#include "siren/alerts/v1/alarm_service.grpc.pb.h"
#include "siren/shelters/v1/shelter_service.grpc.pb.h"

namespace siren::operators {
namespace {

constexpr milliseconds kGuidedWithin{90'000};
constexpr milliseconds kElsewhereWithin{20'000};  // longer than the promise, to measure by how much it breaks
constexpr milliseconds kPromised{2'000};

/// Drills in every zone of the city: their deadline is unknown, so nothing but shelters decides where people go.
result<void> raise(duty_room& room) {
  auto const stub = alerts::v1::AlarmService::NewStub(internal_channel(room.siren().address("zone_engine")));
  for (auto const& leaf : room.leaves()) {
    alerts::v1::RaiseAlarmRequest request;
    request.set_request_id("raise " + leaf.value);
    request.set_zone_id(leaf.value);
    request.set_stage(zones::v1::STAGE_GO);
    grpc::ClientContext context;
    carry_token(context, room.token("olena", "exercise_leader"));
    alerts::v1::RaiseAlarmResponse answer;
    if (auto const status = stub->RaiseAlarm(&context, request, &answer); !status.ok())
      return failure{reason::not_ready, "raising the drill: " + status.error_message()};
  }
  return {};
}

result<void> shut(duty_room& room, std::string const& id) {
  auto const stub = shelters::v1::ShelterService::NewStub(internal_channel(room.siren().address("shelter_registry")));
  shelters::v1::GetShelterRequest which;
  which.set_shelter_id(id);
  shelters::v1::GetShelterResponse found;
  grpc::ClientContext first;
  if (auto const status = stub->GetShelter(&first, which, &found); !status.ok())
    return failure{reason::not_ready, status.error_message()};
  shelters::v1::UpdateShelterRequest request;
  request.set_request_id("shut " + id);
  request.set_shelter_id(id);
  request.set_expected_revision(found.shelter().revision());
  request.set_state(shelters::v1::OPEN_STATE_CLOSED);
  shelters::v1::UpdateShelterResponse answer;
  grpc::ClientContext second;
  if (auto const status = stub->UpdateShelter(&second, request, &answer); !status.ok())
    return failure{reason::not_ready, status.error_message()};
  return {};
}

struct closings {
  std::vector<std::int64_t> last_ms;  // of each closing: until the last phone was sent elsewhere
  std::size_t phones = 0;
  std::size_t left_behind = 0;
  std::size_t shut_second_choices = 0;
};

result<void> close_one(duty_room& room, guided_phones const& phones, closings& into) {
  auto const id = phones.favourite();
  auto const who = phones.sent_to(id);
  if (id.empty() || who.empty()) return failure{reason::not_ready, "no phone is sent to a shelter"};
  auto const begin = steady_now();
  if (auto const done = shut(room, id); !done) return done.error();
  static_cast<void>(wait_until([&] { return phones.sent_to(id).empty(); }, kElsewhereWithin));
  into.left_behind += phones.sent_to(id).size();
  auto last = begin;
  for (auto const phone : who) last = std::max(last, phones.heard(phone));
  into.last_ms.push_back(std::chrono::duration_cast<milliseconds>(last - begin).count());
  into.phones += who.size();
  into.shut_second_choices += phones.second_choices(id);
  return {};
}

row told(closings const& done) {
  auto sorted = done.last_ms;
  std::sort(sorted.begin(), sorted.end());
  row found{{"row", "closing"},
            {"closings", sorted.size()},
            {"phones_sent_elsewhere", done.phones},
            {"left_behind", done.left_behind},
            {"second_choices_shut", done.shut_second_choices},
            {"last_phone_ms_p50", sorted.empty() ? 0 : sorted[sorted.size() / 2]},
            {"last_phone_ms_max", sorted.empty() ? 0 : sorted.back()},
            {"last_phone_ms", done.last_ms},
            {"broken", row::array()}};
  if (done.left_behind > 0) found["broken"].push_back("phones went on to a shut shelter");
  if (!sorted.empty() && sorted.back() > kPromised.count())
    found["broken"].push_back("a shut shelter reached its phones later than 2 s");
  if (done.shut_second_choices > 0) found["broken"].push_back("a second choice was shut too");
  return found;
}

}  // namespace

row closing_row(duty_room& room, bench_options const& options) {
  auto const failed = [](std::string const& why) { return row{{"row", "closing"}, {"broken", row::array({why})}}; };
  auto const phones = guided_phones::start(room, options.phones);
  if (!phones) return failed(phones.error().message);
  if (auto const raised = raise(room); !raised) return failed(raised.error().message);
  auto const& all = **phones;
  if (!wait_until([&] { return all.guided() == options.phones; }, kGuidedWithin))
    return failed("only " + std::to_string(all.guided()) + " phones were guided");
  closings done;
  for (std::size_t i = 0; i < options.closings; ++i)
    if (auto const closed = close_one(room, all, done); !closed) return failed(closed.error().message);
  return told(done);
}

}  // namespace siren::operators
