#include "guidance_bench/bench_city.h"

#include <algorithm>

namespace siren::bench {
namespace {

constexpr double kRoomShare = 1.2;
/// Half a deep block: people are inside buildings, beside the street.
constexpr double kOffStreetM = 40.0;

}  // namespace

std::vector<shelter> thinned(std::vector<shelter> const& all, std::size_t most) {
  std::vector<shelter> stations;
  std::vector<shelter> others;
  for (auto s : all) {
    if (s.surface || s.capacity == 0) continue;
    s.state = open_state::open;
    s.occupancy = 0;
    (s.type == shelter_type::metro_station ? stations : others).push_back(std::move(s));
  }
  auto const count = most == 0 ? stations.size() + others.size() : most;
  std::vector<shelter> kept = std::move(stations);
  kept.resize(std::min(kept.size(), count));
  auto const left = std::min(count - kept.size(), others.size());
  for (std::size_t i = 0; i < left; ++i) kept.push_back(std::move(others[i * others.size() / left]));
  return kept;
}

void scale_capacities(std::vector<shelter>& shelters, std::uint64_t places) {
  std::vector<std::uint32_t> capacities;
  for (auto const& s : shelters) capacities.push_back(s.capacity);
  auto const scaled = scaled_to(capacities, places);
  for (std::size_t i = 0; i < shelters.size(); ++i) shelters[i].capacity = scaled[i];
}

result<bench_city> load_bench_city(std::filesystem::path const& folder, std::uint64_t people, std::size_t shelters) {
  auto city = load_whole_city(folder);
  if (!city) return city.error();
  walk_request asked;
  asked.shelters = thinned(city->bundle.shelters, shelters);
  scale_capacities(asked.shelters, static_cast<std::uint64_t>(static_cast<double>(people) * kRoomShare));
  asked.people = people_of(*city, people);
  auto walks = walk_city(*city, std::move(asked));
  return bench_city{std::move(*city), std::move(walks)};
}

planner_input refilled(bench_city const& from, std::uint64_t people, std::uint64_t places) {
  auto city = from.walks;
  city.people = people_of(from.city, people);
  scale_capacities(city.shelters, places);
  return city;
}

assignment_problem plain_rush(planner_input const& city, std::uint32_t budget_ds) {
  assignment_problem rush;
  rush.first_choice.push_back(0);
  auto const& choices = *city.by_node[static_cast<std::size_t>(gait::foot)];
  for (std::uint32_t n = 0; n < city.people.size(); ++n) {
    if (city.people[n] == 0) continue;
    rush.lots.push_back({.list = static_cast<std::uint32_t>(rush.first_choice.size() - 1),
                         .people = city.people[n],
                         .budget_ds = budget_ds});
    for (auto const& c : choices.at(node_index{n})) rush.choices.push_back({c.target, c.time_ds});
    rush.first_choice.push_back(static_cast<std::uint32_t>(rush.choices.size()));
  }
  for (auto const& s : city.shelters) rush.targets.push_back({.room = takes_people(s) ? s.capacity : 0});
  return rush;
}

std::vector<party> parties_of(assigner const& decided) {
  std::vector<party> parties;
  std::vector<lot_share> shares;
  for (std::uint32_t l = 0; l < decided.problem().lots.size(); ++l) {
    shares.clear();
    decided.shares_of({l}, shares);
    for (auto const& share : shares) parties.push_back({l, share.choice, share.people});
  }
  return parties;
}

city_view view_of(bench_city const& from, city_plan const* plan) {
  city_view view{*from.city.streets, *from.city.snap, from.walks.walks.get(), {}, plan};
  for (auto const g : kAllGaits)
    view.by_node[static_cast<std::size_t>(g)] = from.walks.by_node[static_cast<std::size_t>(g)].get();
  return view;
}

std::vector<lat_lon> standing_places(bench_city const& from, std::size_t count, std::uint64_t seed) {
  std::mt19937_64 dice{seed};
  std::discrete_distribution<std::uint32_t> home{from.walks.people.begin(), from.walks.people.end()};
  std::uniform_real_distribution<double> off{0.0, kOffStreetM};
  std::uniform_real_distribution<double> bearing{0.0, 360.0};
  std::vector<lat_lon> places;
  for (std::size_t i = 0; i < count; ++i) {
    auto const at = from.city.streets->place(node_index{home(dice)});
    places.push_back(destination(at, degrees{bearing(dice)}, meters{off(dice)}));
  }
  return places;
}

}  // namespace siren::bench
