#pragma once

#include <span>

#include "core/geo/position.h"

namespace siren::picture_metrics {

/// Distances between a set of tracks and a set of true objects at one instant, in one local plane.
struct set_distance_policy {
  /// Two farther apart than this are not one object, and a missing or false one costs as much. 10 km: what a zone of a
  /// city spans; our choice.
  meters cutoff{10'000.0};
  double order = 2.0;  // 1 or 2; higher orders weigh outliers more
};

/// Optimal sub-pattern assignment, 0 to cutoff; 0 for two empty sets. Schuhmacher, Vo & Vo 2008, "A consistent metric
/// for performance evaluation of multi-object filters".
[[nodiscard]] meters ospa(std::span<plane_point const> tracks, std::span<plane_point const> truth,
                          set_distance_policy const& policy);

/// Generalised OSPA with alpha = 2 and its parts. Rahmathullah, García-Fernández & Svensson 2017, "Generalized optimal
/// sub-pattern assignment metric". The parts are in metres to the power of the order and sum to distance^order.
struct gospa_result {
  meters distance;
  double localisation = 0.0;
  double missed = 0.0;
  double false_tracks = 0.0;
  std::size_t missed_count = 0;
  std::size_t false_count = 0;
};
[[nodiscard]] gospa_result gospa(std::span<plane_point const> tracks, std::span<plane_point const> truth,
                                 set_distance_policy const& policy);

/// Both by one matching, which is the same for both.
struct set_distances {
  meters ospa;
  gospa_result gospa;
};
[[nodiscard]] set_distances distances_of(std::span<plane_point const> tracks, std::span<plane_point const> truth,
                                         set_distance_policy const& policy);

}  // namespace siren::picture_metrics
