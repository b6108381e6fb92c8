#include "feed_adapters/cot_stream.h"
#include "core/base/verify.h"
#include "fuzzing/fuzz_input.h"

namespace siren {
namespace {

struct told {
  std::size_t reports = 0;
  std::size_t refused = 0;
  bool broken = false;
  friend bool operator==(told const&, told const&) = default;
};

told tell(std::string_view bytes, std::size_t piece) {
  cot_memory memory;
  cot_stream stream{source_id{"radar"}, memory};
  told all;
  while (!bytes.empty() && !all.broken) {
    auto const now = bytes.substr(0, piece);
    bytes.remove_prefix(now.size());
    auto const out = stream.take(now, fuzz::now());
    all.reports += out.reports.size();
    all.refused += out.refused.size();
    all.broken = out.broken.has_value();
  }
  return all;
}

}  // namespace
}  // namespace siren

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  if (size == 0) return 0;
  // The network cuts where it likes: by the first byte here.
  auto const text = siren::fuzz::text_of(bytes + 1, size - 1);
  auto const whole = siren::tell(text, text.size());
  siren::verify(whole == siren::tell(text, 1U + bytes[0]), "pieces give the same events as the whole");
  return 0;
}
