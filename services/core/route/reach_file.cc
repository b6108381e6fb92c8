#include <algorithm>
#include <optional>

#include "core/base/verify.h"
#include "core/route/binary.h"
#include "core/route/reach.h"

namespace siren {
namespace {

constexpr file_format kFormat{"SIRENRCH", 1};
/// Bounds of a sane anchor: 100 km and a day keep every sum of times below 2^32 ms.
constexpr std::uint32_t kMaxAccessCm = 10'000'000;
constexpr std::uint32_t kMaxInsideMs = 86'400'000;

void write_pace(byte_writer& out, walking_pace const& p) {
  for (auto const v : {p.flat.value, p.steps_down, p.steps_up, p.slope_up, p.slope_down, p.rough, p.unlit})
    out.value(v);
  out.value(std::uint64_t{p.wheels});
}

walking_pace read_pace(byte_reader& in) {
  walking_pace p;
  for (auto* const v : {&p.flat.value, &p.steps_down, &p.steps_up, &p.slope_up, &p.slope_down, &p.rough, &p.unlit})
    *v = in.value<double>();
  p.wheels = in.value<std::uint64_t>() != 0;
  return p;
}

bool pace_holds(walking_pace const& p) {
  auto const within = [](double v, double low, double high) { return v >= low && v <= high; };  // false for NaN
  if (!within(p.flat.value, 0.1, 10.0)) return false;
  for (auto const v : {p.steps_down, p.steps_up, p.slope_up, p.slope_down, p.rough, p.unlit})
    if (!within(v, 0.1, 2.0)) return false;
  return true;
}

bool anchor_holds(anchor const& a, street_graph const& streets) {
  if (a.edge.value == kNoIndex) return true;
  return a.edge.value < streets.edge_count() && streets.is_forward(a.edge) &&
         a.along_cm <= streets.edge(a.edge).length_cm() && a.access_cm <= kMaxAccessCm && a.inside_ms <= kMaxInsideMs;
}

bool rising_to(std::span<std::uint32_t const> offsets, std::size_t count, std::size_t end) {
  return offsets.size() == count + 1 && offsets.front() == 0 && offsets.back() == end &&
         std::is_sorted(offsets.begin(), offsets.end());
}

void write_table(byte_writer& out, reach_input const& input, std::size_t g, std::vector<reach_part> const& parts) {
  write_pace(out, input.paces[g]);
  out.array(input.doors[g]);
  std::vector<std::uint32_t> first_entry{0};
  std::vector<std::uint32_t> first_root{0};
  std::size_t entries = 0;
  std::size_t roots = 0;
  for (auto const& part : parts) {
    for (auto const first : std::span{part.first_entry}.subspan(1))
      first_entry.push_back(static_cast<std::uint32_t>(entries) + first);
    for (auto const first : std::span{part.first_root}.subspan(1))
      first_root.push_back(static_cast<std::uint32_t>(roots) + first);
    entries += part.entries.size();
    roots += part.roots.size();
  }
  verify(first_entry.size() == input.first_door.size(), "parts cover the targets");
  verify(entries < kNoIndex, "entries are named by 32 bits");
  out.array(first_entry);
  out.value(std::uint64_t{entries});
  for (auto const& part : parts) out.raw_bytes(std::as_bytes(std::span{part.entries}));
  out.pad();
  out.array(first_root);
  out.value(std::uint64_t{roots});
  for (auto const& part : parts) out.raw_bytes(std::as_bytes(std::span{part.roots}));
  out.pad();
}

}  // namespace

/// Lays a reach's views over its bytes, and checks them.
class reach_reader {
 public:
  /// Absent: the arrays do not fill the file.
  static std::optional<reach> laid(shared_bytes bytes) {
    reach out;
    if (!lay(std::move(bytes), out)) return std::nullopt;
    return out;
  }

  static bool holds(reach const& r, street_graph const& streets) {
    for (auto const s : r.tables_[0].costs.closed().all())
      if (s.value >= streets.segment_count()) return false;
    for (auto const g : kAllGaits)
      if (!table_holds(r, g, streets)) return false;
    return true;
  }

 private:
  static bool lay(shared_bytes bytes, reach& out) {
    out.kept_ = std::move(bytes);
    out.id_ = reach_id{checksum_of(out.kept_.bytes)};
    byte_reader in{body_of(out.kept_.bytes)};
    out.graph_ = graph_id{in.value<std::uint64_t>()};
    auto const now = in.value<std::uint64_t>();
    out.now_ = {static_cast<street_light>(now & 0xFF), (now >> 8) != 0};
    auto const closed_ids = in.view<segment_index>();
    closed_segments const closed{{closed_ids.begin(), closed_ids.end()}};
    out.first_door_ = in.view<std::uint32_t>();
    for (auto& t : out.tables_) {
      t.pace = read_pace(in);
      if (!in.ok() || !pace_holds(t.pace)) return false;
      t.costs = edge_costs{t.pace, closed};
      t.doors = in.view<anchor>();
      t.first_entry = in.view<std::uint32_t>();
      t.entries = in.view<reach_entry>();
      t.first_root = in.view<std::uint32_t>();
      t.roots = in.view<reach_root>();
    }
    bool const light = out.now_.light <= street_light::blackout && now >> 9 == 0;
    return in.at_end() && light && closed.all().size() == closed_ids.size() && !out.first_door_.empty();
  }

