#include "street_arterials.h"

#include <algorithm>
#include <limits>
#include <queue>

#include "spot_index.h"

namespace siren::city {
namespace {

constexpr std::size_t kNeighbours = 4;     // ways from each neighbourhood
constexpr double kUsedRoad = 0.55;         // cost of a metre on a road that another way already uses
constexpr double kThroughStreet = 0.75;    // and on a through street
constexpr double kFootway = 6.0;           // footways are for those who must
constexpr std::uint32_t kPrimaryFrom = 3;  // ways over a stretch that make it primary
constexpr double kMiddleReach_m = 2'500.0;

class route_finder {
 public:
  explicit route_finder(street_network& net) : net_{net}, by_node_{net.links_by_node()}, uses_(net.links.size(), 0) {}

  void use_way(std::uint32_t from, std::uint32_t to) {
    std::vector<double> cost(net_.nodes.size(), std::numeric_limits<double>::infinity());
    std::vector<std::uint32_t> by(net_.nodes.size(), kNone);
    using entry = std::pair<double, std::uint32_t>;
    std::priority_queue<entry, std::vector<entry>, std::greater<>> open;
    cost[from] = 0.0;
    open.emplace(0.0, from);
    while (!open.empty() && open.top().second != to) {
      auto const [spent, node] = open.top();
      open.pop();
      if (spent > cost[node]) continue;
      for (auto const link : by_node_[node]) {
        auto const next = other_end(link, node);
        double const total = spent + cost_of(link);
        if (total >= cost[next]) continue;
        cost[next] = total;
        by[next] = link;
        open.emplace(total, next);
      }
    }
    for (auto node = to; by[node] != kNone && node != from; node = other_end(by[node], node)) ++uses_[by[node]];
  }

  void give_kinds() {
    for (std::uint32_t i = 0; i < net_.links.size(); ++i) {
      auto& l = net_.links[i];
      if (!is_road(l.kind) || l.bridge != kNone) continue;
      if (uses_[i] >= kPrimaryFrom) {
        l.kind = street_kind::primary;
      } else if (uses_[i] > 0) {
        l.kind = street_kind::secondary;
      } else if (l.line != kNone && net_.major_line[l.line]) {
        l.kind = street_kind::tertiary;
      }
    }
  }

 private:
  std::uint32_t other_end(std::uint32_t link, std::uint32_t node) const {
    return net_.links[link].from == node ? net_.links[link].to : net_.links[link].from;
  }
  double cost_of(std::uint32_t link) const {
    auto const& l = net_.links[link];
    double const length = net_.length_m(l);
    if (!is_road(l.kind)) return length * kFootway;
    if (uses_[link] > 0) return length * kUsedRoad;
    return l.line != kNone && net_.major_line[l.line] ? length * kThroughStreet : length;
  }

  street_network& net_;
  std::vector<std::vector<std::uint32_t>> by_node_;
  std::vector<std::uint32_t> uses_;
};

std::vector<std::pair<double, std::uint32_t>> nearest_spots(std::vector<spot> const& spots, spot at) {
  std::vector<std::pair<double, std::uint32_t>> order;
  for (std::uint32_t i = 0; i < spots.size(); ++i) order.emplace_back(distance_m(spots[i], at), i);
  std::sort(order.begin(), order.end());
  return order;
}

}  // namespace

void raise_arterials(city_facts const& facts, plane const& ground, street_network& net) {
  auto const by_node = net.links_by_node();
  spot_index crossings{500.0};
  for (std::uint32_t i = 0; i < by_node.size(); ++i) {
    if (!by_node[i].empty()) crossings.add(net.nodes[i].at, i);
  }
  std::vector<spot> middles;
  std::vector<std::uint32_t> nodes;
  for (auto const& n : facts.neighbourhoods) {
    if (n.built == pattern::park) continue;
    auto const at = ground.to_spot(n.middle);
    auto const found = crossings.near(at, kMiddleReach_m, [](std::uint32_t) { return true; });
    if (found.empty()) continue;
    middles.push_back(at);
    nodes.push_back(found.front().second);
  }
  route_finder ways{net};
  for (std::size_t i = 0; i < middles.size(); ++i) {
    auto const order = nearest_spots(middles, middles[i]);
    for (std::size_t k = 1; k < order.size() && k <= kNeighbours; ++k) ways.use_way(nodes[i], nodes[order[k].second]);
  }
  for (std::uint32_t i = 0; i < net.links.size(); ++i) {
    auto const l = net.links[i];
    if (l.bridge == kNone || !is_road(l.kind)) continue;
    for (auto const end : {l.from, l.to}) {
      auto const order = nearest_spots(middles, net.nodes[end].at);
      for (std::size_t k = 0; k < order.size() && k < 3; ++k) ways.use_way(end, nodes[order[k].second]);
    }
  }
  ways.give_kinds();
}

}  // namespace siren::city
