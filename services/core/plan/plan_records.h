#pragma once

#include <cstdint>
#include <vector>

#include "core/plan/plan.h"
#include "core/route/binary.h"

namespace siren {

/// How plans and deltas lie in bytes.
void write_facts(byte_writer& out, target_facts const& facts);
[[nodiscard]] target_facts read_facts(byte_reader& in);
[[nodiscard]] bool facts_hold(target_facts const& facts);

struct state_record {
  std::uint32_t price_ds = 0;
  std::uint32_t bits = 0;  // room band, open << 8, spare << 9, boards << 10
};
[[nodiscard]] state_record to_record(target_state const& state);
[[nodiscard]] target_state from_record(state_record const& record);
[[nodiscard]] bool record_holds(state_record const& record);

void write_rides(byte_writer& out, city_plan const& p);
void read_rides(byte_reader& in, city_plan& p);
/// In order, between targets, on named lines.
[[nodiscard]] bool rides_hold(city_plan const& p);

/// Nodes and the options that they have now.
struct node_options {
  std::vector<std::uint32_t> nodes;   // rising
  std::vector<std::uint16_t> counts;  // one per node; 0: none any more
  std::vector<node_option> options;   // behind one another
};
/// Of the nodes where the two differ; a null base has none.
[[nodiscard]] node_options changed_options(profile_options const* base, profile_options const& next);
void write_node_options(byte_writer& out, node_options const& changed);
[[nodiscard]] node_options read_node_options(byte_reader& in);
/// Nodes rise below `nodes`, shares rise to the last, targets and rides are the plan's.
[[nodiscard]] bool options_hold(node_options const& changed, std::size_t nodes, city_plan const& p);
/// `base` (null: empty) with the changes, over `nodes` nodes.
[[nodiscard]] profile_options merged(profile_options const* base, node_options const& changed, std::size_t nodes);

}  // namespace siren
