#include "guidance_bench/rows.h"

namespace siren::bench {
namespace {

struct threat {
  char const* name;
  minutes warning;
};
/// Domain facts, "Threat classes": what a city has from the alarm to the earliest impact.
constexpr std::array kThreats{threat{"ballistic", minutes{4}}, threat{"cruise", minutes{12}},
                              threat{"drone", minutes{40}}};

struct night {
  char const* name;
  walking_conditions conditions;
};
constexpr std::array kNights{night{"day", {}}, night{"dark and ice", {street_light::blackout, true}}};

/// Longest usual way whose slow case still arrives a margin before the impact.
std::uint32_t budget_ds(walking_policy const& walking, minutes warning) {
  judge_policy const judging;
  milliseconds const left = warning - judging.arrival_margin;
  return static_cast<std::uint32_t>(static_cast<double>(left.count()) * walking.slow_case_share / 100.0);
}

void compare(report& out, assignment_problem const& rush, std::string const& part, bool nearest_too) {
  assigner plan{rush};
  plan.solve();
  auto const ours = judge_rush(rush, parties_of(plan));
  auto const greedy = judge_rush(rush, send_greedily(rush));
  auto const nearest = judge_rush(rush, send_to_nearest(rush));
  auto const row = [&](char const* what, char const* unit, auto value, std::optional<bound> target) {
    figure f{part, what, unit, {static_cast<double>(value(ours))}, target, {}, ""};
    if (nearest_too) f.peers.push_back({"nearest", static_cast<double>(value(nearest))});
    f.peers.push_back({"greedy", static_cast<double>(value(greedy))});
    out.add(std::move(f));
  };
  auto const best_other = static_cast<double>(std::max(greedy.covered, nearest.covered));
  row(
      "people covered before the deadline", "people", [](rush_outcome const& o) { return o.covered; },
      at_least(best_other));
  row(
      "people sent over capacity", "people", [](rush_outcome const& o) { return o.overload; }, exactly(0.0));
  row(
      "people sent too late", "people", [](rush_outcome const& o) { return o.late; }, exactly(0.0));
  row(
      "mean walk of those covered", "s", [](rush_outcome const& o) { return o.mean_walk_s; }, std::nullopt);
}

}  // namespace

void compare_plans(report& out, bench_city const& city) {
  walking_policy const walking;
  std::uint64_t const people = out.asked().people;
  auto const filled = refilled(city, people, people * 12 / 10);
  for (auto const& night : kNights) {
    walk_request asked;
    asked.shelters = filled.shelters;
    asked.people = filled.people;
    asked.conditions = night.conditions;
    asked.walking = walking;
    auto const walks = walk_city(city.city, std::move(asked));
    for (auto const& threat : kThreats) {
      auto const part = std::string{"Worth: "} + threat.name + ", " + std::to_string(threat.warning.count()) +
                        " min, " + night.name + "; " + shown(static_cast<double>(people)) + " people, room for 120 %";
      compare(out, plain_rush(walks, budget_ds(walking, threat.warning)), part, out.asked().wants("nearest"));
    }
  }
}

}  // namespace siren::bench
