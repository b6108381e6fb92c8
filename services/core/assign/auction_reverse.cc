#include <algorithm>

#include "core/assign/auction.h"
#include "core/base/verify.h"

namespace siren {

namespace {

constexpr std::uint32_t kStepsBetweenStops = 8;  // a step takes a few microseconds

}  // namespace

bool auction::reverse(std::uint32_t step_ds, stop_search const& stop) {
  for (std::uint32_t steps = 0; !holes_.empty(); ++steps) {
    if (stop && steps % kStepsBetweenStops == 0 && stop()) return false;
    auto const target = holes_.front();
    holes_.pop_front();
    is_hole_[target] = 0;
    if (seats_.load(target) < seats_.room(target) && !prices_.closed(target) && prices_.price(target) != 0)
      fill(target, step_ds);
  }
  return true;
}

void auction::fill(std::uint32_t target, std::uint32_t step_ds) {
  auto room = seats_.room(target) - seats_.load(target);
  auto const handicap = prices_.handicap(target);
  auto const before = prices_.level(target);
  collect_bidders(target, handicap + step_ds, room);
  std::sort(bidders_.begin(), bidders_.end());
  auto level = handicap;
  for (auto const& b : bidders_) {
    auto const taken = std::min(room, b.people);
    seats_.move(b.lot, b.from, target, b.walk, taken);
    auto& lot = seats_.lot(b.lot);
    lot.other = std::min(lot.other, b.level + b.walk);  // what it leaves
    mark_hole(b.from);
    room -= taken;
    if (room != 0) continue;
    // The next to come sets the price; the last who came must gain by the step, or two targets would swap for ever.
    auto const next = taken < b.people ? b.level : next_bid_;
    level = std::min({before, next, b.level - step_ds});
    break;
  }
  prices_.set_level(target, level);
  if (prices_.level(target) < before) lower_bounds(target);
}

void auction::collect_bidders(std::uint32_t target, std::uint32_t floor, std::uint32_t room) {
  bidders_.clear();
  bid_people_ = 0;
  next_bid_ = 0;
  auto const stay = prices_.stay();
  for (auto const& way : incoming_.of(target)) {
    for (auto l = incoming_.first_lot(way.list); l != incoming_.end_lot(way.list); ++l) {
      auto const& lot = seats_.lot(l);
      auto const walk = lot.scaled(way.cost_ds);
      if (lot.people == 0 || walk > lot.budget || !prices_.serves(target, lot.needs_class)) continue;
      lot_part scratch;
      for (auto const& part : seats_.parts(l, scratch)) {
        if (part.target == target) continue;
        auto const value = part.walk + prices_.level(part.target);
        if (value < walk + floor || (bid_people_ >= room && value - walk <= next_bid_)) continue;
        auto people = part.people;
        if (part.target != stay) {
          // Only pinned lots need the seat itself; it is asked last, when the bid is worth it.
          people = seats_.pinned(l) ? seats_.find_seat(part.target, l)->free() : people;
          if (people == 0) continue;
        }
        consider_bidder({value - walk, l, part.target, walk, people}, room);
      }
    }
  }
}

/// Keeps the highest bids that fill the room.
void auction::consider_bidder(bidder const& b, std::uint32_t room) {
  bidders_.push_back(b);
  std::push_heap(bidders_.begin(), bidders_.end());
  bid_people_ += b.people;
  while (bid_people_ - bidders_.front().people >= room) {
    next_bid_ = std::max(next_bid_, bidders_.front().level);
    bid_people_ -= bidders_.front().people;
    std::pop_heap(bidders_.begin(), bidders_.end());
    bidders_.pop_back();
  }
}

/// After a fall: lots elsewhere may now like the target better than what they knew of.
void auction::lower_bounds(std::uint32_t target) {
  auto const level = prices_.level(target);
  for (auto const& way : incoming_.of(target)) {
    for (auto l = incoming_.first_lot(way.list); l != incoming_.end_lot(way.list); ++l) {
      auto& lot = seats_.lot(l);
      if (lot.split || lot.home == target) continue;
      lot.other = std::min(lot.other, lot.scaled(way.cost_ds) + level);
    }
  }
}

}  // namespace siren
