#pragma once

#include <atomic>
#include <map>
#include <thread>

#include "common/clock.h"
#include "zone_engine/alert_outlet.h"
#include "zone_engine/decider.h"
#include "zone_engine/feed_board.h"
#include "zone_engine/inbox.h"
#include "zone_engine/order_desk.h"

namespace siren {

/// The one thread that decides. A step drains the inbox, decides on all of it and sends what came of it out in one go,
/// so that a burst costs one transaction. Time passes through ticks. While the log is away it goes on deciding, up to
/// max_undurable; then inputs wait.
class zone_loop {
 public:
  struct parts {
    decider& decides;
    inbox& inputs;
    alert_outlet& outlet;
    alert_board const& board;
    feed_board& feeds;
    world_clock const& clock;
    engine_metrics& counts;
    world serves;
    std::map<zone_id, zone> gone;  // zones that the log names and the map does not: names only
  };
  struct callbacks {
    std::function<void(alert_outlet::outcome)> on_step;  // after every step
    std::function<void()> on_fenced;                     // another process decides: the loop has ended
  };

  /// `first`: alerts that came out of the restore.
  zone_loop(parts with, zone_engine_limits const& limits, callbacks tell, std::vector<alert> const& first);
  ~zone_loop();
  zone_loop(zone_loop const&) = delete;
  zone_loop& operator=(zone_loop const&) = delete;

  /// How long ago the last step ended: much more than a tick means that nobody decides.
  [[nodiscard]] milliseconds still_for() const;

 private:
  void run();
  void step(std::vector<engine_input> inputs);
  void decide(step_input const& input);
  void decide(replace_input const& input);
  void decide(order_input const& input);
  void decide(adopted_orders const& input);
  void take(zone_event const& event);
  void keep(std::vector<alert> const& decided);
  void keep_orders_again();

  parts with_;
  zone_engine_limits limits_;
  callbacks tell_;
  steady_time next_tick_;
  order_desk desk_;
  bool fenced_ = false;
  std::atomic<bool> stopping_{false};
  std::atomic<steady_time> stepped_at_;
  std::thread thread_;
};

}  // namespace siren
