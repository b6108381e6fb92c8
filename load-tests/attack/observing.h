#pragma once

#include "attack/timeline.h"

namespace siren::attack {

/// The two halves of make_timeline; both append in no particular order.
void observe(raid const& truth, std::vector<sensor> const& sensors, std::uint64_t seed, std::vector<timed_record>& out);
/// `feeds` are the indices of the official channels; each declares every alarm, the second a little later.
void declare_alarms(raid const& truth, zone_map const& zones, std::vector<std::uint32_t> const& feeds,
                    std::vector<feed_info> const& names, std::uint64_t seed, std::vector<timed_record>& out);

}  // namespace siren::attack
