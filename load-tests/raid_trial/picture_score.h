#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "core/track/track.h"
#include "picture_metrics/set_distance.h"
#include "raid_scenario/raid_truth.h"

namespace siren::raids {

struct picture_figures {
  double ospa_m = 0.0;  // mean over the seconds in which it was taken, as are the following
  double gospa_m = 0.0;
  double localisation_m = 0.0;  // root mean square over matched pairs of GOSPA
  double missed = 0.0;          // objects a second without a track
  double false_tracks = 0.0;    // tracks a second without an object
  double purity = 0.0;          // share of a track's matched seconds that are of the object it is mostly of
  double breaks = 0.0;          // changes of track per object
  double wrong_class = 0.0;     // share of matched seconds with a class other than the true one, unknown included
  double wrong_family = 0.0;    // of them, taken for something of another speed by a class that is not unknown
  double first_track_s = 0.0;   // from the first report's arrival to the first confirmed track, mean over objects
  double never_tracked = 0.0;   // objects that no confirmed track ever matched
  std::vector<double> gospa_by_minute;
};

/// Confirmed tracks against the truth, second by second; OSPA and GOSPA, whose matching costs most, in every fifth
/// second. Which track is of which object: as in the second before while
/// they are nearer than the limit; of the rest those pairs that are nearest in sum (CLEAR MOT: Bernardin & Stiefelhagen
/// 2008).
class picture_score {
 public:
  /// `first_seen`: second at which the first report of each object arrived; absent if none did.
  picture_score(std::vector<true_object> const& truth, std::vector<std::optional<double>> first_seen);

  void add(std::int64_t second, std::span<track const> confirmed);
  /// Of the last second added.
  [[nodiscard]] std::map<track_id, std::size_t> const& object_of() const { return object_of_; }
  [[nodiscard]] picture_figures figures() const;

  static constexpr std::int64_t kDistancesEvery = 5;  // seconds
  static constexpr meters kSameObject{2'000.0};       // three sigma of the acoustic network

 private:
  void match(std::span<track const> tracks, std::span<plane_point const> places, std::span<std::size_t const> flying,
             std::span<plane_point const> true_places);
  void note_matches(std::int64_t second, std::span<track const> tracks);

  std::vector<true_object> const& truth_;
  std::vector<std::optional<double>> first_seen_;
  std::map<track_id, std::size_t> object_of_;
  std::map<track_id, std::map<std::size_t, std::size_t>> seconds_of_;
  std::vector<std::optional<track_id>> track_of_;
  std::vector<std::optional<double>> delay_;
  std::size_t breaks_ = 0;
  std::size_t matched_ = 0;
  std::size_t wrong_ = 0;
  std::size_t wrong_family_ = 0;
  std::size_t seconds_ = 0;
  double ospa_ = 0.0;
  double gospa_ = 0.0;
  double localisation_ = 0.0;
  std::size_t pairs_ = 0;
  std::size_t missed_ = 0;
  std::size_t false_ = 0;
  struct part {
    double sum = 0.0;
    std::size_t seconds = 0;
  };
  std::vector<part> minutes_;
};

}  // namespace siren::raids
