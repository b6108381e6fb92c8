#include <algorithm>
#include <functional>
#include <utility>

#include "core/assign/auction.h"
#include "core/base/verify.h"

namespace siren {

namespace {

constexpr std::uint32_t kStepsBetweenStops = 16;  // a step takes about a microsecond
constexpr std::uint64_t kExact = 1;

/// Seats in order of the level at which they leave: level, seat, whether the level is exact or a lower bound.
std::uint64_t order_key(std::int64_t level, std::size_t seat_at, bool exact) {
  return static_cast<std::uint64_t>(level + kBelowCost) << 32 | seat_at << 1 | (exact ? kExact : 0);
}
std::int64_t level_of(std::uint64_t key) {
  return static_cast<std::int64_t>(key >> 32) - kBelowCost;
}

}  // namespace

auction::auction(assignment_problem const& problem, price_board& prices, seating& seats, incoming_index const& incoming)
    : problem_{problem},
      prices_{prices},
      seats_{seats},
      incoming_{incoming},
      is_overfull_(problem.targets.size()),
      is_hole_(problem.targets.size()),
      is_risen_(problem.targets.size()),
      near_(problem.lots.size()),
      bids_(problem.targets.size()) {
  if (problem.lots.empty()) return;
  min_pace_.pace = std::min_element(problem.lots.begin(), problem.lots.end(), [](auto const& a, auto const& b) {
                     return a.pace < b.pace;
                   })->pace;
}

void auction::mark_overfull(std::uint32_t target) {
  if (target == prices_.stay() || is_overfull_[target] != 0 || !seats_.overfull(target)) return;
  is_overfull_[target] = 1;
  overfull_.push_back(target);
}

void auction::mark_hole(std::uint32_t target) {
  if (target == prices_.stay() || is_hole_[target] != 0 || prices_.closed(target)) return;
  if (seats_.load(target) >= seats_.room(target) || prices_.price(target) == 0) return;
  is_hole_[target] = 1;
  holes_.push_back(target);
}

void auction::place(std::uint32_t l) {
  auto const stay = prices_.stay();
  auto const& lot = seats_.lot(l);
  auto& bounds = seats_.bounds(l);
  bounds = {};
  if (lot.people == 0) bounds.worth = 0;
  auto const people = seats_.staying(l);
  if (people == 0) return;
  auto const to = remembered_offer(l, stay + 1);
  if (to.target != stay) seats_.move(l, stay, to.target, to.walk, people);
  if (!lot.split) bounds = {to.value, to.second};
  mark_overfull(to.target);
}

void auction::reconsider(std::uint32_t l, std::uint32_t step_ds) {
  auto const stay = prices_.stay();
  auto const& lot = seats_.lot(l);
  lot_part scratch;
  auto const now = seats_.parts(l, scratch);
  std::vector<lot_part> const parts(now.begin(), now.end());
  for (auto const& part : parts) {
    if (part.target != stay && prices_.closed(part.target)) continue;  // overfull, and so marked
    bool const may_stay =
        part.target == stay || (part.walk <= lot.budget && prices_.serves(part.target, lot.needs_class));
    auto leave = part.people;
    if (part.target != stay && may_stay) leave = seats_.find_seat(part.target, l)->free();
    if (leave == 0) continue;
    auto const to = best_offer(lot, part.target);
    if (may_stay && to.value + step_ds >= part.walk + prices_.level(part.target)) continue;
    seats_.move(l, part.target, to.target, to.walk, leave);
    mark_overfull(to.target);
    mark_hole(part.target);
  }
  seats_.bounds(l) = {};
}

bool auction::forward(std::uint32_t step_ds, stop_search const& stop) {
  bool finished = true;
  for (std::uint32_t steps = 0; !overfull_.empty(); ++steps) {
    if (stop && steps % kStepsBetweenStops == 0 && stop()) {
      finished = false;
      break;
    }
    auto const target = overfull_.front();
    overfull_.pop_front();
    is_overfull_[target] = 0;
    if (seats_.overfull(target)) evict(target, step_ds);
  }
  raise_worths();
  return finished;
}

/// Once for all rises of a level: only the reverse steps ask.
void auction::raise_worths() {
  for (auto const t : risen_) {
    is_risen_[t] = 0;
    for (auto const& s : seats_.seats(t)) raise_worth(s.lot, s.walk + prices_.level(t));
  }
  risen_.clear();
}

void auction::evict(std::uint32_t target, std::uint32_t step_ds) {
  leavers_.clear();
  auto const level = evict_free(target, seats_.load(target) - seats_.room(target));
  if (seats_.overfull(target)) evict_pinned(target, seats_.load(target) - seats_.room(target));
  seats_.drop_empty_seats(target);
  if (!prices_.closed(target)) {
    // The next to leave sets the price, as in an auction the second bid does.
    auto const next = order_.empty() ? std::int64_t{0} : level_of(order_.front());
    auto const risen = std::max<std::int64_t>({prices_.level(target), level + std::int64_t{step_ds}, next});
    prices_.set_level(target, static_cast<std::uint32_t>(risen));
    if (std::exchange(is_risen_[target], 1) == 0) risen_.push_back(target);
  }
  for (auto const& l : leavers_) {
    raise_worth(l.lot, l.value);
    auto const elsewhere = seats_.lot(l.lot).split ? l.value : l.second;
    seats_.bounds(l.lot).other = std::min(elsewhere, l.walk + prices_.level(target));
  }
}

void auction::raise_worth(std::uint32_t l, std::uint32_t worth) {
  auto& bounds = seats_.bounds(l);
  bounds.worth = seats_.lot(l).split ? std::max(bounds.worth, worth) : worth;
}

/// The level that the last who left would have paid.
std::uint32_t auction::evict_free(std::uint32_t target, std::uint32_t overflow) {
  auto& seats = seats_.seats(target);
  order_.clear();
  offers_.resize(std::max(offers_.size(), seats.size()));
  for (std::size_t i = 0; i < seats.size(); ++i)
    if (seats[i].free() != 0)
      order_.push_back(order_key(std::int64_t{seats_.bounds(seats[i].lot).other} - seats[i].walk, i, false));
  std::make_heap(order_.begin(), order_.end(), std::greater<>{});
  fetch_first(seats);
  std::int64_t level = 0;
  while (!order_.empty()) {
    auto const key = order_.front();
    auto const at = static_cast<std::uint32_t>(key) >> 1;
    auto& s = seats[at];
    auto& lot = seats_.lot(s.lot);
    if ((key & kExact) == 0) {
      offers_[at] = remembered_offer(s.lot, target);
      auto const here = lot.split ? s.walk + prices_.level(target) : kBarred;
      seats_.bounds(s.lot).other = std::min(offers_[at].value, here);
      std::pop_heap(order_.begin(), order_.end(), std::greater<>{});
      order_.back() = order_key(std::int64_t{offers_[at].value} - s.walk, at, true);
      std::push_heap(order_.begin(), order_.end(), std::greater<>{});
      continue;
    }
    if (overflow == 0) break;
    std::pop_heap(order_.begin(), order_.end(), std::greater<>{});
    auto const leaving = std::min(overflow, s.free());
    level = std::max(level, level_of(key));
    if (leaving < s.free()) {  // a part of it remains, and is the next to leave
      std::push_heap(order_.begin(), order_.end(), std::greater<>{});
    } else {
      order_.pop_back();
    }
    s.people -= leaving;
    overflow -= leaving;
    auto const lot_at = s.lot;
    auto const walk = s.walk;
    seats_.move_taken(lot_at, target, offers_[at].target, offers_[at].walk, leaving);
    leavers_.push_back({lot_at, walk, offers_[at].value, offers_[at].second});
    mark_overfull(offers_[at].target);
  }
  return static_cast<std::uint32_t>(std::max<std::int64_t>(level, 0));
}

/// Those first in order are asked next, and what is known of them lies far apart in memory.
void auction::fetch_first(std::span<seat const> seats) const {
  constexpr std::size_t kFetched = 8;
  for (std::size_t i = 0; i < std::min(kFetched, order_.size()); ++i) {
    auto const l = seats[static_cast<std::uint32_t>(order_[i]) >> 1].lot;
    __builtin_prefetch(&near_[l]);
    __builtin_prefetch(&seats_.lot(l));
  }
}

void auction::evict_pinned(std::uint32_t target, std::uint32_t overflow) {
  auto& seats = seats_.seats(target);
  order_.clear();
  for (std::size_t i = 0; i < seats.size(); ++i) {
    if (seats[i].people == 0) continue;
    offers_[i] = best_offer(seats_.lot(seats[i].lot), target);
    order_.push_back(order_key(std::int64_t{offers_[i].value} - seats[i].walk, i, true));
  }
  std::sort(order_.begin(), order_.end());
  for (auto const key : order_) {
    if (overflow == 0) break;
    auto const at = static_cast<std::uint32_t>(key) >> 1;
    auto& s = seats[at];
    auto const leaving = std::min(overflow, s.people);
    s.people -= leaving;
    s.pinned = s.people;
    overflow -= leaving;
    seats_.move_taken(s.lot, target, offers_[at].target, offers_[at].walk, leaving);
    seats_.bounds(s.lot) = {};
    mark_overfull(offers_[at].target);
  }
  order_.clear();
}

void auction::settle() {
  for (std::uint32_t t = 0; t < prices_.stay(); ++t)
    if (seats_.overfull(t)) settle_target(t);
  forget_marks();
}

void auction::forget_marks() {
  for (auto const t : overfull_) is_overfull_[t] = 0;
  for (auto const t : holes_) is_hole_[t] = 0;
  overfull_.clear();
  holes_.clear();
}

void auction::settle_target(std::uint32_t target) {
  auto& seats = seats_.seats(target);
  auto const stay = prices_.stay();
  order_.clear();
  for (std::size_t i = 0; i < seats.size(); ++i) {
    auto const pinned_last = seats[i].free() == 0 ? std::int64_t{kBelowCost} : 0;
    order_.push_back(
        order_key(std::int64_t{seats_.bounds(seats[i].lot).other} - seats[i].walk + pinned_last, i, false));
  }
  std::sort(order_.begin(), order_.end());
  for (int pass = 0; pass < 2 && seats_.overfull(target); ++pass) {
    for (auto const key : order_) {
      auto& s = seats[static_cast<std::uint32_t>(key) >> 1];
      auto leaving = std::min(seats_.load(target) - std::min(seats_.load(target), seats_.room(target)),
                              pass == 0 ? s.free() : s.people);
      s.people -= leaving;
      s.pinned = std::min(s.pinned, s.people);
      auto const& lot = seats_.lot(s.lot);
      auto const* const levels = prices_.seen_by(lot.needs_class);
      for (auto c = lot.begin; c < lot.begin + lot.count && leaving != 0; ++c) {
        auto const to = problem_.choices[c].target.value;
        auto const walk = lot.scaled(problem_.choices[c].cost_ds);
        if (walk > lot.budget || walk >= prices_.level(stay)) break;
        if (to == target || levels[to] >= kBarred || walk + prices_.handicap(to) >= prices_.level(stay)) continue;
        if (seats_.load(to) >= seats_.room(to)) continue;
        auto const taken = std::min(leaving, seats_.room(to) - seats_.load(to));
        leaving -= taken;
        seats_.move_taken(s.lot, target, to, walk, taken);
        seats_.bounds(s.lot) = {};
      }
      if (leaving == 0) continue;
      seats_.move_taken(s.lot, target, stay, 0, leaving);
      seats_.bounds(s.lot) = {};
    }
  }
  seats_.drop_empty_seats(target);
}

}  // namespace siren
