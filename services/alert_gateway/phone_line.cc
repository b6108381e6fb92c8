#include "alert_gateway/phone_line.h"

#include <chrono>
#include <random>
#include <utility>

#include "common/clock.h"
#include "common/convert/alert_convert.h"
#include "common/convert/base_convert.h"
#include "common/convert/guidance_convert.h"

namespace siren {
namespace {

/// People may look up their way before they have to run; from PREPARE on they are told.
constexpr stage kGuideFrom = stage::prepare;

/// For a phone without an id: any, as long as the stream lives.
phone_share random_share() {
  thread_local std::mt19937 random{std::random_device{}()};
  return phone_share{static_cast<std::uint16_t>(random())};
}

}  // namespace

phone_line::phone_line(line_surroundings const& around, phone_pipe& pipe, std::size_t loop, steady_time now)
    : around_{around}, loop_{loop}, pipe_{&pipe}, session_{now, around.policy} {}

void phone_line::open() {
  auto const admitted = around_.registry.admit(shared_from_this(), loop_);
  around_.measured.phones.Set(static_cast<double>(around_.registry.size()));
  if (admitted) return;
  std::lock_guard const lock{mutex_};
  finish(failure{reason::too_many_streams, "this gateway has as many phones as it may have; try another"});
}

void phone_line::on_request(std::string_view bytes) {
  auto const now = steady_now();
  std::lock_guard const lock{mutex_};
  if (finishing_) return;
  if (bytes.size() > around_.limits.message_bytes)
    return finish(failure{reason::message_too_large, "a request is at most 16 KiB"});
  if (!session_.allow_request(now))
    return finish(failure{reason::too_many_requests, "too many requests on one stream"});
  action request;
  if (!request.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return finish(failure{reason::malformed, "not a WatchAlertsRequest"});
  if (auto const done = act(request, now); !done) return finish(done.error());
  pump(now);
  if (!session_.waits_for_log()) return;
  around_.registry.waits_for_log(shared_from_this(), loop_);
  around_.read_log_soon();
}

result<void> phone_line::act(action const& request, steady_time now) {
  if (!session_.subscribed() && !request.has_subscribe())
    return failure{reason::subscribe_first, "the first request on a stream is subscribe"};
  switch (request.action_case()) {
    case action::kSubscribe:
      if (session_.subscribed()) return failure{reason::malformed, "a stream subscribes once"};
      return subscribe(request.subscribe(), now);
    case action::kUpdatePosition:
      return move(request.update_position());
    case action::kWatchZones:
      return watch(request.watch_zones());
    default:
      return failure{reason::missing_field, "a request without an action"};
  }
}

result<void> phone_line::subscribe(alerts::v1::Subscribe const& request, steady_time now) {
  auto const wanted = from_proto(request.world());
  if (!wanted) return wanted.error();
  if (*wanted != around_.serves)
    return failure{reason::wrong_mode, "this gateway serves the " + std::string{name_of(around_.serves)} + " world"};
  auto const profile = from_proto(request.profile());
  if (!profile) return profile.error();
  profile_ = *profile;
  if (request.phone_id().size() > kMostPhoneIdBytes)
    return failure{reason::field_too_long, "phone_id has at most 64 bytes"};
  share_ = request.phone_id().empty() ? random_share() : share_of(request.phone_id());
  if (request.has_position()) {
    auto const place = from_proto(request.position());
    if (!place) return place.error();
    position_ = *place;
    own_zone_ = around_.zones.leaf_at(*place);
  }
  if (auto const ok = set_watched(request.watch_zone_ids()); !ok) return ok;

  subscription what;
  if (request.has_resume_from()) what.resume_from = from_proto(request.resume_from());
  for (auto const& id : request.resume_zone_ids()) what.resume_zones.emplace_back(id);
  what.zones = zones_now();
  session_.subscribe(std::move(what), now);
  asked_at_ = now;
  // Listening begins before the first look at the board: an entry applied in between is then seen by one of the two.
  around_.registry.listens(shared_from_this(), loop_, {}, session_.zones());
  // Without an alarm there is nothing to work out, and one that comes now finds the phone listening.
  if (alarm_to_guide()) around_.guidance.ask(shared_from_this());
  return {};
}

result<void> phone_line::move(alerts::v1::UpdatePosition const& request) {
  auto const place = from_proto(request.position());
  if (!place) return place.error();
  position_ = *place;
  own_zone_ = around_.zones.leaf_at(*place);
  zones_changed();
  around_.guidance.ask(shared_from_this());
  return {};
}

result<void> phone_line::watch(alerts::v1::WatchZones const& request) {
  if (auto const ok = set_watched(request.watch_zone_ids()); !ok) return ok;
  zones_changed();
  return {};
}

result<void> phone_line::set_watched(google::protobuf::RepeatedPtrField<std::string> const& ids) {
  if (static_cast<std::size_t>(ids.size()) > around_.limits.watch_zones)
    return failure{reason::too_many_watched_zones,
                   "at most " + std::to_string(around_.limits.watch_zones) + " zones can be watched"};
  watched_.clear();
  for (auto const& id : ids) {
    // People have lost their alarms silently when zones changed: whoever watches one that is no more goes on with those
    // that replace it, and if there is none it must be said aloud.
    auto const means = around_.zones.meant_by(zone_id{id});
    if (means.empty()) return failure{reason::unknown_zone, "no zone has this id: " + id};
    for (auto const at : means) watched_.push_back(around_.zones.all()[at].id);
  }
  return {};
}

std::vector<zone_id> phone_line::zones_now() const {
  auto zones = watched_;
  if (own_zone_) zones.push_back(*own_zone_);
  return zones;
}

void phone_line::zones_changed() {
  auto const before = session_.zones();
  if (session_.change_zones(zones_now())) around_.registry.listens(shared_from_this(), loop_, before, session_.zones());
}

void phone_line::pump(steady_time now) {
  if (finishing_ || pipe_ == nullptr) return;
  if (session_.finished()) return finish(std::nullopt);
  session_.reconnect_within(around_.arriving.window());
  auto const what = around_.alerts.next(session_, now);
  if (!what) return;
  count(*what, now);
  pipe_->write(around_.frames.bytes_of(*what));
}

void phone_line::count(stream_send const& sent, steady_time now) {
  writing_.reset();
  if (auto const* alert = std::get_if<send_alert>(&sent)) writing_ = alert->entry->because;
  if (auto const* waits = std::get_if<send_provisional>(&sent)) writing_ = waits->entry->because;
  if (asked_at_) around_.arriving.on_first_word(*std::exchange(asked_at_, std::nullopt), now);
  if (std::holds_alternative<send_snapshot>(sent)) around_.measured.snapshots.Increment();
  if (std::holds_alternative<send_continuation>(sent)) around_.measured.continuations.Increment();
  if (std::holds_alternative<send_guidance>(sent)) around_.measured.guidance_sent.Increment();
  if (auto const* bye = std::get_if<send_go_away>(&sent)) around_.measured.closed(bye->why).Increment();
}

void phone_line::on_written(bool ok) {
  std::lock_guard const lock{mutex_};
  session_.write_done();
  if (!ok) {
    writing_.reset();
    return finish(failure{reason::not_ready, "the stream is broken"});
  }
  if (writing_) {
    around_.measured.alerts_sent.Increment();
    if (auto const& received = writing_->observation_received_at)
      around_.measured.delivery_delay.Observe(std::chrono::duration<double>(wall_now() - *received).count());
    writing_.reset();
  }
  if (finishing_ && !finished_) return finish(end_);
  pump(steady_now());
}

void phone_line::finish(std::optional<failure> const& why) {
  if (!finishing_) {
    finishing_ = true;
    end_ = why;
    if (why) around_.measured.closed(why->why).Increment();
  }
  // The end follows what is being written; a write that never ends is cut by tick().
  if (finished_ || session_.writing() || pipe_ == nullptr) return;
  finished_ = true;
  pipe_->finish(end_);
}

void phone_line::on_half_closed() {
  std::lock_guard const lock{mutex_};
  if (!session_.subscribed() && !finishing_)
    finish(failure{reason::subscribe_first, "the first request on a stream is subscribe"});
}

void phone_line::on_closed() {
  std::vector<zone_id> zones;
  {
    std::lock_guard const lock{mutex_};
    pipe_ = nullptr;
    finishing_ = finished_ = true;
    position_.reset();
    own_zone_.reset();
    underway_from_.reset();
    zones = session_.zones();
  }
  around_.registry.left(shared_from_this(), loop_, zones);
  around_.measured.phones.Set(static_cast<double>(around_.registry.size()));
}

void phone_line::poke() {
  std::lock_guard const lock{mutex_};
  pump(steady_now());
  if (pipe_ != nullptr && session_.waits_for_log()) around_.registry.waits_for_log(shared_from_this(), loop_);
}

void phone_line::fetch() const {
  static constexpr std::size_t kCacheLine = 64;
  auto const* const begin = reinterpret_cast<char const*>(this);
  for (std::size_t at = 0; at < sizeof(phone_line); at += kCacheLine) __builtin_prefetch(begin + at);
}

void phone_line::fetch_pipe() const {
  static constexpr std::size_t kCacheLine = 64;
  auto const* const begin = reinterpret_cast<char const*>(pipe_);
  __builtin_prefetch(begin);
  __builtin_prefetch(begin + kCacheLine);
  __builtin_prefetch(session_.zones().data());
}

void phone_line::fetch_connection() const {
  if (pipe_ != nullptr) pipe_->expect_write();
}

void phone_line::tick() {
  auto const now = steady_now();
  std::lock_guard const lock{mutex_};
  if (pipe_ == nullptr) return;
  auto const why = session_.expired(now);
  if (!why) {
    if (told_holds_until_ && *told_holds_until_ <= around_.guidance.world_now()) {
      told_holds_until_.reset();
      around_.guidance.ask(shared_from_this());
    }
    return pump(now);
  }
  if (*why != reason::slow_reader) return finish(failure{*why, "nothing was asked in time"});
  if (!finishing_) around_.measured.closed(*why).Increment();
  finishing_ = true;
  pipe_->cut();
}

void phone_line::drain(milliseconds retry_within) {
  std::lock_guard const lock{mutex_};
  session_.go_away({reason::draining, retry_within, false});
  pump(steady_now());
}

void phone_line::guide_again(zone_id const* zone) {
  {
    std::lock_guard const lock{mutex_};
    if (!own_zone_ || (zone != nullptr && *own_zone_ != *zone)) return;
  }
  around_.guidance.ask(shared_from_this());
}

std::optional<zone_alarm> phone_line::alarm_to_guide() const {
  if (!position_ || !own_zone_) return std::nullopt;
  auto alarm = around_.alerts.alarm_in(*own_zone_);
  if (!alarm || alarm->level < kGuideFrom) return std::nullopt;
  return alarm;
}

std::optional<guide_question> phone_line::question() {
  std::lock_guard const lock{mutex_};
  if (pipe_ == nullptr) return std::nullopt;
  auto const alarm = alarm_to_guide();
  if (!alarm) return std::nullopt;
  if (alarm->id != underway_in_) underway_from_.reset();
  return guide_question{*position_, profile_, share_, underway_from_, alarm->id, alarm->rev, alarm->earliest};
}

void phone_line::told(std::optional<told_guidance> const& answer) {
  std::lock_guard const lock{mutex_};
  if (answer) {
    // The alert may have ended, or the phone gone elsewhere, while this was worked out: then another answer is on its
    // way.
    auto const alarm = own_zone_ ? around_.alerts.alarm_in(*own_zone_) : std::nullopt;
    if (!alarm || alarm->id != answer->alert || alarm->level < kGuideFrom) return;
    if (alarm->level >= stage::go && !underway_from_) {
      underway_in_ = alarm->id;
      underway_from_ = answer->belongs_to;
    }
  }
  auto const digest = answer ? answer->digest : 0;
  told_holds_until_ = answer ? answer->holds_until : std::nullopt;
  // Another second choice is no news as long as the one that the phone shows still is one.
  auto const second_fails = told_second_choice_ && !around_.guidance.still_open(*told_second_choice_);
  if (digest == told_digest_ && !(answer && second_fails)) return;
  told_digest_ = digest;
  told_second_choice_ = answer ? answer->second_choice : std::nullopt;
  session_.offer_guidance(answer ? answer->bytes : nullptr);
  pump(steady_now());
}

}  // namespace siren
