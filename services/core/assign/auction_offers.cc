#include <algorithm>
#include <array>

#include "core/assign/auction.h"

namespace siren {

auction::offer auction::best_offer(lot_state const& lot, std::uint32_t except) const {
  auto const stay = prices_.stay();
  auto const* const levels = prices_.seen_by(lot.needs_class);
  offer best{stay, 0, prices_.level(stay), prices_.level(stay)};
  if (except == stay) best.value = best.second = kBarred - 1;
  auto limit = std::min(best.second, lot.budget == kNoBudget ? kNoBudget : lot.budget + 1);
  auto const* const end = problem_.choices.data() + lot.begin + lot.count;
  for (auto const* c = problem_.choices.data() + lot.begin; c != end; ++c) {
    auto const walk = lot.scaled(c->cost_ds);
    if (walk >= limit) break;
    auto const value = walk + levels[c->target.value];
    if (value >= best.second || c->target.value == except) continue;
    if (value < best.value) {
      best.second = best.value;
      best.target = c->target.value;
      best.walk = walk;
      best.value = value;
    } else {
      best.second = value;
    }
    limit = std::min(limit, best.second);
  }
  return best;
}

auction::offer auction::remembered_offer(std::uint32_t l, std::uint32_t except) {
  auto& near = near_[l];
  auto const& lot = seats_.lot(l);
  if (lot.count == 0) return best_offer(lot, except);
  if (near.falls != prices_.falls()) read_list(lot, near);
  for (int reads = 0; reads < 2; ++reads) {
    auto const o = best_remembered(near, lot.needs_class, except);
    if (o.value <= near.rest) return {o.target, o.walk, o.value, std::min(o.second, near.rest)};
    if (reads == 0) read_list(lot, near);
  }
  return best_offer(lot, except);  // the list names little but the excepted
}

void auction::forget_places(std::uint32_t l) {
  near_[l].falls = 0;
}

/// kNoBudget: there is no way.
std::uint32_t auction::walk_to(std::uint32_t l, std::uint32_t target) const {
  auto const& near = near_[l];
  for (std::size_t i = 0; i < near_places::kPlaces && near.falls != 0; ++i)
    if (near.target[i] == target && near.walk[i] != kBarred) return near.walk[i];
  auto const& lot = seats_.lot(l);
  auto const* const end = problem_.choices.data() + lot.begin + lot.count;
  for (auto const* c = problem_.choices.data() + lot.begin; c != end; ++c)
    if (c->target.value == target) return lot.scaled(c->cost_ds);
  return kNoBudget;
}

/// Of those remembered alone.
auction::offer auction::best_remembered(near_places const& near, std::uint8_t needs_class, std::uint32_t except) const {
  auto const* const levels = prices_.seen_by(needs_class);
  auto const stay = prices_.level(prices_.stay());
  auto best = stay;
  auto second = stay;
  auto at = near_places::kPlaces;
  for (std::size_t i = 0; i < near_places::kPlaces; ++i) {
    auto const target = near.target[i];
    auto const value = target == except ? kBarred : near.walk[i] + levels[target];
    second = std::min(second, std::max(best, value));
    at = value < best ? i : at;
    best = std::min(best, value);
  }
  if (at == near_places::kPlaces) return {prices_.stay(), 0, stay, stay};
  return {near.target[at], near.walk[at], best, second};
}

/// Remembers the best places of a list at the present levels.
void auction::read_list(lot_state const& lot, near_places& near) const {
  auto const* const levels = prices_.seen_by(lot.needs_class);
  std::array<std::uint32_t, near_places::kPlaces> values;
  // Whatever is no better than staying need not be known.
  values.fill(prices_.level(prices_.stay()));
  near.target.fill(0);
  near.walk.fill(kBarred);
  near.falls = prices_.falls();
  near.rest = values.back();
  auto const too_far = lot.budget == kNoBudget ? kNoBudget : lot.budget + 1;
  auto const* const end = problem_.choices.data() + lot.begin + lot.count;
  for (auto const* c = problem_.choices.data() + lot.begin; c != end; ++c) {
    auto const walk = lot.scaled(c->cost_ds);
    if (walk >= std::min(values.back(), too_far)) break;
    auto const value = walk + levels[c->target.value];
    if (value >= values.back()) {
      near.rest = std::min(near.rest, value);
      continue;
    }
    near.rest = values.back();
    auto at = near_places::kPlaces - 1;
    for (; at != 0 && values[at - 1] > value; --at) {
      values[at] = values[at - 1];
      near.target[at] = near.target[at - 1];
      near.walk[at] = near.walk[at - 1];
    }
    values[at] = value;
    near.target[at] = c->target.value;
    near.walk[at] = walk;
  }
  near.rest = std::min(near.rest, values.back());
}

}  // namespace siren
