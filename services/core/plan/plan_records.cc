#include "core/plan/plan_records.h"

#include <algorithm>
#include <cmath>

namespace siren {
namespace {

constexpr std::uint32_t kOpenBit = 1U << 8;
constexpr std::uint32_t kSpareBit = 1U << 9;
constexpr std::uint32_t kBoardsBit = 1U << 10;
/// A day: keeps every sum of times below 2^32 ms.
constexpr std::uint32_t kMaxRideDs = 864'000;

bool shares_rise(std::span<node_option const> options) {
  for (std::size_t i = 1; i < options.size(); ++i)
    if (options[i].last_share <= options[i - 1].last_share) return false;
  return options.back().last_share == 0xFFFF;
}

bool option_holds(node_option const& o, city_plan const& p) {
  if (o.target.value == kNoIndex) return o.ride == kNoRide;
  if (o.target.value >= p.facts.size()) return false;
  return o.ride == kNoRide || (o.ride < p.rides.size() && p.rides[o.ride].alight == o.target);
}

bool same(std::span<node_option const> a, std::span<node_option const> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

}  // namespace

void write_facts(byte_writer& out, target_facts const& facts) {
  out.text(facts.shelter.value);
  out.value(facts.type);
  out.value(facts.role);
  out.text(facts.name_uk);
  out.text(facts.name_en);
  out.value(facts.offers);
  out.value(static_cast<std::uint8_t>(facts.generated ? 1 : 0));
  out.value(static_cast<std::uint32_t>(facts.entrances.size()));
  for (auto const& door : facts.entrances) {
    out.text(door.name);
    out.value(door.place.lat.value);
    out.value(door.place.lon.value);
    out.value(static_cast<std::uint8_t>(door.step_free ? 1 : 0));
  }
}

target_facts read_facts(byte_reader& in) {
  target_facts facts;
  facts.shelter = shelter_id{in.text()};
  facts.type = in.value<shelter_type>();
  facts.role = in.value<metro_role>();
  facts.name_uk = in.text();
  facts.name_en = in.text();
  facts.offers = in.value<std::uint8_t>();
  facts.generated = in.value<std::uint8_t>() != 0;
  auto const doors = in.value<std::uint32_t>();
  while (in.ok() && facts.entrances.size() < doors) {
    entrance door;
    door.name = in.text();
    door.place.lat = degrees{in.value<double>()};
    door.place.lon = degrees{in.value<double>()};
    door.step_free = in.value<std::uint8_t>() != 0;
    facts.entrances.push_back(std::move(door));
  }
  return facts;
}

bool facts_hold(target_facts const& facts) {
  bool const named = facts.type >= shelter_type::storage && facts.type <= shelter_type::mobile &&
                     facts.role <= metro_role::no_power && !facts.shelter.value.empty();
  return named && std::all_of(facts.entrances.begin(), facts.entrances.end(),
                              [](auto const& door) { return on_earth(door.place); });
}

state_record to_record(target_state const& state) {
  return {state.price_ds, static_cast<std::uint32_t>(state.room) | (state.open ? kOpenBit : 0) |
                              (state.spare ? kSpareBit : 0) | (state.boards ? kBoardsBit : 0)};
}

target_state from_record(state_record const& record) {
  return {record.price_ds, static_cast<room_band>(record.bits & 0xFF), (record.bits & kOpenBit) != 0,
          (record.bits & kSpareBit) != 0, (record.bits & kBoardsBit) != 0};
}

bool record_holds(state_record const& record) {
  bool const spare_is_open = (record.bits & kSpareBit) == 0 || (record.bits & kOpenBit) != 0;
  return (record.bits & 0xFF) <= static_cast<std::uint32_t>(room_band::little) && record.bits < 2 * kBoardsBit &&
         spare_is_open;
}

void write_rides(byte_writer& out, city_plan const& p) {
  out.value(static_cast<std::uint32_t>(p.lines.size()));
  for (auto const& line : p.lines) out.text(line);
  out.pad();
  out.array(p.rides);
}

void read_rides(byte_reader& in, city_plan& p) {
  p.lines.clear();
  auto const lines = in.value<std::uint32_t>();
  while (in.ok() && p.lines.size() < lines) p.lines.push_back(in.text());
  in.pad();
  p.rides = in.array<plan_ride>();
}

bool rides_hold(city_plan const& p) {
  auto const ordered = [](auto const& a, auto const& b) {
    return a.board != b.board ? a.board < b.board : a.alight < b.alight;
  };
  auto const holds = [&](plan_ride const& r) {
    return r.board.value < p.facts.size() && r.alight.value < p.facts.size() && r.line < p.lines.size() &&
           r.usual_ds <= kMaxRideDs && r.slow_ds <= kMaxRideDs;
  };
  return p.rides.size() <= kNoRide && std::is_sorted(p.rides.begin(), p.rides.end(), ordered) &&
         std::all_of(p.rides.begin(), p.rides.end(), holds);
}

node_options changed_options(profile_options const* base, profile_options const& next) {
  node_options changed;
  for (std::uint32_t n = 0; n + 1 < next.first.size(); ++n) {
    auto const now = next.at(node_index{n});
    auto const before = base == nullptr ? std::span<node_option const>{} : base->at(node_index{n});
    if (same(before, now)) continue;
    verify(now.size() <= 0xFFFF, "a node has few options");
    changed.nodes.push_back(n);
    changed.counts.push_back(static_cast<std::uint16_t>(now.size()));
    changed.options.insert(changed.options.end(), now.begin(), now.end());
  }
  return changed;
}

void write_node_options(byte_writer& out, node_options const& changed) {
  out.pad();
  out.array(changed.nodes);
  out.array(changed.counts);
  out.array(changed.options);
}

node_options read_node_options(byte_reader& in) {
  in.pad();
  node_options changed;
  changed.nodes = in.array<std::uint32_t>();
  changed.counts = in.array<std::uint16_t>();
  changed.options = in.array<node_option>();
  return changed;
}

bool options_hold(node_options const& changed, std::size_t nodes, city_plan const& p) {
  if (changed.nodes.size() != changed.counts.size()) return false;
  std::size_t at = 0;
  for (std::size_t i = 0; i < changed.nodes.size(); ++i) {
    if (changed.nodes[i] >= nodes || (i != 0 && changed.nodes[i] <= changed.nodes[i - 1])) return false;
    if (changed.counts[i] > changed.options.size() - at) return false;
    if (changed.counts[i] != 0 && !shares_rise({changed.options.data() + at, changed.counts[i]})) return false;
    at += changed.counts[i];
  }
  return at == changed.options.size() &&
         std::all_of(changed.options.begin(), changed.options.end(), [&](auto const& o) { return option_holds(o, p); });
}

profile_options merged(profile_options const* base, node_options const& changed, std::size_t nodes) {
  profile_options made;
  made.first.reserve(nodes + 1);
  made.options.reserve((base == nullptr ? 0 : base->options.size()) + changed.options.size());
  std::size_t next = 0;
  auto from = changed.options.begin();
  for (std::uint32_t n = 0; n < nodes; ++n) {
    made.first.push_back(static_cast<std::uint32_t>(made.options.size()));
    if (next < changed.nodes.size() && changed.nodes[next] == n) {
      made.options.insert(made.options.end(), from, from + changed.counts[next]);
      from += changed.counts[next++];
    } else if (base != nullptr) {
      auto const kept = base->at(node_index{n});
      made.options.insert(made.options.end(), kept.begin(), kept.end());
    }
  }
  made.first.push_back(static_cast<std::uint32_t>(made.options.size()));
  return made;
}

}  // namespace siren
