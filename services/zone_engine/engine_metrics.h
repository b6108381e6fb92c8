#pragma once

#include <map>

#include "core/base/reason.h"
#include "core/zone/danger.h"

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
}  // namespace prometheus

namespace siren {

class metrics;

/// What zone_engine counts and times. Thread-safe.
class engine_metrics {
 public:
  explicit engine_metrics(metrics& home);

  void alert_logged(stage level);
  void rejected(reason why);
  void decided_after(double seconds);
  void appended_in(double seconds);
  void append_failed();
  void publish_failed();
  void journal_refused(std::size_t records);
  void queue_length(std::size_t inputs);
  void undurable(std::size_t alerts);
  void picture_at(std::uint64_t seq);

 private:
  metrics& home_;
  std::map<stage, prometheus::Counter*> alerts_;
  prometheus::Histogram& decision_;
  prometheus::Histogram& append_;
  prometheus::Counter& append_failures_;
  prometheus::Counter& publish_failures_;
  prometheus::Counter& journal_refusals_;
  prometheus::Gauge& queue_;
  prometheus::Gauge& undurable_;
  prometheus::Gauge& picture_seq_;
};

}  // namespace siren
