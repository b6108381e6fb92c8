#include "route_planner/city_walks.h"

#include <algorithm>
#include <charconv>
#include <future>

#include "core/route/binary.h"

namespace siren {
namespace {

std::optional<lat_lon> place_in(std::string const& text) {
  auto const comma = text.find(',');
  if (comma == std::string::npos) return std::nullopt;
  auto const number = [&](std::size_t from, std::size_t to) -> std::optional<double> {
    double value = 0.0;
    while (from < to && text[from] == ' ') ++from;
    auto const [end, bad] = std::from_chars(text.data() + from, text.data() + to, value);
    if (bad != std::errc{} || end != text.data() + to) return std::nullopt;
    return value;
  };
  auto const lat = number(0, comma);
  auto const lon = number(comma + 1, text.size());
  if (!lat || !lon) return std::nullopt;
  return lat_lon{degrees{*lat}, degrees{*lon}};
}

void write(byte_writer& out, walking_pace const& pace) {
  for (auto const share :
       {pace.flat.value, pace.steps_down, pace.steps_up, pace.slope_up, pace.slope_down, pace.rough, pace.unlit})
    out.value(share);
  out.value(std::uint64_t{pace.wheels});
}

/// Of everything that the result follows from, the program's own rules apart: a file of another format is refused.
std::uint64_t key_of(street_graph const& streets, reach_input const& input, reach_policy const& policy) {
  byte_writer all;
  all.value(streets.id().value);
  all.value(static_cast<std::uint64_t>(input.now.light) * 2 + (input.now.ice ? 1 : 0));
  for (auto const& pace : input.paces) write(all, pace);
  all.array(input.closed.all());
  all.array(input.first_door);
  for (auto const& doors : input.doors) all.array(doors);
  all.array(input.room);
  all.array(input.people);
  all.value(policy.least_entries);
  all.value(policy.most_entries);
  all.value(policy.people_per_place);
  all.value(std::uint64_t{policy.nearest});
  all.value(std::int64_t{policy.longest_walk.count()});
  return checksum(all.bytes());
}

std::array<std::vector<reach_part>, kGaits> search_all(street_graph const& streets, reach_input const& input,
                                                       reach_policy const& policy) {
  std::array<std::vector<reach_part>, kGaits> parts;
  auto const count = static_cast<std::uint32_t>(input.target_count());
  for (auto const g : kAllGaits) {
    reach_search const search{streets, input, g, policy};
    auto second =
        std::async(std::launch::async, [&] { return search.search(target_index{count / 2}, target_index{count}); });
    auto& of_gait = parts[static_cast<std::size_t>(g)];
    of_gait.push_back(search.search(target_index{0}, target_index{count / 2}));
    of_gait.push_back(second.get());
  }
  return parts;
}

reach_input input_of(street_graph const& streets, walks_request const& request, placed_doors doors,
                     std::vector<std::uint32_t> const& people, walks_policy const& policy) {
  reach_input input;
  input.now = request.now;
  for (auto const g : kAllGaits) input.paces[static_cast<std::size_t>(g)] = policy.walking.pace(g, request.now);
  input.closed = closed_bridges(streets, request.closed_bridges, policy);
  input.first_door = std::move(doors.first_door);
  input.doors = std::move(doors.doors);
  for (auto const& s : request.targets) input.room.push_back(s.capacity);
  input.people = people;
  return input;
}

}  // namespace

closed_segments closed_bridges(street_graph const& streets, std::vector<std::string> const& names,
                               walks_policy const& policy) {
  std::vector<segment_index> closed;
  std::vector<bool> named(streets.name_count(), false);
  for (auto const& name : names) {
    if (auto const place = place_in(name)) {
      auto const near = bridges_near(streets, *place, policy.bridge_near);
      closed.insert(closed.end(), near.begin(), near.end());
      continue;
    }
    for (std::uint32_t n = 0; n < streets.name_count(); ++n)
      if (streets.name(n) == name || streets.name_latin(n) == name) named[n] = true;
  }
  for (std::uint32_t s = 0; s < streets.segment_count(); ++s) {
    auto const& segment = streets.segment(segment_index{s});
    if ((segment.traits & kBridge) != 0 && segment.name < named.size() && named[segment.name]) closed.emplace_back(s);
  }
  return closed_segments{std::move(closed)};
}

std::uint64_t walks_stamp(walks_request const& request, walks_policy const& policy) {
  byte_writer all;
  all.value(static_cast<std::uint64_t>(request.now.light) * 2 + (request.now.ice ? 1 : 0));
  for (auto const& name : request.closed_bridges) all.text(name);
  for (auto const& s : request.targets) {
    auto const role = role_now(request.metro, s);
    all.text(s.id.value);
    all.value(inside_seconds(s, role, policy.doors.metro).count());
    all.value(std::uint32_t{wheels_get_in(s, role)});
    for (auto const& door : s.entrances) {
      all.text(door.name);
      all.value(door.place.lat.value);
      all.value(door.place.lon.value);
      all.value(std::uint32_t{door.step_free});
    }
  }
  all.pad();
  return checksum(all.bytes());
}

city_walks make_walks(street_graph const& streets, snap_index const& snap, walks_request request,
                      std::vector<std::uint32_t> const& people, walks_policy const& policy, file_cache const& cache) {
  auto doors = place_doors(snap, request.targets, request.metro, policy.walking, policy.doors);
  city_walks made;
  made.doors_far_from_street = doors.far_from_street;
  auto const input = input_of(streets, request, std::move(doors), people, policy);
  auto const key = key_of(streets, input, policy.reach);
  if (auto found = cache.find("walks", key)) {
    if (auto read = read_reach(std::move(*found), streets)) {
      made.walks = std::make_shared<reach const>(std::move(*read));
      made.kept = true;
    }
  }
  if (!made.walks) {
    auto fresh = join_reach(streets, input, search_all(streets, input, policy.reach));
    auto const bytes = fresh.bytes();
    auto const owner = std::make_shared<reach const>(std::move(fresh));
    auto kept = cache.keep("walks", key, {owner, bytes}, policy.kept);
    auto mapped =
        kept.owner == owner ? result<reach>{failure{reason::not_ready, ""}} : read_reach(std::move(kept), streets);
    made.walks = mapped ? std::make_shared<reach const>(std::move(*mapped)) : owner;
  }
  made.by_node = make_walks_by_node(*made.walks, streets.node_count());
  made.targets = std::move(request.targets);
  return made;
}

}  // namespace siren
