#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "alert_gateway/alert_board.h"
#include "alert_gateway/alert_follower.h"
#include "alert_gateway/arrivals.h"
#include "alert_gateway/bus_ear.h"
#include "alert_gateway/edge/phone_edge.h"
#include "alert_gateway/fan_out.h"
#include "alert_gateway/frames.h"
#include "alert_gateway/guide.h"
#include "alert_gateway/handlers.h"
#include "alert_gateway/phone_line.h"
#include "alert_gateway/phone_methods.h"
#include "alert_gateway/plan_follower.h"
#include "common/rpc_server.h"

namespace siren {

struct gateway_options {
  world serves = world::exercise;
  edge::edge_options phones;
  std::size_t loops = 1;        // of the phones' door, one for each core
  std::string internal_listen;  // DeliveryService and reflection; empty: none
  bus_channels channels;
  session_policy session;
  phone_limits limits;
  follower_options follower;
  log_watch_policy watch;
  bus_probe_policy probe;
  guide_options guidance;
  milliseconds plan_poll{1'000};
  std::string cache;                 // folder for streets and walking times; empty: they live in memory alone
  reconnect_policy reconnect;        // how slowly phones come back after a drain or a break
  milliseconds drain_within{3'000};  // for streams to take their go-away; with the server's own grace below 5 s
};

/// What a gateway stands on; all must outlive it.
struct gateway_ground {
  alert_log_reader& log;
  bus& speaker;
  start_listening listen;
  plan_source& plans;
  zone_map const& zones;
  world_clock const& clock;
  metrics& measured;
};

/// The whole gateway in one object, as main and tests start it.
class gateway {
 public:
  /// Failure: an address can't be bound. Serves at once; health turns to SERVING when the log has been read.
  [[nodiscard]] static result<std::unique_ptr<gateway>> start(gateway_ground ground, gateway_options options);
  ~gateway();
  gateway(gateway const&) = delete;
  gateway& operator=(gateway const&) = delete;

  [[nodiscard]] std::string const& phones_address() const { return edge_->address(); }
  /// Empty when there is none.
  [[nodiscard]] std::string internal_address() const { return internal_door_ ? internal_door_->address() : ""; }
  /// Sends every phone away and stops; at most 5 s. Called twice it does nothing.
  void stop();

 private:
  gateway(gateway_ground ground, gateway_options options);
  void after_reading();
  void poke_all();
  void tick(std::size_t loop);
  void news_in(zone_id const& zone);
  /// On the loops' threads, soon.
  void on_each_line(std::function<void(phone_line&)> const& act);
  [[nodiscard]] std::vector<edge::loop_work> loop_works();
  [[nodiscard]] std::shared_ptr<stream_handler> open(std::size_t loop, std::string const& path, phone_pipe& pipe);

  gateway_options options_;
  gateway_ground ground_;
  gateway_metrics measured_;
  alert_board alerts_;
  frame_maker frames_;
  arrivals arriving_;
  phone_registry registry_;
  guide guide_;
  std::vector<std::unique_ptr<fan_out>> fan_outs_;  // by loop
  std::vector<std::size_t> turns_;                  // by loop
  line_surroundings around_;
  std::atomic<bool> serving_{false};
  std::map<std::string, unary_method, std::less<>> methods_;
  answer_desk desk_;
  std::unique_ptr<edge::phone_edge> edge_;
  std::unique_ptr<delivery_handlers> delivery_;
  std::unique_ptr<rpc_server> internal_door_;
  std::unique_ptr<alert_follower> follower_;
  std::unique_ptr<plan_follower> plans_;
  std::unique_ptr<bus_ear> ear_;

  std::mutex mutex_;
  bool started_ = false;
  bool ready_ = false;
  bool stopped_ = false;
};

}  // namespace siren
