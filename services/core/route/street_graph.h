#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/strong_id.h"
#include "core/geo/position.h"
#include "core/route/foot_rules.h"
#include "core/route/place_e7.h"
#include "core/route/shared_bytes.h"

namespace siren {

/// Indices into one street graph; they mean nothing in another.
using node_index = strong_id<struct street_node_tag, std::uint32_t>;
using edge_index = strong_id<struct street_edge_tag, std::uint32_t>;
using segment_index = strong_id<struct street_segment_tag, std::uint32_t>;
inline constexpr std::uint32_t kNoIndex = 0xFFFFFFFF;
/// Hash of a graph's content: equal id, equal indices.
using graph_id = strong_id<struct street_graph_tag, std::uint64_t>;

/// What decides an edge's walking time, seen in the edge's direction.
enum edge_flag : std::uint8_t {
  kSteps = 1,
  kClimb = 2,            // steps up; without kSteps a steep street
  kDescent = 4,          // steps down, or a steep street down
  kNoEntry = 8,          // nobody walks this direction (oneway:foot)
  kReverseNoEntry = 16,  // nobody walks the other direction
  kNoWheels = 32,
  kUnlit = 64,   // no street lamps
  kRough = 128,  // a surface that slows
};
inline constexpr std::size_t kEdgeFlagSets = 256;
/// The flags of the same stretch walked the other way.
[[nodiscard]] constexpr std::uint8_t reversed_flags(std::uint8_t flags) {
  auto const swap = [&](std::uint8_t a, std::uint8_t b) {
    return static_cast<std::uint8_t>(((flags & a) != 0 ? b : 0) | ((flags & b) != 0 ? a : 0));
  };
  return static_cast<std::uint8_t>((flags & (kSteps | kNoWheels | kUnlit | kRough)) | swap(kClimb, kDescent) |
                                   swap(kNoEntry, kReverseNoEntry));
}

/// One direction of a segment. Edges lie behind one another by their source node.
class street_edge {
 public:
  street_edge() = default;
  street_edge(node_index target, edge_index reverse, segment_index segment, std::uint32_t length_cm, std::uint8_t flags)
      : target_{target}, reverse_{reverse}, segment_{segment}, packed_{length_cm << 8 | flags} {}
  [[nodiscard]] node_index target() const { return target_; }
  [[nodiscard]] edge_index reverse() const { return reverse_; }
  [[nodiscard]] segment_index segment() const { return segment_; }
  [[nodiscard]] std::uint32_t length_cm() const { return packed_ >> 8; }  // 1 cm to 167 km
  [[nodiscard]] std::uint8_t flags() const { return static_cast<std::uint8_t>(packed_); }

 private:
  node_index target_;
  edge_index reverse_;
  segment_index segment_;
  std::uint32_t packed_ = 0;
};
inline constexpr std::uint32_t kMaxEdgeLengthCm = 0xFFFFFF;

enum segment_trait : std::uint32_t {
  kBridge = 1,
  kTunnel = 2,
  kLit = 4,
  kDark = 8,
  kFootway = 16,
  kResidential = 32,  // people live along it
};

/// A stretch of street between two nodes, shared by its two edges.
struct street_segment {
  edge_index forward;             // the edge in whose direction the shape points lie
  std::uint32_t name = 0;         // 0: unnamed
  std::uint32_t first_shape = 0;  // inner points end where the next segment's begin
  std::uint32_t traits = 0;
};

/// The graph's arrays as a builder makes them.
struct street_arrays {
  std::vector<place_e7> nodes;            // in Hilbert order
  std::vector<std::uint32_t> first_edge;  // nodes + 1
  std::vector<street_edge> edges;
  std::vector<street_segment> segments;
  std::vector<place_e7> shape;
  std::vector<std::uint32_t> texts;  // 2 × names + 1 offsets into text_bytes: local, Latin, local, …
  std::vector<char> text_bytes;
  bool generated = false;
};

/// The same arrays where they lie, in memory or in a mapped file.
struct street_views {
  std::span<place_e7 const> nodes;
  std::span<std::uint32_t const> first_edge;
  std::span<street_edge const> edges;
  std::span<street_segment const> segments;
  std::span<place_e7 const> shape;
  std::span<std::uint32_t const> texts;
  std::span<char const> text_bytes;
  bool generated = false;
};

/// The streets of a city for people on foot: one sealed buffer, in memory or mapped. Immutable; safe to read from any
/// thread; copies share the buffer. About 100 bytes a node.
class street_graph {
 public:
  /// The arrays must be consistent (they come from the builder).
  explicit street_graph(street_arrays const& arrays);

