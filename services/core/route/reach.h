#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/result.h"
#include "core/base/target_index.h"
#include "core/route/anchor.h"
#include "core/route/shared_bytes.h"

namespace siren {

/// Hash of a reach's content: equal id, equal indices and times.
using reach_id = strong_id<struct reach_tag, std::uint64_t>;

/// `next` of an entry whose way goes straight to a door.
inline constexpr std::uint16_t kReachRoot = 0xFFFF;

/// A node from which a target is in reach. A target's entries lie in order of time, so `next`, the local index of the
/// entry to walk to, is less than the entry's own and every chain ends. The edge between them is reach_edge().
struct reach_entry {
  node_index node;
  std::uint16_t next = kReachRoot;
  std::uint16_t time_ds = 0;  // through the door to cover, at the gait's pace; tenths of seconds, rounded up
  friend bool operator==(reach_entry const&, reach_entry const&) = default;
};
/// Which door of the target a root leads to.
struct reach_root {
  std::uint16_t local = 0;  // index of the entry
  std::uint16_t door = 0;   // among the target's doors
  friend bool operator==(reach_root const&, reach_root const&) = default;
};
/// The same table seen from a node.
struct reach_choice {
  target_index target;
  std::uint16_t local = 0;  // among the target's entries
  std::uint16_t time_ds = 0;
  friend bool operator==(reach_choice const&, reach_choice const&) = default;
};

/// How far a target's table goes: to `least_entries` nodes and on until people_per_place × its room live within it; and
/// beyond, for the nodes alone that have no `nearest` others nearer, with their ways.
struct reach_policy {
  /// The shortest and the longest useful table. 5,000 targets × 1,000 nodes give each of 250,000 nodes 20 choices.
  std::uint32_t least_entries = 1'000;
  std::uint32_t most_entries = 65'534;  // what a local index can name; nodes that have few others nearer come first
  /// Room for one in 25 people within reach leaves an assignment enough to choose from. Our choice, after the measured
  /// 30 choices a node with which an auction came within 0.025 % of the optimum.
  double people_per_place = 25.0;
  /// Nearest targets that every node keeps however far they are: one may be closed, the next full.
  std::uint32_t nearest = 3;
  /// At the gait's pace. As the longest walk that anybody is told; 6,553 s at most.
  seconds longest_walk{3'600};
};

/// What a reach is made from. Nothing of it changes with what is open, full or assigned.
struct reach_input {
  walking_conditions now;  // for the record; `paces` say what they mean
  std::array<walking_pace, kGaits> paces;
  closed_segments closed;
  /// Targets + 1: target t has the doors first_door[t] .. first_door[t + 1], at most 65,535.
  std::vector<std::uint32_t> first_door{0};
  std::array<std::vector<anchor>, kGaits> doors;  // by gait: one anchor a door
  std::vector<std::uint32_t> room;                // one per target: places, as built
  std::vector<std::uint32_t> people;              // one per street node, or none when unknown
  [[nodiscard]] std::size_t target_count() const { return first_door.size() - 1; }
};

/// Entries of a range of targets.
struct reach_part {
  std::vector<std::uint32_t> first_entry{0};  // targets of the range + 1
  std::vector<std::uint32_t> first_root{0};
  std::vector<reach_entry> entries;
  std::vector<reach_root> roots;
};

class reach_grid;

/// Searches one gait's tables. Making it costs a few fields of the city (which targets are nearest to each node); then
/// search() may run on several threads, each with its own range. The result does not depend on the ranges.
/// `streets` and `input` must outlive it.
/// Algorithm: Dijkstra from a target's doors over reversed edges, one target after another in kept scratch.
class reach_search {
 public:
  reach_search(street_graph const& streets, reach_input const& input, gait g, reach_policy const& policy = {});
  ~reach_search();
  reach_search(reach_search const&) = delete;
  reach_search& operator=(reach_search const&) = delete;
  [[nodiscard]] reach_part search(target_index begin, target_index end) const;

