#include "core/base/verify.h"
#include "feed_adapters/recording.h"
#include "fuzzing/fuzz_input.h"

namespace siren {
namespace {

void check(result<recording> const& read) {
  if (!read) return;
  utc_time last = utc_time::min();
  for (auto const& one : read->records) {
    verify(one.at >= last, "a recording is in order");
    last = one.at;
    verify(one.record.observation().world() != geo::v1::WORLD_LIVE &&
               one.record.region_alarm().world() != geo::v1::WORLD_LIVE,
           "a recording is never live");
  }
}

}  // namespace
}  // namespace siren

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  using namespace siren;
  auto const text = fuzz::text_of(bytes, size);
  check(parse_reports_csv(text, source_id{"radar"}));
  region_names names{{"Kyiv City", zone_id{"31"}}};
  check(parse_alarms_csv(text, source_id{"official"}, names));
  zone kyiv;
  kyiv.id = zone_id{"31"};
  static_cast<void>(add_region_names(text, {kyiv}, names));
  return 0;
}
