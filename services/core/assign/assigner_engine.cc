#include "core/assign/assigner_engine.h"

#include <algorithm>
#include <functional>

#include "core/assign/coarse_lots.h"
#include "core/base/verify.h"

namespace siren {

assigner::engine::engine(assignment_problem p, assign_policy const& how)
    : problem{std::move(p)},
      policy{how},
      prices{(verify_problem(problem), problem)},
      seats{problem},
      incoming{problem},
      search{problem, prices, seats, incoming},
      lot_waits(problem.lots.size()),
      target_waits(problem.targets.size()),
      is_idle(problem.targets.size()) {
  verify(policy.step_ds != 0 && policy.coarse_step_ds != 0 && policy.merge >= 2, "the policy makes progress");
  verify(policy.coarse_stages <= 4 && policy.merge <= 64, "merged lots and their steps are in range");
  for (std::uint32_t l = 0; l < seats.lots(); ++l) seats.lot(l).needs_class = prices.class_of(problem.lots[l].needs);
  seats.record_changes(true);
}

void assigner::engine::forget_waiting() {
  for (auto const l : waiting_lots) lot_waits[l] = 0;
  for (auto const t : waiting_targets) target_waits[t] = 0;
  waiting_lots.clear();
  waiting_targets.clear();
}

/// Begins with the largest merged lots and the largest steps.
bool assigner::engine::solve_coarse(stop_search const& stop) {
  for (auto stage = policy.coarse_stages; stage != 0; --stage) {
    auto merge = policy.merge;
    for (std::uint32_t i = 1; i < stage; ++i) merge *= policy.merge;
    if (seats.lots() < merge * policy.merge) continue;
    auto const doubled = stage - 1;
    if (!solve_merged(merge, policy.coarse_step_ds << 2 * doubled, policy.coarse_margin_ds << doubled, stop))
      return false;
  }
  return true;
}

bool assigner::engine::solve_merged(std::uint32_t merge, std::uint32_t step_ds, std::uint32_t margin_ds,
                                    stop_search const& stop) {
  seats.clear_free();
  for (std::uint32_t l = 0; l < seats.lots(); ++l)
    if (!seats.pinned(l)) seats.set_size(l, 0);
  for (auto const& rep : merge_lots(problem, merge)) {
    if (seats.pinned(rep.lot)) continue;
    seats.set_size(rep.lot, rep.people);
    search.place(rep.lot);
  }
  bool const done = search.forward(step_ds, stop);
  search.forget_marks();
  for (std::uint32_t t = 0; t < prices.stay(); ++t)
    prices.set_level(t, prices.level(t) - std::min(prices.price(t), margin_ds));
  return done;
}

bool assigner::engine::search_on(stop_search const& stop) {
  settled = search.forward(policy.step_ds, stop);
  mark_idle_beyond_waste();
  settled = settled && search.reverse(policy.step_ds, stop);
  if (!settled) search.settle();
  return settled;
}

void assigner::engine::mark_all() {
  for (std::uint32_t t = 0; t < prices.stay(); ++t) {
    search.mark_overfull(t);
    search.mark_hole(t);
  }
}

void assigner::engine::mark_idle_beyond_waste() {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> wastes;
  std::uint64_t waste = 0;
  for (auto const t : idle_targets) {
    is_idle[t] = 0;
    if (prices.closed(t) || prices.price(t) == 0 || seats.load(t) >= seats.room(t)) continue;
    wastes.emplace_back(std::uint64_t{prices.price(t)} * (seats.room(t) - seats.load(t)), t);
    waste += wastes.back().first;
  }
  idle_targets.clear();
  auto const limit = usual_objective / 1'000'000 * policy.waste_ppm;
  bool const fill = waste > limit;
  std::sort(wastes.begin(), wastes.end(), std::greater<>{});
  for (auto const& [cost, t] : wastes) {
    if (fill && waste > limit / 2) {  // the dearest first: from there it is not far to people who stay
      search.mark_hole(t);
      waste -= cost;
    } else {
      wait_idle(target_index{t});
    }
  }
}

std::uint64_t assigner::engine::objective() const {
  std::uint64_t sum = 0;
  std::uint64_t staying = 0;
  for (auto const& lot : problem.lots) staying += lot.people;
  for (std::uint32_t t = 0; t < prices.stay(); ++t) {
    staying -= seats.load(t);
    for (auto const& s : seats.seats(t)) sum += std::uint64_t{s.walk + prices.handicap(t)} * s.people;
  }
  return sum + staying * problem.stay_cost_ds;
}

void assigner::engine::pin_where_they_are() {
  for (std::uint32_t l = 0; l < seats.lots(); ++l)
    if (seats.pinned(l)) seats.set_pinned(l, true);
}

void assigner::engine::collect(assign_changes& changes) const {
  seats.for_each_touched([&](std::uint32_t l, std::span<lot_part const> before) {
    lot_part scratch;
    std::uint64_t people_before = 0;
    std::uint64_t people_now = 0;
    std::uint64_t kept = 0;
    auto const now = seats.parts(l, scratch);
    for (auto const& b : before) people_before += b.people;
    for (auto const& n : now) {
      people_now += n.people;
      for (auto const& b : before)
        if (b.target == n.target) kept += std::min(b.people, n.people);
    }
    if (kept == people_before && kept == people_now) return;
    changes.lots.push_back(lot_index{l});
    auto const of_both = std::min(people_before, people_now);
    changes.people_moved += of_both - std::min(of_both, kept);
  });
  std::sort(changes.lots.begin(), changes.lots.end());
}

}  // namespace siren
