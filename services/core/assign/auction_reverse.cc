#include <algorithm>

#include "core/assign/auction.h"
#include "core/base/verify.h"

namespace siren {

namespace {

constexpr std::uint32_t kStepsBetweenStops = 8;  // a step takes a few microseconds
constexpr std::uint32_t kFirstWindow = 300;      // ds; bids mostly lie a little below the price

}  // namespace

bool auction::reverse(std::uint32_t step_ds, stop_search const& stop) {
  ++phase_;
  bool finished = true;
  for (std::uint32_t steps = 0; !holes_.empty(); ++steps) {
    if (stop && steps % kStepsBetweenStops == 0 && stop()) {
      finished = false;
      break;
    }
    auto const target = holes_.front();
    holes_.pop_front();
    is_hole_[target] = 0;
    if (seats_.load(target) < seats_.room(target) && !prices_.closed(target) && prices_.price(target) != 0)
      fill(target, step_ds);
  }
  std::sort(fallen_.begin(), fallen_.end());
  fallen_.erase(std::unique(fallen_.begin(), fallen_.end()), fallen_.end());
  for (auto const t : fallen_) lower_bounds(t);
  fallen_.clear();
  return finished;
}

void auction::fill(std::uint32_t target, std::uint32_t step_ds) {
  auto room = seats_.room(target) - seats_.load(target);
  auto const floor = prices_.handicap(target) + step_ds;
  auto const before = prices_.level(target);
  auto& bids = bids_[target];
  if (bids.phase != phase_) collect_bids(target, floor, before, kFirstWindow);
  auto level = prices_.handicap(target);
  while (room != 0 && has_bid(target, floor)) {
    auto const bid = bids.heap.front();
    std::pop_heap(bids.heap.begin(), bids.heap.end());
    bids.heap.pop_back();
    auto const lot = static_cast<std::uint32_t>(bid);
    auto const now = ask(lot, target);
    if (now.people == 0 || now.level < floor) continue;
    if (now.level < bid >> 32) {
      put_bid(target, now.level, lot);
      continue;
    }
    auto const taken = std::min(room, now.people);
    take(lot, target, now, taken);
    room -= taken;
    if (taken < now.people || seats_.lot(lot).split) put_bid(target, now.level, lot);
    if (room != 0) continue;
    // The next to come sets the price; the last who came must gain by the step, or two targets would swap for ever.
    auto const next = bids.heap.empty() ? 0 : static_cast<std::uint32_t>(bids.heap.front() >> 32);
    level = std::min({before, std::max(next, bids.rest), now.level - step_ds});
  }
  prices_.set_level(target, level);
  if (prices_.level(target) < before) fallen_.push_back(target);
}

/// True: the top of the heap is no lower than any other bid.
bool auction::has_bid(std::uint32_t target, std::uint32_t floor) {
  auto& bids = bids_[target];
  for (auto window = kFirstWindow * 4; bids.rest != 0; window *= 4) {
    if (!bids.heap.empty() && bids.heap.front() >> 32 >= bids.rest) return true;
    collect_bids(target, floor, bids.rest, window);
  }
  return !bids.heap.empty();
}

/// Collects the bids that are at most a window below `top`, or higher.
void auction::collect_bids(std::uint32_t target, std::uint32_t floor, std::uint32_t top, std::uint32_t window) {
  auto& bids = bids_[target];
  bids.phase = phase_;
  bids.heap.clear();
  auto const from = std::max(floor, top - std::min(top, window));
  auto const all = seats_.all_bounds();
  for (auto const& way : incoming_.of(target)) {
    auto const least_worth = min_pace_.scaled(way.cost_ds) + from;
    for (auto& bounds : incoming_.lots_of(way, all)) {
      if (bounds.worth < least_worth) continue;
      auto const l = static_cast<std::uint32_t>(&bounds - all.data());
      auto const level = highest_bid(l, target, way.cost_ds);
      if (level >= from) bids.heap.push_back(std::uint64_t{level} << 32 | l);
    }
  }
  std::make_heap(bids.heap.begin(), bids.heap.end());
  bids.rest = from > floor ? from : 0;
}

/// No bid of the lot for the target is higher; 0: it may not bid, or is there.
std::uint32_t auction::highest_bid(std::uint32_t l, std::uint32_t target, std::uint32_t cost_ds) {
  auto const& lot = seats_.lot(l);
  auto const walk = lot.scaled(cost_ds);
  if (walk > lot.budget || (!lot.split && lot.home == target) || !prices_.serves(target, lot.needs_class)) return 0;
  if (seats_.bounds(l).worth >= lot_bounds::kUnknownWorth) ask(l, target);
  return seats_.bounds(l).worth - std::min(seats_.bounds(l).worth, walk);
}

void auction::put_bid(std::uint32_t target, std::uint32_t level, std::uint32_t lot) {
  auto& heap = bids_[target].heap;
  heap.push_back(std::uint64_t{level} << 32 | lot);
  std::push_heap(heap.begin(), heap.end());
}

/// What a lot would bid now, for those of its people who gain most.
auction::bidder auction::ask(std::uint32_t l, std::uint32_t target) {
  auto const& lot = seats_.lot(l);
  bidder best;
  auto const walk = walk_to(l, target);
  bool const allowed = walk <= lot.budget && prices_.serves(target, lot.needs_class);
  std::uint32_t worth = 0;
  lot_part scratch;
  for (auto const& part : seats_.parts(l, scratch)) {
    auto const value = part.walk + prices_.level(part.target);
    worth = std::max(worth, value);
    if (!allowed || part.target == target || value < walk || value - walk < best.level) continue;
    auto people = part.people;
    if (seats_.pinned(l) && part.target != prices_.stay()) people = seats_.find_seat(part.target, l)->free();
    if (people != 0) best = {value - walk, part.target, people, walk};
  }
  seats_.bounds(l).worth = worth;
  return best;
}

void auction::take(std::uint32_t l, std::uint32_t target, bidder const& b, std::uint32_t people) {
  auto const other = seats_.bounds(l).other;
  seats_.move(l, b.from, target, b.walk, people);
  seats_.bounds(l).other = std::min(other, b.level + b.walk);  // what it leaves
  // It may come back when it left a hole: it is collected there, or was not looked at since it was at home.
  if (b.from != prices_.stay() && bids_[b.from].phase == phase_) put_bid(b.from, prices_.level(b.from), l);
  mark_hole(b.from);
}

/// After a fall: lots elsewhere may now like the target better than what they knew of.
void auction::lower_bounds(std::uint32_t target) {
  auto const& seats = seats_.seats(target);
  std::vector<std::uint32_t> kept;
  kept.reserve(seats.size());
  for (auto const& s : seats) kept.push_back(seats_.bounds(s.lot).other);
  auto const level = prices_.level(target);
  auto const all = seats_.all_bounds();
  for (auto const& way : incoming_.of(target)) {
    auto const other = min_pace_.scaled(way.cost_ds) + level;
    for (auto& bounds : incoming_.lots_of(way, all)) bounds.other = std::min(bounds.other, other);
  }
  for (std::size_t i = 0; i < seats.size(); ++i)
    if (!seats_.lot(seats[i].lot).split) seats_.bounds(seats[i].lot).other = kept[i];
}

}  // namespace siren
