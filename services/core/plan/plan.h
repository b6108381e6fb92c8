#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/target_index.h"
#include "core/route/guidance.h"
#include "core/route/metro.h"
#include "core/route/reach.h"

namespace siren {

/// Which part of a place's people a phone belongs to. Drawn evenly, so that n of 65,536 shares are n of 65,536 phones.
using phone_share = strong_id<struct phone_share_tag, std::uint16_t>;
/// Hash (FNV-1a, mixed) of the random id that a phone's app made for itself: the same share each time. An empty id has
/// share 0.
[[nodiscard]] phone_share share_of(std::string_view phone_id);

/// What a target is. Changes seldom. A target has the number that it has in the reach.
struct target_facts {
  shelter_id shelter;
  shelter_type type = shelter_type::basic;
  metro_role role = metro_role::none;  // that holds now
  std::string name_uk;
  std::string name_en;
  std::vector<entrance> entrances;  // the reach's doors, in its order
  std::uint8_t offers = 0;          // shelter_need bits
  bool generated = false;
  friend bool operator==(target_facts const&, target_facts const&) = default;
};

/// How a target is now.
struct target_state {
  std::uint32_t price_ds = 0;  // what a place here is worth to those without; 0 while there is room to spare
  room_band room = room_band::hidden;
  bool open = false;    // people may be sent
  bool spare = false;   // open, and with room for more than those who are sent already
  bool boards = false;  // rides begin here
  friend bool operator==(target_state const&, target_state const&) = default;
};

/// metro_ride by number, with whole tenths of seconds.
struct plan_ride {
  target_index board;
  target_index alight;
  std::uint32_t usual_ds = 0;  // wait and run, from the platform
  std::uint32_t slow_ds = 0;
  std::uint32_t line = 0;  // of the plan's lines
  friend bool operator==(plan_ride const&, plan_ride const&) = default;
};
inline constexpr std::uint16_t kNoRide = 0xFFFF;

/// A share of a node's people of one profile. Options lie in order of last_share and the last one's is 65,535; a phone
/// takes the first whose last_share is not less than its own.
struct node_option {
  target_index target{kNoIndex};  // kNoIndex: takes cover where it is
  std::uint16_t ride = kNoRide;   // of the plan's rides: walk to its board instead
  std::uint16_t last_share = 0xFFFF;
  friend bool operator==(node_option const&, node_option const&) = default;
};

struct profile_options {
  std::vector<std::uint32_t> first;  // nodes + 1
  std::vector<node_option> options;
  /// Empty for a node without people: who is there borrows (judge.h, choose).
  [[nodiscard]] std::span<node_option const> at(node_index n) const {
    return {options.data() + first[n.value], first[n.value + 1] - first[n.value]};
  }
  friend bool operator==(profile_options const&, profile_options const&) = default;
};

/// Who goes where. Walking times and ways are the reach's, which does not change with it. Immutable once published;
/// safe from any thread.
struct city_plan {
  std::uint64_t version = 0;
  graph_id graph;
  reach_id walks;
  std::vector<target_facts> facts;   // one per target of the reach
  std::vector<target_state> states;  // the same
  std::vector<std::string> lines;    // names of metro lines, as people know them
  std::vector<plan_ride> rides;      // in order of board and alight; at most 65,535
  std::array<profile_options, kWalkingProfiles> profiles;

  [[nodiscard]] profile_options const& of(walking_profile p) const { return profiles[index_of(p)]; }
  [[nodiscard]] std::span<plan_ride const> rides_from(target_index board) const;
  friend bool operator==(city_plan const&, city_plan const&) = default;
};

/// The rides between stations that are targets, as a plan holds them; `lines` gets the names of the lines that are
/// used.
[[nodiscard]] std::vector<plan_ride> to_plan_rides(std::span<metro_ride const> rides, metro_network const& network,
                                                   std::span<target_facts const> facts,
                                                   std::vector<std::string>& lines);

/// One versioned file with a checksum.
[[nodiscard]] std::vector<std::byte> write_plan(city_plan const& p);
/// Checks every index against the streets and the reach. Failures: malformed, schema_mismatch (another version of the
/// format, other streets or another reach).
[[nodiscard]] result<city_plan> read_plan(std::span<std::byte const> bytes, street_graph const& streets,
                                          reach const& walks);

/// What differs from `base` to `next`, two plans for the same streets and reach: changed nodes, changed targets, and
/// the rides when they differ.
[[nodiscard]] std::vector<std::byte> write_delta(city_plan const& base, city_plan const& next);
/// `next` as it was written. Failures: malformed (also: what comes out is not the plan that was written),
/// schema_mismatch (another version of the format), plan_missing (`base` is not the plan that the delta was made for).
[[nodiscard]] result<city_plan> apply_delta(city_plan const& base, std::span<std::byte const> delta);

}  // namespace siren
