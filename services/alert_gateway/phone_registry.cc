#include "alert_gateway/phone_registry.h"

#include <utility>

namespace siren {

bool phone_registry::admit(line_ptr const& line, std::size_t loop) {
  std::lock_guard const lock{mutex_};
  if (size_ >= most_) return false;
  if (loops_[loop].turns[turn_of(line)].insert(line).second) ++size_;
  return true;
}

void phone_registry::listens(line_ptr const& line, std::size_t loop, std::vector<zone_id> const& before,
                             std::vector<zone_id> const& now) {
  std::lock_guard const lock{mutex_};
  loops_[loop].by_zone.remove(line, before);
  loops_[loop].by_zone.add(line, now);
}

void phone_registry::left(line_ptr const& line, std::size_t loop, std::vector<zone_id> const& zones) {
  std::lock_guard const lock{mutex_};
  loops_[loop].by_zone.remove(line, zones);
  loops_[loop].waiting.erase(line);
  if (loops_[loop].turns[turn_of(line)].erase(line) > 0 && --size_ == 0) emptied_.notify_all();
}

void phone_registry::waits_for_log(line_ptr const& line, std::size_t loop) {
  std::lock_guard const lock{mutex_};
  loops_[loop].waiting.insert(line);
}

std::vector<line_ptr> phone_registry::take_waiting(std::size_t loop) {
  std::lock_guard const lock{mutex_};
  auto const all = std::exchange(loops_[loop].waiting, {});
  return {all.begin(), all.end()};
}

std::size_t phone_registry::size() const {
  std::lock_guard const lock{mutex_};
  return size_;
}

std::vector<line_ptr> phone_registry::of(zone_id const& zone, std::size_t loop) const {
  std::lock_guard const lock{mutex_};
  return loops_[loop].by_zone.of(zone);
}

std::vector<line_ptr> phone_registry::of_turn(std::size_t turn, std::size_t loop) const {
  std::lock_guard const lock{mutex_};
  auto const& lines = loops_[loop].turns[turn % kTurns];
  return {lines.begin(), lines.end()};
}

std::vector<line_ptr> phone_registry::of_loop(std::size_t loop) const {
  std::lock_guard const lock{mutex_};
  std::vector<line_ptr> lines;
  for (auto const& turn : loops_[loop].turns) lines.insert(lines.end(), turn.begin(), turn.end());
  return lines;
}

bool phone_registry::wait_empty(milliseconds at_most) const {
  std::unique_lock lock{mutex_};
  return emptied_.wait_for(lock, at_most, [this] { return size_ == 0; });
}

}  // namespace siren
