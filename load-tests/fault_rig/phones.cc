#include "fault_rig/phones.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>

#include "client/phone_client.h"
#include "common/clock.h"
#include "common/convert/alert_convert.h"
#include "common/convert/base_convert.h"
#include "rig/child_process.h"

namespace siren::faults {

using kind = phone_event::kind;

struct phones::parts {
  std::shared_ptr<client::timers> clock = std::make_shared<client::timers>();
  std::atomic<std::uint64_t> delivered{0};
};

class phones::one final : public client::phone_listener {
 public:
  one(client::phone_options options, parts& shared)
      : shared_{shared}, client_{std::move(options), *this, shared.clock} {}

  void start() { client_.start(); }
  void stop() { client_.stop(); }
  [[nodiscard]] cursor at() const { return client_.at(); }
  [[nodiscard]] bool current() const { return client_.current(); }
  [[nodiscard]] bool connected() const {
    std::lock_guard const lock{mutex_};
    return connected_;
  }
  [[nodiscard]] phone_journal journal() const {
    std::lock_guard const lock{mutex_};
    return journal_;
  }

  void on_snapshot(alerts::v1::Snapshot const& whole) override {
    phone_event now{.what = kind::snapshot, .at = from_proto(whole.cursor())};
    for (auto const& entry : whole.alerts()) note_alarm(entry.alert(), now);
    for (auto const& entry : whole.provisional()) note_alarm(entry.alert(), now);
    for (auto const& zone : whole.zones()) now.zones.emplace_back(zone.zone_id());
    note(std::move(now));
  }
  void on_continuation(alerts::v1::Cursor const& from) override {
    note({.what = kind::continuation, .at = from_proto(from)});
  }
  void on_alert(alerts::v1::LoggedAlert const& change) override { note_alert(kind::sounded, change); }
  void on_merged(alerts::v1::LoggedAlert const& change) override { note_alert(kind::merged, change); }
  void on_provisional(alerts::v1::ProvisionalAlert const& now) override {
    note(event_of(kind::early, {}, now.alert()));
  }
  void on_guidance(routing::v1::Guidance const&) override {}
  void on_state(bool current) override { note({.what = current ? kind::current : kind::unknown}); }
  void on_disconnected(client::disconnection const&) override { note({.what = kind::left}); }

 private:
  static stage level_of(alerts::v1::Alert const& alert) {
    auto const level = from_proto(alert.stage());
    return level ? *level : stage::all_clear;
  }
  static void note_alarm(alerts::v1::Alert const& alert, phone_event& whole) {
    auto& shown = whole.in_alarm[zone_id{alert.zone_id()}];
    shown = std::max(shown, level_of(alert));
  }
  static phone_event event_of(kind what, cursor at, alerts::v1::Alert const& alert) {
    phone_event now{.what = what,
                    .at = at,
                    .zone = zone_id{alert.zone_id()},
                    .alert = alert_id{alert.alert_id()},
                    .rev = alert.rev(),
                    .level = level_of(alert)};
    if (alert.has_observation_received_time()) now.caused_at = wall_from_proto(alert.observation_received_time());
    return now;
  }
  void note_alert(kind what, alerts::v1::LoggedAlert const& change) {
    ++shared_.delivered;
    note(event_of(what, from_proto(change.cursor()), change.alert()));
  }
  void note(phone_event now) {
    now.when = wall_now();
    std::lock_guard const lock{mutex_};
    if (now.what == kind::snapshot || now.what == kind::continuation) connected_ = true;
    if (now.what == kind::left) connected_ = false;
    journal_.push_back(std::move(now));
  }

  parts& shared_;
  mutable std::mutex mutex_;
  phone_journal journal_;
  bool connected_ = false;
  client::phone_client client_;  // last: its calls end before what they write to goes
};

phones::phones(std::vector<std::string> const& gateways, world serves, std::vector<phone_plan> const& people)
    : parts_{std::make_unique<parts>()} {
  std::uint64_t seed = 0;
  for (auto const& who : people) {
    client::phone_options wanted;
    wanted.gateways = gateways;
    wanted.serves = serves;
    wanted.position = who.place;
    wanted.watch = who.watched;
    wanted.seed = ++seed;
    all_.push_back(std::make_unique<one>(std::move(wanted), *parts_));
  }
  for (auto const& each : all_) each->start();
}

phones::~phones() {
  stop();
}

void phones::stop() {
  for (auto const& each : all_) each->stop();
}

std::size_t phones::connected() const {
  return static_cast<std::size_t>(
      std::count_if(all_.begin(), all_.end(), [](auto const& each) { return each->connected(); }));
}

std::size_t phones::current() const {
  return static_cast<std::size_t>(
      std::count_if(all_.begin(), all_.end(), [](auto const& each) { return each->current(); }));
}

std::uint64_t phones::delivered() const {
  return parts_->delivered;
}

bool phones::wait_connected(milliseconds at_most) const {
  return wait_until([this] { return connected() == all_.size(); }, at_most);
}

bool phones::wait_for_head(cursor head, milliseconds at_most) const {
  auto const there = [&](auto const& each) {
    auto const at = each->at();
    return at.epoch == head.epoch && at.seq >= head.seq;
  };
  return wait_until([&] { return std::all_of(all_.begin(), all_.end(), there); }, at_most);
}

std::vector<phone_journal> phones::journals() const {
  std::vector<phone_journal> all;
  for (auto const& each : all_) all.push_back(each->journal());
  return all;
}

}  // namespace siren::faults
