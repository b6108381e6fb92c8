#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "alert_gateway/gateway_metrics.h"
#include "alert_gateway/guide.h"
#include "alert_gateway/ports.h"
#include "common/mapped_file.h"

namespace siren {

/// Keeps the newest plan: asks for its head every `ask_every` and when the bus says so, fetches what is new, hands it
/// to the guide. Streets and walking times are fetched by their hash, kept as files and mapped; of plans only what
/// changed, when it can. While the planner is away the last plan stays. One thread of its own.
class plan_follower {
 public:
  plan_follower(plan_source& source, file_cache cache, guide& guidance, gateway_metrics& measured,
                milliseconds ask_every, std::function<void()> on_plan);
  ~plan_follower();
  void ask_soon();
  void stop();

 private:
  void run();
  [[nodiscard]] result<void> ask();
  [[nodiscard]] result<void> take_streets(std::string const& graph_hash);
  [[nodiscard]] result<void> take_walks(std::string const& reach_hash);
  [[nodiscard]] result<std::shared_ptr<city_plan const>> take_plan(std::uint64_t version);
  [[nodiscard]] result<std::shared_ptr<city_plan const>> follow_deltas(std::uint64_t version);
  void hand_over(std::shared_ptr<city_plan const> now);

  plan_source& source_;
  file_cache cache_;
  guide& guide_;
  gateway_metrics& measured_;
  milliseconds ask_every_;
  std::function<void()> on_plan_;
  std::string graph_hash_;
  std::string reach_hash_;
  std::shared_ptr<street_graph const> streets_;
  std::shared_ptr<snap_index const> snap_;
  std::shared_ptr<reach const> walks_;
  walks_by_node by_node_;
  std::shared_ptr<city_plan const> plan_;  // for walks_; null: none yet
  bool works_ = true;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool soon_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace siren