  static bool table_holds(reach const& r, gait g, street_graph const& streets) {
    auto const& t = r.of(g);
    auto const targets = r.target_count();
    if (!rising_to(r.first_door_, targets, t.doors.size()) || !rising_to(t.first_entry, targets, t.entries.size()) ||
        !rising_to(t.first_root, targets, t.roots.size()))
      return false;
    if (!std::all_of(t.doors.begin(), t.doors.end(), [&](auto const& a) { return anchor_holds(a, streets); }))
      return false;
    std::vector<std::uint32_t> seen(streets.node_count(), kNoIndex);
    for (std::uint32_t target = 0; target < targets; ++target)
      if (!entries_hold(r, g, target_index{target}, streets, seen)) return false;
    return true;
  }

  static bool entries_hold(reach const& r, gait g, target_index target, street_graph const& streets,
                           std::vector<std::uint32_t>& seen) {
    auto const entries = r.entries(g, target);
    auto const roots = r.roots(g, target);
    auto const& costs = r.costs(g);
    if (entries.size() >= kReachRoot) return false;
    std::size_t root = 0;
    std::uint16_t before = 0;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      auto const& e = entries[i];
      if (e.node.value >= seen.size() || seen[e.node.value] == target.value || e.time_ds < before) return false;
      seen[e.node.value] = target.value;
      before = e.time_ds;
      if (e.next == kReachRoot) {
        if (root == roots.size() || roots[root].local != i) return false;
        if (!root_holds(e, r.doors(g, target), roots[root++].door, streets, costs)) return false;
      } else {
        if (e.next >= i) return false;
        auto const way = reach_edge(streets, costs, entries, static_cast<std::uint16_t>(i));
        if (way.value == kNoIndex) return false;
        // Both times were rounded up from milliseconds.
        std::uint64_t const step = costs.cost_ms(streets.edge(way));
        auto const time = std::uint64_t{e.time_ds} - entries[e.next].time_ds;
        if (time * 100 + 99 < step || time * 100 > step + 99) return false;
      }
    }
    return root == roots.size();
  }

  static bool root_holds(reach_entry const& e, std::span<anchor const> doors, std::uint16_t door,
                         street_graph const& streets, edge_costs const& costs) {
    if (door >= doors.size() || doors[door].edge.value == kNoIndex) return false;
    std::uint32_t least = kNoIndex;
    auto const edge = doors[door].edge;
    if (streets.source(edge) == e.node) least = std::min(least, last_stretch_ms(streets, costs, doors[door], true));
    if (streets.edge(edge).target() == e.node)
      least = std::min(least, last_stretch_ms(streets, costs, doors[door], false));
    return least != kNoIndex && e.time_ds == (std::uint64_t{least} + 99) / 100;
  }
};

reach join_reach(street_graph const& streets, reach_input const& input,
                 std::array<std::vector<reach_part>, kGaits> const& parts) {
  file_writer out;
  std::size_t bytes = 4'096 + input.first_door.size() * 28 + input.doors[0].size() * 2 * sizeof(anchor);
  for (auto const& of_gait : parts)
    for (auto const& part : of_gait)
      bytes += part.entries.size() * sizeof(reach_entry) + part.roots.size() * sizeof(reach_root);
  out.reserve(bytes);
  out.value(streets.id().value);
  out.value(static_cast<std::uint64_t>(input.now.light) | std::uint64_t{input.now.ice} << 8);
  out.array(input.closed.all());
  out.array(input.first_door);
  for (std::size_t g = 0; g < kGaits; ++g) write_table(out, input, g, parts[g]);
  auto made = reach_reader::laid(shared_bytes::owned(std::move(out).seal(kFormat)));
  verify(made.has_value(), "what was written can be read");
  return std::move(*made);
}

reach make_reach(street_graph const& streets, reach_input const& input, reach_policy const& policy) {
  std::array<std::vector<reach_part>, kGaits> parts;
  for (auto const g : kAllGaits) {
    reach_search const searches{streets, input, g, policy};
    target_index const end{static_cast<std::uint32_t>(input.target_count())};
    parts[static_cast<std::size_t>(g)].push_back(searches.search(target_index{0}, end));
  }
  return join_reach(streets, input, parts);
}

result<reach> read_reach(shared_bytes bytes, street_graph const& streets) {
  bytes = aligned(std::move(bytes));
  if (auto const body = unseal(kFormat, bytes.bytes); !body) return body.error();
  auto read = reach_reader::laid(std::move(bytes));
  if (!read) return failure{reason::malformed, "reach: arrays do not fill the file"};
  if (read->graph() != streets.id()) return failure{reason::schema_mismatch, "reach: made for other streets"};
  if (!reach_reader::holds(*read, streets))
    return failure{reason::malformed, "reach: a way leads nowhere or its time is wrong"};
  return std::move(*read);
}

}  // namespace siren
