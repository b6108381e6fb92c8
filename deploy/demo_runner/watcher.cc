#include "demo_runner/watcher.h"

#include <utility>

namespace siren::demo {

watcher::watcher(std::string const& redis, std::string const& picture_topic, std::string const& alert_topic) {
  ears_ = listen_redis(redis, {picture_topic, alert_topic},
                       {.on_message =
                            [this, alert_topic](std::string const& channel, std::string const& bytes) {
                              channel == alert_topic ? on_alert(bytes) : on_picture(bytes);
                            },
                        .on_gap = [] {}});
}

void watcher::on_picture(std::string const& bytes) {
  threats::v1::PictureStep step;
  if (!step.ParseFromString(bytes)) return;
  std::lock_guard const lock{mutex_};
  for (auto const& track : step.tracks()) {
    auto const known = tracks_.find(track.track_id());
    auto const was_confirmed = known != tracks_.end() && known->second.confirmed();
    if (track.confirmed() && !was_confirmed) ++tracks_ever_;
    if (track.end() != threats::v1::TRACK_END_UNSPECIFIED)
      tracks_.erase(track.track_id());
    else
      tracks_[track.track_id()] = track;
  }
}

void watcher::on_alert(std::string const& bytes) {
  alerts::v1::LoggedAlert logged;
  if (!logged.ParseFromString(bytes)) return;
  std::lock_guard const lock{mutex_};
  ++alerts_ever_;
  auto const& alert = logged.alert();
  news_.push_back(alert);
  if (alert.stage() == zones::v1::STAGE_ALL_CLEAR)
    alerts_.erase(alert.zone_id());
  else
    alerts_[alert.zone_id()] = alert;
}

watcher::view watcher::look() {
  std::lock_guard const lock{mutex_};
  view seen;
  for (auto const& [id, track] : tracks_)
    if (track.confirmed()) seen.tracks.push_back(track);
  seen.alerts = alerts_;
  seen.tracks_ever = tracks_ever_;
  seen.alerts_ever = alerts_ever_;
  seen.news = std::exchange(news_, {});
  return seen;
}

}  // namespace siren::demo
