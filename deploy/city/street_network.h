#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plane.h"

namespace siren::city {

enum class street_kind : std::uint8_t { primary, secondary, tertiary, residential, service, footway, steps };
[[nodiscard]] inline bool is_road(street_kind k) {
  return k < street_kind::footway;
}

inline constexpr std::uint32_t kNone = 0xFFFFFFFF;

struct street_node {
  spot at;
  std::uint32_t neighbourhood = kNone;
  std::uint32_t line = kNone;  // the street that an address here names
  bool entrance = false;       // of a metro station
};

/// A stretch of street between two nodes.
struct street_link {
  std::uint32_t from = kNone;
  std::uint32_t to = kNone;
  street_kind kind = street_kind::residential;
  std::uint32_t line = kNone;    // the street it is part of; its links lie in order
  std::uint32_t bridge = kNone;  // position in the facts
  bool alive = true;
  std::vector<std::uint32_t> path;  // all nodes from `from` to `to`, once bends are made
};

/// Four links around a block, in the order south, east, north, west of its own frame; kNone where one is left out.
struct street_block {
  std::array<std::uint32_t, 4> corners{kNone, kNone, kNone, kNone};  // counter-clockwise from south-west
  std::array<std::uint32_t, 4> sides{kNone, kNone, kNone, kNone};
  std::uint32_t neighbourhood = kNone;
};

struct street_name {
  std::string uk;
  std::string en;
};

/// The network while it is made. Nodes and links are known by their positions, which stay; a dead link is as if
/// removed.
struct street_network {
  std::vector<street_node> nodes;
  std::vector<street_link> links;
  std::vector<street_block> blocks;
  std::uint32_t line_count = 0;
  std::vector<bool> major_line;                        // by line: a through street
  std::vector<std::optional<street_name>> line_names;  // by line, once names are given

  std::uint32_t add_node(spot at, std::uint32_t neighbourhood, std::uint32_t line = kNone) {
    nodes.push_back({at, neighbourhood, line, false});
    return static_cast<std::uint32_t>(nodes.size() - 1);
  }
  std::uint32_t add_link(std::uint32_t from, std::uint32_t to, street_kind kind, std::uint32_t line = kNone) {
    links.push_back({from, to, kind, line, kNone, true, {}});
    return static_cast<std::uint32_t>(links.size() - 1);
  }
  std::uint32_t add_line(bool major) {
    major_line.push_back(major);
    return line_count++;
  }
  [[nodiscard]] double length_m(street_link const& l) const { return distance_m(nodes[l.from].at, nodes[l.to].at); }
  /// By node: positions of its living links.
  [[nodiscard]] std::vector<std::vector<std::uint32_t>> links_by_node() const {
    std::vector<std::vector<std::uint32_t>> by_node(nodes.size());
    for (std::uint32_t i = 0; i < links.size(); ++i) {
      if (!links[i].alive) continue;
      by_node[links[i].from].push_back(i);
      by_node[links[i].to].push_back(i);
    }
    return by_node;
  }
};

}  // namespace siren::city
