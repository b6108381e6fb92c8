#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/track/tracked.h"

namespace siren {

/// Which tracks a report may belong to, without looking at all of them: grids of latitudes and longitudes, finer ones
/// for what is well known and slow, in which a track lies where it is believed to be and is found from as far as it may
/// be. Leaves out no track that the gates would let in, as long as a track's flight is not older than the index' time.
/// Slots are places in the vector of tracks.
class track_index {
 public:
  /// Whether it knows so many tracks; otherwise some came or went behind its back.
  [[nodiscard]] bool holds(std::size_t tracks) const { return size_ == tracks; }
  /// Whether it must be made anew: for that, or because time went on by more than a second.
  [[nodiscard]] bool stale(std::size_t tracks, utc_time at) const;
  void rebuild(std::span<tracked const> tracks, utc_time at, track_policy const& policy);
  /// The track in this slot is new (the next slot) or has moved.
  void place(std::uint32_t slot, tracked const& t, track_policy const& policy);
  /// The track in this slot is found no more; its slot stays.
  void remove(std::uint32_t slot);
  /// The next look at the index finds it stale.
  void forget() { size_ = kNone; }

  /// Slots of tracks that may be within `reach` (of a report: gate times sigma) of a place at a time, ascending.
  /// `wider` stretches the tracks' own reach.
  void near(lat_lon place, utc_time at, meters reach, double wider, std::vector<std::uint32_t>& out) const;
  /// Slots of tracks whose reach, stretched, may meet that of the one in this slot, itself among them, ascending.
  void neighbours(std::uint32_t slot, double wider, std::vector<std::uint32_t>& out) const;

 private:
  static constexpr std::size_t kNone = ~std::size_t{0};
  static constexpr std::size_t kGrids = 3;
  static constexpr std::size_t kBuckets = 4096;  // of each grid
  struct entry {
    double north = 0.0;  // m from the equator
    double east = 0.0;   // m from Greenwich along the track's own parallel
    double east_scale = 1.0;
    double speed_east = 0.0;
    double speed_north = 0.0;
    double reach = 0.0;
    double fastest = 0.0;
    utc_time at;
    std::uint64_t cell = 0;
    std::size_t grid = 0;  // kGrids: in none
    bool removed = false;
  };
  struct grid {
    std::vector<std::vector<std::uint32_t>> buckets;
    std::size_t held = 0;
    double most_reach = 0.0;  // m, of all that it has held since it was made anew
    double most_speed = 0.0;  // m/s
  };

  [[nodiscard]] bool within(entry const& e, lat_lon place, utc_time at, double reach, double wider) const;
  [[nodiscard]] std::vector<std::uint32_t>& list_of(entry const& e);

  std::vector<entry> entries_;
  std::array<grid, kGrids> grids_;
  std::vector<std::uint32_t> wide_;  // too fast or too unsure for every grid
  std::size_t size_ = kNone;
  utc_time at_;
};

}  // namespace siren
