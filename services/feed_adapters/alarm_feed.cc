#include "feed_adapters/alarm_feed.h"

#include <algorithm>

#include "common/convert/threat_convert.h"
#include "common/log.h"
#include "feed_adapters/feed_records.h"
#include "feed_adapters/told_file.h"

namespace siren {
namespace {

std::string outcome_name(alarm_poller::outcome const& what) {
  switch (what.is) {
    case alarm_poller::kind::whole:
      return "whole";
    case alarm_poller::kind::unchanged:
      return "unchanged";
    case alarm_poller::kind::doubted:
      return "doubted";
    case alarm_poller::kind::failed:
      break;
  }
  return std::string{name_of(what.failed->why)};
}

}  // namespace

alarm_feed::alarm_feed(parts with) : with_{std::move(with)} {
  recall();
  threats::v1::FeedBeat beat;
  beat.set_source(with_.source.value);
  beat.set_official(true);
  line_ = std::make_unique<feed_line>(
      feed_line::parts{with_.ingest,
                       {beat},
                       [this] { return lives(); },
                       [this] { return standing(); },
                       [this](auto const& said, auto const& answer) { take_answer(said, answer); },
                       with_.counts},
      with_.line);
  thread_ = std::thread{[this] { run(); }};
}

alarm_feed::~alarm_feed() {
  stop();
}

void alarm_feed::stop() {
  {
    std::lock_guard const lock{mutex_};
    with_.stopping = true;
  }
  woken_.notify_all();
  line_->stop();
  if (thread_.joinable()) thread_.join();
  keep();
}

void alarm_feed::recall() {
  if (with_.told.empty()) return;
  auto const words = read_told_file(with_.told, with_.source);
  if (!words) {
    // Running alarms are said again, to which ingest answers DUPLICATE; what ended meanwhile goes on.
    log(log_level::error, "told_alarms_lost",
        {{"file", with_.told.string()}, {"reason", name_of(words.error().why)}, {"message", words.error().message}});
    return;
  }
  for (auto const& word : *words) {
    with_.poller.restore(word);
    if (auto const zone = with_.regions.zone_of(word.region.value)) words_[{*zone, word.type}] = word;
  }
  answered_ = words_;
}

void alarm_feed::run() {
  while (true) {
    {
      std::unique_lock lock{mutex_};
      woken_.wait_until(lock, with_.poller.due(), [this] { return with_.stopping.load(); });
      if (with_.stopping) return;
    }
    poll();
    say_again();
    keep();
  }
}

void alarm_feed::poll() {
  auto const answer = with_.provider->get(with_.poller.next(steady_now()));
  if (with_.stopping) return;
  auto const when = steady_now();
  auto const out = with_.poller.take(answer, with_.clock.now(), when);
  with_.counts.polled(outcome_name(out));
  with_.counts.running_alarms.Set(static_cast<double>(with_.poller.board().running()));
  for (auto const& why : out.refused) with_.counts.refused(why, when);
  for (auto const& why : {out.failed, out.implausible})
    if (why) with_.counts.refused(*why, when);
  {
    std::lock_guard const lock{mutex_};
    lives_until_ = with_.poller.lives_until();
  }
  for (auto const& change : out.changes) say(change);
}

void alarm_feed::say(told_alarm const& change) {
  auto const zone = with_.regions.zone_of(change.region.value);
  if (!zone) {
    with_.counts.refused({reason::unknown_region, "uid " + change.region.value + " is not in the bundle"},
                         steady_now());
    return;
  }
  {
    std::lock_guard const lock{mutex_};
    words_[{*zone, change.type}] = change;
  }
  log(log_level::info, change.active ? "alarm_started" : "alarm_ended",
      {{"uid", change.region.value}, {"type", name_of(change.type)}, {"at", format_utc(change.changed_at)}});
  static_cast<void>(line_->put(alarm_record(change, *zone, with_.source, with_.serves)));
}

// By the provider's list they hold now, so they are said with the present time.
void alarm_feed::say_again() {
  std::vector<told_alarm> again;
  {
    std::lock_guard const lock{mutex_};
    for (auto const& where : std::exchange(lost_, {})) {
      auto& word = words_.at(where);
      word.changed_at = std::max(word.changed_at, with_.clock.now());
      again.push_back(word);
    }
  }
  for (auto const& word : again) say(word);
}

void alarm_feed::take_answer(record const& said, feed_line::response const& answer) {
  auto const alarm = from_proto(said.region_alarm());
  key const where{alarm.region, alarm.type};
  auto const& why = answer.reason();
  bool const known = answer.accepted() || why == name_of(reason::duplicate);
  if (!known && why != name_of(reason::time_too_old))
    log(log_level::error, "alarm_not_taken",
        {{"zone", alarm.region.value}, {"reason", why}, {"message", answer.message()}});
  std::lock_guard const lock{mutex_};
  auto const word = words_.find(where);
  if (word == words_.end() || word->second.changed_at != alarm.changed_at || word->second.active != alarm.active)
    return;  // overtaken by a newer one, which has its own answer
  if (known) {
    answered_[where] = word->second;
    unkept_ = true;
  } else if (why == name_of(reason::time_too_old) || why == name_of(reason::time_in_future)) {
    lost_.push_back(where);
  }
}

std::vector<alarm_feed::record> alarm_feed::standing() {
  std::lock_guard const lock{mutex_};
  std::vector<record> all;
  for (auto const& [where, word] : words_) all.push_back(alarm_record(word, where.first, with_.source, with_.serves));
  return all;
}

bool alarm_feed::lives() {
  std::lock_guard const lock{mutex_};
  return steady_now() < lives_until_;
}

void alarm_feed::keep() {
  std::vector<told_alarm> words;
  {
    std::lock_guard const lock{mutex_};
    if (with_.told.empty() || !std::exchange(unkept_, false)) return;
    for (auto const& [where, word] : answered_) words.push_back(word);
  }
  if (auto const kept = write_told_file(with_.told, words, with_.source); !kept) {
    log(log_level::error, "told_alarms_not_kept", {{"message", kept.error().message}});
    std::lock_guard const lock{mutex_};
    unkept_ = true;
  }
}

}  // namespace siren
