#include "simulation/engine_model.h"

#include <algorithm>

namespace siren::simulation {
namespace {

constexpr milliseconds kTick{200};
constexpr milliseconds kBeat{1'000};
constexpr milliseconds kStandbyPoll{500};
/// Feeds are expected to say something every second; after three nothing is known any more.
constexpr milliseconds kFeedSilence{3'000};

provisional_entry outgoing(alert const& from) {
  provisional_entry what;
  what.zone = from.zone;
  what.alert = from.id;
  what.rev = from.rev;
  what.level = from.level;
  return what;
}

/// As an engine finds its alerts again: the time of the raise stands in the id.
alert as_alert(zone_id const& zone, alert_id const& id, std::uint32_t rev, stage level) {
  alert a;
  a.id = id;
  a.rev = rev;
  a.zone = zone;
  a.level = level;
  a.raised_at = a.changed_at = utc_time{milliseconds{std::stoll(id.value.substr(id.value.find('@') + 1))}};
  return a;
}

}  // namespace

engine_model::engine_model(ground on, std::size_t index) : on_{on}, index_{index} {
  mouth_ = on_.bus.add_mouth(&on_.net.engine_bus[index]);
}

void engine_model::start() {
  if (up_) return;
  up_ = true;
  on_.stage.tell("engine ", index_, ": starts");
  ++life_;
  if (feeds_) seen_ = on_.sky;
  tick();
}

void engine_model::crash() {
  if (!up_) return;
  up_ = frozen_ = leading_ = asking_ = relaying_ = false;
  ++life_;
  held_back_.clear();
  on_.stage.tell("engine ", index_, ": ends");
  publisher_.reset();
  outbox_ = outbox{};
  book_ = {};
}

void engine_model::step_down() {
  ++deposed;
  on_.stage.tell("engine ", index_, ": deposed");
  crash();
  on_.stage.after(on_.net.delay() + kBeat, [this] { start(); });
}

void engine_model::freeze(milliseconds how_long) {
  if (!up_ || frozen_) return;
  frozen_ = true;
  on_.stage.after(how_long, [this, life = life_] {
    if (life == life_) thaw();
  });
}

void engine_model::thaw() {
  frozen_ = false;
  for (auto const& what : std::exchange(held_back_, {})) run(what);
}

/// Whatever comes to a frozen process waits for it.
void engine_model::run(std::function<void()> what) {
  if (!up_) return;
  if (frozen_) return held_back_.push_back(std::move(what));
  what();
}

utc_time engine_model::world_time() const {
  return utc_time{std::chrono::duration_cast<microseconds>(on_.stage.now().time_since_epoch() + clock_ + hours{1'000})};
}

void engine_model::set_feeds(bool reach, skies const& now) {
  // Silence is counted from the last word, however often it is caused anew.
  if (feeds_ != reach) feeds_since_ = on_.stage.now();
  feeds_ = reach;
  if (!reach) return;
  for (auto const& [zone, what] : now) see(zone, what);
}

void engine_model::see(zone_id const& zone, sky now) {
  if (!feeds_) return;
  run([this, zone, now] {
    seen_[zone] = now;
    if (!leading_) return;
    decide(zone);
    pump();
  });
}

void engine_model::tick() {
  auto const life = life_;
  on_.stage.after(kTick, [this, life] {
    if (life != life_) return;
    run([this, life] {
      if (life == life_) tick();
    });
  });
  if (!leading_) return try_to_lead();
  pump();
  beat();
  relay();
}

void engine_model::try_to_lead() {
  auto const now = on_.stage.now();
  if (asking_ || now - asked_at_ < kStandbyPoll) return;
  asking_ = true;
  asked_at_ = now;
  using given = log_model::term_given;
  ask<given>(
      on_.net, on_.log, on_.net.engine_log[index_], [this, known = noted_] { return on_.log.take_lead(index_, known); },
      [this, life = life_](std::optional<given> const& answer) {
        if (life != life_) return;
        run([this, answer] {
          asking_ = false;
          if (!answer) return;
          if (answer->mine != 0) return lead(*answer);
          // A standby too must know how far the log has come, or it would lead a restored one as if nothing was lost.
          // Of another epoch nobody can say whether it is newer: then what was known before stays, and leading renews.
          auto const further = noted_.epoch == answer->head.epoch && noted_.seq < answer->head.seq;
          if (noted_ == cursor{} || further) noted_ = answer->head;
        });
      });
}

/// The log's alerts, what an earlier life kept if nobody has led since, and then whatever is true now.
void engine_model::lead(log_model::term_given const& given) {
  ++terms;
  on_.stage.tell("engine ", index_, ": leads, term ", given.mine, " after ", given.before, ", journal ",
                 journal_.size(), " of term ", journal_term_);
  leading_ = true;
  term_ = given.mine;
  publisher_.emplace(given.head);
  // A log that was put back gives its terms again: the number alone does not tell who led.
  auto const ours = journal_term_ == given.before && noted_.epoch == given.epoch_before;
  noted_ = given.head;
  outbox_ = outbox{};
  std::vector<alert> logged;
  for (auto const& entry : given.newest) {
    publisher_->knows(entry);
    logged.push_back(as_alert(entry.zone, entry.alert, entry.rev, entry.level));
  }
  if (ours) {
    for (auto const& kept : journal_) {
      publisher_->decided(kept, true);
      logged.push_back(as_alert(kept.zone, kept.alert, kept.rev, kept.level));
      ++journal_merged;
    }
  }
  if (!ours) journal_.clear();
  journal_term_ = term_;
  book_ = {};
  restore(book_, logged);
  for (auto const& [zone, what] : seen_) decide(zone);
  pump();
}

void engine_model::decide(zone_id const& zone) {
  danger_change change;
  change.now.zone = zone;
  change.now.level = seen_[zone].level();
  change.at = world_time();
  for (auto const& decided : apply(book_, change, {})) publisher_->decided(outgoing(decided));
}

void engine_model::pump() {
  auto const now = on_.stage.now();
  if (auto const count = publisher_->append_now(now); count > 0) append(count);
  if (auto const fresh = publisher_->journal_now(); fresh > 0) {
    auto const waiting = publisher_->waiting();
    journal_.assign(waiting.begin(), waiting.end());
    publisher_->on_journalled();
  }
  if (on_.does.provisional_path) say(publisher_->say_now(now));
  publish();
}

void engine_model::append(std::size_t count) {
  auto batch = publisher_->waiting();
  batch.resize(count);
  ask<log_model::answer>(
      on_.net, on_.log, on_.net.engine_log[index_],
      [this, batch, term = term_, seen = publisher_->head()]() -> log_model::answer {
        // A lost session gives the lock back; without it nothing is written.
        if (on_.does.writers_are_fenced && !on_.log.leads(index_) && !on_.log.retake(index_, term))
          return {log_model::refusal::deposed, {}};
        return on_.log.append(term, seen, batch);
      },
      [this, life = life_](std::optional<log_model::answer> const& answer) {
        if (life != life_) return;
        run([this, answer] { appended(answer); });
      });
}

void engine_model::appended(std::optional<log_model::answer> const& done) {
  if (!done) {
    ++doubtful;
    on_.stage.tell("engine ", index_, ": the log did not answer");
    publisher_->on_append_failed(on_.stage.now());
    return pump();
  }
  if (done->refused == log_model::refusal::deposed) return step_down();
  if (done->refused == log_model::refusal::went_back) {
    publisher_->on_append_refused();
    if (publisher_->begin_renewal()) renew();
    return;
  }
  outbox_.add(publisher_->on_appended(done->places));
  noted_ = publisher_->head();
  if (publisher_->all_logged()) journal_.clear();
  pump();
}

void engine_model::renew() {
  using newest = std::optional<log_model::state>;
  ask<newest>(
      on_.net, on_.log, on_.net.engine_log[index_],
      [this, term = term_, seen = publisher_->head()]() -> newest {
        if (!on_.log.renew(term, seen)) return std::nullopt;
        return on_.log.read_state();
      },
      [this, life = life_](std::optional<newest> const& answer) {
        if (life != life_) return;
        run([this, answer] {
          if (!answer) return publisher_->on_append_failed(on_.stage.now());
          if (!*answer) return step_down();
          publisher_->on_renewed((*answer)->at, (*answer)->newest);
          noted_ = publisher_->head();
          pump();
        });
      });
}

void engine_model::say(std::vector<provisional_entry> const& what) {
  for (auto const& one : what) {
    auto const works = on_.bus.mouth_works(mouth_);
    if (!on_.bus.say(mouth_, one)) continue;
    ++provisional_said;
    on_.stage.tell("engine ", index_, ": says ", one.alert.value, "/", one.rev, " level ", static_cast<int>(one.level),
                   " after ", one.after.epoch % 10'000, ":", one.after.seq, works ? "" : " to nobody");
    if (works && on_said) on_said(one);
  }
}

void engine_model::publish() {
  while (auto const* entry = outbox_.next()) {
    auto const taken = on_.bus.say(mouth_, *entry);
    outbox_.on_published(taken);
  }
}

void engine_model::beat() {
  auto const now = on_.stage.now();
  if (now - beat_at_ < kBeat) return;
  beat_at_ = now;
  auto const blind = !feeds_ && now - feeds_since_ > kFeedSilence;
  using refusal = log_model::refusal;
  ask<refusal>(
      on_.net, on_.log, on_.net.engine_log[index_],
      [this, term = term_, seen = publisher_->head(), picture = blind ? picture_state::lost : picture_state::live] {
        if (on_.does.writers_are_fenced && !on_.log.leads(index_) && !on_.log.retake(index_, term))
          return refusal::deposed;
        return on_.log.beat(term, seen, picture);
      },
      [this, life = life_](std::optional<refusal> const& why) {
        if (life != life_ || !why) return;
        run([this, why] {
          if (*why == refusal::deposed) return step_down();
          if (*why == refusal::went_back && publisher_->begin_renewal()) renew();
        });
      });
}

/// What was published leaves the log's outbox; what was not is published again.
void engine_model::relay() {
  if (relaying_) return;
  auto const done = outbox_.take_published();
  auto const backlog = outbox_.take_backlog();
  if (done.empty() && !backlog) return;
  relaying_ = true;
  using entries = std::vector<stream_entry>;
  ask<entries>(
      on_.net, on_.log, on_.net.engine_log[index_],
      [this, done, backlog] {
        on_.log.published(done);
        return backlog ? on_.log.unpublished() : entries{};
      },
      [this, life = life_, backlog](std::optional<entries> const& answer) {
        if (life != life_) return;
        run([this, answer, backlog] {
          relaying_ = false;
          if (answer)
            outbox_.add(*answer);
          else if (backlog)
            outbox_.ask_again();
        });
      });
}

}  // namespace siren::simulation
