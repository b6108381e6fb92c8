#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/track/tracker.h"

namespace siren {

/// What one event does to a picture, until finish(): tracks that end keep their slots, but are found no more.
class picture_change {
 public:
  picture_change(picture& state, track_policy const& policy) : state_{state}, policy_{policy} {}

  [[nodiscard]] track_policy const& policy() const { return policy_; }
  [[nodiscard]] tracked& at(std::uint32_t slot) { return state_.tracks[slot]; }
  [[nodiscard]] std::vector<tracked> const& destroyed() const { return state_.destroyed; }

  /// Tracks that a report of this place and time may belong to, ascending; `reach` as track_index::near has it.
  void near(lat_lon place, utc_time when, meters reach, std::vector<std::uint32_t>& out);
  /// Tracks whose gates, `wider` than for reports, may meet those of the one in this slot; itself among them.
  void neighbours(std::uint32_t slot, double wider, std::vector<std::uint32_t>& out);
  /// The index is of this time at least; before neighbours().
  void refresh(utc_time when);

  /// For look_taker: a number for a slot that lasts for one look.
  void begin_look() { ++look_; }
  [[nodiscard]] std::optional<std::uint32_t> number_of(std::uint32_t slot) const {
    if (slot >= numbers_.size() || numbers_[slot].look != look_) return std::nullopt;
    return numbers_[slot].number;
  }
  void set_number(std::uint32_t slot, std::uint32_t number) {
    if (slot >= numbers_.size()) numbers_.resize(state_.tracks.size());
    numbers_[slot] = {look_, number};
  }

  /// The track has changed.
  void touch(std::uint32_t slot);
  void end(std::uint32_t slot, track_end why);
  [[nodiscard]] bool ended(std::uint32_t slot) const { return slot < gone_.size() && gone_[slot]; }
  /// Makes room first when the picture is full.
  std::uint32_t bear(observation const& report);
  void remember_destroyed(tracked const& gone);
  void forget_destroyed(utc_time now);

  /// As apply() says. Slots are void from here on.
  [[nodiscard]] std::vector<track_change> finish();

 private:
  void make_room();

  picture& state_;
  track_policy const& policy_;
  std::vector<std::uint32_t> touched_;
  std::vector<std::pair<std::uint32_t, track_end>> ended_;
  std::vector<bool> gone_;  // of slots up to the last that ended
  struct numbered {
    std::uint32_t look = 0;
    std::uint32_t number = 0;
  };
  std::vector<numbered> numbers_;
  std::uint32_t look_ = 0;
  std::vector<std::uint32_t> least_missed_;  // last first; made when first needed
};

}  // namespace siren
