#include "client/phone_client.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

#include "client/phone_link.h"
#include "client/wire.h"
#include "common/convert/alert_convert.h"
#include "common/convert/base_convert.h"
#include "common/convert/guidance_convert.h"
#include "common/rpc_server.h"

namespace siren::client {
namespace {

/// Gateways allow one request a second and some at once; a moving phone stays below it.
constexpr milliseconds kBetweenPositions{1'000};

steady_time now_steady() {
  return std::chrono::steady_clock::now();
}

/// splitmix64 (Steele, Lea, Flood 2014): small, and enough to spread reconnections.
std::uint64_t next_random(std::uint64_t& state) {
  auto z = state += 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31U);
}

/// No gateway will take the same request: asking again only adds load.
bool is_final(grpc::Status const& status, std::string const& why) {
  return status.error_code() == grpc::StatusCode::INVALID_ARGUMENT || why == name_of(reason::wrong_mode) ||
         why == name_of(reason::unknown_zone) || why == name_of(reason::too_many_watched_zones);
}

}  // namespace

class phone_client::parts final : public link_owner, public std::enable_shared_from_this<parts> {
 public:
  parts(phone_options options, phone_listener& listener, std::shared_ptr<timers> const& clock)
      : options_{std::move(options)},
        listener_{listener},
        clock_{clock},
        rules_{options_.policy},
        random_{options_.seed} {
    verify(!options_.gateways.empty(), "a phone knows at least one gateway");
    gateway_ = next_random(random_) % options_.gateways.size();
  }

  void start() {
    std::lock_guard const lock{mutex_};
    if (started_ || stopped_) return;
    started_ = true;
    connect();
  }

  void update_position(lat_lon place) {
    std::lock_guard const lock{mutex_};
    options_.position = place;
    position_waits_ = true;
    changed();
  }

  void watch_zones(std::vector<zone_id> zones) {
    std::lock_guard const lock{mutex_};
    options_.watch = std::move(zones);
    list_waits_ = true;
    changed();
  }

  void stop() {
    std::lock_guard const lock{mutex_};
    stopped_ = true;
    events_.clear();
    if (link_ != nullptr) link_->cancel();
  }

  void wait_quiet() {
    std::unique_lock lock{mutex_};
    quiet_.wait(lock,
                [this] { return link_ == nullptr && (!delivering_ || deliverer_ == std::this_thread::get_id()); });
  }

  bool current() const {
    std::lock_guard const lock{mutex_};
    return rules_.current(now_steady());
  }
  cursor at() const {
    std::lock_guard const lock{mutex_};
    return rules_.at();
  }

  void on_response(alerts::v1::WatchAlertsResponse& heard) override {
    {
      std::lock_guard const lock{mutex_};
      if (stopped_) return;
      if (take(heard, now_steady()) == phone::taken::must_resume) link_->cancel();
      show_state();
    }
    deliver();
  }

  void on_writable() override {
    std::lock_guard const lock{mutex_};
    send_next();
  }

  void on_link_done(grpc::Status const& status) override {
    {
      std::lock_guard const lock{mutex_};
      link_ = nullptr;
      if (!stopped_) come_back(status);
      quiet_.notify_all();
    }
    deliver();
  }

 private:
  using event = std::function<void(phone_listener&)>;

  phone::taken take(alerts::v1::WatchAlertsResponse& heard, steady_time now) {
    using response = alerts::v1::WatchAlertsResponse;
    switch (heard.event_case()) {
      case response::kSnapshot: {
        auto const taken = rules_.on_snapshot(from_wire(heard.snapshot()), now);
        if (taken == phone::taken::news)
          tell([whole = std::move(*heard.mutable_snapshot())](auto& to) { to.on_snapshot(whole); });
        return taken;
      }
      case response::kContinuation: {
        auto const taken = rules_.on_continuation(from_proto(heard.continuation().cursor()), now);
        if (taken != phone::taken::must_resume)
          tell([from = heard.continuation().cursor()](auto& to) { to.on_continuation(from); });
        return taken;
      }
      case response::kAlert: {
        auto const taken = rules_.on_alert(from_wire(heard.alert()), now);
        if (taken == phone::taken::news)
          tell([change = std::move(*heard.mutable_alert())](auto& to) { to.on_alert(change); });
        if (taken == phone::taken::merged)
          tell([change = std::move(*heard.mutable_alert())](auto& to) { to.on_merged(change); });
        return taken;
      }
      case response::kProvisional: {
        auto const taken = rules_.on_provisional(from_wire(heard.provisional()), now);
        if (taken == phone::taken::news)
          tell([one = std::move(*heard.mutable_provisional())](auto& to) { to.on_provisional(one); });
        return taken;
      }
      case response::kHeartbeat:
        return rules_.on_heartbeat(from_wire(heard.heartbeat()), now);
      case response::kGuidance:
        tell([told = std::move(*heard.mutable_guidance())](auto& to) { to.on_guidance(told); });
        return phone::taken::known;
      case response::kGoAway:
        go_away_ = from_wire(heard.go_away());
        go_away_reason_ = heard.go_away().reason();
        return phone::taken::known;
      default:
        return phone::taken::known;  // of a newer gateway
    }
  }

  void connect() {
    go_away_.reset();
    go_away_reason_.clear();
    away_for_good_ = false;
    position_waits_ = list_waits_ = false;
    rules_.connected(now_steady());
    link_ = phone_link::open(options_.gateways[gateway_++ % options_.gateways.size()], shared_from_this());
    link_->write(subscribe_request());
    arm();
  }

