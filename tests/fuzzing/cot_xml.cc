#include "feed_adapters/cot_xml.h"
#include "fuzzing/event_check.h"
#include "fuzzing/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  using namespace siren;
  auto const event = parse_cot_xml(fuzz::text_of(bytes, size));
  if (event) fuzz::check_event(*event);
  cot_event detail;
  static_cast<void>(read_cot_detail(fuzz::text_of(bytes, size), detail));
  return 0;
}
