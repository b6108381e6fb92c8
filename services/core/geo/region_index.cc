#include <algorithm>
#include <map>
#include <set>

#include "core/geo/region.h"

namespace siren {

region_index::region_index(std::vector<region> regions) : regions_{std::move(regions)} {
  struct step {
    std::vector<std::size_t> enter;
    std::vector<std::size_t> leave;
  };
  std::map<cell_id, step> steps;
  for (std::size_t index = 0; index < regions_.size(); ++index)
    for (cell_range const& range : regions_[index].covering()) {
      steps[range.first].enter.push_back(index);
      steps[cell_id{range.last.value + 1}].leave.push_back(index);
    }
  std::set<std::size_t> inside;
  for (auto const& [first, change] : steps) {
    for (std::size_t const index : change.leave) inside.erase(index);
    inside.insert(change.enter.begin(), change.enter.end());
    std::size_t const begin = candidates_.size();
    candidates_.insert(candidates_.end(), inside.begin(), inside.end());
    stretches_.push_back({first, begin, candidates_.size()});
  }
}

std::vector<std::size_t> region_index::containing(lat_lon place) const {
  std::vector<std::size_t> found;
  if (!on_earth(place)) return found;
  auto const after = std::upper_bound(stretches_.begin(), stretches_.end(), leaf_cell_of(place),
                                      [](cell_id cell, stretch const& s) { return cell < s.first; });
  if (after == stretches_.begin()) return found;
  stretch const& here = *std::prev(after);
  for (std::size_t at = here.begin; at < here.end; ++at)
    if (regions_[candidates_[at]].contains(place)) found.push_back(candidates_[at]);
  return found;
}

}  // namespace siren
