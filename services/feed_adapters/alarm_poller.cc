#include "feed_adapters/alarm_poller.h"

#include <algorithm>

#include "feed_adapters/alerts_in_ua.h"
#include "feed_adapters/ukrainealarm.h"

namespace siren {
namespace {

constexpr int kOk = 200;
constexpr int kNotModified = 304;
constexpr int kUnauthorized = 401;
constexpr int kForbidden = 403;
constexpr int kTooManyRequests = 429;
constexpr std::uint32_t kMostDoublings = 16;  // 7.5 s doubled so often is beyond every longest wait

}  // namespace

alarm_poller::alarm_poller(alarm_provider which, poll_policy policy, alarm_board_policy board, feed_json_limits limits)
    : which_{which}, policy_{policy}, limits_{limits}, board_{board} {}

http_request alarm_poller::next(steady_time when) {
  asked_ = when;
  due_ = when + policy_.interval;
  if (which_ == alarm_provider::ukrainealarm) return {asks_list_ ? "/api/v3/alerts" : "/api/v3/alerts/status", {}};
  return {"/v1/alerts/active.json", must_see_whole(when) ? std::string{} : last_modified_};
}

bool alarm_poller::must_see_whole(steady_time when) const {
  return board_.doubts() || !whole_ || when - *whole_ >= policy_.whole_every;
}

alarm_poller::outcome alarm_poller::take(http_answer const& answer, utc_time now, steady_time when) {
  bool const asked_list = which_ == alarm_provider::alerts_in_ua || asks_list_;
  asks_list_ = false;
  if (answer.failed) return failed(*answer.failed, backed_off());
  switch (answer.status) {
    case kOk:
      return asked_list ? take_list(answer, now, when) : take_status(answer, when);
    case kNotModified:
      if (which_ == alarm_provider::ukrainealarm || must_see_whole(asked_)) return unavailable(answer);
      return unchanged(when);
    case kUnauthorized:
    case kForbidden:
      return failed({reason::provider_refused, "status " + std::to_string(answer.status) + ": is the key right?"},
                    policy_.refused_wait);
    case kTooManyRequests:
      return busy(answer);
    default:
      return unavailable(answer);
  }
}

alarm_poller::outcome alarm_poller::take_list(http_answer const& answer, utc_time now, steady_time when) {
  auto const list = which_ == alarm_provider::alerts_in_ua ? parse_alerts_in_ua(answer.body, limits_)
                                                           : parse_ukrainealarm(answer.body, limits_);
  if (!list) return failed(list.error(), backed_off());
  auto told = board_.take(*list, now, when);
  outcome out{kind::whole, std::move(told.changes), std::move(told.refused), std::move(told.implausible), {}};
  failures_ = 0;
  if (told.believed) believed(when);
  if (!told.believed || board_.doubts()) {
    out.is = kind::doubted;
    last_modified_.clear();
    taken_index_.reset();
    return out;
  }
  whole_ = when;
  last_modified_ = answer.last_modified;
  taken_index_ = seen_index_;
  return out;
}

alarm_poller::outcome alarm_poller::take_status(http_answer const& answer, steady_time when) {
  auto const index = parse_action_index(answer.body);
  if (!index) return failed(index.error(), backed_off());
  if (taken_index_ == *index && !must_see_whole(when)) return unchanged(when);
  // Kept from before the list: what changes while that is on its way shows as a new index.
  seen_index_ = *index;
  asks_list_ = true;
  due_ = when + policy_.follow_up;
  return {kind::unchanged, {}, {}, {}, {}};
}

alarm_poller::outcome alarm_poller::unchanged(steady_time when) {
  failures_ = 0;
  believed(when);
  return {kind::unchanged, {}, {}, {}, {}};
}

void alarm_poller::believed(steady_time when) {
  believed_ = when;
}

alarm_poller::outcome alarm_poller::failed(failure why, milliseconds wait) {
  ++failures_;
  due_ = asked_ + std::max(wait, policy_.interval);
  outcome out;
  out.failed = std::move(why);
  return out;
}

alarm_poller::outcome alarm_poller::unavailable(http_answer const& answer) {
  return failed({reason::provider_unavailable, "status " + std::to_string(answer.status)},
                std::max(asked_wait(answer), backed_off()));
}

alarm_poller::outcome alarm_poller::busy(http_answer const& answer) {
  return failed({reason::too_many_requests, "status 429"}, answer.retry_after
                                                               ? std::max(asked_wait(answer), backed_off())
                                                               : std::max(policy_.busy_wait, backed_off()));
}

milliseconds alarm_poller::asked_wait(http_answer const& answer) const {
  auto const longest = std::chrono::duration_cast<seconds>(policy_.longest_retry);
  return std::clamp(answer.retry_after.value_or(seconds{0}), seconds{0}, longest);
}

milliseconds alarm_poller::backed_off() const {
  auto wait = policy_.first_wait;
  for (std::uint32_t i = 0; i < std::min(failures_, kMostDoublings) && wait < policy_.longest_wait; ++i) wait *= 2;
  return std::min(wait, policy_.longest_wait);
}

}  // namespace siren
