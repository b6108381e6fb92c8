#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "common/bus.h"
#include "common/metrics.h"
#include "zone_engine/alert_board.h"
#include "zone_engine/config.h"
#include "zone_engine/engine_upkeep.h"
#include "zone_engine/picture_follower.h"
#include "zone_engine/ports.h"
#include "zone_engine/zone_loop.h"

namespace siren {

/// Everything of zone_engine between its ports, once it leads: restores itself from the logs, follows the picture,
/// decides, logs and publishes, until it is destroyed. main and the tests put it together with real or other parts.
class engine {
 public:
  struct ports {
    alert_log_writer& writer;
    alert_log_reader& reader;
    picture_log_reader& picture;
    order_store& orders;
    leadership& lead;  // held, and the writer has taken over
    journal& kept;     // empty
    std::uint64_t term;
    bus& speaks;
    bus_listening listens;
    world_clock const& clock;
    metrics& measured;
  };
  /// Both are called on the decision thread.
  struct callbacks {
    std::function<void(alert_outlet::outcome)> on_step;
    std::function<void()> on_fenced;
  };
  /// Failures: those of the first reads of the logs; SCHEMA_MISMATCH when an alert in the log can't be read.
  [[nodiscard]] static result<std::unique_ptr<engine>> start(ports with, zone_map zones,
                                                             zone_engine_config const& config, callbacks tell);
  ~engine();

  [[nodiscard]] inbox& inputs() { return inputs_; }
  [[nodiscard]] alert_board const& board() const { return board_; }
  [[nodiscard]] zone_map const& zones() const { return decides_.zones(); }
  /// Absent: nobody decides, so nothing may be said.
  [[nodiscard]] std::optional<picture_state> picture() const;

 private:
  engine(ports with, zone_map zones, zone_engine_config const& config);
  [[nodiscard]] result<void> begin(callbacks tell);

  ports with_;
  zone_engine_config config_;
  engine_metrics counts_;
  decider decides_;
  inbox inputs_;
  alert_board board_;
  feed_board feeds_;
  alert_publisher publisher_;
  store_lane store_;
  alert_outlet outlet_;
  // In the order of starting; they end the other way round.
  std::unique_ptr<zone_loop> loop_;
  std::unique_ptr<picture_follower> follower_;
  std::unique_ptr<engine_upkeep> upkeep_;
};

}  // namespace siren
