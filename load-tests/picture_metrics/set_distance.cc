#include "picture_metrics/set_distance.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/track/linear_assignment.h"

namespace siren::picture_metrics {
namespace {

struct matching {
  double localisation = 0.0;  // sum of distances to the power of the order
  std::size_t matched = 0;
};

/// Pairs nearer than the cutoff only: at the cutoff and beyond a pair costs what one missed and one false cost.
matching match(std::span<plane_point const> tracks, std::span<plane_point const> truth,
               set_distance_policy const& policy) {
  std::vector<pairing> near;
  for (std::uint32_t row = 0; row < tracks.size(); ++row)
    for (std::uint32_t column = 0; column < truth.size(); ++column) {
      auto const apart =
          std::hypot((tracks[row].east - truth[column].east).value, (tracks[row].north - truth[column].north).value);
      if (apart < policy.cutoff.value) near.push_back({row, column, std::pow(apart, policy.order)});
    }
  auto const rows = static_cast<std::uint32_t>(tracks.size());
  auto const columns = static_cast<std::uint32_t>(truth.size());
  auto const pairs = least_cost_assignment(rows, columns, near, std::pow(policy.cutoff.value, policy.order));
  matching out;
  for (auto const& one : near) {
    if (pairs[one.row] != one.column) continue;
    out.localisation += one.cost;
    ++out.matched;
  }
  return out;
}

meters ospa_of(matching const& pairs, std::size_t larger, set_distance_policy const& policy) {
  if (larger == 0) return meters{0.0};
  auto const unpaired = static_cast<double>(larger - pairs.matched);
  auto const sum = pairs.localisation + unpaired * std::pow(policy.cutoff.value, policy.order);
  return meters{std::pow(sum / static_cast<double>(larger), 1.0 / policy.order)};
}

gospa_result gospa_of(matching const& pairs, std::size_t tracks, std::size_t truth, set_distance_policy const& policy) {
  auto const each = std::pow(policy.cutoff.value, policy.order) / 2.0;
  gospa_result out;
  out.localisation = pairs.localisation;
  out.missed_count = truth - pairs.matched;
  out.false_count = tracks - pairs.matched;
  out.missed = each * static_cast<double>(out.missed_count);
  out.false_tracks = each * static_cast<double>(out.false_count);
  out.distance = meters{std::pow(out.localisation + out.missed + out.false_tracks, 1.0 / policy.order)};
  return out;
}

}  // namespace

meters ospa(std::span<plane_point const> tracks, std::span<plane_point const> truth,
            set_distance_policy const& policy) {
  return ospa_of(match(tracks, truth, policy), std::max(tracks.size(), truth.size()), policy);
}

gospa_result gospa(std::span<plane_point const> tracks, std::span<plane_point const> truth,
                   set_distance_policy const& policy) {
  return gospa_of(match(tracks, truth, policy), tracks.size(), truth.size(), policy);
}

set_distances distances_of(std::span<plane_point const> tracks, std::span<plane_point const> truth,
                           set_distance_policy const& policy) {
  auto const pairs = match(tracks, truth, policy);
  return {ospa_of(pairs, std::max(tracks.size(), truth.size()), policy),
          gospa_of(pairs, tracks.size(), truth.size(), policy)};
}

}  // namespace siren::picture_metrics
