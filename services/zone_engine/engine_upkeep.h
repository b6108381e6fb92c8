#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "common/alert_log/alert_log.h"
#include "zone_engine/alert_publisher.h"
#include "zone_engine/config.h"
#include "zone_engine/inbox.h"

namespace siren {

/// What has to be done now and then and must not hold up a decision, once per beat_interval: the engine's sign of life,
/// the outbox of what was published, publishing again what was not (by an earlier process, or while the bus was away),
/// and looking for orders that another engine took and could not hand on.
class engine_upkeep {
 public:
  /// `picture`: what to say with the sign of life; absent: say nothing, since nobody decides.
  struct parts {
    alert_log_writer& log;
    order_store& orders;
    alert_publisher& publisher;
    inbox& inputs;
  };
  engine_upkeep(parts with, std::function<std::optional<picture_state>()> picture, zone_engine_limits const& limits);
  /// Marks what was published once more.
  ~engine_upkeep();
  engine_upkeep(engine_upkeep const&) = delete;
  engine_upkeep& operator=(engine_upkeep const&) = delete;

 private:
  void run();
  void round();
  void empty_outbox();
  void adopt_orders();

  parts with_;
  std::function<std::optional<picture_state>()> picture_;
  zone_engine_limits limits_;
  std::vector<cursor> unmarked_;
  bool backlog_ = false;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace siren
