// Thousands of malformed inputs over every adapter and ingest's own door: each refused with its reason, none fatal.
#include <functional>

#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include "fakes/set_clock.h"
#include "feed_adapters/alerts_in_ua.h"
#include "feed_adapters/cot_protobuf.h"
#include "feed_adapters/cot_stream.h"
#include "feed_adapters/cot_xml.h"
#include "feed_adapters/recording.h"
#include "feed_adapters/told_file.h"
#include "feed_adapters/ukrainealarm.h"
#include "services/damaged_text.h"
#include "services/feed_door.h"
#include "services/spoilt_inputs.h"
#include "siren/threats/v1/threat_feed_service.grpc.pb.h"

namespace siren {
namespace {

using test::damaged_text;
using test::noon;
using test::spoiler;
using test::spoilt_input;

constexpr std::size_t kEach = 700;  // of each of nine kinds: over 5,000 in all
source_id const kRadar{"radar"};

using refusal = std::optional<reason>;

template <typename T>
refusal refused(result<T> const& read) {
  return read ? refusal{} : refusal{read.error().why};
}
/// Of a list of one entry, which is the only way in which it can be refused.
refusal refused_entry(result<alarm_document> const& read) {
  if (!read) return read.error().why;
  return read->refused.empty() ? refusal{} : refusal{read->refused[0].because.why};
}
refusal refused_line(result<recording> const& read) {
  if (!read) return read.error().why;
  return read->rejects.empty() ? refusal{} : refusal{read->rejects[0].because.why};
}

refusal by_cot(result<cot_event> const& event) {
  return event ? refused(observation_of(*event, kRadar, noon())) : refusal{event.error().why};
}

constexpr char kReports[] = "observed_at_utc,lat,lon,place,threat_class,count,source\n";
constexpr char kAlert[] = R"({"location_uid":"31","alert_type":"air_raid","started_at":"2026-01-23T10:00:00Z"})";

std::string alerts(std::string const& entry) {
  return "{\"alerts\":[" + entry + "]}";
}
std::string regions(std::string const& entry) {
  return R"([{"regionId":"14","activeAlerts":[)" + entry + "]}]";
}
refusal by_stream(std::string const& bytes) {
  cot_memory memory;
  cot_stream stream{kRadar, memory};
  auto const out = stream.take(bytes, noon());
  return out.broken ? refusal{out.broken->why} : refusal{};
}

struct adapter {
  char const* name;
  std::function<spoilt_input(spoiler&)> make;
  std::function<refusal(std::string const&)> ask;
};

std::vector<adapter> adapters() {
  return {
      {"alerts_in_ua", [](spoiler& by) { return by.alert_entry(); },
       [](std::string const& entry) { return refused_entry(parse_alerts_in_ua(alerts(entry))); }},
      {"alerts_in_ua_document", [](spoiler& by) { return by.no_json(alerts(kAlert)); },
       [](std::string const& text) { return refused(parse_alerts_in_ua(text)); }},
      {"ukrainealarm", [](spoiler& by) { return by.active_alert(); },
       [](std::string const& entry) { return refused_entry(parse_ukrainealarm(regions(entry))); }},
      {"ukrainealarm_index", [](spoiler& by) { return by.no_json(R"({"lastActionIndex":1234567})"); },
       [](std::string const& text) { return refused(parse_action_index(text)); }},
      {"cot_xml", [](spoiler& by) { return by.cot_event_xml(); },
       [](std::string const& text) { return by_cot(parse_cot_xml(text)); }},
      {"cot_protobuf", [](spoiler& by) { return by.cot_event_protobuf(); },
       [](std::string const& bytes) { return by_cot(parse_cot_protobuf(bytes)); }},
      {"cot_stream", [](spoiler& by) { return by.cot_bytes(); }, by_stream},
      {"reports_csv", [](spoiler& by) { return by.report_line(); },
       [](std::string const& line) { return refused_line(parse_reports_csv(kReports + line + "\n", kRadar)); }},
      {"json_lines", [](spoiler& by) { return by.json_line(); },
       [](std::string const& line) { return refused_line(parse_json_lines(line)); }},
  };
}

TEST(malformed, every_adapter_refuses_with_the_right_reason) {
  std::size_t asked = 0;
  for (auto const& one : adapters()) {
    spoiler by{20'260'123};
    for (std::size_t i = 0; i < kEach; ++i, ++asked) {
      auto const input = one.make(by);
      auto const said = one.ask(input.bytes);
      ASSERT_EQ(said ? name_of(*said) : "accepted", name_of(input.why))
          << one.name << " " << i << ": " << input.bytes.substr(0, 300);
    }
  }
  RecordProperty("malformed_inputs", static_cast<int>(asked));
  EXPECT_GE(asked, 5'000U);
}

// Damage without a known reason: whatever it is taken for, nothing breaks, and what is refused has a reason.
TEST(malformed, damage_of_any_kind_is_survived) {
  auto const good_cot = test::cot_text();
  auto const good_tak = test::tak_frame(test::cot_message()) + good_cot;
  std::vector<std::pair<std::string, std::function<void(std::string const&)>>> const inputs{
      {alerts(kAlert), [](auto const& text) { static_cast<void>(parse_alerts_in_ua(text)); }},
      {regions(R"({"regionId":"31","type":"AIR","lastUpdate":"2026-01-23T10:00:00Z"})"),
       [](auto const& text) { static_cast<void>(parse_ukrainealarm(text)); }},
      {good_cot, [](auto const& text) { static_cast<void>(by_cot(parse_cot_xml(text))); }},
      {test::cot_message(), [](auto const& text) { static_cast<void>(by_cot(parse_cot_protobuf(text))); }},
      {good_tak, [](auto const& text) { static_cast<void>(by_stream(text)); }},
      {std::string{kReports} + "2026-01-23T12:00:00Z,50,31,x,drone,1,c\n",
       [](auto const& text) { static_cast<void>(parse_reports_csv(text, kRadar)); }},
      {R"({"observation":{"source":"radar","observed_time":"2026-01-23T12:00:00Z","position":{"latitude_deg":50}}})",
       [](auto const& text) { static_cast<void>(parse_json_lines(text)); }},
      {write_told({{zone_id{"31"}, alarm_type::air, "7", true, noon()}}, kRadar),
       [](auto const& text) { static_cast<void>(parse_told(text, kRadar)); }}};
  for (auto const& [good, take] : inputs) {
    std::mt19937_64 dice{7};
    for (int i = 0; i < 3'000; ++i) take(damaged_text(good, dice));
  }
}

class malformed_at_the_door : public testing::Test {
 protected:
  malformed_at_the_door() {
    feed_door::parts what;
    what.sources = {{source_id{"air_force"}, source_kind::official}, {kRadar, source_kind::sensor}};
    what.regions = {zone_id{"31"}};
    door_ = std::make_unique<feed_door>(what, store_, clock_);
    stub_ = threats::v1::ThreatFeedService::NewStub(internal_channel(door_->address()));
  }
  using feed_door = test::feed_door;
  set_clock clock_{noon()};
  memory_picture_store store_;
  std::unique_ptr<feed_door> door_;
  std::unique_ptr<threats::v1::ThreatFeedService::Stub> stub_;
};

TEST_F(malformed_at_the_door, each_record_is_answered_with_its_reason) {
  constexpr int kRecords = 2'000;
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + seconds{100});
  auto const stream = stub_->StreamThreats(&context);
  spoiler by{4};
  std::vector<reason> expected;
  std::size_t good = 0;
  for (int i = 1; i <= kRecords; ++i) {
    auto [record, why] = by.record("object-" + std::to_string(i));
    record.set_record_number(static_cast<std::uint64_t>(i));
    ASSERT_TRUE(stream->Write(record));
    threats::v1::StreamThreatsResponse answer;
    ASSERT_TRUE(stream->Read(&answer));
    ASSERT_EQ(answer.record_number(), static_cast<std::uint64_t>(i));
    ASSERT_EQ(answer.accepted() ? "accepted" : answer.reason(), name_of(why)) << record.ShortDebugString();
    if (i % 100 != 0) continue;
    ASSERT_TRUE(stream->Write(test::observed("radar", "good-" + std::to_string(++good))));
    ASSERT_TRUE(stream->Read(&answer));
    EXPECT_TRUE(answer.accepted()) << answer.reason();
  }
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(store_.observation_count(), good) << "nothing of what was refused was kept";
}

TEST_F(malformed_at_the_door, bytes_that_are_no_record_end_that_stream_alone) {
  grpc::ClientContext kept_context;
  kept_context.set_deadline(std::chrono::system_clock::now() + seconds{100});
  auto const kept = stub_->StreamThreats(&kept_context);
  std::mt19937_64 dice{11};
  for (int i = 0; i < 200; ++i) {
    auto bytes = test::observed("radar", "x").SerializeAsString();
    // A length beyond the end, after whatever else is wrong.
    bytes = damaged_text(bytes, dice) + "\x12\x7f";
    threats::v1::StreamThreatsRequest probe;
    if (probe.ParseFromString(bytes)) continue;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + seconds{20});
    grpc::GenericStub stub{internal_channel(door_->address())};
    grpc::CompletionQueue queue;
    auto const call = stub.PrepareCall(&context, "/siren.threats.v1.ThreatFeedService/StreamThreats", &queue);
    auto const step = [&](auto const& begin) {
      begin(reinterpret_cast<void*>(1));
      void* tag = nullptr;
      bool ok = false;
      return queue.Next(&tag, &ok) && ok;
    };
    ASSERT_TRUE(step([&](void* tag) { call->StartCall(tag); }));
    grpc::Slice const slice{bytes};
    step([&](void* tag) { call->Write(grpc::ByteBuffer{&slice, 1}, tag); });
    step([&](void* tag) { call->WritesDone(tag); });
    grpc::Status status;
    ASSERT_TRUE(step([&](void* tag) { call->Finish(&status, tag); }));
    ASSERT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << i;
    ASSERT_EQ(reason_of(status), "MALFORMED");
    queue.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue.Next(&tag, &ok)) continue;
  }
  threats::v1::StreamThreatsResponse answer;
  ASSERT_TRUE(kept->Write(test::observed("radar", "kept")) && kept->Read(&answer));
  EXPECT_TRUE(answer.accepted()) << answer.reason();
  kept->WritesDone();
  EXPECT_TRUE(kept->Finish().ok());
}

}  // namespace
}  // namespace siren
