#include "core/stream/phone_session.h"

#include <algorithm>

namespace siren {
namespace {

std::vector<zone_id> as_set(std::vector<zone_id> zones) {
  std::sort(zones.begin(), zones.end());
  zones.erase(std::unique(zones.begin(), zones.end()), zones.end());
  return zones;
}

}  // namespace

phone_session::phone_session(steady_time opened_at, session_policy policy)
    : policy_{policy}, opened_at_{opened_at}, requests_left_{policy.request_burst}, refilled_at_{opened_at} {}

void phone_session::subscribe(subscription what, steady_time asked_at) {
  verify(!subscribed_, "a stream subscribes once");
  subscribed_ = true;
  asked_at_ = asked_at;
  resume_from_ = what.resume_from;
  zones_ = as_set(std::move(what.zones));
  same_zones_ = as_set(std::move(what.resume_zones)) == zones_;
}

bool phone_session::change_zones(std::vector<zone_id> zones) {
  auto changed = as_set(std::move(zones));
  if (changed == zones_) return false;
  zones_ = std::move(changed);
  if (greeted_) needs_snapshot_ = true;
  same_zones_ = false;
  return true;
}

std::optional<stream_send> phone_session::next(board const& known, log_watch::view const& log, steady_time now) {
  if (writing() || gone_) return std::nullopt;
  std::optional<stream_send> chosen;
  if (subscribed_) chosen = greeted_ ? next_alert(known) : first_word(known, log, now);
  if (!chosen && go_away_) {
    chosen = *go_away_;
    gone_ = true;
  }
  if (!chosen && greeted_) chosen = next_lesser(log, now);
  if (chosen) writing_since_ = now;
  return chosen;
}

std::optional<stream_send> phone_session::first_word(board const& known, log_watch::view const& log, steady_time now) {
  auto const patient = now - asked_at_ < policy_.log_wait;
  if (known.started() && resume_from_ && same_zones_ && known.reaches(*resume_from_)) {
    greeted_ = true;
    covered_ = *resume_from_;
    forgotten_ = known.provisional().forgotten();
    return send_continuation{covered_};
  }
  auto const at = known.at();
  auto const knows_more = resume_from_ && (resume_from_->epoch != at.epoch || resume_from_->seq > at.seq);
  auto const log_answered =
      log.read_at && *log.read_at >= asked_at_ && log.head && log.head->epoch == at.epoch && at.seq >= log.head->seq;
  if (!known.started() || (knows_more && !log_answered)) {
    if (patient) return std::nullopt;
    // An older snapshot of the same epoch would be refused by the phone; another gateway may know more.
    if (!known.started() || resume_from_->epoch == at.epoch) {
      gone_ = true;
      return send_go_away{reason::not_ready, policy_.retry_within, false};
    }
  }
  greeted_ = true;
  return snapshot(known);
}

std::optional<stream_send> phone_session::next_alert(board const& known) {
  auto const taken_back = known.provisional().forgotten() > forgotten_;
  if (needs_snapshot_ || taken_back || !known.reaches(covered_)) return snapshot(known);
  if (auto entry = known.next(covered_.seq, zones_)) {
    covered_ = entry->at;
    return send_alert{std::move(entry)};
  }
  covered_ = known.at();
  if (auto waits = known.provisional().next(shelf_turn_, zones_)) {
    shelf_turn_ = known.provisional().turn_of(*waits);
    return send_provisional{std::move(waits)};
  }
  return std::nullopt;
}

std::optional<stream_send> phone_session::next_lesser(log_watch::view const& log, steady_time now) {
  // That nothing is known any more must not wait for an interval.
  auto const lost = log.picture == picture_state::lost && beat_picture_ != picture_state::lost;
  if (!beat_at_ || lost || now - *beat_at_ >= policy_.heartbeat_interval) {
    beat_at_ = now;
    beat_picture_ = log.picture;
    heartbeat beat{log.head, covered_.seq, policy_.heartbeat_interval, log.picture, reconnect_within_};
    beat.since_subscribe = std::chrono::floor<milliseconds>(now - asked_at_);
    if (log.head && log.read_at) beat.head_age = std::chrono::ceil<milliseconds>(now - *log.read_at);
    return beat;
  }
  if (guidance_) return send_guidance{std::exchange(guidance_, nullptr)};
  return std::nullopt;
}

send_snapshot phone_session::snapshot(board const& known) {
  needs_snapshot_ = false;
  beat_at_.reset();  // current again, or not, without waiting for an interval
  covered_ = known.at();
  shelf_turn_ = known.provisional().turn();
  forgotten_ = known.provisional().forgotten();
  send_snapshot whole{covered_, zones_, {}, {}, shelf_turn_};
  for (auto const& zone : zones_)
    if (auto newest = known.newest(zone); newest && !newest->ended()) whole.alerts.push_back(std::move(newest));
  for (auto const& zone : zones_)
    if (auto waits = known.provisional().of(zone)) whole.provisional.push_back(std::move(waits));
  return whole;
}

std::optional<reason> phone_session::expired(steady_time now) const {
  if (writing() && now - *writing_since_ > policy_.write_timeout) return reason::slow_reader;
  if (!subscribed_ && now - opened_at_ > policy_.subscribe_within) return reason::subscribe_first;
  return std::nullopt;
}

bool phone_session::allow_request(steady_time now) {
  auto const refills = (now - refilled_at_) / policy_.request_refill;
  if (refills > 0) {
    auto const room = policy_.request_burst - requests_left_;
    requests_left_ += static_cast<std::uint32_t>(std::min<std::int64_t>(refills, room));
    refilled_at_ += refills * policy_.request_refill;
  }
  if (requests_left_ == 0) return false;
  --requests_left_;
  return true;
}

}  // namespace siren
