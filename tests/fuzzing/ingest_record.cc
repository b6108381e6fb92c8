#include <cmath>

#include "common/clock.h"
#include "core/base/verify.h"
#include "fuzzing/fuzz_input.h"
#include "threat_ingest/ingest.h"

namespace siren {
namespace {

ingest made() {
  ingest_policy policy;
  policy.intake.serves = world::exercise;
  source_map sources{{source_id{"official"}, source_kind::official}, {source_id{"radar"}, source_kind::sensor}};
  return ingest{policy, source_book{std::move(sources), false}, {zone_id{"31"}}};
}

/// Records one after another, each behind its length in one byte.
std::vector<incoming> records_in(std::string_view bytes) {
  std::vector<incoming> records;
  while (!bytes.empty()) {
    auto const length = std::min<std::size_t>(static_cast<unsigned char>(bytes[0]), bytes.size() - 1);
    incoming one{{}, wall_time{microseconds{1}}, trace_id{std::string(32, 'a')}};
    if (one.request.ParseFromArray(bytes.data() + 1, static_cast<int>(length))) records.push_back(std::move(one));
    bytes.remove_prefix(1 + length);
  }
  return records;
}

}  // namespace
}  // namespace siren

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  using namespace siren;
  auto const records = records_in(fuzz::text_of(bytes, size));
  auto decisions = made();
  steady_time const when{hours{1}};
  auto const batch = decisions.decide(records, fuzz::now(), when);
  verify(batch.verdicts.size() == records.size(), "each record has its verdict");
  for (auto const& track : batch.step.tracks()) {
    verify(std::isfinite(track.position().latitude_deg()) && std::isfinite(track.position().longitude_deg()),
           "a track's place is finite");
    for (auto const value : track.covariance()) verify(std::isfinite(value), "a covariance is finite");
  }
  auto const again = decisions.decide(records, fuzz::now(), when);
  for (std::size_t i = 0; i < records.size(); ++i)
    verify(records[i].request.has_beat() || !records[i].request.has_observation() || !again.verdicts[i],
           "a copy of a report is refused");
  static_cast<void>(decisions.pass_time(fuzz::now() + hours{1}, when + hours{1}));
  return 0;
}
