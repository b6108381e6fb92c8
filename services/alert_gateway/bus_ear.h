#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "alert_gateway/gateway_metrics.h"
#include "alert_gateway/ports.h"
#include "core/stream/bus_probe.h"

namespace siren {

struct bus_channels {
  std::string alert;
  std::string provisional;
  std::string plan;
  std::string probe;  // this gateway's own
};

struct bus_ear_handlers {
  std::function<void(std::string const& bytes)> on_alert;
  std::function<void(std::string const& bytes)> on_provisional;
  std::function<void()> on_plan;
  /// Something may have been missed.
  std::function<void()> on_gap;
};

/// Listens to the bus and proves, through the publish path, that what is said there is heard. A deaf listener is made
/// anew. Handlers run on the listener's thread.
class bus_ear {
 public:
  bus_ear(bus& speaker, start_listening listen, bus_channels channels, bus_ear_handlers handlers,
          gateway_metrics& measured, bus_probe_policy policy = {});
  ~bus_ear();
  [[nodiscard]] bool hears() const;
  void stop();

 private:
  [[nodiscard]] std::unique_ptr<bus_listener> listen();
  void run();
  void probe();

  bus& speaker_;
  start_listening start_;
  bus_channels channels_;
  bus_ear_handlers handlers_;
  gateway_metrics& measured_;
  bus_probe_policy policy_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  bus_probe probe_;
  std::unique_ptr<bus_listener> listener_;
  std::thread thread_;
};

}  // namespace siren
