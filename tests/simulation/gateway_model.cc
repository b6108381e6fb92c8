#include "simulation/gateway_model.h"

#include <algorithm>

namespace siren::simulation {
namespace {

constexpr milliseconds kTick{100};
constexpr std::size_t kTurns = 10;  // each stream is looked at once a second
constexpr std::size_t kRing = 12;   // small, so that phones fall behind it

}  // namespace

gateway_model::memory::memory(steady_time now)
    : known{nullptr, {.ring = kRing}}, follower{{.poll = milliseconds{500}, .read_at_once = 8}}, probe{now} {}

gateway_model::gateway_model(ground on, std::size_t index)
    : stage_{on.stage}, net_{on.net}, log_{on.log}, bus_{on.bus}, does_{on.does}, index_{index} {
  mouth_ = bus_.add_mouth(&net_.gateway_bus[index]);
  ear_ = bus_.add_ear({[this](bus_message const& what) { run([this, what] { hear(what); }); },
                       [this] { run([this] { state_->follower.read_soon(); }); }, &net_.gateway_bus[index]});
}

void gateway_model::start() {
  if (up_) return;
  up_ = true;
  draining_ = false;
  ++life_;
  stage_.tell("gateway ", index_, ": starts");
  state_.emplace(stage_.now());
  bus_.reconnect(ear_);
  tick();
}

void gateway_model::crash() {
  if (!up_) return;
  up_ = frozen_ = draining_ = false;
  ++life_;
  stage_.tell("gateway ", index_, ": ends");
  held_back_.clear();
  for (auto const& one : state_->streams) one->to->die_at_gateway();
  state_.reset();
}

void gateway_model::freeze(milliseconds how_long) {
  if (!up_ || frozen_) return;
  frozen_ = true;
  stage_.after(how_long, [this, life = life_] {
    if (life == life_) thaw();
  });
}

void gateway_model::thaw() {
  frozen_ = false;
  for (auto const& what : std::exchange(held_back_, {})) run(what);
}

void gateway_model::run(std::function<void()> what) {
  if (!up_) return;
  if (frozen_) return held_back_.push_back(std::move(what));
  what();
}

void gateway_model::drain() {
  run([this] {
    draining_ = true;
    auto const window = state_->arriving.window(state_->streams.size());
    for (auto const& one : state_->streams) {
      one->session.go_away({reason::draining, window, false});
      pump(*one);
    }
    stage_.after(seconds{3}, [this, life = life_] {
      if (life == life_) crash();
    });
  });
}

std::shared_ptr<pipe> gateway_model::connect(bool const& cut) {
  if (!up_ || draining_ || cut) return nullptr;
  auto made = std::make_shared<pipe>(stage_, net_, cut);
  std::weak_ptr<pipe> const weak = made;
  made->on_written = [this, weak, life = life_] {
    if (life != life_) return;
    run([this, weak] {
      auto const on = weak.lock();
      auto* one = on ? find(on) : nullptr;
      if (one == nullptr) return;
      one->session.write_done();
      pump(*one);
      sweep();
    });
  };
  made->gateway_hears_end = [this, weak, life = life_] {
    if (life != life_) return;
    run([this, weak] {
      auto const on = weak.lock();
      if (auto* one = on ? find(on) : nullptr) end(*one);
      sweep();
    });
  };
  run([this, made] { state_->streams.push_back(std::make_unique<stream>(stream{made, phone_session{stage_.now()}})); });
  return made;
}

gateway_model::stream* gateway_model::find(std::shared_ptr<pipe> const& on) {
  for (auto const& one : state_->streams)
    if (one->to == on) return one.get();
  return nullptr;
}

void gateway_model::subscribe(std::shared_ptr<pipe> const& on, subscription what) {
  run([this, on, what] {
    auto* one = find(on);
    if (one == nullptr) return;
    one->asked_at = stage_.now();
    auto asked = what;
    auto const here = state_->known.at();
    auto const ahead = asked.resume_from && asked.resume_from->epoch == here.epoch && asked.resume_from->seq > here.seq;
    if (ahead && earlier_release_) asked.resume_from.reset();
    one->session.subscribe(asked, stage_.now());
    pump(*one);
    if (one->session.waits_for_log()) state_->follower.read_soon();
    sweep();
  });
}

void gateway_model::change_zones(std::shared_ptr<pipe> const& on, std::vector<zone_id> zones) {
  run([this, on, zones] {
    auto* one = find(on);
    if (one == nullptr || !one->session.subscribed()) return;
    one->session.change_zones(zones);
    pump(*one);
    sweep();
  });
}

void gateway_model::tick() {
  stage_.after(kTick, [this, life = life_] {
    if (life != life_) return;
    run([this, life] {
      if (life == life_) tick();
    });
  });
  follow();
  probe();
  ++state_->turn;
  for (std::size_t i = 0; i < state_->streams.size(); ++i)
    if (i % kTurns == state_->turn % kTurns) look_at(*state_->streams[i]);
  sweep();
}

void gateway_model::follow() {
  auto const what = state_->follower.next(stage_.now());
  if (!what) return;
  if (*what == log_follower::read::head) return read_head();
  if (*what == log_follower::read::entries) return read_entries();
  read_state();
}

void gateway_model::read_head() {
  auto const covered = state_->known.at();
  auto const asked_at = stage_.now();
  ask<head_reading>(
      net_, log_, net_.gateway_log[index_], [this] { return log_.head(); },
      [this, life = life_, covered, asked_at](std::optional<head_reading> const& read) {
        if (life != life_) return;
        run([this, read, covered, asked_at] {
          if (!read) {
            state_->follower.on_failed();
          } else {
            auto need = state_->watch.on_head(state_->known, covered, asked_at, *read);
            if (state_->watch.went_back()) ++went_back;
            if (need == log_watch::need::nothing && !state_->watch.went_back())
              state_->known.on_reading(state_->watch.engine_lives());
            if (!does_.gateways_read_log && state_->known.started()) need = log_watch::need::nothing;
            state_->follower.on_head(need);
          }
          for (auto const& one : state_->streams)
            if (one->session.waits_for_log()) pump(*one);
          follow();
          sweep();
        });
      });
}

void gateway_model::read_entries() {
  using entries = std::optional<std::vector<stream_entry>>;
  auto const at_once = state_->follower.policy().read_at_once;
  ask<entries>(
      net_, log_, net_.gateway_log[index_],
      [this, after = state_->known.at(), at_once] { return log_.read_after(after, at_once); },
      [this, life = life_](std::optional<entries> const& read) {
        if (life != life_) return;
        run([this, read] {
          auto& follower = state_->follower;
          if (!read) {
            follower.on_failed();
          } else if (!*read) {
            follower.on_other_epoch();
          } else {
            auto last = board::outcome::ignored;
            for (auto const& entry : **read) last = state_->known.apply(entry);
            take_ahead();
            follower.on_entries((*read)->size(), last);
            news();
          }
          follow();
        });
      });
}

void gateway_model::read_state() {
  struct whole {
    log_model::state now;
    std::vector<stream_entry> recent;
  };
  ask<whole>(
      net_, log_, net_.gateway_log[index_],
      [this] {
        whole all{log_.read_state(), {}};
        auto const behind = std::min<std::uint64_t>(kRing, all.now.at.seq);
        if (auto some = log_.read_after({all.now.at.epoch, all.now.at.seq - behind}, kRing)) all.recent = *some;
        // The second read may have failed.
        if (stage_.random.chance(100)) all.recent.clear();
        return all;
      },
      [this, life = life_](std::optional<whole> const& read) {
        if (life != life_) return;
        run([this, read] {
          if (!read) {
            state_->follower.on_failed();
          } else {
            state_->known.reset(read->now.at, read->now.newest, read->recent);
            take_ahead();
            stage_.tell("gateway ", index_, ": took the state at ", read->now.at.epoch % 10'000, ":", read->now.at.seq);
            state_->follower.on_state();
            news();
          }
          follow();
        });
      });
}

void gateway_model::hear(bus_message const& what) {
  if (auto const* number = std::get_if<probe_message>(&what)) {
    if (number->gateway == index_) state_->probe.on_heard(number->number, stage_.now());
    return;
  }
  if (auto const* waits = std::get_if<provisional_entry>(&what)) {
    if (state_->known.take_provisional(*waits)) news();
    return;
  }
  auto const& entry = std::get<stream_entry>(what);
  auto const outcome = state_->known.apply(entry);
  if (outcome == board::outcome::applied) {
    take_ahead();
    return news();
  }
  if (outcome == board::outcome::ignored) return;
  if (!does_.gaps_are_checked && outcome == board::outcome::read_log) return take_anyway(entry);
  if (outcome == board::outcome::read_log) state_->ahead.keep(entry.at, entry);
  ++gaps;
  if (state_->known.take_provisional(beyond_a_gap(entry))) news();
  state_->follower.read_soon();
  follow();
}

/// What the bus brought too early and now follows.
void gateway_model::take_ahead() {
  auto& known = state_->known;
  while (auto next = state_->ahead.take_after(known.at())) known.apply(std::move(*next));
}

/// A mutant's: what lies between is forgotten.
void gateway_model::take_anyway(stream_entry const& entry) {
  std::vector<stream_entry> newest{entry};
  for (auto const& [zone, known] : log_.newest())
    if (auto const mine = state_->known.newest(zone); mine && zone != entry.zone) newest.push_back(*mine);
  state_->known.reset(entry.at, newest, {});
  news();
}

void gateway_model::probe() {
  auto const now = stage_.now();
  if (auto const number = state_->probe.due(now)) (void)bus_.say(mouth_, probe_message{index_, *number});
  if (!state_->probe.should_reset(now)) return;
  ++deaf;
  bus_.reconnect(ear_);
}

void gateway_model::news() {
  for (auto const& one : state_->streams) pump(*one);
  sweep();
}

void gateway_model::look_at(stream& one) {
  auto const why = one.session.expired(stage_.now());
  if (!why) return pump(one);
  if (*why == reason::slow_reader) ++slow_closed;
  end(one);
}

void gateway_model::pump(stream& one) {
  if (!one.to) return;
  if (one.session.finished()) return end(one);
  auto const now = stage_.now();
  one.session.reconnect_within(state_->arriving.window(state_->streams.size()));
  auto what = one.session.next(state_->known, state_->watch.at(now, state_->known.at()), now);
  if (!what) return;
  if (std::exchange(one.first_word_due, false)) state_->arriving.on_first_word(one.asked_at, now);
  snapshots += std::holds_alternative<send_snapshot>(*what) ? 1 : 0;
  continuations += std::holds_alternative<send_continuation>(*what) ? 1 : 0;
  if (auto const* bye = std::get_if<send_go_away>(&*what)) sent_elsewhere += bye->why == reason::not_ready ? 1 : 0;
  if (auto* beat = std::get_if<heartbeat>(&*what)) {
    if (!does_.heartbeats) return one.session.write_done();
    if (!does_.honest_head) {
      beat->head = state_->known.at();
      beat->picture = picture_state::live;
    }
    if (!does_.heartbeats_have_age) {
      beat->since_subscribe.reset();
      beat->head_age.reset();
    }
  }
  one.to->send(std::move(*what));
}

void gateway_model::end(stream& one) {
  if (!one.to) return;
  one.to->end_by_gateway();
  one.to.reset();
}

void gateway_model::sweep() {
  std::erase_if(state_->streams, [](auto const& one) { return !one->to; });
}

}  // namespace siren::simulation
