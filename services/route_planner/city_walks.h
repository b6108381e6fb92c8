#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/mapped_file.h"
#include "common/walks/walks_by_node.h"
#include "core/route/doors.h"
#include "core/route/reach.h"

namespace siren {

/// What walking times are made from. They do not change with what is open, full or assigned.
struct walks_request {
  std::vector<shelter> targets;  // every shelter, open or not
  metro_state metro;             // roles decide how people get down
  walking_conditions now;
  std::vector<std::string> closed_bridges;  // street names, or "latitude,longitude" of a point on the bridge
};

/// Walking times as plans and guidance read them. Immutable, safe from any thread.
struct city_walks {
  std::shared_ptr<reach const> walks;
  walks_by_node by_node;
  std::vector<shelter> targets;  // as when they were made, in the reach's order
  std::uint64_t doors_far_from_street = 0;
  bool kept = false;  // found in the cache, not made
};

struct walks_policy {
  walking_policy walking;
  reach_policy reach;
  door_policy doors;
  meters bridge_near{60.0};  // of a point that marks a bridge: half of a wide bridge and a finger's width on a map
  std::size_t kept = 4;      // files: day and dark, dry and ice
};

/// Segments of bridges that these names or points mean.
[[nodiscard]] closed_segments closed_bridges(street_graph const& streets, std::vector<std::string> const& names,
                                             walks_policy const& policy = {});

/// Equal numbers: the same walking times would be made (places of shelters, their doors and ways in, conditions,
/// bridges). Cheap enough for every change.
[[nodiscard]] std::uint64_t walks_stamp(walks_request const& request, walks_policy const& policy = {});

/// From the cache when it holds them, otherwise made on two threads and kept there. `people` (one per node) decide how
/// far a large shelter's table goes.
[[nodiscard]] city_walks make_walks(street_graph const& streets, snap_index const& snap, walks_request request,
                                    std::vector<std::uint32_t> const& people, walks_policy const& policy,
                                    file_cache const& cache);

}  // namespace siren
