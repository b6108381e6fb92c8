#include "core/stream/log_watch.h"

namespace siren {
namespace {

bool covers(cursor known, cursor head) {
  return known.epoch == head.epoch && known.seq >= head.seq;
}

}  // namespace

log_watch::need log_watch::on_head(board const& known, cursor covered_when_asked, steady_time asked_at,
                                   head_reading const& read) {
  went_back_ = known.has_left(read.head.epoch) || (known.started() && read.head.epoch == covered_when_asked.epoch &&
                                                   read.head.seq < covered_when_asked.seq);
  if (went_back_) {
    newest_.reset();
    covered_.reset();
    return need::nothing;
  }
  if (newest_ && covers(known.at(), newest_->head)) covered_ = newest_;
  newest_ = {read.head, asked_at};
  // A database's clock that was set back would call an engine that died fresh for as long.
  auto const silent =
      !read.engine_silence || *read.engine_silence < milliseconds{0} || *read.engine_silence > policy_.engine_silence;
  engine_lives_ = !silent;
  picture_ = silent || read.picture == picture_state::unknown ? picture_state::lost : read.picture;
  if (!known.started() || read.head.epoch != known.at().epoch) return need::read_state;
  return read.head.seq > known.at().seq ? need::read_log : need::nothing;
}

log_watch::view log_watch::at(steady_time now, cursor known) const {
  if (went_back_) return {std::nullopt, picture_state::lost, std::nullopt};
  if (!newest_ || now - newest_->asked_at > policy_.head_fresh) return {};
  auto const behind = known.epoch == newest_->head.epoch && known.seq < newest_->head.seq;
  auto const before = covered_ && covers(known, covered_->head) && now - covered_->asked_at <= policy_.catch_up;
  auto const& named = behind && before ? *covered_ : *newest_;
  return {named.head, picture_, named.asked_at};
}

}  // namespace siren
