#include "core/assign/assigner.h"

#include <algorithm>
#include <utility>

#include "core/assign/assigner_engine.h"
#include "core/base/verify.h"

namespace siren {

assigner::assigner(assignment_problem problem, assign_policy const& policy)
    : engine_{std::make_unique<engine>(std::move(problem), policy)} {}
assigner::~assigner() = default;
assigner::assigner(assigner&&) noexcept = default;
assigner& assigner::operator=(assigner&&) noexcept = default;

bool assigner::solve(stop_search const& stop) {
  auto& p = *engine_;
  p.seats.record_changes(false);
  p.search.forget_marks();
  p.forget_waiting();
  p.prices.reset();
  bool const done = p.solve_coarse(stop);
  p.seats.clear_free();
  for (std::uint32_t l = 0; l < p.seats.lots(); ++l) {
    if (!p.seats.pinned(l)) p.seats.set_size(l, p.problem.lots[l].people);
    p.search.place(l);
    if (p.seats.pinned(l)) p.search.reconsider(l, p.policy.step_ds);
  }
  p.mark_all();
  // After a stop nothing is searched any more, but everybody gets a place or stays.
  p.search_on(done ? stop : [] { return true; });
  p.usual_objective = p.objective();
  p.pin_where_they_are();
  p.seats.record_changes(true);
  return p.settled;
}

void assigner::set_room(target_index target, std::uint32_t room) {
  auto& p = *engine_;
  verify(target.value < p.problem.targets.size(), "a target exists");
  auto const before = std::exchange(p.problem.targets[target.value].room, room);
  p.seats.set_room(target.value, room);
  p.prices.set_closed(target.value, room == 0);
  // Opened: its price falls from the top until it has its people. Closed and opened between repairs: as it was.
  if (before == 0 && p.seats.load(target.value) == 0) p.prices.set_level(target.value, p.problem.stay_cost_ds);
  if (before != 0 && room > before && room - before <= p.policy.tick_people)
    p.wait_idle(target);
  else
    p.wait(target);
}

void assigner::set_handicap(target_index target, std::uint32_t handicap_ds) {
  auto& p = *engine_;
  verify(target.value < p.problem.targets.size(), "a target exists");
  auto const before = p.prices.level(target.value);
  p.problem.targets[target.value].handicap_ds = handicap_ds;
  p.prices.set_handicap(target.value, handicap_ds);
  if (p.prices.level(target.value) > before)
    for (auto const& s : p.seats.seats(target.value)) p.wait(lot_index{s.lot});
  p.wait(target);
}

void assigner::set_offers(target_index target, std::uint8_t offers) {
  auto& p = *engine_;
  verify(target.value < p.problem.targets.size(), "a target exists");
  if (std::exchange(p.problem.targets[target.value].offers, offers) == offers) return;
  p.prices.set_offers(target.value, offers);
  for (auto const& way : p.incoming.of(target.value))
    for (auto l = p.incoming.first_lot(way.list); l != p.incoming.end_lot(way.list); ++l) p.wait(lot_index{l});
}

void assigner::set_budget(lot_index lot, std::uint32_t budget_ds) {
  auto& p = *engine_;
  verify(lot.value < p.problem.lots.size(), "a lot exists");
  if (std::exchange(p.problem.lots[lot.value].budget_ds, budget_ds) == budget_ds) return;
  p.seats.lot(lot.value).budget = budget_ds;
  p.search.forget_places(lot.value);
  p.wait(lot);
}

void assigner::set_budget(std::span<lot_index const> lots, std::uint32_t budget_ds) {
  for (auto const lot : lots) set_budget(lot, budget_ds);
}

void assigner::set_people(lot_index lot, std::uint32_t people) {
  auto& p = *engine_;
  verify(lot.value < p.problem.lots.size(), "a lot exists");
  auto const before = std::exchange(p.problem.lots[lot.value].people, people);
  if (people >= before) {
    p.seats.add_staying(lot.value, people - before);
    if (people != before) p.wait(lot);
    return;
  }
  lot_part scratch;
  auto const now = p.seats.parts(lot.value, scratch);
  std::vector<lot_part> parts(now.begin(), now.end());
  auto const stay = p.prices.stay();
  std::sort(parts.begin(), parts.end(), [&](lot_part const& a, lot_part const& b) {
    return std::pair{a.target != stay, ~a.walk} < std::pair{b.target != stay, ~b.walk};
  });
  auto leaving = before - people;
  for (auto const& part : parts) {
    auto const n = std::min(leaving, part.people);
    p.seats.remove(lot.value, part.target, n);
    leaving -= n;
    if (part.target != stay && n != 0) p.wait(target_index{part.target});
  }
}

void assigner::pin(lot_index lot) {
  verify(lot.value < engine_->problem.lots.size(), "a lot exists");
  engine_->seats.set_pinned(lot.value, true);
}

void assigner::unpin(lot_index lot) {
  verify(lot.value < engine_->problem.lots.size(), "a lot exists");
  if (!engine_->seats.pinned(lot.value)) return;
  engine_->seats.set_pinned(lot.value, false);
  engine_->wait(lot);
}

void assigner::seat(lot_index lot, std::span<lot_share const> shares) {
  auto& p = *engine_;
  verify(lot.value < p.problem.lots.size(), "a lot exists");
  auto const list = p.problem.lots[lot.value].list;
  for (auto const& share : shares) {
    bool const own = share.choice >= p.problem.first_choice[list] && share.choice < p.problem.first_choice[list + 1];
    verify(own, "a choice is of the lot's list");
    auto const& way = p.problem.choices[share.choice];
    auto const people = std::min(share.people, p.seats.staying(lot.value));
    if (people == 0) continue;
    p.seats.move(lot.value, p.prices.stay(), way.target.value, p.seats.lot(lot.value).scaled(way.cost_ds), people);
    p.wait(way.target);
  }
  p.wait(lot);
}

assign_changes assigner::repair(stop_search const& stop) {
  auto& p = *engine_;
  for (auto const l : p.waiting_lots) p.search.reconsider(l, p.policy.step_ds);
  if (!p.settled)
    for (std::uint32_t l = 0; l < p.seats.lots(); ++l) p.search.reconsider(l, p.policy.step_ds);
  for (auto const t : p.waiting_targets) {
    p.search.mark_overfull(t);
    if (p.is_idle[t] == 0) p.search.mark_hole(t);
  }
  if (!p.settled) p.mark_all();
  p.forget_waiting();
  assign_changes changes;
  changes.finished = p.search_on(stop);
  p.collect(changes);
  for (auto const l : changes.lots)
    if (p.seats.pinned(l.value)) p.seats.set_pinned(l.value, true);
  p.seats.record_changes(true);
  return changes;
}

}  // namespace siren
