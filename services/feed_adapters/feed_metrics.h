#pragma once

#include <map>
#include <mutex>
#include <string>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>

#include "common/metrics.h"
#include "core/base/time.h"

namespace siren {

/// What one feed counts, and its log of what it refuses. Thread-safe.
class feed_metrics {
 public:
  feed_metrics(metrics& to, std::string source);

  /// What this adapter itself refuses of its provider's words. Counted each; logged once a second per reason, with how
  /// many went unlogged before it.
  void refused(failure const& why, steady_time when);
  /// How a poll ended: whole, unchanged, doubted or a reason.
  void polled(std::string const& outcome);
  /// What ingest said to a record: "accepted" or a reason.
  void answered(std::string const& what);
  /// Of refused().
  [[nodiscard]] std::map<std::string, std::uint64_t> refusals() const;
  /// Of answered().
  [[nodiscard]] std::map<std::string, std::uint64_t> answers() const;

  prometheus::Gauge& lives;
  prometheus::Gauge& connected;
  prometheus::Gauge& unanswered;
  prometheus::Gauge& running_alarms;
  prometheus::Gauge& peers;

 private:
  struct refusal {
    prometheus::Counter* count = nullptr;
    steady_time logged_at{};
    std::uint64_t unlogged = 0;
  };
  metrics& metrics_;
  std::string source_;
  mutable std::mutex mutex_;
  std::map<reason, refusal> refused_;
  std::map<std::string, prometheus::Counter*> polled_;
  std::map<std::string, prometheus::Counter*> answered_;
};

}  // namespace siren
