#include "alert_gateway/phone_registry.h"

namespace siren {

bool phone_registry::admit(line_ptr const& line) {
  std::lock_guard const lock{mutex_};
  if (size_ >= most_) return false;
  if (turns_[turn_of(line)].insert(line).second) ++size_;
  return true;
}

void phone_registry::listens(line_ptr const& line, std::vector<zone_id> const& before,
                             std::vector<zone_id> const& now) {
  std::lock_guard const lock{mutex_};
  by_zone_.remove(line, before);
  by_zone_.add(line, now);
}

void phone_registry::left(line_ptr const& line, std::vector<zone_id> const& zones) {
  std::lock_guard const lock{mutex_};
  by_zone_.remove(line, zones);
  if (turns_[turn_of(line)].erase(line) > 0 && --size_ == 0) emptied_.notify_all();
}

std::size_t phone_registry::size() const {
  std::lock_guard const lock{mutex_};
  return size_;
}

std::vector<line_ptr> phone_registry::of(zone_id const& zone) const {
  std::lock_guard const lock{mutex_};
  return by_zone_.of(zone);
}

std::vector<line_ptr> phone_registry::of_turn(std::size_t turn) const {
  std::lock_guard const lock{mutex_};
  auto const& lines = turns_[turn % kTurns];
  return {lines.begin(), lines.end()};
}

std::vector<line_ptr> phone_registry::all() const {
  std::lock_guard const lock{mutex_};
  std::vector<line_ptr> lines;
  for (auto const& turn : turns_) lines.insert(lines.end(), turn.begin(), turn.end());
  return lines;
}

bool phone_registry::wait_empty(milliseconds at_most) const {
  std::unique_lock lock{mutex_};
  return emptied_.wait_for(lock, at_most, [this] { return size_ == 0; });
}

}  // namespace siren
