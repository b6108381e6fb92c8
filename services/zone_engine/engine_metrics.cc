#include "zone_engine/engine_metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>

#include "common/metrics.h"

namespace siren {

engine_metrics::engine_metrics(metrics& home)
    : home_{home},
      decision_{home.delay_histogram("siren_zone_decision_seconds", "From an input's arrival until it is decided")},
      append_{home.delay_histogram("siren_zone_append_seconds", "One batch of alerts into the log")},
      append_failures_{home.counter("siren_zone_append_failures_total", "Batches that the log did not take; kept")},
      publish_failures_{
          home.counter("siren_zone_publish_failures_total", "Alerts that the bus did not take; in the log")},
      journal_refusals_{home.counter("siren_zone_journal_refused_total",
                                     "Records that neither the store nor the journal took; in memory alone")},
      queue_{home.gauge("siren_zone_queue_length", "Inputs waiting for a decision")},
      undurable_{home.gauge("siren_zone_undurable_alerts", "Alerts decided and not yet in the log")},
      picture_seq_{home.gauge("siren_zone_picture_seq", "Newest step of the threat picture that is decided on")} {
  for (auto const level : {stage::all_clear, stage::prepare, stage::go, stage::take_cover})
    alerts_[level] =
        &home.counter("siren_zone_alerts_total", "Alerts logged, by stage", {{"stage", std::string{name_of(level)}}});
}

void engine_metrics::alert_logged(stage level) {
  alerts_.at(level)->Increment();
}

void engine_metrics::rejected(reason why) {
  home_
      .counter("siren_zone_rejected_total", "Records of the picture that were refused",
               {{"reason", std::string{name_of(why)}}})
      .Increment();
}

void engine_metrics::decided_after(double took_s) {
  decision_.Observe(took_s);
}
void engine_metrics::appended_in(double took_s) {
  append_.Observe(took_s);
}
void engine_metrics::append_failed() {
  append_failures_.Increment();
}
void engine_metrics::publish_failed() {
  publish_failures_.Increment();
}
void engine_metrics::journal_refused(std::size_t records) {
  journal_refusals_.Increment(static_cast<double>(records));
}
void engine_metrics::queue_length(std::size_t inputs) {
  queue_.Set(static_cast<double>(inputs));
}
void engine_metrics::undurable(std::size_t alerts) {
  undurable_.Set(static_cast<double>(alerts));
}
void engine_metrics::picture_at(std::uint64_t seq) {
  picture_seq_.Set(static_cast<double>(seq));
}

}  // namespace siren
