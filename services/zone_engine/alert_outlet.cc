#include "zone_engine/alert_outlet.h"

#include <algorithm>

#include "common/clock.h"
#include "common/log.h"
#include "zone_engine/convert.h"

namespace siren {

alert_outlet::alert_outlet(parts with, std::uint64_t term, zone_engine_limits const& limits)
    : with_{with}, limits_{limits}, term_{term} {}

void alert_outlet::add(outgoing what) {
  pending_.push_back({std::move(what)});
}

result<void> alert_outlet::add_order(operator_order const& order) {
  if (failing_)
    if (auto kept = with_.kept.append_order(order); !kept) return kept;
  pending_.push_back({order, failing_});
  return {};
}

alert_outlet::outcome alert_outlet::flush(bool confirm) {
  auto asked = false;
  while (!fenced_) {
    if (!with_.store.busy()) {
      if (pending_.empty() && (asked || !confirm)) break;
      if (asked && failing_) break;
      submit();
      asked = true;
    }
    auto done = with_.store.wait(failing_ ? milliseconds{0} : limits_.store_patience);
    if (!done) {
      if (!failing_) note_failure({reason::store_unavailable, "the store does not answer in time"});
      break;
    }
    collect(std::move(*done));
  }
  if (fenced_) return outcome::fenced;
  if (pending_.empty() && !failing_) return outcome::durable;
  with_.counts.undurable(pending_.size());
  keep_locally();
  say_provisional();
  auto const safe = std::all_of(pending_.begin(), pending_.end(), [](auto const& each) { return each.journalled; });
  return safe ? outcome::kept : outcome::at_risk;
}

result<std::optional<order_answer>> alert_outlet::find_answer(std::string const& request_id) {
  if (failing_) return failure{reason::store_unavailable, "the store is away"};
  return with_.store.find(request_id, limits_.store_patience);
}

void alert_outlet::submit() {
  in_job_ = std::min(pending_.size(), limits_.append_chunk);
  std::vector<outgoing> chunk;
  for (std::size_t i = 0; i < in_job_; ++i) chunk.push_back(pending_[i].what);
  submitted_at_ = steady_now();
  with_.store.merge(std::move(chunk));
}

void alert_outlet::collect(store_lane::merged done) {
  if (!done.outcome) {
    // Two processes gave one alert the same revision: only a second engine does that.
    auto const why = done.outcome.error().why;
    fenced_ = why == reason::deposed || why == reason::duplicate;
    if (fenced_)
      log(log_level::error, "another_engine_decides", {{"error", done.outcome.error().message}});
    else
      note_failure(done.outcome.error());
    return;
  }
  if (done.renewed) {
    add_missing(*done.renewed);
    renewed_ = true;
    return;
  }
  if (in_job_ > 0) with_.counts.appended_in(std::chrono::duration<double>(steady_now() - submitted_at_).count());
  done_with(std::move(done.entries));
  with_.counts.undurable(pending_.size());
  if (std::exchange(failing_, false)) log(log_level::info, "alert_log_back", {{"head", with_.board.head().seq}});
  if (!pending_.empty()) return;
  said_.clear();
  refused_ = false;
  if (!with_.kept.empty())
    if (auto const cleared = with_.kept.clear(term_); !cleared)
      log(log_level::error, "journal_not_cleared", {{"error", cleared.error().message}});
  with_.kept.note(with_.board.head());
}

void alert_outlet::note_failure(failure const& why) {
  with_.counts.append_failed();
  with_.counts.undurable(pending_.size());
  if (!std::exchange(failing_, true))
    log(log_level::error, "alert_log_unavailable", {{"undurable", pending_.size()}, {"error", why.message}});
}

void alert_outlet::done_with(std::vector<alert_entry> entries) {
  for (auto const& entry : entries) with_.board.put(entry);
  with_.publisher.publish(entries);
  auto entry = entries.begin();
  for (; in_job_ > 0; --in_job_, pending_.pop_front()) {
    auto const* alert = std::get_if<decided_alert>(&pending_.front().what);
    if (alert == nullptr) continue;
    log(log_level::info, "alert_logged",
        {{"zone", entry->zone.value},
         {"alert_id", entry->alert.value},
         {"rev", entry->rev},
         {"seq", entry->seq},
         {"stage", name_of(alert->level)},
         {"act", alert->record.act},
         {"actor", alert->record.actor}},
        alert->record.trace);
    with_.counts.alert_logged(alert->level);
    ++entry;
  }
}

/// The log was put back to an older copy. What its readers knew of each zone and it does not goes in again, first.
void alert_outlet::add_missing(std::vector<alert_entry> const& newest) {
  std::map<zone_id, alert_entry> there;
  for (auto const& entry : newest) there[entry.zone] = entry;
  std::size_t missing = 0;
  for (auto const& [zone, known] : with_.board.logged()) {
    auto const found = there.find(zone);
    if (found != there.end() && found->second.alert == known.alert && found->second.rev >= known.rev) continue;
    auto again = append_again(known);
    if (!again) continue;
    pending_.push_front({decided_alert{std::move(again).value(), stage_of(known)}});
    ++missing;
  }
  log(log_level::error, "alert_log_went_back", {{"logged_again", missing}});
}

void alert_outlet::keep_locally() {
  std::vector<outgoing> fresh;
  for (auto const& each : pending_)
    if (!each.journalled) fresh.push_back(each.what);
  if (fresh.empty()) return;
  auto const kept = with_.kept.append(fresh);
  if (kept) {
    for (auto& each : pending_) each.journalled = true;
    refused_ = false;
    return;
  }
  with_.counts.journal_refused(fresh.size());
  if (!std::exchange(refused_, true))
    log(log_level::error, "journal_refused",
        {{"reason", name_of(kept.error().why)}, {"error", kept.error().message}, {"records", fresh.size()}});
}

/// Also what the journal refused: a warning that may be forgotten is better than none.
void alert_outlet::say_provisional() {
  auto const head = with_.board.head();
  std::uint64_t before = 0;
  for (auto& each : pending_) {
    auto const* alert = std::get_if<decided_alert>(&each.what);
    if (alert == nullptr) continue;
    cursor const after{head.epoch, head.seq + before++};
    if (std::exchange(each.said, true)) continue;
    auto const& record = alert->record;
    auto const shown = said_.find(record.zone);
    auto level = shown == said_.end() ? stage::all_clear : shown->second.level;
    if (auto const logged = with_.board.newest_logged(record.zone)) level = std::max(level, stage_of(*logged));
    with_.board.put_provisional({0, 0, record.zone, record.alert, record.rev, record.ended, record.bytes});
    // Before the log has it, no alert is ended and no stage lowered.
    if (record.ended || alert->level < level) continue;
    said_.insert_or_assign(record.zone, said_alert{record, alert->level, after});
    with_.publisher.publish_provisional(record, after);
    log(log_level::warn, "alert_provisional",
        {{"zone", record.zone.value},
         {"alert_id", record.alert.value},
         {"rev", record.rev},
         {"stage", name_of(alert->level)},
         {"journalled", each.journalled}},
        record.trace);
  }
  say_again();
}

/// For gateways that could not hear it: the bus has no memory.
void alert_outlet::say_again() {
  if (steady_now() - said_at_ < limits_.beat_interval) return;
  said_at_ = steady_now();
  for (auto const& [zone, alert] : said_) with_.publisher.publish_provisional(alert.record, alert.after);
}

}  // namespace siren
