#pragma once

#include <map>
#include <vector>

#include "core/track/intake.h"
#include "core/zone/launch.h"

namespace siren {

/// Judges launch reports and remembers the newest word of every source on every launch. Bounded: words are forgotten
/// kLongestFlight after their time, and beyond kMostLaunches the oldest are. Pure.
class launch_intake {
 public:
  /// The class that flies the longest, a Kinzhal from its carrier, is down after 26 minutes; with room for late words.
  static constexpr seconds kLongestFlight{hours{1}};
  static constexpr std::size_t kMostLaunches = 10'000;  // a hundred times the largest salvo

  /// Whether a launch may enter the picture; the first reason that holds otherwise. In this order: missing_field (name,
  /// class), field_too_long, malformed (control characters, no such class or world), drill_in_live, live_in_drill,
  /// not_finite, latitude_out_of_range, longitude_out_of_range, malformed (course), time_missing, time_in_future,
  /// time_too_old (over an hour, or this source said something newer), duplicate. Where it was launched is not bounded:
  /// that is far outside the theatre.
  [[nodiscard]] result<void> admit(launch_report const& said, intake_policy const& policy, utc_time now);

  /// The launch could not be stored: sent again, it is no duplicate.
  void not_stored(launch_report const& said);
  /// It is stored after all.
  void stored(launch_report const& said);

  void restore(launch_report const& said);
  /// The newest words, ended launches included.
  [[nodiscard]] std::vector<launch_report> all() const;

 private:
  struct word {
    launch_report said;
    bool stored = true;
  };
  using key = std::pair<source_id, std::string>;
  static key key_of(launch_report const& said) { return {said.source, said.native_id}; }
  void forget_old(utc_time now);

  std::map<key, word> newest_;
};

}  // namespace siren
