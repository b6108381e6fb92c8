#include "feed_adapters/ukrainealarm.h"
#include "fuzzing/board_check.h"
#include "fuzzing/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  using namespace siren;
  static_cast<void>(parse_action_index(fuzz::text_of(bytes, size)));
  auto const read = parse_ukrainealarm(fuzz::text_of(bytes, size));
  if (!read) return 0;
  for (auto const& alarm : read->alarms) verify(!alarm.region.value.empty(), "an alarm has a region");
  fuzz::check_board(*read);
  return 0;
}