  alerts::v1::WatchAlertsRequest subscribe_request() const {
    alerts::v1::WatchAlertsRequest request;
    auto* subscribe = request.mutable_subscribe();
    subscribe->set_world(to_proto(options_.serves));
    auto const back = rules_.resume();
    if (back.from) to_proto(*back.from, subscribe->mutable_resume_from());
    for (auto const& zone : back.zones) subscribe->add_resume_zone_ids(zone.value);
    if (options_.position) to_proto(*options_.position, subscribe->mutable_position());
    for (auto const& zone : options_.watch) subscribe->add_watch_zone_ids(zone.value);
    subscribe->set_profile(to_proto(options_.profile));
    subscribe->set_phone_id(options_.phone_id);
    return request;
  }

  void changed() {
    if (stopped_ || !started_) return;
    if (link_ != nullptr) return send_next();
    // What was refused for good was refused with the old place and list.
    if (away_for_good_) connect();
  }

  void send_next() {
    if (stopped_ || link_ == nullptr || !link_->writable()) return;
    alerts::v1::WatchAlertsRequest request;
    if (list_waits_) {
      list_waits_ = false;
      for (auto const& zone : options_.watch) request.mutable_watch_zones()->add_watch_zone_ids(zone.value);
      if (options_.watch.empty()) request.mutable_watch_zones();
      return link_->write(request);
    }
    if (!position_waits_) return;
    auto const now = now_steady();
    if (now < next_position_at_)
      return later(next_position_at_, timers::urgency::can_wait, [](parts& self) { self.send_next(); });
    position_waits_ = false;
    next_position_at_ = now + kBetweenPositions;
    to_proto(*options_.position, request.mutable_update_position()->mutable_position());
    link_->write(request);
  }

  void come_back(grpc::Status const& status) {
    auto const now = now_steady();
    auto why = reason_of(status);
    if (is_final(status, why)) go_away_ = phone_go_away{milliseconds{0}, true};
    if (why.empty()) why = go_away_reason_;
    auto const back_at = rules_.on_disconnected(go_away_, next_random(random_), now);
    disconnection ended{why, status.error_message(), std::nullopt};
    if (back_at) ended.back_in = std::chrono::duration_cast<milliseconds>(*back_at - now);
    tell([ended = std::move(ended)](auto& to) { to.on_disconnected(ended); });
    show_state();
    away_for_good_ = !back_at;
    if (!back_at) return;
    later(*back_at, timers::urgency::can_wait, [](parts& self) {
      if (!self.stopped_ && self.link_ == nullptr) self.connect();
    });
  }

  void show_state() {
    auto const now_current = rules_.current(now_steady());
    if (now_current != shown_current_) {
      shown_current_ = now_current;
      tell([now_current](auto& to) { to.on_state(now_current); });
    }
    arm();
  }

  /// One timer waits at a time, for the earliest moment at which the rules may change their mind.
  void arm() {
    auto const wake = rules_.wake_at(now_steady());
    if (!wake || (armed_for_ && *armed_for_ <= *wake)) return;
    armed_for_ = *wake;
    later(*wake, timers::urgency::urgent, [at = *wake](parts& self) {
      if (self.armed_for_ == at) self.armed_for_.reset();
      if (self.link_ != nullptr && self.rules_.silent(now_steady())) self.link_->cancel();
      self.show_state();
    });
  }

  void later(steady_time when, timers::urgency how, std::function<void(parts&)> what) {
    auto const clock = clock_.lock();
    if (!clock) return;
    clock->at(when, how, [weak = weak_from_this(), what = std::move(what)] {
      auto const self = weak.lock();
      if (!self) return;
      {
        std::lock_guard const lock{self->mutex_};
        if (self->stopped_) return;
        what(*self);
      }
      self->deliver();
    });
  }

  void tell(event what) {
    if (!stopped_) events_.push_back(std::move(what));
  }

  /// Calls the listener without the lock, one call at a time, in order.
  void deliver() {
    std::unique_lock lock{mutex_};
    if (delivering_) return;
    delivering_ = true;
    deliverer_ = std::this_thread::get_id();
    while (!events_.empty()) {
      auto const what = std::move(events_.front());
      events_.pop_front();
      lock.unlock();
      what(listener_);
      lock.lock();
    }
    delivering_ = false;
    quiet_.notify_all();
  }

  mutable std::mutex mutex_;
  std::condition_variable quiet_;
  phone_options options_;
  phone_listener& listener_;
  std::weak_ptr<timers> clock_;
  phone rules_;
  std::uint64_t random_;
  std::size_t gateway_ = 0;
  bool started_ = false;
  bool stopped_ = false;
  bool away_for_good_ = false;
  bool shown_current_ = false;
  bool position_waits_ = false;
  bool list_waits_ = false;
  steady_time next_position_at_{};
  std::optional<steady_time> armed_for_;
  std::optional<phone_go_away> go_away_;
  std::string go_away_reason_;
  phone_link* link_ = nullptr;
  std::deque<event> events_;
  bool delivering_ = false;
  std::thread::id deliverer_;
};

phone_client::phone_client(phone_options options, phone_listener& listener, std::shared_ptr<timers> clock)
    : clock_{std::move(clock)}, parts_{std::make_shared<parts>(std::move(options), listener, clock_)} {}

phone_client::~phone_client() {
  parts_->stop();
  parts_->wait_quiet();
}

void phone_client::start() {
  parts_->start();
}
void phone_client::update_position(lat_lon place) {
  parts_->update_position(place);
}
void phone_client::watch_zones(std::vector<zone_id> zones) {
  parts_->watch_zones(std::move(zones));
}
void phone_client::stop() {
  parts_->stop();
}
bool phone_client::current() const {
  return parts_->current();
}
cursor phone_client::at() const {
  return parts_->at();
}

}  // namespace siren::client
