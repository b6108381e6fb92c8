#pragma once

#include <map>
#include <memory>
#include <string>

#include "core/base/result.h"

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
}  // namespace prometheus

namespace siren {

/// Prometheus metrics of one process, served over HTTP. Names start with "siren_". Handles stay valid as long as this
/// lives; the returned objects are thread-safe. Labels are few and bounded: a reason, a source, never a person.
class metrics {
 public:
  using labels = std::map<std::string, std::string>;

  metrics();
  ~metrics();
  metrics(metrics const&) = delete;
  metrics& operator=(metrics const&) = delete;

  /// Failure: the address is taken or malformed. Empty address: metrics are kept but not served.
  [[nodiscard]] result<void> serve(std::string const& address);

  prometheus::Counter& counter(std::string const& name, std::string const& help, labels const& with = {});
  prometheus::Gauge& gauge(std::string const& name, std::string const& help, labels const& with = {});
  /// Buckets for delays in seconds, 0.5 ms to 30 s.
  prometheus::Histogram& delay_histogram(std::string const& name, std::string const& help, labels const& with = {});

 private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

}  // namespace siren
