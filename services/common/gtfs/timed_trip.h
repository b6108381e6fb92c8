#pragma once

#include <cstddef>
#include <vector>

#include "common/gtfs/tables.h"

namespace siren {

/// A trip in order, every time known: each station is another than the one before, arrival <= departure <= the next
/// arrival. At least two stations.
struct timed_trip {
  std::vector<std::size_t> stations;
  std::vector<seconds> arrivals;
  std::vector<seconds> departures;
};

/// Sorts the calls, joins neighbouring ones of the same station and fills in times that the feed leaves open (evenly
/// between those that it gives). Failures: malformed (a sequence number twice, a first or last time missing, times that
/// go back, fewer than two stations).
[[nodiscard]] result<timed_trip> time_trip(gtfs_trip const& trip);

}  // namespace siren
