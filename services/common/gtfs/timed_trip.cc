#include "common/gtfs/timed_trip.h"

#include <algorithm>

namespace siren {
namespace {

/// Fills arrivals and departures that are open, evenly by number of calls.
void interpolate(std::vector<gtfs_call>& calls) {
  std::size_t known = 0;
  for (std::size_t i = 1; i < calls.size(); ++i) {
    if (!calls[i].arrival) continue;
    auto const from = *calls[known].departure;
    auto const span = *calls[i].arrival - from;
    auto const parts = static_cast<seconds::rep>(i - known);
    for (auto k = known + 1; k < i; ++k)
      calls[k].arrival = calls[k].departure = from + span * static_cast<seconds::rep>(k - known) / parts;
    known = i;
  }
}

}  // namespace

result<timed_trip> time_trip(gtfs_trip const& trip) {
  auto const bad = [&](std::string const& what) {
    return failure{reason::malformed, "trip " + trip.id + " is left out: " + what};
  };
  if (trip.broken) return bad("a row of it was");
  auto calls = trip.calls;
  if (calls.size() < 2) return bad("fewer than two stops");
  std::sort(calls.begin(), calls.end(), [](auto const& a, auto const& b) { return a.sequence < b.sequence; });
  auto const again = std::adjacent_find(calls.begin(), calls.end(),
                                        [](auto const& a, auto const& b) { return a.sequence == b.sequence; });
  if (again != calls.end()) return bad("stop_sequence " + std::to_string(again->sequence) + " twice");
  for (auto& call : calls) {
    if (!call.arrival) call.arrival = call.departure;
    if (!call.departure) call.departure = call.arrival;
  }
  if (!calls.front().departure || !calls.back().arrival) return bad("its first or last time is missing");
  interpolate(calls);
  timed_trip made;
  for (auto const& call : calls) {
    auto const before = made.departures.empty() ? *call.arrival : made.departures.back();
    if (*call.arrival < before || *call.departure < *call.arrival) return bad("its times go back");
    if (!made.stations.empty() && made.stations.back() == call.station) {
      made.departures.back() = *call.departure;
      continue;
    }
    made.stations.push_back(call.station);
    made.arrivals.push_back(*call.arrival);
    made.departures.push_back(*call.departure);
  }
  if (made.stations.size() < 2) return bad("fewer than two stations");
  return made;
}

}  // namespace siren
