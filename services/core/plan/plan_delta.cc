#include <algorithm>
#include <array>

#include "core/base/verify.h"
#include "core/plan/plan_records.h"

namespace siren {
namespace {

constexpr file_format kFormat{"SIRENDLT", 1};

template <typename T>
std::uint64_t sum_of(std::vector<T> const& values) {
  return checksum(std::as_bytes(std::span<T const>{values}));
}

/// Of everything that changes from plan to plan but the facts' words, which a delta's own checksum covers.
std::uint64_t content_of(city_plan const& p) {
  std::vector<std::uint64_t> sums{p.version, p.graph.value, p.walks.value, sum_of(p.rides)};
  std::vector<state_record> states(p.states.size());
  std::transform(p.states.begin(), p.states.end(), states.begin(), to_record);
  sums.push_back(sum_of(states));
  for (auto const& profile : p.profiles) {
    sums.push_back(sum_of(profile.first));
    sums.push_back(sum_of(profile.options));
  }
  return sum_of(sums);
}

template <typename T>
std::vector<std::uint32_t> differing(std::vector<T> const& a, std::vector<T> const& b) {
  std::vector<std::uint32_t> at;
  for (std::uint32_t i = 0; i < b.size(); ++i)
    if (!(a[i] == b[i])) at.push_back(i);
  return at;
}

bool below(std::vector<std::uint32_t> const& indices, std::size_t end) {
  return std::all_of(indices.begin(), indices.end(), [&](auto i) { return i < end; });
}

/// Facts and states of the targets that changed.
bool read_targets(byte_reader& in, city_plan& next) {
  auto const facts_at = in.array<std::uint32_t>();
  if (!in.ok() || !below(facts_at, next.facts.size())) return false;
  for (auto const t : facts_at) {
    auto facts = read_facts(in);
    if (!in.ok() || !facts_hold(facts) || facts.entrances.size() != next.facts[t].entrances.size()) return false;
    next.facts[t] = std::move(facts);
  }
  in.pad();
  auto const states_at = in.array<std::uint32_t>();
  auto const states = in.array<state_record>();
  if (!in.ok() || states.size() != states_at.size() || !below(states_at, next.states.size())) return false;
  for (std::size_t i = 0; i < states.size(); ++i) {
    if (!record_holds(states[i])) return false;
    next.states[states_at[i]] = from_record(states[i]);
  }
  return true;
}

}  // namespace

std::vector<std::byte> write_delta(city_plan const& base, city_plan const& next) {
  verify(base.graph == next.graph && base.walks == next.walks && base.facts.size() == next.facts.size(),
         "a delta is between plans for the same streets and walking times");
  byte_writer out;
  out.value(base.version);
  out.value(next.version);
  out.value(next.graph.value);
  out.value(next.walks.value);
  out.value(content_of(next));
  auto const facts_at = differing(base.facts, next.facts);
  out.array(facts_at);
  for (auto const t : facts_at) write_facts(out, next.facts[t]);
  out.pad();
  auto const states_at = differing(base.states, next.states);
  out.array(states_at);
  std::vector<state_record> states;
  states.reserve(states_at.size());
  for (auto const t : states_at) states.push_back(to_record(next.states[t]));
  out.array(states);
  bool const rides_differ = base.rides != next.rides || base.lines != next.lines;
  out.value(static_cast<std::uint64_t>(rides_differ ? 1 : 0));
  if (rides_differ) write_rides(out, next);
  for (std::size_t i = 0; i < kWalkingProfiles; ++i)
    write_node_options(out, changed_options(&base.profiles[i], next.profiles[i]));
  return seal(kFormat, out.bytes());
}

result<city_plan> apply_delta(city_plan const& base, std::span<std::byte const> delta) {
  auto const body = unseal(kFormat, delta);
  if (!body) return body.error();
  byte_reader in{*body};
  auto const base_version = in.value<std::uint64_t>();
  auto const version = in.value<std::uint64_t>();
  graph_id const graph{in.value<std::uint64_t>()};
  reach_id const walks{in.value<std::uint64_t>()};
  auto const content = in.value<std::uint64_t>();
  if (!in.ok()) return failure{reason::malformed, "delta: cut off"};
  if (base.version != base_version || base.graph != graph || base.walks != walks)
    return failure{reason::plan_missing, "delta: made for plan " + std::to_string(base_version) + ", not for " +
                                             std::to_string(base.version)};
  city_plan next;
  next.version = version;
  next.graph = graph;
  next.walks = walks;
  next.facts = base.facts;
  next.states = base.states;
  if (!read_targets(in, next)) return failure{reason::malformed, "delta: a target is out of range"};
  next.lines = base.lines;
  next.rides = base.rides;
  if (in.value<std::uint64_t>() != 0) read_rides(in, next);
  if (!in.ok() || !rides_hold(next)) return failure{reason::malformed, "delta: a ride leads nowhere"};
  for (std::size_t i = 0; i < kWalkingProfiles; ++i) {
    auto const nodes = base.profiles[i].first.size() - 1;
    auto const changed = read_node_options(in);
    if (!in.ok() || !options_hold(changed, nodes, next))
      return failure{reason::malformed, "delta: an option leads nowhere"};
    next.profiles[i] = merged(&base.profiles[i], changed, nodes);
  }
  if (!in.at_end()) return failure{reason::malformed, "delta: arrays do not fill the file"};
  if (content_of(next) != content) return failure{reason::malformed, "delta: does not lead to the plan it names"};
  return next;
}

}  // namespace siren
