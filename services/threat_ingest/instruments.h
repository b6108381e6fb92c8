#pragma once

#include <map>
#include <mutex>
#include <string>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>

#include "common/metrics.h"
#include "core/base/ids.h"
#include "core/base/time.h"

namespace siren {

/// What threat_ingest counts, and its log of refusals. Thread-safe.
class instruments {
 public:
  explicit instruments(metrics& to);

  void accepted(std::string const& kind);
  /// Counts every refusal; logs one a second per reason, with how many went unlogged before it.
  void refused(failure const& why, std::string const& source, trace_id const& trace, steady_time when);

  prometheus::Histogram& decision_delay;
  prometheus::Histogram& durable_delay;
  prometheus::Gauge& feeds_alive;
  prometheus::Gauge& tracks;
  prometheus::Gauge& pending_steps;
  prometheus::Counter& store_failures;
  prometheus::Counter& bus_failures;
  prometheus::Counter& steps_lost;
  prometheus::Counter& streams_broken;

 private:
  struct refusals {
    prometheus::Counter* count = nullptr;
    steady_time logged_at{};
    std::uint64_t unlogged = 0;
  };
  metrics& metrics_;
  std::mutex mutex_;
  std::map<std::string, prometheus::Counter*> accepted_;
  std::map<reason, refusals> refused_;
};

}  // namespace siren
