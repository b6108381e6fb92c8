#pragma once

#include <cstdint>
#include <deque>
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
  struct leaver {
    std::uint32_t lot;
    std::uint32_t walk;    // to the place that is left
    std::uint32_t second;  // of the offer that was taken
  };
  struct bidder {
    std::uint32_t level;  // of the target at which its people would come
    std::uint32_t lot;
    std::uint32_t from;
    std::uint32_t walk;
    std::uint32_t people;
    friend bool operator<(bidder const& a, bidder const& b) {  // a heap's top is the lowest bid
      return a.level != b.level ? a.level > b.level : a.lot < b.lot;
    }
  };

  void evict(std::uint32_t target, std::uint32_t step_ds);
  std::uint32_t evict_free(std::uint32_t target, std::uint32_t overflow);
  void evict_pinned(std::uint32_t target, std::uint32_t overflow);
  void send(std::uint32_t lot, std::uint32_t from, offer const& to, std::uint32_t people);
  void fill(std::uint32_t target, std::uint32_t step_ds);
  void collect_bidders(std::uint32_t target, std::uint32_t floor, std::uint32_t room);
  void consider_bidder(bidder const& b, std::uint32_t room);
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
  // scratch of one step
  std::vector<std::uint64_t> order_;
  std::vector<offer> offers_;
  std::vector<leaver> leavers_;
  std::vector<bidder> bidders_;
  std::uint64_t bid_people_ = 0;
  std::uint32_t next_bid_ = 0;  // best level among those not taken
};

}  // namespace siren
