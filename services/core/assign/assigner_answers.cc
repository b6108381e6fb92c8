#include <algorithm>

#include "core/assign/assigner_engine.h"
#include "core/base/verify.h"

namespace siren {

assignment_problem const& assigner::problem() const {
  return engine_->problem;
}

void assigner::shares_of(lot_index lot, std::vector<lot_share>& shares) const {
  auto const& p = *engine_;
  verify(lot.value < p.problem.lots.size(), "a lot exists");
  shares.clear();
  auto const& state = p.seats.lot(lot.value);
  lot_part scratch;
  for (auto const& part : p.seats.parts(lot.value, scratch)) {
    if (part.target == p.prices.stay()) continue;
    auto choice = state.begin;
    while (p.problem.choices[choice].target.value != part.target) ++choice;
    shares.push_back({choice, part.people});
  }
  std::sort(shares.begin(), shares.end(), [](lot_share const& a, lot_share const& b) { return a.choice < b.choice; });
}

std::uint32_t assigner::staying_of(lot_index lot) const {
  verify(lot.value < engine_->problem.lots.size(), "a lot exists");
  return engine_->seats.staying(lot.value);
}

std::uint64_t assigner::staying() const {
  auto const& p = *engine_;
  std::uint64_t people = 0;
  for (auto const& lot : p.problem.lots) people += lot.people;
  for (std::uint32_t t = 0; t < p.prices.stay(); ++t) people -= p.seats.load(t);
  return people;
}

std::uint32_t assigner::load_of(target_index target) const {
  verify(target.value < engine_->problem.targets.size(), "a target exists");
  return engine_->seats.load(target.value);
}

std::uint32_t assigner::price_of(target_index target) const {
  verify(target.value < engine_->problem.targets.size(), "a target exists");
  return engine_->prices.closed(target.value) ? kNoBudget : engine_->prices.price(target.value);
}

std::optional<std::uint32_t> assigner::best_choice(people_lot const& people, std::optional<target_index> except,
                                                   bool with_room) const {
  auto const& p = *engine_;
  verify(people.list + 1 < p.problem.first_choice.size(), "a list exists");
  lot_state lot;
  lot.pace = people.pace;
  std::optional<std::uint32_t> best;
  auto best_value = p.problem.stay_cost_ds;
  for (auto c = p.problem.first_choice[people.list]; c < p.problem.first_choice[people.list + 1]; ++c) {
    auto const target = p.problem.choices[c].target;
    auto const walk = lot.scaled(p.problem.choices[c].cost_ds);
    if (walk > people.budget_ds || walk >= best_value) break;
    if (except == target || p.prices.closed(target.value)) continue;
    if ((people.needs & ~p.problem.targets[target.value].offers) != 0) continue;
    if (with_room && p.seats.load(target.value) >= p.seats.room(target.value)) continue;
    auto const value = walk + p.prices.level(target.value);
    if (value >= best_value) continue;
    best = c;
    best_value = value;
  }
  return best;
}

assign_certificate assigner::certificate() const {
  auto const& p = *engine_;
  auto const stay = p.prices.stay();
  assign_certificate c;
  // Pinned people are given: what they cost is in both sums, and their room is gone.
  std::vector<std::uint32_t> pinned_of_lot(p.problem.lots.size());
  std::uint64_t rent = 0;
  for (std::uint32_t t = 0; t < stay; ++t) {
    std::uint32_t pinned = 0;
    for (auto const& s : p.seats.seats(t)) {
      std::uint64_t const cost = s.walk + p.prices.handicap(t);
      c.objective += cost * s.people;
      c.lower_bound += cost * s.pinned;
      pinned += s.pinned;
      pinned_of_lot[s.lot] += s.pinned;
    }
    if (p.prices.closed(t)) continue;
    rent += std::uint64_t{p.prices.price(t)} * (p.seats.room(t) - std::min(pinned, p.seats.room(t)));
  }
  c.objective += staying() * p.problem.stay_cost_ds;
  for (std::uint32_t l = 0; l < p.seats.lots(); ++l) {
    auto const& lot = p.seats.lot(l);
    c.lower_bound += std::uint64_t{p.search.best_offer(lot, stay + 1).value} * (lot.people - pinned_of_lot[l]);
  }
  c.lower_bound -= std::min(c.lower_bound, rent);
  return c;
}

}  // namespace siren
