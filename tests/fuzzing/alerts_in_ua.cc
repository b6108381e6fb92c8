#include "feed_adapters/alerts_in_ua.h"
#include "fuzzing/board_check.h"
#include "fuzzing/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  using namespace siren;
  auto const read = parse_alerts_in_ua(fuzz::text_of(bytes, size));
  if (!read) return 0;
  for (auto const& alarm : read->alarms) verify(!alarm.region.value.empty(), "an alarm has a region");
  fuzz::check_board(*read);
  return 0;
}
