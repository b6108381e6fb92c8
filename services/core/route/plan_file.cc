#include <algorithm>
#include <cmath>

#include "core/route/binary.h"
#include "core/route/plan.h"

namespace siren {
namespace {

constexpr file_format kFormat{"SIRENPLN", 2};
/// Bounds of a sane anchor: 100 km and a day keep every sum of times below 2^32 ms.
constexpr std::uint32_t kMaxAccessCm = 10'000'000;
constexpr std::uint32_t kMaxInsideMs = 86'400'000;

void write_door(byte_writer& out, shelter_door const& d) {
  out.text(d.shelter.value);
  out.value(d.entrance_index);
  out.value(d.type);
  out.value(d.role);
  out.text(d.name_uk);
  out.text(d.name_en);
  out.text(d.entrance_name);
  out.value(d.place.lat.value);
  out.value(d.place.lon.value);
  out.value(static_cast<std::uint8_t>((d.step_free ? 1 : 0) | (d.generated ? 2 : 0)));
}

shelter_door read_door(byte_reader& in) {
  shelter_door d;
  d.shelter = shelter_id{in.text()};
  d.entrance_index = in.value<std::uint32_t>();
  d.type = in.value<shelter_type>();
  d.role = in.value<metro_role>();
  d.name_uk = in.text();
  d.name_en = in.text();
  d.entrance_name = in.text();
  d.place.lat = degrees{in.value<double>()};
  d.place.lon = degrees{in.value<double>()};
  auto const traits = in.value<std::uint8_t>();
  d.step_free = (traits & 1) != 0;
  d.generated = (traits & 2) != 0;
  return d;
}

bool door_holds(shelter_door const& d) {
  bool const named =
      d.type >= shelter_type::storage && d.type <= shelter_type::mobile && d.role <= metro_role::no_power;
  return named && !d.shelter.value.empty() && std::abs(d.place.lat.value) <= 90.0 &&
         std::abs(d.place.lon.value) <= 180.0;
}

void write_profile(byte_writer& out, profile_plan const& p) {
  auto const& pace = p.pace;
  for (auto const v :
       {pace.flat.value, pace.steps_down, pace.steps_up, pace.slope_up, pace.slope_down, pace.rough, pace.unlit})
    out.value(v);
  out.value(static_cast<std::uint64_t>(p.pace.wheels ? 1 : 0));
  out.array(p.anchors);
  out.array(p.nodes);
}

profile_plan read_profile(byte_reader& in) {
  profile_plan p;
  p.pace.flat = meters_per_second{in.value<double>()};
  for (auto* const v :
       {&p.pace.steps_down, &p.pace.steps_up, &p.pace.slope_up, &p.pace.slope_down, &p.pace.rough, &p.pace.unlit})
    *v = in.value<double>();
  p.pace.wheels = in.value<std::uint64_t>() != 0;
  p.anchors = in.array<anchor>();
  p.nodes = in.array<node_guide>();
  return p;
}

bool pace_holds(walking_pace const& pace) {
  auto const within = [](double v, double low, double high) { return v >= low && v <= high; };  // false for NaN
  if (!within(pace.flat.value, 0.1, 10.0)) return false;
  for (auto const v : {pace.steps_down, pace.steps_up, pace.slope_up, pace.slope_down, pace.rough, pace.unlit})
    if (!within(v, 0.1, 2.0)) return false;
  return true;
}

bool anchor_holds(anchor const& a, street_graph const& streets) {
  if (a.edge.value == kNoIndex) return true;
  return a.edge.value < streets.edge_count() && streets.is_forward(a.edge) &&
         a.along_cm <= streets.edge(a.edge).length_cm() && a.access_cm <= kMaxAccessCm && a.inside_ms <= kMaxInsideMs;
}

/// A node's time is never understated and falls along its pointer, so every chain ends at its door.
bool node_holds(node_index n, profile_plan const& p, street_graph const& streets) {
  auto const& guide = p.nodes[n.value];
  if (guide.door == kNoIndex) return guide == node_guide{};
  if (guide.door >= p.anchors.size() || p.anchors[guide.door].edge.value == kNoIndex) return false;
  if (guide.next.value == kNoIndex) {
    auto const& door = p.anchors[guide.door];
    std::uint32_t least = kNoIndex;
    if (streets.source(door.edge) == n) least = std::min(least, last_stretch_ms(streets, p.costs, door, true));
    if (streets.edge(door.edge).target() == n) least = std::min(least, last_stretch_ms(streets, p.costs, door, false));
    return least != kNoIndex && guide.usual_ms >= least;
  }
  if (guide.next.value >= streets.edge_count() || streets.source(guide.next) != n) return false;
  auto const& edge = streets.edge(guide.next);
  auto const& after = p.nodes[edge.target().value];
  if (!p.costs.allows(edge) || after.door != guide.door) return false;
  return guide.usual_ms >= std::uint64_t{after.usual_ms} + p.costs.cost_ms(edge);
}

bool profile_holds(profile_plan& p, std::size_t doors, street_graph const& streets) {
  if (!pace_holds(p.pace) || p.anchors.size() != doors || p.nodes.size() != streets.node_count()) return false;
  if (!std::all_of(p.anchors.begin(), p.anchors.end(), [&](auto const& a) { return anchor_holds(a, streets); }))
    return false;
  index_profile(p);
  for (std::uint32_t n = 0; n < p.nodes.size(); ++n)
    if (!node_holds(node_index{n}, p, streets)) return false;
  return true;
}

}  // namespace

std::vector<std::byte> write_plan(plan const& p) {
  byte_writer out;
  out.value(p.version);
  out.value(p.graph.value);
  out.value(static_cast<std::uint64_t>(p.doors.size()));
  for (auto const& d : p.doors) write_door(out, d);
  out.pad();
  for (auto const& profile : p.profiles) write_profile(out, profile);
  return seal(kFormat, out.bytes());
}

result<plan> read_plan(std::span<std::byte const> bytes, street_graph const& streets) {
  auto const body = unseal(kFormat, bytes);
  if (!body) return body.error();
  byte_reader in{*body};
  plan p;
  p.version = in.value<std::uint64_t>();
  p.graph = graph_id{in.value<std::uint64_t>()};
  if (in.ok() && p.graph != streets.id()) return failure{reason::schema_mismatch, "plan: made for other streets"};
  auto const doors = in.value<std::uint64_t>();
  while (in.ok() && p.doors.size() < doors) {
    p.doors.push_back(read_door(in));
    if (in.ok() && !door_holds(p.doors.back())) return failure{reason::malformed, "plan: a door is out of range"};
  }
  in.pad();
  for (auto& profile : p.profiles) profile = read_profile(in);
  if (!in.at_end()) return failure{reason::malformed, "plan: arrays do not fill the file"};
  for (auto& profile : p.profiles)
    if (!profile_holds(profile, p.doors.size(), streets))
      return failure{reason::malformed, "plan: a pointer leads nowhere or a time is understated"};
  return p;
}

}  // namespace siren
