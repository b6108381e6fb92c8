#include "threat_ingest/instruments.h"

#include "common/log.h"

namespace siren {
namespace {

constexpr seconds kLogInterval{1};  // per reason: a broken sensor sends hundreds a second

}  // namespace

instruments::instruments(metrics& to)
    : decision_delay{to.delay_histogram("siren_ingest_decision_delay_seconds", "Record received to decided")},
      durable_delay{to.delay_histogram("siren_ingest_durable_delay_seconds", "Record received to stored")},
      feeds_alive{to.gauge("siren_ingest_feeds_alive", "Feeds that gave a sign of life in time")},
      tracks{to.gauge("siren_ingest_tracks", "Tracks alive")},
      pending_steps{to.gauge("siren_ingest_pending_steps", "Steps published but not yet stored")},
      store_failures{
          to.counter("siren_ingest_store_failures_total", "Writes that the store refused or did not answer")},
      bus_failures{to.counter("siren_ingest_bus_failures_total", "Steps that the bus did not take")},
      steps_lost{to.counter("siren_ingest_steps_lost_total", "Steps dropped in a long outage of the store")},
      streams_broken{to.counter("siren_ingest_streams_broken_total",
                                "Feed streams seen to break; the transport does not show every one")},
      metrics_{to} {}

void instruments::accepted(std::string const& kind) {
  std::lock_guard const lock{mutex_};
  auto& count = accepted_[kind];
  if (count == nullptr) count = &metrics_.counter("siren_ingest_accepted_total", "Records accepted", {{"kind", kind}});
  count->Increment();
}

void instruments::refused(failure const& why, std::string const& source, trace_id const& trace, steady_time when) {
  std::lock_guard const lock{mutex_};
  auto& one = refused_[why.why];
  if (one.count == nullptr)
    one.count =
        &metrics_.counter("siren_ingest_refused_total", "Records refused", {{"reason", std::string{name_of(why.why)}}});
  one.count->Increment();
  if (one.logged_at != steady_time{} && when - one.logged_at < kLogInterval) {
    ++one.unlogged;
    return;
  }
  log(log_level::warn, "record_refused",
      {{"reason", name_of(why.why)}, {"message", why.message}, {"source", source}, {"unlogged_before", one.unlogged}},
      trace);
  one.logged_at = when;
  one.unlogged = 0;
}

}  // namespace siren
