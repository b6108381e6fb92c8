#include "operator_console/moment_book.h"

#include <algorithm>

namespace siren {

void moment_book::offer(console::v1::Picture const& picture, steady_time now) {
  std::lock_guard const lock{mutex_};
  if (last_number_ != 0 && now - last_at_ < limits_.apart) return;
  last_at_ = now;
  kept one;
  one.told.set_number(++last_number_);
  *one.told.mutable_now_time() = picture.now_time();
  one.told.set_tracks(static_cast<std::uint32_t>(picture.tracks_size()));
  one.told.set_state(picture.state());
  auto worst = picture.alerts_trouble().empty() ? zones::v1::STAGE_ALL_CLEAR : zones::v1::STAGE_UNSPECIFIED;
  for (auto const& alert : picture.alerts())
    if (own_.contains(zone_id{alert.zone_id()})) worst = std::max(worst, alert.stage());
  one.told.set_stage(worst);
  one.picture = picture.SerializeAsString();
  bytes_ += one.picture.size();
  kept_.push_back(std::move(one));
  if (kept_.size() > limits_.most || bytes_ > limits_.most_bytes) thin();
}

void moment_book::thin() {
  std::deque<kept> fewer;
  auto const half = kept_.size() / 2;
  bytes_ = 0;
  for (std::size_t i = 0; i < kept_.size(); ++i) {
    if (i < half && i % 2 == 1) continue;
    bytes_ += kept_[i].picture.size();
    fewer.push_back(std::move(kept_[i]));
  }
  kept_ = std::move(fewer);
}

console::v1::ListMomentsResponse moment_book::list(std::uint64_t after) const {
  std::lock_guard const lock{mutex_};
  console::v1::ListMomentsResponse all;
  for (auto const& one : kept_)
    if (one.told.number() > after) *all.add_moments() = one.told;
  all.set_kept_from_number(kept_.empty() ? 0 : kept_.front().told.number());
  return all;
}

result<console::v1::Picture> moment_book::at(std::uint64_t number) const {
  std::lock_guard const lock{mutex_};
  auto const found = std::lower_bound(kept_.begin(), kept_.end(), number,
                                      [](kept const& one, std::uint64_t wanted) { return one.told.number() < wanted; });
  console::v1::Picture picture;
  if (found == kept_.end() || found->told.number() != number || !picture.ParseFromString(found->picture))
    return failure{reason::unknown_alert, "that moment is kept no more"};
  return picture;
}

}  // namespace siren
