#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/alert/alert_book.h"
#include "core/base/mode.h"
#include "core/zone/zone_picture.h"

namespace siren {

struct decider_policy {
  world serves = world::exercise;
  zone_policy zones = default_zone_policy();
  alert_policy alerts;
};

/// The whole threat picture at one instant, as core sees it.
struct picture_snapshot {
  std::vector<track_change> tracks;  // alive
  std::vector<region_alarm> alarms;  // running
  std::vector<feed_state> feeds;
  std::vector<launch_report> launches;  // not over
};

/// Danger and alerts of one country: core's stages in a row and nothing else. Same events, same alerts. Not
/// thread-safe.
class decider {
 public:
  decider(zone_map zones, decider_policy policy);

  /// Once, before anything else: goes on where the log stands. Nothing is raised anew for what is shown already; alerts
  /// that the picture at `now` changes are returned. Alerts of zones that are no more are ended, after those of the
  /// zones that replace them were raised.
  [[nodiscard]] std::vector<alert> restore(std::vector<alert> const& logged, std::vector<operator_order> const& orders,
                                           picture_snapshot const& picture, utc_time now);

  /// Promise "drill is another world": an alarm or launch of another world fails with DRILL_IN_LIVE or LIVE_IN_DRILL,
  /// an alarm of a region that no zone stands for with UNKNOWN_REGION; both change nothing.
  [[nodiscard]] result<std::vector<alert>> take(zone_event const& event);

  /// Replaces the picture after a stretch of its log was lost: tracks that are no longer in it count as lost, launches
  /// as over, alarms as ended by their holders. What take() would refuse is left out.
  [[nodiscard]] std::vector<alert> replace(picture_snapshot const& picture, utc_time now);

  /// What operators want shown with an alarm of this zone, their orders on zones around it included.
  [[nodiscard]] std::vector<std::string> texts_for(zone_id const& zone) const;

  /// Every operator's newest word for every zone; null: none.
  [[nodiscard]] operator_order const* order_of(zone_id const& zone, std::string const& operator_name) const;
  [[nodiscard]] std::vector<operator_order> orders() const;

  [[nodiscard]] zone_map const& zones() const { return zones_; }

 private:
  [[nodiscard]] result<void> admit(world belongs_to) const;
  [[nodiscard]] result<void> admit(region_alarm const& alarm) const;
  void decide(zone_event const& event, std::vector<alert>& out);
  void end_missing(picture_snapshot const& picture, utc_time now, std::vector<alert>& out);

  zone_map zones_;
  decider_policy policy_;
  zone_picture picture_;
  alert_book book_;
};

}  // namespace siren
