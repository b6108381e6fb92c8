#include "feed_adapters/cot_protobuf.h"
#include "fuzzing/event_check.h"
#include "fuzzing/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  using namespace siren;
  auto const event = parse_cot_protobuf(fuzz::text_of(bytes, size));
  if (event) fuzz::check_event(*event);
  return 0;
}
