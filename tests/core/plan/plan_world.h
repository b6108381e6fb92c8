#pragma once

#include <random>
#include <string>
#include <vector>

#include "core/plan/city_planner.h"
#include "core/plan/judge.h"
#include "core/route/reach_city.h"

namespace siren {

inline utc_time const kNow{hours{500'000}};

/// A city with streets, shelters and people, and a planner over it.
struct plan_world {
  std::shared_ptr<street_graph const> streets;
  std::shared_ptr<snap_index const> snap;
  planner_input input;
  planner_policy policy;
  judge_policy judging;
  std::unique_ptr<city_planner> planner;
  std::shared_ptr<city_plan const> plan;
  std::uint64_t version = 0;

  plan_world(street_graph graph, std::vector<shelter> shelters, std::vector<std::uint32_t> people,
             std::uint32_t areas = 1, planner_policy how = {})
      : streets{std::make_shared<street_graph const>(std::move(graph))},
        snap{std::make_shared<snap_index const>(*streets)},
        policy{how} {
    input.streets = streets;
    input.shelters = std::move(shelters);
    input.people = std::move(people);
    input.areas = areas;
    for (std::uint32_t n = 0; n < streets->node_count(); ++n)
      input.area_of.push_back(area_index{static_cast<std::uint32_t>(std::uint64_t{n} * areas / streets->node_count())});
    walk({});
    planner = std::make_unique<city_planner>(input, policy);
  }
  /// Walking times in these conditions; the planner is not told.
  void walk(walking_conditions now) {
    auto made = make_reach_input(*streets, *snap, input.shelters, now);
    made.people = input.people;
    input.walks = std::make_shared<reach const>(make_reach(*streets, made));
    for (auto const g : kAllGaits)
      input.by_node[static_cast<std::size_t>(g)] =
          std::make_shared<reach_choices const>(reach_choices::all(*input.walks, g, streets->node_count()));
  }
  planned make(utc_time now = kNow, bool fresh = false) {
    auto made = planner->make(now, ++version, fresh);
    plan = made.now;
    return made;
  }
  [[nodiscard]] city_view view() const {
    return {*streets, *snap, input.walks.get(), {input.by_node[0].get(), input.by_node[1].get()}, plan.get()};
  }
  [[nodiscard]] target_index target(std::string const& id) const {
    for (std::uint32_t t = 0; t < input.shelters.size(); ++t)
      if (input.shelters[t].id.value == id) return target_index{t};
    verify(false, "the shelter is in the city");
    return {};
  }
  [[nodiscard]] shelter& shelter_named(std::string const& id) { return input.shelters[target(id).value]; }
  /// Tells the planner of the shelter as it is in `input`.
  bool tell(std::string const& id) { return planner->shelter_changed(shelter_named(id)); }
  [[nodiscard]] std::uint32_t load(std::string const& id) const { return planner->assignment().load_of(target(id)); }
  [[nodiscard]] guidance ask(lat_lon place, std::optional<seconds> left = std::nullopt, std::uint16_t share = 0,
                             walking_profile profile = walking_profile::average) const {
    std::optional<utc_time> deadline;
    if (left) deadline = kNow + *left;
    return judge(view(), place, profile, phone_share{share}, deadline, kNow, judging);
  }
};

/// `people` on every node.
inline std::vector<std::uint32_t> everywhere(street_graph const& streets, std::uint32_t people) {
  return std::vector<std::uint32_t>(streets.node_count(), people);
}
inline shelter shelter_for(std::string id, lat_lon place, std::uint32_t capacity) {
  auto s = open_shelter(std::move(id), place);
  s.capacity = capacity;
  s.verified_at = kNow;
  return s;
}
/// Nobody but the average: small cities are easier to count.
inline planner_policy only_average() {
  planner_policy policy;
  for (auto const p : kAllProfiles)
    policy.walking.profiles[index_of(p)].population = p == walking_profile::average ? 1.0 : 0.0;
  return policy;
}

/// A random city with random capacities and people. Shelters' own states are as the city has them.
inline plan_world make_plan_world(std::uint64_t seed, std::size_t side, std::size_t shelters, double room_share,
                                  std::uint32_t areas = 4, planner_policy policy = {}) {
  std::mt19937_64 dice{seed};
  auto city = make_random_city(seed, side, shelters);
  std::vector<std::uint32_t> people;
  std::uint64_t total = 0;
  for (std::size_t n = 0; n < city.graph.node_count(); ++n) {
    people.push_back(static_cast<std::uint32_t>(std::uniform_int_distribution<int>{0, 20}(dice)));
    total += people.back();
  }
  for (auto& s : city.shelters) {
    s.capacity = static_cast<std::uint32_t>(static_cast<double>(total) * room_share / static_cast<double>(shelters) *
                                            std::uniform_real_distribution<double>{0.2, 1.8}(dice));
    if (s.occupancy != 0) s.occupancy = s.capacity / 2;
    s.pets = std::bernoulli_distribution{0.5}(dice);
    if (std::bernoulli_distribution{0.7}(dice)) s.verified_at = kNow;
  }
  return {std::move(city.graph), std::move(city.shelters), std::move(people), areas, policy};
}

}  // namespace siren
