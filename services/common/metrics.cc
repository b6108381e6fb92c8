#include "common/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/exposer.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

namespace siren {

struct metrics::parts {
  std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
  std::unique_ptr<prometheus::Exposer> exposer;
};

metrics::metrics() : parts_{std::make_unique<parts>()} {}
metrics::~metrics() = default;

result<void> metrics::serve(std::string const& address) {
  if (address.empty()) return {};
  try {
    parts_->exposer = std::make_unique<prometheus::Exposer>(address, 1);
    parts_->exposer->RegisterCollectable(parts_->registry);
  } catch (std::exception const& bad) {
    return failure{reason::not_ready, "metrics can't be served on " + address + ": " + bad.what()};
  }
  return {};
}

prometheus::Counter& metrics::counter(std::string const& name, std::string const& help, labels const& with) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(*parts_->registry).Add(with);
}

prometheus::Gauge& metrics::gauge(std::string const& name, std::string const& help, labels const& with) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(*parts_->registry).Add(with);
}

prometheus::Histogram& metrics::delay_histogram(std::string const& name, std::string const& help, labels const& with) {
  static prometheus::Histogram::BucketBoundaries const buckets{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                                               0.25,   0.5,   1.0,    2.5,   5.0,  10.0,  30.0};
  return prometheus::BuildHistogram().Name(name).Help(help).Register(*parts_->registry).Add(with, buckets);
}

}  // namespace siren
