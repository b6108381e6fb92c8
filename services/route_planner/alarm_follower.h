#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "common/alert_log/alert_log.h"
#include "core/base/mode.h"
#include "route_planner/zone_alarms.h"

namespace siren {

/// Keeps every zone's newest alarm from the alert log: asks for its head every `poll` and when poked (the bus said that
/// something came), reads what is new. While the log can't be read the last alarms stay. Alerts of another world are
/// left out (promise "drill is another world"). One thread of its own.
class alarm_follower {
 public:
  struct options {
    milliseconds poll{500};  // architecture, "Alert log and streams"
    std::size_t read_at_once = 1'000;
  };
  using listener = std::function<void(zone_alarms const& all)>;
  /// `on_change` is called on the follower's thread after alarms changed, and once when the log was first read.
  alarm_follower(alert_log_reader& log, world serves, listener on_change);
  alarm_follower(alert_log_reader& log, world serves, listener on_change, options chosen);
  ~alarm_follower();

  void poke();

 private:
  void run();
  void poll();
  [[nodiscard]] result<void> catch_up();
  [[nodiscard]] result<void> take_state();
  void take(alert_entry const& entry);

  alert_log_reader& log_;
  world serves_;
  listener on_change_;
  options options_;
  cursor at_;
  bool started_ = false;
  zone_alarms alarms_;
  bool changed_ = false;
  bool works_ = true;

  std::mutex mutex_;
  std::condition_variable wake_;
  bool poked_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace siren
