#include "simulation/phone_model.h"

#include <algorithm>

namespace siren::simulation {
namespace {

constexpr milliseconds kTick{250};

phone_snapshot received(send_snapshot const& sent) {
  phone_snapshot got{sent.at, sent.zones, {}};
  for (auto const& entry : sent.alerts) got.alerts.push_back(*entry);
  for (auto const& waits : sent.provisional) got.provisional.push_back(*waits);
  return got;
}

}  // namespace

phone_model::phone_model(ground on, std::size_t index, std::vector<zone_id> zones)
    : on_{on}, index_{index}, zones_{std::move(zones)}, gateway_{on.stage.random.pick(kGateways)} {}

void phone_model::start() {
  ++life_;
  connect();
  tick();
}

void phone_model::forget() {
  thaw();
  if (stream_) stream_->end_by_phone();
  stream_.reset();
  held_back_.clear();
  rung_.clear();
  rules_ = phone{};
  start();
}

void phone_model::freeze(milliseconds how_long) {
  if (frozen_) return;
  frozen_ = true;
  on_.stage.after(how_long, [this, life = life_] {
    if (life == life_) thaw();
  });
}

void phone_model::thaw() {
  if (!frozen_) return;
  frozen_ = false;
  auto waited = std::exchange(held_back_, {});
  // Who wakes up may read what its sockets hold before it looks at the clock.
  if (on_.stage.random.chance(500))
    std::stable_partition(waited.begin(), waited.end(), [](auto const& one) { return one.first == from::socket; });
  for (auto const& [where, what] : waited) run(what, where);
}

void phone_model::run(std::function<void()> what, from where) {
  if (frozen_) {
    held_back_.emplace_back(where, std::move(what));
    return;
  }
  what();
}

void phone_model::set_slow(bool slow) {
  slow_ = slow;
  if (stream_) stream_->slow_reader = slow;
}

void phone_model::change_zones(std::vector<zone_id> zones) {
  run([this, zones] {
    zones_ = zones;
    if (!stream_) return;
    on_.stage.after(on_.net.delay(), [this, zones, to = stream_, at = gateway_] {
      if (to->flowing()) on_.gateways[at]->change_zones(to, zones);
    });
  });
}

void phone_model::connect() {
  bye_.reset();
  greeted_ = false;
  connecting_ = true;
  rules_.connected(on_.stage.now());
  gateway_ = (gateway_ + 1) % kGateways;
  auto const& cut = on_.net.phone[index_];
  on_.stage.after(on_.net.delay(), [this, life = life_, &cut] {
    if (life != life_) return;
    run([this, &cut] {
      if (!connecting_) return;
      if (cut) return;  // nothing comes back: silent() ends it
      stream_ = on_.gateways[gateway_]->connect(cut);
      if (!stream_) return come_back();
      stream_->slow_reader = slow_;
      auto const mine = stream_.get();
      stream_->to_phone = [this, mine](stream_send const& what) {
        run(
            [this, mine, what] {
              if (stream_.get() == mine) hear(what);
            },
            from::socket);
      };
      stream_->phone_hears_end = [this, mine] {
        run(
            [this, mine] {
              if (stream_.get() == mine) come_back();
            },
            from::socket);
      };
      auto const back = rules_.resume();
      subscription const what{back.from, back.zones, zones_};
      on_.stage.after(on_.net.delay(), [this, what, to = stream_, at = gateway_] {
        if (to->flowing()) on_.gateways[at]->subscribe(to, what);
      });
    });
  });
}

void phone_model::leave() {
  if (stream_) stream_->end_by_phone();
  come_back();
}

void phone_model::come_back() {
  ++breaks;
  on_.stage.tell("phone ", index_, ": stream to gateway ", gateway_, " ended");
  stream_.reset();
  greeted_ = connecting_ = false;
  auto const now = on_.stage.now();
  auto const at = rules_.on_disconnected(bye_, on_.stage.random.next(), now);
  if (!at) {
    wrong_ = "was told to stay away for ever";
    return;
  }
  on_.stage.at(*at, [this, life = ++life_] {
    if (life != life_) return;
    run([this] { connect(); });
  });
  tick();
}

void phone_model::tick() {
  on_.stage.after(kTick, [this, life = life_] {
    if (life != life_) return;
    run([this, life] {
      if (life != life_) return;
      if (rules_.silent(on_.stage.now())) return leave();
      tick();
    });
  });
}

void phone_model::hear(stream_send const& what) {
  ++turn_;
  tell(what);
  auto const before = rules_.at();
  auto const had = rules_.whole() || rules_.resume().from.has_value();
  auto const taken = take(what);
  auto const after = rules_.at();
  if (had && after.epoch != before.epoch) {
    ++epochs;
    if (!std::holds_alternative<send_snapshot>(what)) wrong_ = "changed its epoch without a snapshot";
  }
  if (had && after.epoch == before.epoch && after.seq < before.seq)
    wrong_ = "went back from " + std::to_string(before.seq) + " to " + std::to_string(after.seq);
  if (taken != phone::taken::must_resume) {
    if (!std::holds_alternative<send_go_away>(what)) greeted_ = true;
    return;
  }
  ++holes_found;
  leave();
}

void phone_model::tell(stream_send const& what) const {
  auto& to = on_.stage;
  if (to.story == nullptr) return;
  if (auto const* whole = std::get_if<send_snapshot>(&what))
    to.tell("phone ", index_, " from gateway ", gateway_, ": snapshot ", whole->at.epoch % 10'000, ":", whole->at.seq,
            ", alerts ", whole->alerts.size(), ", provisional ", whole->provisional.size());
  if (std::holds_alternative<send_continuation>(what)) to.tell("phone ", index_, ": continues");
  if (auto const* one = std::get_if<send_alert>(&what))
    to.tell("phone ", index_, ": ", one->entry->at.seq, " ", one->entry->alert.value, "/", one->entry->rev);
  if (auto const* waits = std::get_if<send_provisional>(&what))
    to.tell("phone ", index_, ": provisional ", waits->entry->alert.value, "/", waits->entry->rev);
  if (auto const* beat = std::get_if<heartbeat>(&what))
    to.tell("phone ", index_, ": beat, head ", beat->head ? std::to_string(beat->head->seq) : "-", ", picture ",
            static_cast<int>(beat->picture));
  if (std::holds_alternative<send_go_away>(what)) to.tell("phone ", index_, ": is sent away");
}

phone::taken phone_model::take(stream_send const& what) {
  auto const now = on_.stage.now();
  if (auto const* whole = std::get_if<send_snapshot>(&what)) return take_snapshot(*whole);
  if (auto const* goes_on = std::get_if<send_continuation>(&what)) {
    ++resumed;
    return rules_.on_continuation(goes_on->at, now);
  }
  if (auto const* one = std::get_if<send_alert>(&what)) {
    auto entry = *one->entry;
    if (!on_.does.gaps_are_checked) entry.previous_seq_in_zone = 0;
    auto taken = rules_.on_alert(entry, now);
    merged += taken == phone::taken::merged ? 1 : 0;
    if (taken == phone::taken::merged && !on_.does.told_is_remembered) taken = phone::taken::news;
    if (taken == phone::taken::news) rang(entry.alert, entry.rev, entry.level);
    return taken;
  }
  if (auto const* waits = std::get_if<send_provisional>(&what)) {
    auto const taken = rules_.on_provisional(*waits->entry, now);
    if (taken != phone::taken::news) return taken;
    ++provisional;
    rang(waits->entry->alert, waits->entry->rev, waits->entry->level);
    return taken;
  }
  if (auto const* beat = std::get_if<heartbeat>(&what)) return rules_.on_heartbeat(*beat, now);
  if (auto const* bye = std::get_if<send_go_away>(&what)) bye_ = phone_go_away{bye->retry_within, bye->terminal};
  return phone::taken::known;
}

phone::taken phone_model::take_snapshot(send_snapshot const& sent) {
  auto const whole = received(sent);
  auto const now = on_.stage.now();
  auto const older = rules_.resume().from && whole.at.epoch == rules_.at().epoch && whole.at.seq < rules_.at().seq;
  if (older && !on_.does.older_snapshots_refused) {
    rules_ = phone{};
    rules_.connected(now);
  }
  auto const taken = rules_.on_snapshot(whole, now);
  if (older && taken == phone::taken::must_resume) ++refused_older;
  return taken;
}

void phone_model::rang(alert_id const& alert, std::uint32_t rev, siren::stage level) {
  ++alarms;
  auto& last = rung_[alert];
  std::pair const now{rev, level};
  if (now <= last) wrong_ = "rang twice for " + alert.value + "/" + std::to_string(rev);
  last = std::max(last, now);
}

stage phone_model::shown(zone_id const& zone) const {
  auto level = stage::all_clear;
  for (auto const& [id, entry] : rules_.alerts())
    if (entry.zone == zone) level = std::max(level, entry.level);
  if (auto const waits = rules_.provisional().of(zone)) level = std::max(level, waits->level);
  return level;
}

}  // namespace siren::simulation
