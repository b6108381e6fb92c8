#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/route/street_graph.h"
#include "core/route/walking.h"

namespace siren {
class private_postgres;
}

namespace siren::bench {

struct pgrouting_answer {
  std::vector<double> seconds;  // of walking, one per pair; negative: no way
  double per_route_ms = 0.0;    // all pairs in one query, so the streets are loaded once
};

/// pgRouting on a private PostgreSQL under /var/tmp, gone with this object. It gets the streets' shape as lines and
/// measures their lengths itself, on the ellipsoid: only the topology and the paces are ours.
class pgrouting_peer {
 public:
  /// Failure: not_ready (PostgreSQL, PostGIS or pgRouting is not installed), store_unavailable.
  [[nodiscard]] static result<std::unique_ptr<pgrouting_peer>> start();
  ~pgrouting_peer();

  [[nodiscard]] result<void> load(street_graph const& streets, walking_pace const& pace);
  /// pgr_dijkstraCost of every pair of nodes (from, to).
  [[nodiscard]] result<pgrouting_answer> walking_times(std::vector<std::pair<node_index, node_index>> const& pairs);
  /// Milliseconds of one pgr_dijkstra with its path, each pair a query of its own: how an application asks.
  [[nodiscard]] result<std::vector<double>> single_query_ms(
      std::vector<std::pair<node_index, node_index>> const& pairs);

 private:
  pgrouting_peer() = default;
  std::string folder_;
  std::unique_ptr<private_postgres> server_;
};

}  // namespace siren::bench
