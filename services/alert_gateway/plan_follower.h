#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "alert_gateway/gateway_metrics.h"
#include "alert_gateway/guide.h"
#include "alert_gateway/ports.h"

namespace siren {

/// Keeps the newest plan: asks for its head every `ask_every` and when the bus says so, fetches what is new, hands it
/// to the guide. While the planner is away the last plan stays. One thread of its own.
class plan_follower {
 public:
  plan_follower(plan_source& source, guide& guidance, gateway_metrics& measured, milliseconds ask_every,
                std::function<void()> on_plan);
  ~plan_follower();
  void ask_soon();
  void stop();

 private:
  void run();
  [[nodiscard]] result<void> ask();
  [[nodiscard]] result<void> fetch_streets(std::string const& graph_hash);

  plan_source& source_;
  guide& guide_;
  gateway_metrics& measured_;
  milliseconds ask_every_;
  std::function<void()> on_plan_;
  std::string graph_hash_;
  std::shared_ptr<street_graph const> streets_;
  std::shared_ptr<snap_index const> snap_;
  std::uint64_t version_ = 0;
  bool works_ = true;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool soon_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace siren
