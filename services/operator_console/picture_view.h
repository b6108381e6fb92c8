#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "common/alert_log/alert_log.h"
#include "common/clock.h"
#include "common/picture_log/picture_log.h"
#include "operator_console/ports.h"

namespace siren {

/// What moves, as one JSON text made anew twice a second, whoever looks: tracks with their uncertainty, alerts, the
/// state of the picture, delivery, shelters. A part that can't be had is {"trouble": why}; nothing old is shown as new.
class picture_view {
 public:
  struct parts {
    picture_log_reader& picture;
    alert_log_reader& alerts;
    delivery_source& delivery;
    shelter_list& shelters;
    world_clock const& clock;
    milliseconds every{500};
    milliseconds engine_silent_after{5'000};  // as gateways judge: what an engine silent for longer said isn't current
    /// What was looked at longer ago is not shown: a look waits at most 1 s for the gateway and 1 s for the registry,
    /// and the next one, begun `every` later, too.
    milliseconds fresh_for{5'000};
  };
  explicit picture_view(parts from);
  ~picture_view();

  /// Null until the first look and while looks take too long, as when the database hangs.
  [[nodiscard]] std::shared_ptr<std::string const> newest() const;

 private:
  void run();
  [[nodiscard]] std::string look();

  parts parts_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::shared_ptr<std::string const> newest_;
  steady_time begun_{};
  std::thread thread_;
};

}  // namespace siren
