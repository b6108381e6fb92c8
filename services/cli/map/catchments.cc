#include <algorithm>

#include "cli/map/drawing.h"

namespace siren {

std::string_view name_of(street_fate f) {
  switch (f) {
    case street_fate::empty:
      return "empty";
    case street_fate::sheltered:
      return "sheltered";
    case street_fate::no_room:
      return "no_room";
    case street_fate::too_far:
      return "too_far";
    case street_fate::unreachable:
      return "unreachable";
  }
  return "empty";
}

std::vector<std::uint8_t> colour_catchments(std::size_t shelters,
                                            std::vector<std::pair<std::uint32_t, std::uint32_t>> touching,
                                            std::uint8_t colours) {
  auto const pairs = touching.size();
  for (std::size_t i = 0; i < pairs; ++i) touching.emplace_back(touching[i].second, touching[i].first);
  std::sort(touching.begin(), touching.end());
  touching.erase(std::unique(touching.begin(), touching.end()), touching.end());
  std::vector<std::uint8_t> colour(shelters, 0);
  std::vector<bool> taken(colours);
  auto next = touching.begin();
  for (std::uint32_t s = 0; s < shelters; ++s) {
    std::fill(taken.begin(), taken.end(), false);
    while (next != touching.end() && next->first < s) ++next;
    for (auto at = next; at != touching.end() && at->first == s; ++at)
      if (at->second < s) taken[colour[at->second]] = true;
    // From a place that moves on, so that all colours are used alike.
    auto const start = static_cast<std::uint8_t>(s % colours);
    colour[s] = start;
    for (std::uint8_t step = 0; step < colours; ++step) {
      auto const tried = static_cast<std::uint8_t>((start + step) % colours);
      if (taken[tried]) continue;
      colour[s] = tried;
      break;
    }
  }
  return colour;
}

}  // namespace siren
