#pragma once

#include <string>
#include <vector>

#include "scenarios/story.h"

namespace siren::scenario {

struct outcome {
  std::vector<std::string> lines;              // what people got, as in an expect section
  std::map<std::string, std::size_t> updates;  // per zone: alerts that moved only an interval or a direction
  std::vector<std::string> broken;             // promises that did not hold
};

/// Plays a story through the tracker, the zone picture and the alert book.
[[nodiscard]] outcome play(story const& s);

}  // namespace siren::scenario
