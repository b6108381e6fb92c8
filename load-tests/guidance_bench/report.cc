#include "guidance_bench/report.h"

namespace siren::bench {

void report::add(figure taken) {
  std::string line = "  " + taken.what + ": ";
  line += taken.skipped() ? "skipped" : shown(taken.value()) + ' ' + taken.unit;
  if (!taken.kept()) line += "  MISSED";
  say(line);
  figures_.push_back(std::move(taken));
}

void report::skip(std::string part, std::string what, std::string why) {
  add({std::move(part), std::move(what), "", {}, {}, {}, "skipped: " + std::move(why)});
}

}  // namespace siren::bench
