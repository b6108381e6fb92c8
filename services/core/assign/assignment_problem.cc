#include "core/assign/assignment_problem.h"

#include <cstddef>
#include <span>

#include "core/assign/price_board.h"
#include "core/base/verify.h"

namespace siren {
namespace {

/// Gathers first: there are millions of choices, and a call for each takes longer than the comparison.
void verify_list(std::span<target_choice const> list, std::size_t targets) {
  bool in_order = true;
  bool all_exist = true;
  std::uint32_t before = 0;
  for (auto const& c : list) {
    all_exist &= c.target.value < targets;
    in_order &= before <= c.cost_ds;
    before = c.cost_ds;
  }
  verify(all_exist, "a choice's target exists");
  verify(in_order, "a list is in order of cost");
}

}  // namespace

void verify_problem(assignment_problem const& problem) {
  auto const& first = problem.first_choice;
  verify(!first.empty() && first.front() == 0 && first.back() == problem.choices.size(), "lists cover the choices");
  for (std::size_t i = 0; i + 1 < first.size(); ++i) {
    verify(first[i] <= first[i + 1] && first[i + 1] - first[i] < (1U << 16), "a list's size is in range");
    verify_list(std::span{problem.choices}.subspan(first[i], first[i + 1] - first[i]), problem.targets.size());
  }
  std::uint64_t people = 0;
  for (std::size_t l = 0; l < problem.lots.size(); ++l) {
    auto const& lot = problem.lots[l];
    verify(lot.list + 1 < first.size(), "a lot's list exists");
    verify(l == 0 || problem.lots[l - 1].list <= lot.list, "lots are in order of list");
    people += lot.people;
    if (first[lot.list] == first[lot.list + 1]) continue;
    std::uint64_t const dearest = problem.choices[first[lot.list + 1] - 1].cost_ds;
    verify((dearest * lot.pace >> 16) + 1 < kBelowCost, "a walk's cost is in range");
  }
  std::uint64_t room = 0;
  for (auto const& t : problem.targets) room += t.room;
  verify(people < (1ULL << 31) && room < (1ULL << 31), "people and rooms are in range");
}

}  // namespace siren
