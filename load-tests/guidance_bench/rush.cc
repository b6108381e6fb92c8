#include "guidance_bench/rush.h"

#include <algorithm>

namespace siren::bench {
namespace {

struct priced_party {
  party who;
  std::uint32_t walk_ds;
};

void in_order_of_walking(std::vector<priced_party>& all) {
  std::stable_sort(all.begin(), all.end(),
                   [](priced_party const& a, priced_party const& b) { return a.walk_ds < b.walk_ds; });
}

/// Calls `visit(lot, choice, walk_ds)` for every way that needs permit, a lot's ways in order of cost, until it is
/// false.
template <typename Visit>
void each_way(assignment_problem const& rush, Visit visit) {
  for (std::uint32_t lot = 0; lot < rush.lots.size(); ++lot) {
    auto const& people = rush.lots[lot];
    if (people.people == 0) continue;
    for (auto c = rush.first_choice[people.list]; c < rush.first_choice[people.list + 1]; ++c)
      if (auto const walk = walk_ds(rush, people, c); walk && !visit(lot, c, *walk)) break;
  }
}

}  // namespace

std::optional<std::uint32_t> walk_ds(assignment_problem const& rush, people_lot const& lot, std::uint32_t choice) {
  auto const& way = rush.choices[choice];
  if ((lot.needs & ~rush.targets[way.target.value].offers) != 0) return std::nullopt;
  return static_cast<std::uint32_t>((static_cast<std::uint64_t>(way.cost_ds) * lot.pace + kPaceOne - 1) / kPaceOne);
}

std::vector<party> send_to_nearest(assignment_problem const& rush) {
  std::vector<party> sent;
  each_way(rush, [&](std::uint32_t lot, std::uint32_t choice, std::uint32_t) {
    if (rush.targets[rush.choices[choice].target.value].room == 0) return true;
    sent.push_back({lot, choice, rush.lots[lot].people});
    return false;
  });
  return sent;
}

std::vector<party> send_greedily(assignment_problem const& rush) {
  std::vector<priced_party> pairs;
  each_way(rush, [&](std::uint32_t lot, std::uint32_t choice, std::uint32_t walk) {
    pairs.push_back({{lot, choice, 0}, walk});
    return true;
  });
  in_order_of_walking(pairs);
  std::vector<std::uint32_t> waiting;
  std::vector<std::uint32_t> room;
  for (auto const& lot : rush.lots) waiting.push_back(lot.people);
  for (auto const& target : rush.targets) room.push_back(target.room);
  std::vector<party> sent;
  for (auto const& pair : pairs) {
    auto& there = room[rush.choices[pair.who.choice].target.value];
    auto const go = std::min(waiting[pair.who.lot], there);
    if (go == 0) continue;
    waiting[pair.who.lot] -= go;
    there -= go;
    sent.push_back({pair.who.lot, pair.who.choice, go});
  }
  return sent;
}

rush_outcome judge_rush(assignment_problem const& rush, std::vector<party> parties) {
  rush_outcome outcome;
  std::vector<std::uint32_t> room;
  for (auto const& target : rush.targets) room.push_back(target.room);
  for (auto const& lot : rush.lots) outcome.people += lot.people;
  std::vector<priced_party> all;
  for (auto const& p : parties) {
    auto const walk = walk_ds(rush, rush.lots[p.lot], p.choice);
    all.push_back({p, walk.value_or(kNoBudget)});
  }
  in_order_of_walking(all);
  double covered_walk_ds = 0.0;
  double cost_ds = 0.0;
  for (auto const& [who, walk] : all) {
    auto const target = rush.choices[who.choice].target.value;
    auto const enter = std::min(who.people, room[target]);
    room[target] -= enter;
    outcome.sent += who.people;
    outcome.overload += who.people - enter;
    cost_ds += static_cast<double>(who.people) * (static_cast<double>(walk) + rush.targets[target].handicap_ds);
    if (walk > rush.lots[who.lot].budget_ds) {
      outcome.late += who.people;
      continue;
    }
    outcome.covered += enter;
    covered_walk_ds += static_cast<double>(enter) * walk;
  }
  if (outcome.covered > 0) outcome.mean_walk_s = covered_walk_ds / static_cast<double>(outcome.covered) / 10.0;
  cost_ds += static_cast<double>(outcome.people - outcome.sent) * rush.stay_cost_ds;
  outcome.objective_s = cost_ds / 10.0;
  return outcome;
}

}  // namespace siren::bench
