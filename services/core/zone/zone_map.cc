#include "core/zone/zone_map.h"

#include <set>
#include <string>
#include <utility>

#include "core/base/verify.h"

namespace siren {
namespace {

failure bad(reason why, zone const& z, std::string const& what) {
  return failure{why, "zone \"" + z.id.value + "\" (" + z.name_en + "): " + what};
}

/// Parents before children, otherwise in the given order.
result<std::vector<zone>> ordered(std::vector<zone> zones) {
  std::set<zone_id> known;
  for (auto const& z : zones) {
    if (z.id.value.empty()) return bad(reason::malformed, z, "the id is empty");
    if (!known.insert(z.id).second) return bad(reason::malformed, z, "the id is used twice");
  }
  for (auto const& z : zones) {
    if (z.parent && !known.contains(*z.parent)) {
      return bad(reason::unknown_zone, z, "the parent \"" + z.parent->value + "\" is unknown");
    }
  }
  std::vector<zone> sorted;
  std::set<zone_id> placed;
  while (!zones.empty()) {
    std::vector<zone> waiting;
    for (auto& z : zones) {
      if (!z.parent || placed.contains(*z.parent)) {
        placed.insert(z.id);
        sorted.push_back(std::move(z));
      } else {
        waiting.push_back(std::move(z));
      }
    }
    if (waiting.size() == zones.size()) return bad(reason::malformed, waiting.front(), "its parents form a cycle");
    zones = std::move(waiting);
  }
  return sorted;
}

}  // namespace

result<zone_map> zone_map::build(std::vector<zone> zones) {
  auto sorted = ordered(std::move(zones));
  if (!sorted.ok()) return sorted.error();
  std::vector<region> regions;
  for (auto const& z : *sorted) {
    auto shape = region::build(z.shape);
    if (!shape.ok()) return bad(shape.error().why, z, shape.error().message);
    regions.push_back(std::move(*shape));
  }
  parts all{std::move(*sorted), {}, {}, region_index{std::move(regions)}};
  for (std::size_t i = 0; i < all.zones.size(); ++i) {
    auto const& z = all.zones[i];
    node made{{}, {}, outline{z.shape}, i};
    if (z.parent) {
      auto& above = all.nodes.at(*z.parent);
      above.children.push_back(z.id);
      made.ancestors.push_back(*z.parent);
      made.ancestors.insert(made.ancestors.end(), above.ancestors.begin(), above.ancestors.end());
    }
    all.nodes.emplace(z.id, std::move(made));
  }
  for (auto const& z : all.zones) {
    if (all.nodes.at(z.id).children.empty()) all.leaves.push_back(z.id);
  }
  return zone_map{std::make_shared<parts const>(std::move(all))};
}

std::vector<zone> const& zone_map::all() const {
  return parts_->zones;
}
std::vector<zone_id> const& zone_map::leaves() const {
  return parts_->leaves;
}

zone const* zone_map::find(zone_id const& id) const {
  auto const at = parts_->nodes.find(id);
  return at == parts_->nodes.end() ? nullptr : &parts_->zones[at->second.position];
}

zone_map::node const& zone_map::node_of(zone_id const& id) const {
  auto const at = parts_->nodes.find(id);
  verify(at != parts_->nodes.end(), "the zone is in the map");
  return at->second;
}

std::vector<zone_id> const& zone_map::children(zone_id const& id) const {
  return node_of(id).children;
}
std::vector<zone_id> const& zone_map::ancestors(zone_id const& id) const {
  return node_of(id).ancestors;
}

std::vector<zone_id> zone_map::descendants(zone_id const& id) const {
  auto found = node_of(id).children;
  for (std::size_t i = 0; i < found.size(); ++i) {
    auto const& below = node_of(found[i]).children;
    found.insert(found.end(), below.begin(), below.end());
  }
  return found;
}

region const& zone_map::region_of(zone_id const& id) const {
  return parts_->index.at(node_of(id).position);
}
outline const& zone_map::outline_of(zone_id const& id) const {
  return node_of(id).border;
}

std::optional<zone_id> zone_map::leaf_at(lat_lon place) const {
  node const* best = nullptr;
  for (auto const i : parts_->index.containing(place)) {
    auto const& candidate = node_of(parts_->zones[i].id);
    auto const depth = candidate.ancestors.size();
    if (best == nullptr || depth > best->ancestors.size() ||
        (depth == best->ancestors.size() && candidate.border.area() < best->border.area())) {
      best = &candidate;
    }
  }
  if (best == nullptr) return std::nullopt;
  return parts_->zones[best->position].id;
}

}  // namespace siren
