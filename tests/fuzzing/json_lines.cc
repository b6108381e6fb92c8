#include "core/base/verify.h"
#include "feed_adapters/recording.h"
#include "fuzzing/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  using namespace siren;
  auto const read = parse_json_lines(fuzz::text_of(bytes, size));
  if (!read) return 0;
  for (auto const& one : read->records)
    verify(one.record.observation().world() != geo::v1::WORLD_LIVE &&
               one.record.region_alarm().world() != geo::v1::WORLD_LIVE,
           "a recording is never live");
  return 0;
}
