#include "core/plan/demand.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/verify.h"

namespace siren {
namespace {

/// Whole numbers with the given sum, in proportion to the weights.
class largest_remainder {
 public:
  void share_out(std::uint64_t total, std::span<double const> weights, std::vector<std::uint32_t>& whole) {
    double const sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    verify(sum > 0.0, "somebody has a weight");
    whole.resize(weights.size());
    rest_.resize(weights.size());
    std::uint64_t given = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      double const quota = static_cast<double>(total) * weights[i] / sum;
      whole[i] = static_cast<std::uint32_t>(quota);
      rest_[i] = quota - std::floor(quota);
      given += whole[i];
    }
    order_.resize(weights.size());
    std::iota(order_.begin(), order_.end(), 0U);
    auto const left = std::min<std::uint64_t>(total > given ? total - given : 0, weights.size());
    auto const more = [&](std::uint32_t a, std::uint32_t b) {
      return rest_[a] != rest_[b] ? rest_[a] > rest_[b] : a < b;
    };
    auto const middle = order_.begin() + static_cast<std::ptrdiff_t>(left);
    if (middle != order_.end()) std::nth_element(order_.begin(), middle, order_.end(), more);
    for (auto i = order_.begin(); i != middle; ++i) ++whole[*i];
  }

 private:
  std::vector<double> rest_;
  std::vector<std::uint32_t> order_;
};

double multiplier(demand_area const& area, double phones_per_person, demand_policy const& policy) {
  if (area.phones < policy.phone_floor || area.population == 0 || phones_per_person <= 0.0) return 1.0;
  double const seen = area.phones / (area.population * phones_per_person);
  double const coarse = std::round(seen / policy.multiplier_step) * policy.multiplier_step;
  return std::clamp(coarse, policy.least_multiplier, policy.most_multiplier);
}

/// Street length at every node in centimetres, by sort of street.
struct frontage {
  std::vector<double> residential;
  std::vector<double> other;
};

frontage frontage_of(street_graph const& streets) {
  frontage at{std::vector<double>(streets.node_count()), std::vector<double>(streets.node_count())};
  for (std::uint32_t s = 0; s < streets.segment_count(); ++s) {
    auto const& segment = streets.segment(segment_index{s});
    auto& sort = (segment.traits & kResidential) != 0 ? at.residential : at.other;
    double const half = streets.edge(segment.forward).length_cm() / 2.0;
    sort[streets.source(segment.forward).value] += half;
    sort[streets.edge(segment.forward).target().value] += half;
  }
  return at;
}

/// Nodes of every area behind one another.
struct nodes_by_area {
  std::vector<std::uint32_t> first;  // areas + 1
  std::vector<std::uint32_t> nodes;
};

nodes_by_area group(std::span<area_index const> area_of, std::size_t areas) {
  nodes_by_area by;
  by.first.assign(areas + 1, 0);
  for (auto const a : area_of)
    if (a.value != kNoIndex) ++by.first[a.value + 1];
  std::partial_sum(by.first.begin(), by.first.end(), by.first.begin());
  by.nodes.resize(by.first.back());
  auto next = by.first;
  for (std::uint32_t n = 0; n < area_of.size(); ++n)
    if (area_of[n].value != kNoIndex) by.nodes[next[area_of[n].value]++] = n;
  return by;
}

/// Weights of an area's nodes; empty when it has no streets.
std::vector<double> weights_of(std::span<std::uint32_t const> nodes, frontage const& at, demand_policy const& policy) {
  double residential = 0.0;
  double other = 0.0;
  for (auto const n : nodes) residential += at.residential[n], other += at.other[n];
  if (residential + other <= 0.0) return {};
  double const share = residential <= 0.0 ? 1.0 : other <= 0.0 ? 0.0 : policy.other_streets;
  std::vector<double> weights;
  weights.reserve(nodes.size());
  for (auto const n : nodes)
    weights.push_back((residential > 0.0 ? (1.0 - share) * at.residential[n] / residential : 0.0) +
                      (other > 0.0 ? share * at.other[n] / other : 0.0));
  return weights;
}

}  // namespace

std::vector<std::uint32_t> corrected_populations(std::span<demand_area const> areas, demand_policy const& policy) {
  std::uint64_t people = 0;
  std::uint64_t people_seen = 0;  // of the areas whose phones count
  std::uint64_t phones = 0;
  for (auto const& area : areas) {
    people += area.population;
    if (area.phones < policy.phone_floor) continue;
    people_seen += area.population;
    phones += area.phones;
  }
  std::vector<std::uint32_t> corrected;
  if (people == 0) return corrected.resize(areas.size()), corrected;
  double const per_person = people_seen == 0 ? 0.0 : static_cast<double>(phones) / static_cast<double>(people_seen);
  std::vector<double> weights;
  weights.reserve(areas.size());
  for (auto const& area : areas) weights.push_back(area.population * multiplier(area, per_person, policy));
  largest_remainder{}.share_out(people, weights, corrected);
  return corrected;
}

demand people_per_node(street_graph const& streets, std::span<area_index const> area_of,
                       std::span<demand_area const> areas, demand_policy const& policy) {
  verify(area_of.size() == streets.node_count(), "every node has an area or none");
  for (auto const a : area_of) verify(a.value == kNoIndex || a.value < areas.size(), "an area is one of those given");
  demand made;
  made.people.assign(streets.node_count(), 0);
  auto const at = frontage_of(streets);
  auto const by = group(area_of, areas.size());
  auto const populations = corrected_populations(areas, policy);
  largest_remainder rounding;
  std::vector<std::uint32_t> whole;
  for (std::size_t a = 0; a < areas.size(); ++a) {
    std::span<std::uint32_t const> const nodes{by.nodes.data() + by.first[a], by.first[a + 1] - by.first[a]};
    auto const weights = weights_of(nodes, at, policy);
    if (weights.empty()) {
      made.unplaced += populations[a];
      continue;
    }
    rounding.share_out(populations[a], weights, whole);
    for (std::size_t i = 0; i < nodes.size(); ++i) made.people[nodes[i]] += whole[i];
    made.total += populations[a];
  }
  return made;
}

}  // namespace siren
