#include "core/stream/log_follower.h"

namespace siren {

std::optional<log_follower::read> log_follower::next(steady_time now) {
  if (under_way_) return std::nullopt;
  if (!next_ && !soon_ && now < poll_at_) return std::nullopt;
  under_way_ = true;
  if (next_) return std::exchange(next_, std::nullopt);
  soon_ = false;
  poll_at_ = now + policy_.poll;
  return read::head;
}

void log_follower::on_head(log_watch::need need) {
  switch (need) {
    case log_watch::need::nothing:
      return then(std::nullopt);
    case log_watch::need::read_log:
      return then(read::entries);
    case log_watch::need::read_state:
      return then(read::state);
  }
}

void log_follower::on_entries(std::size_t count, board::outcome last) {
  if (last == board::outcome::read_state) return then(read::state);
  then(count < policy_.read_at_once ? std::nullopt : std::optional{read::entries});
}

}  // namespace siren
