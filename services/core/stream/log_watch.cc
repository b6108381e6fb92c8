#include "core/stream/log_watch.h"

namespace siren {

log_watch::need log_watch::on_head(board const& known, cursor covered_when_asked, steady_time asked_at,
                                   head_reading const& read) {
  went_back_ = known.has_left(read.head.epoch) || (known.started() && read.head.epoch == covered_when_asked.epoch &&
                                                   read.head.seq < covered_when_asked.seq);
  if (went_back_) {
    read_at_.reset();
    return need::nothing;
  }
  read_at_ = asked_at;
  head_ = read.head;
  // A database's clock that was set back would call an engine that died fresh for as long.
  auto const silent =
      !read.engine_silence || *read.engine_silence < milliseconds{0} || *read.engine_silence > policy_.engine_silence;
  engine_lives_ = !silent;
  picture_ = silent || read.picture == picture_state::unknown ? picture_state::lost : read.picture;
  if (!known.started() || read.head.epoch != known.at().epoch) return need::read_state;
  return read.head.seq > known.at().seq ? need::read_log : need::nothing;
}

log_watch::view log_watch::at(steady_time now) const {
  if (went_back_) return {std::nullopt, picture_state::lost, std::nullopt};
  if (!read_at_ || now - *read_at_ > policy_.head_fresh) return {};
  return {head_, picture_, read_at_};
}

}  // namespace siren
