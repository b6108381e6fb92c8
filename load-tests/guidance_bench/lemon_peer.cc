#include "guidance_bench/lemon_peer.h"

#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

#include "core/base/verify.h"
#include "guidance_bench/thread_time.h"

namespace siren::bench {
namespace {

using network = lemon::SmartDigraph;

network::Node node_at(std::size_t id) {
  return network::nodeFromId(static_cast<int>(id));
}

}  // namespace

lemon_answer solve_with_lemon(assignment_problem const& rush) {
  auto const lots = rush.lots.size();
  auto const nodes = lots + rush.targets.size() + 1;
  network net;
  net.reserveNode(static_cast<int>(nodes));
  net.reserveArc(static_cast<int>(nodes + rush.choices.size()));
  for (std::size_t i = 0; i < nodes; ++i) net.addNode();
  network::ArcMap<std::int64_t> cost{net};
  network::ArcMap<std::int64_t> upper{net};
  network::NodeMap<std::int64_t> supply{net};
  auto const link = [&](network::Node from, network::Node to, std::int64_t most, std::int64_t price) {
    auto const arc = net.addArc(from, to);
    upper[arc] = most;
    cost[arc] = price;
  };
  auto const end = node_at(nodes - 1);
  std::int64_t people = 0;
  for (std::size_t l = 0; l < lots; ++l) {
    auto const& lot = rush.lots[l];
    supply[node_at(l)] = lot.people;
    people += lot.people;
    for (auto c = rush.first_choice[lot.list]; c < rush.first_choice[lot.list + 1]; ++c) {
      auto const walk = walk_ds(rush, lot, c);
      if (!walk || *walk > lot.budget_ds) continue;
      auto const target = rush.choices[c].target.value;
      auto const price = static_cast<std::int64_t>(*walk) + rush.targets[target].handicap_ds;
      if (price <= rush.stay_cost_ds) link(node_at(l), node_at(lots + target), lot.people, price);
    }
    link(node_at(l), end, lot.people, rush.stay_cost_ds);
  }
  for (std::size_t t = 0; t < rush.targets.size(); ++t) link(node_at(lots + t), end, rush.targets[t].room, 0);
  supply[end] = -people;

  auto const began = thread_ms();
  lemon::NetworkSimplex<network, std::int64_t, std::int64_t> solver{net};
  solver.upperMap(upper).costMap(cost).supplyMap(supply);
  verify(solver.run() == decltype(solver)::OPTIMAL, "a rush always has an optimum: everybody may stay");
  return {static_cast<double>(solver.totalCost()) / 10.0, (thread_ms() - began) / 1e3};
}

}  // namespace siren::bench
