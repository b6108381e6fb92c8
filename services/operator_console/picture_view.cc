#include "operator_console/picture_view.h"

#include <utility>

#include "common/convert/alert_convert.h"
#include "common/convert/base_convert.h"

namespace siren {
namespace {

void tell_picture(picture_log_reader& log, console::v1::Picture& out) {
  auto state = log.read_state();
  if (!state) {
    out.set_tracks_trouble(state.error().message);
    return;
  }
  out.mutable_tracks()->Swap(state->mutable_tracks());
  out.mutable_feeds()->Swap(state->mutable_feeds());
}

void tell_alerts(alert_log_reader& log, console::v1::Picture& out) {
  auto const state = log.read_state();
  if (!state) {
    out.set_alerts_trouble(state.error().message);
    return;
  }
  to_proto(state->at, out.mutable_head());
  for (auto const& entry : state->newest_by_zone) {
    if (entry.ended) continue;
    auto& told = *out.add_alerts();
    if (told.ParseFromString(entry.bytes)) continue;
    told.Clear();
    told.set_zone_id(entry.zone.value);
    told.set_alert_id(entry.alert.value);
    told.set_rev(entry.rev);
  }
}

picture_state judged(result<alert_head> const& head, milliseconds engine_silent_after) {
  if (!head || !head->engine_silence || *head->engine_silence > engine_silent_after) return picture_state::lost;
  return head->picture;
}

}  // namespace

picture_view::picture_view(parts from) : parts_{std::move(from)} {
  thread_ = std::thread{[this] { run(); }};
}

picture_view::~picture_view() {
  {
    std::lock_guard const lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

std::optional<console::v1::WatchPictureResponse> picture_view::next(place& from, milliseconds within) const {
  std::unique_lock lock{mutex_};
  auto const fresh = [&] { return looks_ > from.seen && steady_now() - begun_ <= parts_.fresh_for; };
  wake_.wait_for(lock, within, [&] { return stopping_ || fresh(); });
  if (stopping_ || !fresh()) return std::nullopt;
  console::v1::WatchPictureResponse told;
  *told.mutable_picture() = newest_;
  from.seen = looks_;
  if (!newest_.shelters_trouble().empty()) return told;
  told.set_all_shelters(from.shelters_seen < all_since_);
  for (auto const& [id, row] : shelters_)
    if (told.all_shelters() || row.changed > from.shelters_seen) *told.add_shelters() = row.told;
  from.shelters_seen = looks_;
  return told;
}

void picture_view::run() {
  while (true) {
    auto const begun = steady_now();
    auto picture = look();
    auto news = parts_.shelters.news();
    std::unique_lock lock{mutex_};
    ++looks_;
    take_shelters(std::move(news), picture);
    newest_ = std::move(picture);
    begun_ = begun;
    if (parts_.moments != nullptr) parts_.moments->offer(newest_, begun);
    wake_.notify_all();
    if (wake_.wait_for(lock, parts_.every, [this] { return stopping_; })) return;
  }
}

void picture_view::take_shelters(result<shelter_list::changes> news, console::v1::Picture& picture) {
  if (!news) {
    picture.set_shelters_trouble(news.error().message);
    return;
  }
  if (news->all) {
    shelters_.clear();
    all_since_ = looks_;
  }
  for (auto& row : news->rows) {
    auto& kept = shelters_[row.shelter_id()];
    kept.told = std::move(row);
    kept.changed = looks_;
  }
}

console::v1::Picture picture_view::look() {
  console::v1::Picture out;
  to_proto(parts_.clock.now(), out.mutable_now_time());
  tell_picture(parts_.picture, out);
  tell_alerts(parts_.alerts, out);
  out.set_state(to_proto(judged(parts_.alerts.head(), parts_.engine_silent_after)));
  for (auto const& gateway : parts_.gateways) {
    auto& told = *out.add_gateways();
    told.set_address(gateway->address());
    if (auto const now = gateway->now(); now)
      *told.mutable_delivery() = *now;
    else
      told.set_trouble(now.error().message);
  }
  return out;
}

}  // namespace siren