 private:
  std::unique_ptr<reach_grid const> grid_;
};

/// From where every target is in reach, for both gaits: one sealed buffer, in memory or mapped. Immutable, safe from
/// any thread.
class reach {
 public:
  [[nodiscard]] reach_id id() const { return id_; }
  [[nodiscard]] graph_id graph() const { return graph_; }
  [[nodiscard]] walking_conditions conditions() const { return now_; }
  [[nodiscard]] std::size_t target_count() const { return first_door_.size() - 1; }
  [[nodiscard]] edge_costs const& costs(gait g) const { return of(g).costs; }
  [[nodiscard]] walking_pace const& pace(gait g) const { return of(g).pace; }
  [[nodiscard]] std::span<anchor const> doors(gait g, target_index t) const { return cut(of(g).doors, first_door_, t); }
  [[nodiscard]] std::span<reach_entry const> entries(gait g, target_index t) const {
    return cut(of(g).entries, of(g).first_entry, t);
  }
  /// In order of `local`.
  [[nodiscard]] std::span<reach_root const> roots(gait g, target_index t) const {
    return cut(of(g).roots, of(g).first_root, t);
  }
  [[nodiscard]] std::size_t entry_count(gait g) const { return of(g).entries.size(); }
  /// The file: header, checksum and all.
  [[nodiscard]] std::span<std::byte const> bytes() const { return kept_.bytes; }

 private:
  friend class reach_reader;
  reach() = default;
  struct table {
    walking_pace pace;
    edge_costs costs{walking_pace{}};
    std::span<anchor const> doors;
    std::span<std::uint32_t const> first_entry;
    std::span<reach_entry const> entries;
    std::span<std::uint32_t const> first_root;
    std::span<reach_root const> roots;
  };
  template <typename T>
  static std::span<T const> cut(std::span<T const> all, std::span<std::uint32_t const> first, target_index t) {
    return all.subspan(first[t.value], first[t.value + 1] - first[t.value]);
  }
  [[nodiscard]] table const& of(gait g) const { return tables_[static_cast<std::size_t>(g)]; }

  shared_bytes kept_;
  reach_id id_;
  graph_id graph_;
  walking_conditions now_;
  std::span<std::uint32_t const> first_door_;
  std::array<table, kGaits> tables_;
};

/// Joins what searches found: for each gait the parts of adjoining ranges, in order, from target 0 to the last.
[[nodiscard]] reach join_reach(street_graph const& streets, reach_input const& input,
                               std::array<std::vector<reach_part>, kGaits> const& parts);
/// All on this thread.
[[nodiscard]] reach make_reach(street_graph const& streets, reach_input const& input, reach_policy const& policy = {});
/// Points into the bytes. Checks every index, and that every chain is a way that may be walked. Failures: malformed,
/// schema_mismatch (another version of the format, or other streets).
[[nodiscard]] result<reach> read_reach(shared_bytes bytes, street_graph const& streets);

/// The edge from an entry's node to its next: the cheapest that may be walked, the first of equals; kNoIndex for a
/// root.
[[nodiscard]] edge_index reach_edge(street_graph const& streets, edge_costs const& costs,
                                    std::span<reach_entry const> entries, std::uint16_t local);
/// Appends the edges from an entry's node to its root's, in walking order. The root's local index.
std::uint16_t follow_reach(street_graph const& streets, edge_costs const& costs, std::span<reach_entry const> entries,
                           std::uint16_t local, std::vector<edge_index>& out);
/// The door (among the target's) that a root leads to.
[[nodiscard]] std::uint16_t door_of(std::span<reach_root const> roots, std::uint16_t root_local);

/// One gait's reach by node.
class reach_choices {
 public:
  /// Counts and leaves the lists to fill().
  reach_choices(reach const& from, gait g, std::size_t node_count);
  /// Fills the lists of a range of nodes; several threads may fill ranges that don't overlap.
  void fill(reach const& from, node_index begin, node_index end);
  /// Made and filled on this thread.
  [[nodiscard]] static reach_choices all(reach const& from, gait g, std::size_t node_count);

  /// In order of time; equal times in order of local index, then of target.
  [[nodiscard]] std::span<reach_choice const> at(node_index n) const {
    return {choices_.data() + first_[n.value], first_[n.value + 1] - first_[n.value]};
  }
  [[nodiscard]] std::size_t node_count() const { return first_.size() - 1; }
  [[nodiscard]] std::size_t size() const { return choices_.size(); }

 private:
  gait gait_;
  std::vector<std::uint32_t> first_;  // nodes + 1
  std::vector<reach_choice> choices_;
};

}  // namespace siren
