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
    for (auto const& gone : z.replaces)
      if (known.contains(gone)) return bad(reason::malformed, z, "it replaces \"" + gone.value + "\", which is there");
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
  parts all{std::move(*sorted), {}, {}, {}, {}, {}, region_index{std::move(regions)}};
  for (std::size_t i = 0; i < all.zones.size(); ++i) {
    auto const& z = all.zones[i];
    node made{{}, {}, outline{z.shape}, {}, {}, {}};
    if (z.parent) {
      auto const parent = all.positions.at(*z.parent);
      auto& above = all.nodes[parent];
      above.children.push_back(z.id);
      above.below.push_back(i);
      made.above.push_back(parent);
      made.above.insert(made.above.end(), above.above.begin(), above.above.end());
      for (auto const up : made.above) {
        made.ancestors.push_back(all.zones[up].id);
        all.nodes[up].inside.push_back(i);
      }
    }
    all.positions.emplace(z.id, i);
    for (auto const& gone : z.replaces) {
      auto& heirs = all.heirs[gone];
      if (heirs.empty() || heirs.back() != i) heirs.push_back(i);
    }
    all.nodes.push_back(std::move(made));
  }
  for (std::size_t i = 0; i < all.zones.size(); ++i) {
    if (!all.nodes[i].children.empty()) continue;
    all.leaves.push_back(all.zones[i].id);
    all.leaf_positions.push_back(i);
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
  auto const at = parts_->positions.find(id);
  return at == parts_->positions.end() ? nullptr : &parts_->zones[at->second];
}

std::vector<std::size_t> zone_map::meant_by(zone_id const& id) const {
  if (auto const at = position_of(id)) return {*at};
  auto const heirs = parts_->heirs.find(id);
  return heirs == parts_->heirs.end() ? std::vector<std::size_t>{} : heirs->second;
}

std::optional<std::size_t> zone_map::position_of(zone_id const& id) const {
  auto const at = parts_->positions.find(id);
  return at == parts_->positions.end() ? std::nullopt : std::optional{at->second};
}

std::size_t zone_map::known_position(zone_id const& id) const {
  auto const at = parts_->positions.find(id);
  verify(at != parts_->positions.end(), "the zone is in the map");
  return at->second;
}

zone_map::node const& zone_map::node_of(zone_id const& id) const {
  return parts_->nodes[known_position(id)];
}

std::vector<zone_id> const& zone_map::children(zone_id const& id) const {
  return node_of(id).children;
}
std::vector<zone_id> const& zone_map::ancestors(zone_id const& id) const {
  return node_of(id).ancestors;
}

std::vector<zone_id> zone_map::descendants(zone_id const& id) const {
  std::vector<zone_id> found;
  for (auto const i : node_of(id).inside) found.push_back(parts_->zones[i].id);
  return found;
}

std::vector<std::size_t> const& zone_map::children_at(std::size_t position) const {
  return parts_->nodes.at(position).below;
}
std::vector<std::size_t> const& zone_map::ancestors_at(std::size_t position) const {
  return parts_->nodes.at(position).above;
}
std::vector<std::size_t> const& zone_map::descendants_at(std::size_t position) const {
  return parts_->nodes.at(position).inside;
}
std::vector<std::size_t> const& zone_map::leaf_positions() const {
  return parts_->leaf_positions;
}
outline const& zone_map::outline_at(std::size_t position) const {
  return parts_->nodes.at(position).border;
}

region const& zone_map::region_of(zone_id const& id) const {
  return parts_->index.at(known_position(id));
}
outline const& zone_map::outline_of(zone_id const& id) const {
  return node_of(id).border;
}

std::optional<zone_id> zone_map::leaf_at(lat_lon place) const {
  std::optional<std::size_t> best;
  for (auto const i : parts_->index.containing(place)) {
    auto const& candidate = parts_->nodes[i];
    auto const deeper =
        best ? candidate.above.size() <=> parts_->nodes[*best].above.size() : std::strong_ordering::greater;
    if (std::is_gt(deeper) || (std::is_eq(deeper) && candidate.border.area() < parts_->nodes[*best].border.area()))
      best = i;
  }
  if (!best) return std::nullopt;
  return parts_->zones[*best].id;
}

}  // namespace siren
