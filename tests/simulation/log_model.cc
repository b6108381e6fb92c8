#include "simulation/log_model.h"

#include <algorithm>

namespace siren::simulation {
namespace {

/// "Others wait a while" for who led before a break of the store; and a holder without a sign of life is put out.
constexpr milliseconds kGrace{3'000};
constexpr milliseconds kPutOutAfter{4'000};

std::vector<stream_entry> values(std::map<zone_id, stream_entry> const& by_zone) {
  std::vector<stream_entry> all;
  for (auto const& [zone, entry] : by_zone) all.push_back(entry);
  return all;
}

}  // namespace

stream_entry const* history::newest(zone_id const& zone, std::uint64_t seq) const {
  auto const reach =
      static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(seq > begins.seq ? seq - begins.seq : 0, entries.size()));
  for (auto i = reach; i > 0; --i)
    if (entries[static_cast<std::size_t>(i - 1)].zone == zone) return &entries[static_cast<std::size_t>(i - 1)];
  auto const before = base.find(zone);
  return before == base.end() ? nullptr : &before->second;
}

log_model::log_model(stage_of_events& stage, bool fenced) : stage_{stage}, fenced_{fenced} {
  start_epoch(0);
  copy();
}

void log_model::start_epoch(std::uint64_t after_seq) {
  now_.head = {stage_.random.next() >> 1U, after_seq};
  now_.begins = after_seq;
  now_.entries.clear();
  now_.unpublished.clear();
  for (auto& [zone, entry] : now_.newest) entry.at.epoch = now_.head.epoch;
  stage_.tell("log: epoch ", now_.head.epoch % 10'000, " begins after ", after_seq);
  histories_[now_.head.epoch] = {now_.head, now_.newest, {}, {}, stage_.now()};
}

void log_model::remember(stream_entry const& entry) {
  auto& whole = histories_.at(entry.at.epoch);
  auto const place = entry.at.seq - whole.begins.seq - 1;
  if (place == whole.entries.size()) {
    whole.entries.push_back(entry);
    whole.logged_at.push_back(stage_.now());
    return;
  }
  auto const& first = whole.entries.at(place);
  if (first.alert != entry.alert || first.rev != entry.rev || first.level != entry.level)
    forked_ = "place " + std::to_string(entry.at.seq) + " held " + first.alert.value + "/" + std::to_string(first.rev) +
              " and now holds " + entry.alert.value + "/" + std::to_string(entry.rev);
}

log_model::refusal log_model::check(std::uint64_t term, cursor seen) const {
  if (fenced_ && now_.term > term) return refusal::deposed;
  if (now_.term < term || now_.head.epoch != seen.epoch || behind(seen)) return refusal::went_back;
  return refusal::none;
}

log_model::answer log_model::append(std::uint64_t term, cursor seen, std::vector<provisional_entry> const& batch) {
  if (auto const why = check(term, seen); why != refusal::none) return {why, {}};
  answer done;
  for (auto const& what : batch) {
    auto const key = std::pair{what.alert, what.rev};
    if (auto const known = now_.by_key.find(key); known != now_.by_key.end()) {
      done.places.push_back(known->second);
      continue;
    }
    stream_entry entry;
    entry.at = {now_.head.epoch, ++now_.head.seq};
    entry.zone = what.zone;
    entry.alert = what.alert;
    entry.rev = what.rev;
    entry.level = what.level;
    now_.entries.push_back(entry);
    now_.newest[entry.zone] = entry;
    now_.by_key[key] = entry.at;
    now_.unpublished.insert(entry.at.seq);
    remember(entry);
    done.places.push_back(entry.at);
    ++commits;
    stage_.tell("log: ", entry.at.epoch % 10'000, ":", entry.at.seq, " ", entry.alert.value, "/", entry.rev, " level ",
                static_cast<int>(entry.level));
  }
  return done;
}

log_model::term_given log_model::take_lead(std::size_t engine, cursor known) {
  auto const now = stage_.now();
  auto const dead = holder_ && now - sign_of_life_ > kPutOutAfter;
  auto const waits = !holder_ && last_holder_ && last_holder_ != engine && now - free_since_ < kGrace;
  if (fenced_ && ((holder_ && holder_ != engine && !dead) || waits)) return {0, 0, now_.head.epoch, now_.head, {}};
  holder_ = last_holder_ = engine;
  sign_of_life_ = now;
  auto const epoch_before = now_.head.epoch;
  if (known != cursor{} && (known.epoch != now_.head.epoch || behind(known))) {
    ++renewals;
    start_epoch(std::max(now_.head.seq, known.seq));
  }
  auto const before = now_.term;
  return term_given{++now_.term, before, epoch_before, now_.head, values(now_.newest)};
}

bool log_model::retake(std::size_t engine, std::uint64_t term) {
  if (holder_ || now_.term > term) return false;
  holder_ = last_holder_ = engine;
  sign_of_life_ = stage_.now();
  return true;
}

std::optional<std::vector<stream_entry>> log_model::renew(std::uint64_t term, cursor seen) {
  if (fenced_ && now_.term > term) return std::nullopt;
  ++renewals;
  now_.term = term;
  start_epoch(std::max(now_.head.seq, seen.seq));
  return values(now_.newest);
}

log_model::refusal log_model::beat(std::uint64_t term, cursor seen, picture_state picture) {
  if (auto const why = check(term, seen); why != refusal::none) return why;
  now_.beat_at = database_clock();
  now_.picture = picture;
  sign_of_life_ = stage_.now();
  return refusal::none;
}

std::vector<stream_entry> log_model::unpublished() const {
  std::vector<stream_entry> all;
  for (auto const seq : now_.unpublished) all.push_back(now_.entries.at(seq - now_.begins - 1));
  return all;
}

void log_model::published(std::vector<cursor> const& places) {
  for (auto const& place : places)
    if (place.epoch == now_.head.epoch) now_.unpublished.erase(place.seq);
}

head_reading log_model::head() const {
  head_reading read{now_.head, now_.picture, std::nullopt};
  if (now_.beat_at) read.engine_silence = database_clock() - *now_.beat_at;
  return read;
}

std::optional<std::vector<stream_entry>> log_model::read_after(cursor after, std::size_t at_most) const {
  if (after.epoch != now_.head.epoch) return std::nullopt;
  std::vector<stream_entry> some;
  for (auto const& entry : now_.entries)
    if (entry.at.seq > after.seq && some.size() < at_most) some.push_back(entry);
  return some;
}

log_model::state log_model::read_state() const {
  return {now_.head, values(now_.newest)};
}

void log_model::set_down(bool down) {
  if (down && !down_) fail_over();
  down_ = down;
}

void log_model::fail_over() {
  if (holder_) free_since_ = stage_.now();
  holder_.reset();
}

void log_model::copy() {
  copies_.emplace_back(stage_.now(), now_);
  if (copies_.size() > 8) copies_.erase(copies_.begin());
}

void log_model::restore(milliseconds age, bool renewed) {
  auto const wanted =
      std::find_if(copies_.begin(), copies_.end(), [&](auto const& one) { return stage_.now() - one.first <= age; });
  fail_over();
  now_ = wanted == copies_.end() ? copies_.back().second : wanted->second;
  if (renewed) start_epoch(now_.head.seq);
  copies_.clear();
  copy();
  stage_.tell("log: is back at ", now_.head.epoch % 10'000, ":", now_.head.seq);
}

milliseconds log_model::database_clock() const {
  return std::chrono::duration_cast<milliseconds>(stage_.now().time_since_epoch()) + clock_;
}

history const* log_model::history_of(std::uint64_t epoch) const {
  auto const found = histories_.find(epoch);
  return found == histories_.end() ? nullptr : &found->second;
}

}  // namespace siren::simulation
