#include "core/assign/price_board.h"

#include <algorithm>

#include "core/base/verify.h"

namespace siren {

price_board::price_board(assignment_problem const& problem) {
  verify(problem.stay_cost_ds < kBelowCost, "the cost of staying is in range");
  for (auto const& t : problem.targets) {
    verify(t.handicap_ds < kBelowCost, "a handicap is in range");
    handicap_.push_back(t.handicap_ds);
    offers_.push_back(t.offers);
    closed_.push_back(t.room == 0 ? 1 : 0);
  }
  std::array<bool, 256> needed{};
  needed[0] = true;
  for (auto const& lot : problem.lots) needed[lot.needs] = true;
  for (std::size_t needs = 0; needs < needed.size(); ++needs) {
    if (!needed[needs]) continue;
    class_of_[needs] = static_cast<std::uint8_t>(needs_.size());
    needs_.push_back(static_cast<std::uint8_t>(needs));
  }
  views_.assign(needs_.size(), std::vector<std::uint32_t>(handicap_.size()));
  level_ = handicap_;
  level_.push_back(problem.stay_cost_ds);
  reset();
}

void price_board::show(std::uint32_t target) {
  for (std::size_t c = 0; c < needs_.size(); ++c) {
    bool const serves = closed_[target] == 0 && (needs_[c] & ~offers_[target]) == 0;
    auto const seen = serves ? level_[target] : kBarred;
    if (seen < views_[c][target]) ++falls_;
    views_[c][target] = seen;
  }
}

void price_board::reset() {
  for (std::uint32_t t = 0; t < stay(); ++t) set_level(t, handicap_[t]);
}

void price_board::set_level(std::uint32_t target, std::uint32_t level) {
  level_[target] = std::max(level, handicap_[target]);
  show(target);
}

void price_board::set_closed(std::uint32_t target, bool closed) {
  closed_[target] = closed ? 1 : 0;
  show(target);
}

void price_board::set_handicap(std::uint32_t target, std::uint32_t handicap_ds) {
  verify(handicap_ds < kBelowCost, "a handicap is in range");
  handicap_[target] = handicap_ds;
  set_level(target, level_[target]);
}

void price_board::set_offers(std::uint32_t target, std::uint8_t offers) {
  offers_[target] = offers;
  show(target);
}

}  // namespace siren
