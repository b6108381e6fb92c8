#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "core/zone/zone_picture.h"
#include "raid_scenario/raid_truth.h"

namespace siren::raids {

/// An object's first stay in a zone.
struct visit {
  std::size_t object = 0;
  std::size_t zone = 0;      // in zone_map::leaves()
  std::int64_t entered = 0;  // second of the raid
  std::int64_t left = 0;     // first second outside, or after its end
};
/// Of all objects in all leaves, in order of time. By the zones' true shapes, second by second.
[[nodiscard]] std::vector<visit> visits_of(std::vector<true_object> const& truth, zone_map const& zones);

/// How often what came true was inside an interval, and on which side it was missed.
struct coverage {
  std::size_t held = 0;
  std::size_t sooner = 0;
  std::size_t later = 0;
  [[nodiscard]] std::size_t all() const { return held + sooner + later; }
  [[nodiscard]] double share() const {
    return all() == 0 ? 0.0 : static_cast<double>(held) / static_cast<double>(all());
  }
  coverage& operator+=(coverage const& more);
};

struct zone_figures {
  std::size_t visits = 0;
  std::size_t missed = 0;               // visits to a zone that showed less than GO when they began
  std::size_t unwarned = 0;             // of them, to one that showed all clear
  std::size_t late_cover = 0;           // to one that showed GO but not yet TAKE_COVER
  double alarm_minutes = 0.0;           // zone-minutes at GO or above
  double false_minutes = 0.0;           // of them, with nothing in the zone for kBefore and nothing entering for kAfter
  std::optional<double> first_alarm_s;  // from the raid's first report to the first zone that showed PREPARE
  std::vector<double> lead_s;           // of each visit: for how long the zone had shown GO without a break
  coverage arrival;                     // p05-p95 of one track's approach to one zone
  coverage shown;                       // the interval that a zone shows of the track: hull over the class's memory
  std::map<std::int64_t, coverage> arrival_by_minutes;  // left until the visit
  std::map<threat_class, coverage> arrival_by_class;
};

/// One tracker's zones against the truth.
class zone_score {
 public:
  zone_score(std::vector<true_object> const& truth, std::vector<visit> const& visits, zone_map const& zones,
             zone_policy const& policy, utc_time begins);

  void take(std::span<danger_change const> changes);
  /// After everything of this second was taken; `first_report` once anything at all has arrived.
  void add(std::int64_t second, bool reported);
  /// Holds the approaches of tracks whose object is known against what that object did. Only those that ask for PREPARE
  /// at least, since nobody is told of others; of objects that the zone still awaits.
  void judge_arrivals(std::int64_t second, zone_picture const& picture,
                      std::map<track_id, std::size_t> const& object_of);
  [[nodiscard]] zone_figures const& figures() const { return out_; }

  static constexpr std::int64_t kBefore = 8 * 60;  // s; the longest hold of a drone's alarm
  static constexpr std::int64_t kAfter = 30 * 60;  // s; GO asks for the earliest arrival within 25 minutes
  static constexpr std::int64_t kFreshly = 30;     // s; an approach not renewed for so long is no forecast any more

 private:
  void judge_visits(std::int64_t second);

  std::vector<true_object> const& truth_;
  std::vector<visit> const& visits_;
  zone_map const& zones_;
  zone_policy const& policy_;
  utc_time begins_;
  std::map<zone_id, std::size_t> number_of_;
  std::vector<stage> level_;
  std::vector<std::optional<std::int64_t>> going_since_;
  std::vector<std::vector<std::size_t>> visits_in_;                      // by zone, in order of time
  std::map<std::pair<std::size_t, std::size_t>, std::int64_t> entered_;  // by object and zone
  std::size_t next_visit_ = 0;
  std::optional<std::int64_t> first_report_;
  zone_figures out_;
};

}  // namespace siren::raids