  [[nodiscard]] std::size_t node_count() const { return arrays_.nodes.size(); }
  [[nodiscard]] std::size_t edge_count() const { return arrays_.edges.size(); }
  [[nodiscard]] std::size_t segment_count() const { return arrays_.segments.size(); }
  [[nodiscard]] graph_id id() const { return id_; }
  /// Made up by a city generator; every screen that shows a route says so.
  [[nodiscard]] bool generated() const { return arrays_.generated; }

  [[nodiscard]] lat_lon place(node_index n) const { return to_lat_lon(arrays_.nodes[n.value]); }
  [[nodiscard]] edge_index first_edge(node_index n) const { return edge_index{arrays_.first_edge[n.value]}; }
  [[nodiscard]] std::span<street_edge const> edges_of(node_index n) const {
    auto const begin = arrays_.first_edge[n.value];
    return {arrays_.edges.data() + begin, arrays_.first_edge[n.value + 1] - begin};
  }
  [[nodiscard]] street_edge const& edge(edge_index e) const { return arrays_.edges[e.value]; }
  [[nodiscard]] node_index source(edge_index e) const { return edge(edge(e).reverse()).target(); }
  [[nodiscard]] street_segment const& segment(segment_index s) const { return arrays_.segments[s.value]; }
  [[nodiscard]] bool is_forward(edge_index e) const { return segment(edge(e).segment()).forward == e; }
  /// Points between the segment's nodes, in the direction of its forward edge.
  [[nodiscard]] std::span<place_e7 const> inner_shape(segment_index s) const {
    auto const begin = arrays_.segments[s.value].first_shape;
    bool const last = s.value + 1 == arrays_.segments.size();
    std::size_t const end = last ? arrays_.shape.size() : arrays_.segments[s.value + 1].first_shape;
    return {arrays_.shape.data() + begin, end - begin};
  }
  /// Local and Latin name; empty when unnamed.
  [[nodiscard]] std::string_view name(std::uint32_t name) const { return text(2 * name); }
  [[nodiscard]] std::string_view name_latin(std::uint32_t name) const { return text(2 * name + 1); }
  [[nodiscard]] std::size_t name_count() const { return arrays_.texts.size() / 2; }
  [[nodiscard]] street_views const& arrays() const { return arrays_; }
  /// The file: header, checksum and all.
  [[nodiscard]] std::span<std::byte const> bytes() const { return kept_.bytes; }

 private:
  friend result<street_graph> read_street_graph(shared_bytes bytes);
  street_graph(shared_bytes kept, street_views const& arrays);
  [[nodiscard]] std::string_view text(std::uint32_t at) const;

  shared_bytes kept_;
  street_views arrays_;
  graph_id id_;
};

/// A copy of the graph's file: magic, version, size, checksum, arrays; little-endian, 8-byte aligned.
[[nodiscard]] std::vector<std::byte> write_street_graph(street_graph const& streets);
/// Points into the bytes. Checks every index before use. Failures: malformed, schema_mismatch (another version of the
/// format).
[[nodiscard]] result<street_graph> read_street_graph(shared_bytes bytes);
/// The same from a copy of the bytes.
[[nodiscard]] result<street_graph> read_street_graph(std::span<std::byte const> bytes);

}  // namespace siren
