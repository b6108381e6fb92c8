#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "common/alert_log/alert_log.h"
#include "common/bus.h"
#include "zone_engine/engine_metrics.h"

namespace siren {

struct alert_channels {
  std::string logged;
  std::string provisional;
};

/// Puts alerts on the bus in order, on its own thread, so that a slow broker never delays a decision. When the broker
/// fails once, or when more than `limit` wait, what waits is let go: logged alerts are in the outbox, and
/// `take_backlog` tells; provisional ones are said again by whoever says them.
class alert_publisher {
 public:
  alert_publisher(bus& to, alert_channels channels, std::size_t limit, engine_metrics& counts);
  /// Publishes what still waits, at most until the broker fails once.
  ~alert_publisher();
  alert_publisher(alert_publisher const&) = delete;
  alert_publisher& operator=(alert_publisher const&) = delete;

  void publish(std::vector<alert_entry> const& entries);
  void publish_provisional(alert_append const& decided, cursor after);
  /// Places that the broker took since the last call.
  [[nodiscard]] std::vector<cursor> take_published();
  /// Whether something was let go since the last call; true at first, for what an earlier process left.
  [[nodiscard]] bool take_backlog();

 private:
  struct outbound {
    std::optional<cursor> place;  // of a logged alert
    std::string bytes;
  };
  void run();
  void add(outbound what);

  bus& to_;
  alert_channels channels_;
  std::size_t limit_;
  engine_metrics& counts_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<outbound> waiting_;
  std::vector<cursor> published_;
  bool backlog_ = true;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace siren
