#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "core/base/time.h"
#include "core/base/verify.h"
#include "core/track/track.h"
#include "core/zone/arrival.h"
#include "core/zone/source_trust.h"

namespace siren {

/// What one track or launch means to one zone, with a short memory: the hull of the intervals over the last one to two
/// memories. A country has some 100,000 of them and looks at each every second, so that what nearly all are passed over
/// by comes first and fills one line of the cache.
struct alignas(64) sighting {
  struct extent {
    utc_time earliest;
    utc_time latest;
    probability entering;
  };
  cause why = cause::tracked;
  threat_class kind = threat_class::unknown;
  extent recent;                   // since window_began
  std::optional<extent> previous;  // of the window before
  approach newest;
  backing support;
  lat_lon position;
  utc_time seen_at;  // of newest; the sighting is forgotten a memory later
  utc_time window_began;
};

/// A zone's sightings by the ids of what was seen, side by side in memory and in order of the ids.
class sighting_book {
 public:
  [[nodiscard]] bool empty() const { return ids_.empty(); }
  [[nodiscard]] std::size_t size() const { return ids_.size(); }
  [[nodiscard]] std::vector<track_id> const& ids() const { return ids_; }
  /// As ids().
  [[nodiscard]] std::vector<sighting> const& all() const { return all_; }

  /// Null if there is none; void after the next take() or erase().
  [[nodiscard]] sighting const* find(track_id id) const {
    auto const at = place_of(id);
    return at < ids_.size() && ids_[at] == id ? &all_[at] : nullptr;
  }
  /// There must be one; void after the next take() or erase().
  [[nodiscard]] sighting const& at(track_id id) const {
    auto const at = place_of(id);
    verify(at < ids_.size() && ids_[at] == id, "a zone that follows a track has a sighting of it");
    return all_[at];
  }
  /// The one of this id, and whether it was made just now.
  std::pair<sighting&, bool> take(track_id id) {
    auto const at = place_of(id);
    bool const made = at == ids_.size() || ids_[at] != id;
    if (made) {
      ids_.insert(ids_.begin() + static_cast<std::ptrdiff_t>(at), id);
      all_.emplace(all_.begin() + static_cast<std::ptrdiff_t>(at));
    }
    return {all_[at], made};
  }
  void erase(track_id id) {
    auto const at = place_of(id);
    if (at == ids_.size() || ids_[at] != id) return;
    ids_.erase(ids_.begin() + static_cast<std::ptrdiff_t>(at));
    all_.erase(all_.begin() + static_cast<std::ptrdiff_t>(at));
  }

 private:
  [[nodiscard]] std::size_t place_of(track_id id) const {
    return static_cast<std::size_t>(std::lower_bound(ids_.begin(), ids_.end(), id) - ids_.begin());
  }

  std::vector<track_id> ids_;
  std::vector<sighting> all_;
};

}  // namespace siren
