#pragma once

#include <string>
#include <vector>

#include "fanout_bench/rows.h"

namespace siren::fanout {

/// An SVG picture: for each scenario the share of alerts that reached their phone by a delay, a curve for each window,
/// and bars of CPU and memory beside the peers where there are some.
[[nodiscard]] std::string picture_of(std::vector<played> const& all);

}  // namespace siren::fanout
