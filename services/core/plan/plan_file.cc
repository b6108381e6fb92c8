#include <algorithm>

#include "core/plan/plan_records.h"

namespace siren {
namespace {

constexpr file_format kFormat{"SIRENPLN", 2};

bool fits(city_plan const& p, reach const& walks) {
  if (p.facts.size() != walks.target_count()) return false;
  for (std::uint32_t t = 0; t < p.facts.size(); ++t)
    if (p.facts[t].entrances.size() != walks.doors(gait::foot, target_index{t}).size()) return false;
  return true;
}

}  // namespace

std::vector<std::byte> write_plan(city_plan const& p) {
  byte_writer out;
  out.value(p.version);
  out.value(p.graph.value);
  out.value(p.walks.value);
  out.value(static_cast<std::uint64_t>(p.facts.size()));
  for (auto const& facts : p.facts) write_facts(out, facts);
  out.pad();
  std::vector<state_record> states(p.states.size());
  std::transform(p.states.begin(), p.states.end(), states.begin(), to_record);
  out.array(states);
  write_rides(out, p);
  for (auto const& profile : p.profiles) write_node_options(out, changed_options(nullptr, profile));
  return seal(kFormat, out.bytes());
}

result<city_plan> read_plan(std::span<std::byte const> bytes, street_graph const& streets, reach const& walks) {
  auto const body = unseal(kFormat, bytes);
  if (!body) return body.error();
  byte_reader in{*body};
  city_plan p;
  p.version = in.value<std::uint64_t>();
  p.graph = graph_id{in.value<std::uint64_t>()};
  p.walks = reach_id{in.value<std::uint64_t>()};
  if (in.ok() && p.graph != streets.id()) return failure{reason::schema_mismatch, "plan: made for other streets"};
  if (in.ok() && (p.walks != walks.id() || walks.graph() != p.graph))
    return failure{reason::schema_mismatch, "plan: made for other walking times"};
  auto const targets = in.value<std::uint64_t>();
  while (in.ok() && p.facts.size() < targets) {
    p.facts.push_back(read_facts(in));
    if (in.ok() && !facts_hold(p.facts.back())) return failure{reason::malformed, "plan: a target is out of range"};
  }
  in.pad();
  auto const states = in.array<state_record>();
  read_rides(in, p);
  if (!in.ok() || states.size() != targets || !std::all_of(states.begin(), states.end(), record_holds) ||
      !rides_hold(p) || !fits(p, walks))
    return failure{reason::malformed, "plan: targets are not those of the walking times"};
  p.states.resize(states.size());
  std::transform(states.begin(), states.end(), p.states.begin(), from_record);
  for (auto& profile : p.profiles) {
    auto const options = read_node_options(in);
    if (!in.ok() || !options_hold(options, streets.node_count(), p))
      return failure{reason::malformed, "plan: an option leads nowhere"};
    profile = merged(nullptr, options, streets.node_count());
  }
  if (!in.at_end()) return failure{reason::malformed, "plan: arrays do not fill the file"};
  return p;
}

}  // namespace siren
