#include <algorithm>
#include <thread>

#include "common/whole_city/whole_city.h"

namespace siren {
namespace {

/// Runs `act(begin, end, i)` on ranges that together are [0, count).
template <typename Act>
void in_ranges(std::uint32_t count, unsigned threads, Act act) {
  auto const cut = [&](unsigned i) { return static_cast<std::uint32_t>(std::uint64_t{count} * i / threads); };
  std::vector<std::jthread> others;
  for (unsigned i = 1; i < threads; ++i) others.emplace_back([&, i] { act(cut(i), cut(i + 1), i); });
  act(cut(0), cut(1), 0U);
}

reach search(street_graph const& streets, reach_input const& input, reach_policy const& policy, unsigned threads) {
  std::array<std::vector<reach_part>, kGaits> parts;
  for (auto const g : kAllGaits) {
    reach_search const searched{streets, input, g, policy};
    auto& found = parts[static_cast<std::size_t>(g)];
    found.resize(threads);
    in_ranges(static_cast<std::uint32_t>(input.target_count()), threads,
              [&](auto begin, auto end, unsigned i) { found[i] = searched.search({begin}, {end}); });
  }
  return join_reach(streets, input, parts);
}

}  // namespace

planner_input walk_city(whole_city const& city, walk_request asked) {
  auto const threads = std::max(1U, asked.threads != 0 ? asked.threads : std::thread::hardware_concurrency());
  planner_input made;
  made.streets = city.streets;
  made.network = city.bundle.metro;
  made.metro = run_metro(made.network, asked.shelters, asked.metro);
  made.rides = rides(made.network, made.metro);
  auto doors = place_doors(*city.snap, asked.shelters, made.metro, asked.walking);
  reach_input input;
  input.now = asked.conditions;
  for (auto const g : kAllGaits) input.paces[static_cast<std::size_t>(g)] = asked.walking.pace(g, asked.conditions);
  input.closed = std::move(asked.closed);
  input.first_door = std::move(doors.first_door);
  input.doors = std::move(doors.doors);
  for (auto const& s : asked.shelters) input.room.push_back(s.capacity);
  input.people = asked.people;
  auto const walks = std::make_shared<reach const>(search(*city.streets, input, asked.reach, threads));
  for (auto const g : kAllGaits) {
    auto choices = std::make_shared<reach_choices>(*walks, g, city.streets->node_count());
    in_ranges(static_cast<std::uint32_t>(city.streets->node_count()), threads,
              [&](auto begin, auto end, unsigned) { choices->fill(*walks, node_index{begin}, node_index{end}); });
    made.by_node[static_cast<std::size_t>(g)] = std::move(choices);
  }
  made.walks = walks;
  made.shelters = std::move(asked.shelters);
  made.people = std::move(asked.people);
  made.area_of = city.area_of;
  made.areas = static_cast<std::uint32_t>(city.areas.size());
  return made;
}

}  // namespace siren
