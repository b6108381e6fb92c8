#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "core/assign/assignment_problem.h"

namespace siren {

/// People of one lot at one target.
struct seat {
  std::uint32_t lot = 0;
  std::uint32_t walk = 0;  // ds at the lot's pace
  std::uint32_t people = 0;
  std::uint32_t pinned = 0;  // of people
  [[nodiscard]] std::uint32_t free() const { return people - pinned; }
};

/// The same, seen from the lot; target = stay for those who stay.
struct lot_part {
  std::uint32_t target = 0;
  std::uint32_t walk = 0;
  std::uint32_t people = 0;
  friend auto operator<=>(lot_part const&, lot_part const&) = default;
};

/// A lot with what the search asks of it first; aligned so that each is in one cache line.
struct alignas(32) lot_state {
  std::uint32_t begin = 0;  // of its choices
  std::uint16_t count = 0;
  std::uint8_t needs_class = 0;
  bool split = false;
  std::uint32_t pace = kPaceOne;
  std::uint32_t budget = kNoBudget;
  std::uint32_t people = 0;
  std::uint32_t home = 0;  // target or stay; when split, index of its parts
  std::uint32_t walk = 0;  // to home

  [[nodiscard]] std::uint32_t scaled(std::uint32_t cost_ds) const {
    return static_cast<std::uint32_t>((static_cast<std::uint64_t>(cost_ds) * pace + (kPaceOne - 1)) >> 16);
  }
};

/// What the search remembers of a lot, apart from it because it is asked of many lots at a time.
struct lot_bounds {
  std::uint32_t worth = kUnknownWorth;  // none of its people is at a place that costs more than this
  std::uint32_t other = 0;              // no place costs less than this; its home may when it has only one
  static constexpr std::uint32_t kUnknownWorth = 1U << 30;
};

/// Who is where: lots with their parts, targets with their seats, kept equal. Everyone in no seat stays.
class seating {
 public:
  explicit seating(assignment_problem const& problem);

  [[nodiscard]] std::uint32_t stay() const { return static_cast<std::uint32_t>(seats_.size()); }
  [[nodiscard]] std::uint32_t lots() const { return static_cast<std::uint32_t>(lots_.size()); }
  [[nodiscard]] lot_state& lot(std::uint32_t l) { return lots_[l]; }
  [[nodiscard]] lot_state const& lot(std::uint32_t l) const { return lots_[l]; }
  [[nodiscard]] lot_bounds& bounds(std::uint32_t l) { return bounds_[l]; }
  [[nodiscard]] std::span<lot_bounds> all_bounds() { return bounds_; }
  [[nodiscard]] std::vector<seat>& seats(std::uint32_t target) { return seats_[target]; }
  [[nodiscard]] std::vector<seat> const& seats(std::uint32_t target) const { return seats_[target]; }
  [[nodiscard]] std::uint32_t load(std::uint32_t target) const { return load_[target]; }
  [[nodiscard]] std::uint32_t room(std::uint32_t target) const { return room_[target]; }
  [[nodiscard]] bool overfull(std::uint32_t target) const { return load_[target] > room_[target]; }
  void set_room(std::uint32_t target, std::uint32_t room) { room_[target] = room; }

  /// A lot's parts with people. Valid until something moves.
  [[nodiscard]] std::span<lot_part const> parts(std::uint32_t l, lot_part& scratch) const;
  [[nodiscard]] std::uint32_t staying(std::uint32_t l) const;
  [[nodiscard]] seat* find_seat(std::uint32_t target, std::uint32_t l);
  [[nodiscard]] seat& seat_of(std::uint32_t target, std::uint32_t l);  // which exists
  [[nodiscard]] seat const* find_seat(std::uint32_t target, std::uint32_t l) const;

  /// Pins the people in the lot's seats, or frees them.
  void set_pinned(std::uint32_t l, bool pinned);
  [[nodiscard]] bool pinned(std::uint32_t l) const { return pinned_[l] != 0; }

  /// Moves people between targets (or staying), free ones before pinned ones; who moves is no longer pinned.
  void move(std::uint32_t l, std::uint32_t from, std::uint32_t to, std::uint32_t walk, std::uint32_t people);
  /// The same for people who were already taken from `from`'s seat; the caller drops empty seats.
  void move_taken(std::uint32_t l, std::uint32_t from, std::uint32_t to, std::uint32_t walk, std::uint32_t people);
  void drop_empty_seats(std::uint32_t target);
  /// More people stay, or people leave from one part.
  void add_staying(std::uint32_t l, std::uint32_t people);
  void remove(std::uint32_t l, std::uint32_t from, std::uint32_t people);
  /// Everyone but the pinned stays.
  void clear_free();
  /// Changes the size of a lot of which everyone stays.
  void set_size(std::uint32_t l, std::uint32_t people);

  /// Also remembers the parts of lots as they were before their first change since; off at the start.
  void record_changes(bool on);
  void remember(std::uint32_t l);
  /// Calls f(lot, parts before) for every lot that was touched, in order of touch.
  template <typename F>
  void for_each_touched(F&& f) const {
    for (auto const& c : changes_) f(c.lot, std::span{before_}.subspan(c.begin, c.count));
  }

 private:
  void take_part(lot_state& lot, std::uint32_t from, std::uint32_t people);
  void give_part(lot_state& lot, std::uint32_t to, std::uint32_t walk, std::uint32_t people);
  void give_seat(std::uint32_t l, std::uint32_t to, std::uint32_t walk, std::uint32_t people, bool known);
  void split(std::uint32_t l);
  void unsplit_if_whole(std::uint32_t l);

  std::vector<lot_state> lots_;
  std::vector<lot_bounds> bounds_;        // by lot
  std::vector<std::vector<seat>> seats_;  // by target
  std::vector<std::uint32_t> load_;
  std::vector<std::uint32_t> room_;
  std::vector<std::uint8_t> pinned_;          // by lot
  std::vector<std::vector<lot_part>> parts_;  // of split lots
  std::vector<std::uint32_t> free_parts_;
  struct change {
    std::uint32_t lot = 0;
    std::uint32_t begin = 0;  // in before_
    std::uint32_t count = 0;
  };
  bool recording_ = false;
  std::vector<std::uint8_t> remembered_;  // by lot
  std::vector<change> changes_;
  std::vector<lot_part> before_;
};

}  // namespace siren
