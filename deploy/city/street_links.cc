#include "street_links.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "spot_index.h"

namespace siren::city {
namespace {

constexpr double kStitchReach_m = 330.0;  // a little over the longest block
constexpr std::size_t kFullCrossing = 4;
constexpr double kBridgeReach_m = 4'000.0;
constexpr double kIslandReach_m = 1'500.0;
constexpr std::size_t kTiesPerBridgeEnd = 2;
constexpr double kPartReach_m = 5'000.0;
constexpr std::size_t kSmallestPart = 6;  // crossings

/// Parts of the network as sets with a leader.
class parts {
 public:
  explicit parts(std::size_t count) : leader_(count) {
    for (std::uint32_t i = 0; i < count; ++i) leader_[i] = i;
  }
  std::uint32_t of(std::uint32_t node) {
    while (leader_[node] != node) node = leader_[node] = leader_[leader_[node]];
    return node;
  }
  void join(std::uint32_t a, std::uint32_t b) { leader_[of(a)] = of(b); }

 private:
  std::vector<std::uint32_t> leader_;
};

parts parts_of(street_network const& net) {
  parts all{net.nodes.size()};
  for (auto const& l : net.links) {
    if (l.alive) all.join(l.from, l.to);
  }
  return all;
}

street_kind kind_between(street_network const& net, std::vector<std::vector<std::uint32_t>> const& by_node,
                         std::uint32_t a, std::uint32_t b) {
  auto const on_foot = [&](std::uint32_t node) {
    return !by_node[node].empty() && !is_road(net.links[by_node[node].front()].kind);
  };
  return on_foot(a) && on_foot(b) ? street_kind::footway : street_kind::residential;
}

}  // namespace

void stitch(terrain const& land, double block_scale, street_network& net) {
  auto const by_node = net.links_by_node();
  spot_index open_ends{400.0 * block_scale};
  spot_index segments{200.0 * block_scale};
  for (std::uint32_t i = 0; i < net.nodes.size(); ++i) {
    if (by_node[i].size() < kFullCrossing) open_ends.add(net.nodes[i].at, i);
  }
  for (auto const& l : net.links) segments.add_segment(net.nodes[l.from].at, net.nodes[l.to].at, 0);
  std::vector<std::uint8_t> ties(net.nodes.size(), 0);
  for (std::uint32_t i = 0; i < net.nodes.size(); ++i) {
    if (by_node[i].size() >= kFullCrossing || ties[i] > 0) continue;
    auto const& here = net.nodes[i];
    auto const foreign = [&](std::uint32_t id) {
      return net.nodes[id].neighbourhood != here.neighbourhood && ties[id] < 2;
    };
    for (auto const& [away, other] : open_ends.near(here.at, kStitchReach_m * block_scale, foreign)) {
      auto const there = net.nodes[other].at;
      if (!land.dry_line(here.at, there) || segments.crossed(here.at, there)) continue;
      net.add_link(i, other, kind_between(net, by_node, i, other));
      segments.add_segment(here.at, there, 0);
      ++ties[i];
      ++ties[other];
      break;
    }
  }
}

void add_bridges(city_facts const& facts, plane const& ground, terrain const& land, street_network& net) {
  auto const by_node = net.links_by_node();
  auto const on_road = [&](std::uint32_t node) { return is_road(net.links[by_node[node].front()].kind); };
  auto const anywhere = [](std::uint32_t) { return true; };
  spot_index crossings{500.0};
  for (std::uint32_t i = 0; i < by_node.size(); ++i) {
    if (!by_node[i].empty()) crossings.add(net.nodes[i].at, i);
  }
  auto const tie_to = [&](std::uint32_t node, auto const& candidates, street_kind kind, std::size_t most) {
    auto const at = net.nodes[node].at;
    for (auto const& [away, other] : candidates) {
      if (most == 0) break;
      if (!land.dry_line(at, net.nodes[other].at)) continue;
      net.add_link(node, other, kind);
      --most;
    }
  };
  for (std::uint32_t b = 0; b < facts.bridges.size(); ++b) {
    auto const& known = facts.bridges[b];
    auto const kind = known.on_foot_only ? street_kind::footway : street_kind::primary;
    auto before = kNone;
    for (std::size_t i = 0; i < known.points.size(); ++i) {
      auto const at = ground.to_spot(known.points[i]);
      auto const node = net.add_node(at, kNone);
      bool const on_island = i > 0 && i + 1 < known.points.size();
      if (on_island || known.on_foot_only) {
        tie_to(node, crossings.near(at, kIslandReach_m, anywhere), street_kind::footway, 1);
      } else {
        tie_to(node, crossings.near(at, kBridgeReach_m, on_road), kind, kTiesPerBridgeEnd);
      }
      if (before != kNone) {
        auto const link = net.add_link(before, node, kind);
        if (!land.dry_line(net.nodes[before].at, at)) net.links[link].bridge = b;
      }
      before = node;
    }
  }
}

namespace {

/// The nearest pair of nodes with a dry line between, one in the part and one in the main part.
struct tie {
  double length_m;
  std::uint32_t from;
  std::uint32_t to;
};
std::optional<tie> nearest_tie(terrain const& land, street_network const& net, std::vector<std::uint32_t> const& part,
                               spot_index const& main_nodes) {
  std::vector<tie> tries;
  for (double reach = 500.0; reach <= kPartReach_m * 2.0; reach *= 2.0) {
    tries.clear();
    for (auto const node : part) {
      auto const found = main_nodes.near(net.nodes[node].at, reach, [](std::uint32_t) { return true; });
      for (std::size_t i = 0; i < std::min<std::size_t>(found.size(), 3); ++i) {
        tries.push_back({found[i].first, node, found[i].second});
      }
    }
    std::sort(tries.begin(), tries.end(), [](tie const& a, tie const& b) {
      return std::tie(a.length_m, a.from, a.to) < std::tie(b.length_m, b.from, b.to);
    });
    for (auto const& t : tries) {
      if (land.dry_line(net.nodes[t.from].at, net.nodes[t.to].at)) return t;
    }
  }
  return std::nullopt;
}

using node_groups = std::vector<std::vector<std::uint32_t>>;

/// Largest first; nodes without links are in none.
node_groups groups_of(street_network const& net) {
  auto all = parts_of(net);
  auto const by_node = net.links_by_node();
  std::map<std::uint32_t, std::vector<std::uint32_t>> by_leader;
  for (std::uint32_t i = 0; i < net.nodes.size(); ++i) {
    if (!by_node[i].empty()) by_leader[all.of(i)].push_back(i);
  }
  node_groups groups;
  for (auto& [leader, nodes] : by_leader) groups.push_back(std::move(nodes));
  std::stable_sort(groups.begin(), groups.end(), [](auto const& a, auto const& b) { return a.size() > b.size(); });
  return groups;
}

void keep_only(std::vector<std::uint32_t> const& nodes, street_network& net) {
  std::vector<bool> kept(net.nodes.size(), false);
  for (auto const node : nodes) kept[node] = true;
  for (auto& l : net.links) l.alive = l.alive && kept[l.from] && kept[l.to];
}

}  // namespace

void join_parts(terrain const& land, street_network& net) {
  while (true) {
    auto const groups = groups_of(net);
    if (groups.empty()) return;
    spot_index main_nodes{500.0};
    for (auto const node : groups.front()) main_nodes.add(net.nodes[node].at, node);
    std::vector<tie> ties;
    for (std::size_t i = 1; i < groups.size() && groups[i].size() >= kSmallestPart; ++i) {
      if (auto const t = nearest_tie(land, net, groups[i], main_nodes)) ties.push_back(*t);
    }
    if (ties.empty()) return keep_only(groups.front(), net);
    // The nearer half now; the others may find a shorter way through these in the next turn.
    std::sort(ties.begin(), ties.end(),
              [](tie const& a, tie const& b) { return std::tie(a.length_m, a.from) < std::tie(b.length_m, b.from); });
    for (std::size_t i = 0; i <= ties.size() / 2 && i < ties.size(); ++i) {
      net.add_link(ties[i].from, ties[i].to, street_kind::tertiary);
    }
  }
}

}  // namespace siren::city
