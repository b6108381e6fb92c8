#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>

#include "common/metrics.h"
#include "core/base/reason.h"

namespace siren {

/// What a gateway counts. Nothing here names a phone or a place (promise "position is not kept"). Thread-safe.
class gateway_metrics {
 public:
  explicit gateway_metrics(metrics& in)
      : phones{in.gauge("siren_gateway_phones", "Streams of phones that are open")},
        connections{in.gauge("siren_gateway_connections", "Connections of phones that are open")},
        alerts_sent{in.counter("siren_gateway_alerts_sent_total", "Alerts written to phones")},
        guidance_sent{in.counter("siren_gateway_guidance_sent_total", "Guidance written to phones")},
        snapshots{in.counter("siren_gateway_snapshots_total", "Snapshots written to phones")},
        continuations{in.counter("siren_gateway_continuations_total", "Phones that resumed by cursor")},
        entries{in.counter("siren_gateway_entries_total", "Entries of the alert log applied")},
        provisional{in.counter("siren_gateway_provisional_total", "Alerts shown before the log could take them")},
        gaps{in.counter("siren_gateway_gaps_total", "Gaps on the bus repaired from the log")},
        reconnect_window{in.gauge("siren_gateway_reconnect_window_seconds",
                                  "How slowly phones should come back if this gateway is lost")},
        bus_heard{in.gauge("siren_gateway_bus_heard", "1 while what is published on the bus is also heard")},
        log_read{in.gauge("siren_gateway_log_read", "1 while the alert log's head can be read")},
        plan_version{in.gauge("siren_gateway_plan_version", "Version of the plan that guidance is made from")},
        delivery_delay{in.delay_histogram("siren_gateway_delivery_delay_seconds",
                                          "From the observation's receipt to the alert's write to a phone")},
        in_{in} {}

  prometheus::Gauge& phones;
  prometheus::Gauge& connections;
  prometheus::Counter& alerts_sent;
  prometheus::Counter& guidance_sent;
  prometheus::Counter& snapshots;
  prometheus::Counter& continuations;
  prometheus::Counter& entries;
  prometheus::Counter& provisional;
  prometheus::Counter& gaps;
  prometheus::Gauge& reconnect_window;
  prometheus::Gauge& bus_heard;
  prometheus::Gauge& log_read;
  prometheus::Gauge& plan_version;
  prometheus::Histogram& delivery_delay;

  /// `how`: "delta" or "whole".
  prometheus::Counter& plans_taken(char const* how) {
    return in_.counter("siren_gateway_plans_taken_total", "Plans taken from the planner", {{"how", how}});
  }
  /// Streams closed by us, and records refused, by reason.
  prometheus::Counter& closed(reason why) {
    return in_.counter("siren_gateway_closed_total", "Streams closed by the gateway",
                       {{"reason", std::string{name_of(why)}}});
  }
  /// Connections and calls that the phones' door did not take, by reason.
  prometheus::Counter& turned_away(char const* why) {
    return in_.counter("siren_gateway_turned_away_total", "Connections and calls that were refused or cut",
                       {{"reason", why}});
  }
  prometheus::Counter& refused(reason why) {
    return in_.counter("siren_gateway_refused_total", "Entries of bus or log that were refused",
                       {{"reason", std::string{name_of(why)}}});
  }

 private:
  metrics& in_;
};

}  // namespace siren
