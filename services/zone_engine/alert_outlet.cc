#include "zone_engine/alert_outlet.h"

#include <algorithm>

#include "common/clock.h"
#include "common/log.h"

namespace siren {
namespace {

double seconds_since(steady_time start) {
  return std::chrono::duration<double>(steady_now() - start).count();
}

}  // namespace

alert_outlet::alert_outlet(alert_log_writer& writer, alert_log_reader& reader, leadership& lead, alert_board& board,
                           alert_publisher& publisher, engine_metrics& counts, zone_engine_limits const& limits)
    : writer_{writer},
      reader_{reader},
      lead_{lead},
      board_{board},
      publisher_{publisher},
      counts_{counts},
      limits_{limits} {}

void alert_outlet::add(decided_alert decided) {
  pending_.push_back(std::move(decided));
}

alert_outlet::outcome alert_outlet::flush() {
  if (pending_.empty()) return outcome::durable;
  if (auto const lead = confirm_leadership(); lead != outcome::durable) return lead;
  while (!pending_.empty()) {
    auto const size = std::min(pending_.size(), limits_.append_chunk);
    std::vector<alert_append> chunk;
    for (std::size_t i = 0; i < size; ++i) chunk.push_back(pending_[i].record);
    auto const start = steady_now();
    auto entries = writer_.append(chunk);
    if (!entries) return failed(entries.error());
    counts_.appended_in(seconds_since(start));
    done_with(std::move(entries).value());
  }
  counts_.undurable(0);
  if (failing_) log(log_level::info, "alert_log_back", {{"head", board_.head().seq}});
  failing_ = false;
  return outcome::durable;
}

alert_outlet::outcome alert_outlet::confirm_leadership() {
  if (lead_.held()) return outcome::durable;
  auto const again = lead_.acquire();
  if (!again) return failed(again.error());
  if (!*again) {
    log(log_level::error, "another_engine_decides");
    return outcome::fenced;
  }
  return nobody_else_wrote();
}

/// Our own batch may have been logged although its commit was never confirmed: those entries are not another's.
alert_outlet::outcome alert_outlet::nobody_else_wrote() {
  std::set<std::pair<alert_id, std::uint32_t>> ours;
  for (auto const& alert : pending_) ours.emplace(alert.record.alert, alert.record.rev);
  auto const since = reader_.read_after(board_.head(), pending_.size() + 1);
  if (!since && since.error().why == reason::store_unavailable) return failed(since.error());
  auto const foreign = [&](alert_entry const& entry) { return !ours.contains({entry.alert, entry.rev}); };
  if (!since || std::any_of(since->begin(), since->end(), foreign)) {
    log(log_level::error, "another_engine_decided", {{"known_seq", board_.head().seq}});
    return outcome::fenced;
  }
  return outcome::durable;
}

alert_outlet::outcome alert_outlet::failed(failure const& bad) {
  // Two processes gave one alert the same revision: only a second engine does that.
  if (bad.why == reason::duplicate) {
    log(log_level::error, "another_engine_decided", {{"error", bad.message}});
    return outcome::fenced;
  }
  counts_.append_failed();
  counts_.undurable(pending_.size());
  if (!failing_)
    log(log_level::error, "alert_log_unavailable", {{"undurable", pending_.size()}, {"error", bad.message}});
  failing_ = true;
  return outcome::waiting;
}

void alert_outlet::done_with(std::vector<alert_entry> entries) {
  for (auto const& entry : entries) board_.put(entry);
  publisher_.publish(entries);
  for (auto const& entry : entries) {
    auto const& [record, level] = pending_.front();
    log(log_level::info, "alert_logged",
        {{"zone", entry.zone.value},
         {"alert_id", entry.alert.value},
         {"rev", entry.rev},
         {"seq", entry.seq},
         {"stage", name_of(level)},
         {"act", record.act},
         {"actor", record.actor}},
        record.trace);
    counts_.alert_logged(level);
    pending_.pop_front();
  }
}

}  // namespace siren
