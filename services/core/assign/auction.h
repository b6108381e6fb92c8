#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "core/assign/assigner.h"
#include "core/assign/incoming.h"
#include "core/assign/price_board.h"
#include "core/assign/seating.h"

namespace siren {

/// The steps of the search. `value` of a place = walk + level there; a lot is content when no allowed place is better
/// than where its people are by more than the step. Kept between the runs: a target with a price is full, or marked.
class auction {
 public:
  auction(assignment_problem const& problem, price_board& prices, seating& seats, incoming_index const& incoming);

  /// What the best place for a lot's people costs, `except` left out; staying at the latest.
  struct offer {
    std::uint32_t target = 0;
    std::uint32_t walk = 0;
    std::uint32_t value = 0;
    std::uint32_t second = 0;  // no third place costs less
  };
  [[nodiscard]] offer best_offer(lot_state const& lot, std::uint32_t except) const;
  /// The same, but `second` may be less than it could be. Remembers the lot's best places: while levels only rise they
  /// mostly stay its best, and the list is not read again. What it remembers knows the lot's budget.
  [[nodiscard]] offer remembered_offer(std::uint32_t lot, std::uint32_t except);
  void forget_places(std::uint32_t lot);

  /// Puts all staying people of a lot where they like it best, full or not.
  void place(std::uint32_t lot);
  /// Moves a lot's people from where they may not be, and the free ones from where they like it less.
  void reconsider(std::uint32_t lot, std::uint32_t step_ds);
  void mark_overfull(std::uint32_t target);
  void mark_hole(std::uint32_t target);

  /// Until no target is overfull. False: stopped.
  bool forward(std::uint32_t step_ds, stop_search const& stop);
  /// Until no marked target has both room and a price. Makes no target overfull. False: stopped.
  bool reverse(std::uint32_t step_ds, stop_search const& stop);
  /// Ends what was stopped: people beyond a target's room go where there is room without anyone else moving, or stay.
  void settle();
  void forget_marks();

 private:
  /// The best places of a lot when its list was last read. One cache line.
  struct alignas(64) near_places {
    static constexpr std::size_t kPlaces = 7;
    std::uint32_t falls = 0;  // of levels, when it was read
    std::uint32_t rest = 0;   // no other place cost less then
    std::array<std::uint32_t, kPlaces> target;
    std::array<std::uint32_t, kPlaces> walk;
  };
  struct leaver {
    std::uint32_t lot;
    std::uint32_t walk;    // to the place that is left
    std::uint32_t value;   // of the offer that was taken
    std::uint32_t second;  // of the same
  };
  /// People who may come to a target, at which level of it at most: while levels only fall, so do bids, and only those
  /// on top need to be asked again.
  struct target_bids {
    std::uint32_t phase = 0;          // in which they were collected
    std::uint32_t rest = 0;           // no bid that was not collected is higher; 0: there is none
    std::vector<std::uint64_t> heap;  // level, lot
  };
  struct bidder {
    std::uint32_t level = 0;  // of the target at which the people would come
    std::uint32_t from = 0;
    std::uint32_t people = 0;  // 0: none
    std::uint32_t walk = 0;
  };

  [[nodiscard]] offer best_remembered(near_places const& near, std::uint8_t needs_class, std::uint32_t except) const;
  [[nodiscard]] std::uint32_t walk_to(std::uint32_t lot, std::uint32_t target) const;
  void read_list(lot_state const& lot, near_places& near) const;
  void evict(std::uint32_t target, std::uint32_t step_ds);
  std::uint32_t evict_free(std::uint32_t target, std::uint32_t overflow);
  void fetch_first(std::span<seat const> seats) const;
  void evict_pinned(std::uint32_t target, std::uint32_t overflow);
  void raise_worths();
  void raise_worth(std::uint32_t lot, std::uint32_t worth);
  void fill(std::uint32_t target, std::uint32_t step_ds);
  void collect_bids(std::uint32_t target, std::uint32_t floor, std::uint32_t top, std::uint32_t window);
  std::uint32_t highest_bid(std::uint32_t lot, std::uint32_t target, std::uint32_t cost_ds);
  bool has_bid(std::uint32_t target, std::uint32_t floor);
  bidder ask(std::uint32_t lot, std::uint32_t target);
  void take(std::uint32_t lot, std::uint32_t target, bidder const& b, std::uint32_t people);
  void put_bid(std::uint32_t target, std::uint32_t level, std::uint32_t lot);
  void lower_bounds(std::uint32_t target);
  void settle_target(std::uint32_t target);

  assignment_problem const& problem_;
  price_board& prices_;
  seating& seats_;
  incoming_index const& incoming_;
  std::deque<std::uint32_t> overfull_;
  std::deque<std::uint32_t> holes_;
  std::vector<std::uint8_t> is_overfull_;
  std::vector<std::uint8_t> is_hole_;
  std::vector<std::uint32_t> risen_;  // in this run of forward
  std::vector<std::uint8_t> is_risen_;
  std::vector<near_places> near_;  // by lot
  // scratch of one step
  std::vector<std::uint64_t> order_;
  std::vector<offer> offers_;
  std::vector<leaver> leavers_;
  lot_state min_pace_;  // scales costs by the least pace of all
  std::vector<target_bids> bids_;
  std::uint32_t phase_ = 0;  // of reverse
  std::vector<std::uint32_t> fallen_;
};

}  // namespace siren
