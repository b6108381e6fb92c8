#include "feed_adapters/told_file.h"
#include "core/base/verify.h"
#include "fuzzing/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  using namespace siren;
  source_id const source{"official"};
  auto const words = parse_told(fuzz::text_of(bytes, size), source);
  if (!words) return 0;
  auto const again = parse_told(write_told(*words, source), source);
  verify(again && *again == *words, "words are read as they were written");
  return 0;
}
