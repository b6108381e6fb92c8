#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "common/alert_log/alert_log.h"
#include "common/bus.h"
#include "zone_engine/engine_metrics.h"

namespace siren {

/// Puts logged alerts on the bus in order, on its own thread, so that a slow broker never delays a decision. What the
/// broker does not take, or what is more than `limit`, is let go here: it is in the log and in the outbox, and
/// `take_backlog` tells.
class alert_publisher {
 public:
  alert_publisher(bus& to, std::string channel, std::size_t limit, engine_metrics& counts);
  /// Publishes what still waits, at most until the broker fails once.
  ~alert_publisher();
  alert_publisher(alert_publisher const&) = delete;
  alert_publisher& operator=(alert_publisher const&) = delete;

  void publish(std::vector<alert_entry> entries);
  /// Places that the broker took since the last call.
  [[nodiscard]] std::vector<cursor> take_published();
  /// Whether something was let go since the last call; true at first, for what an earlier process left.
  [[nodiscard]] bool take_backlog();

 private:
  void run();
  [[nodiscard]] bool put_on_bus(alert_entry const& entry);

  bus& to_;
  std::string channel_;
  std::size_t limit_;
  engine_metrics& counts_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<alert_entry> waiting_;
  std::vector<cursor> published_;
  bool backlog_ = true;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace siren
