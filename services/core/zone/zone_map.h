#pragma once

#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/geo/region.h"
#include "core/zone/outline.h"
#include "core/zone/zone.h"

namespace siren {

/// The tree (or trees) of zones with their shapes. Immutable; cheap to copy; safe from any thread. A zone with children
/// is a container: danger from tracks is judged on leaves and rolled up, official alarms are rolled down.
class zone_map {
 public:
  /// Failure: malformed (bad shape, empty or duplicate id, a cycle of parents, a zone in `replaces` that is still
  /// there) or unknown_zone (unknown parent); the message names the zone.
  [[nodiscard]] static result<zone_map> build(std::vector<zone> zones);

  /// Every zone, a parent before its children, otherwise as given.
  [[nodiscard]] std::vector<zone> const& all() const;
  /// Zones without children, in the order of all().
  [[nodiscard]] std::vector<zone_id> const& leaves() const;
  /// Null if unknown.
  [[nodiscard]] zone const* find(zone_id const& id) const;
  /// Positions in all() of the zones that this id means, ascending: the zone itself; after a re-zoning those that
  /// replace it (several: it was split); none: nobody knows it.
  [[nodiscard]] std::vector<std::size_t> meant_by(zone_id const& id) const;

  /// The following need a known id.
  [[nodiscard]] std::vector<zone_id> const& children(zone_id const& id) const;
  /// Parent first, root last.
  [[nodiscard]] std::vector<zone_id> const& ancestors(zone_id const& id) const;
  /// Without the zone itself; a parent before its children.
  [[nodiscard]] std::vector<zone_id> descendants(zone_id const& id) const;
  /// The same by positions in all(), for work that goes over many zones at every event.
  [[nodiscard]] std::optional<std::size_t> position_of(zone_id const& id) const;
  [[nodiscard]] std::vector<std::size_t> const& children_at(std::size_t position) const;
  [[nodiscard]] std::vector<std::size_t> const& ancestors_at(std::size_t position) const;
  [[nodiscard]] std::vector<std::size_t> const& descendants_at(std::size_t position) const;
  /// Of leaves(), ascending.
  [[nodiscard]] std::vector<std::size_t> const& leaf_positions() const;
  [[nodiscard]] outline const& outline_at(std::size_t position) const;

  [[nodiscard]] region const& region_of(zone_id const& id) const;
  [[nodiscard]] outline const& outline_of(zone_id const& id) const;

  /// The deepest zone that contains the place; of several equally deep, the smallest.
  [[nodiscard]] std::optional<zone_id> leaf_at(lat_lon place) const;

 private:
  struct node {
    std::vector<zone_id> children;
    std::vector<zone_id> ancestors;
    outline border;
    std::vector<std::size_t> below;  // children only
    std::vector<std::size_t> above;
    std::vector<std::size_t> inside;  // descendants, a parent before its children
  };
  struct parts {
    std::vector<zone> zones;
    std::vector<zone_id> leaves;
    std::vector<std::size_t> leaf_positions;
    std::vector<node> nodes;  // as zones, and as in the index
    std::unordered_map<zone_id, std::size_t> positions;
    std::unordered_map<zone_id, std::vector<std::size_t>> heirs;
    region_index index;
  };
  explicit zone_map(std::shared_ptr<parts const> p) : parts_{std::move(p)} {}
  [[nodiscard]] std::size_t known_position(zone_id const& id) const;
  [[nodiscard]] node const& node_of(zone_id const& id) const;
  std::shared_ptr<parts const> parts_;
};

}  // namespace siren
