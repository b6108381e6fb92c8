#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "common/metrics.h"
#include "core/route/judge.h"
#include "core/route/plan.h"
#include "route_planner/ports.h"

namespace siren {

/// A plan as people are guided by it and as gateways fetch it.
struct published_plan {
  plan now;
  std::shared_ptr<std::string const> bytes;
};

/// Keeps the newest plan for the streets and the registry's shelters. One thread of its own asks the registry once a
/// second and whenever `poke` is called (the bus says that something changed), and makes a new plan when something did:
/// within a second of any change, with the bus or without. A registry that is silent leaves the newest plan in force;
/// one whose change number went back (its store was put back) is read anew.
class planner {
 public:
  struct parts {
    std::shared_ptr<street_graph const> streets;
    std::shared_ptr<snap_index const> snap;
    shelter_source& shelters;
    std::function<void(std::uint64_t version)> announce;  // best effort; gateways also ask
    metrics& measured;
    plan_policy policy{};
    milliseconds ask_every{1'000};
    /// Plan versions go up across restarts: they begin at the wall clock's milliseconds.
    std::uint64_t first_version = 1;
  };

  explicit planner(parts with);
  ~planner();

  /// Call once; `announce` may be called from then on.
  void start();
  void poke();
  /// Null until the first plan is made.
  [[nodiscard]] std::shared_ptr<published_plan const> current() const;
  [[nodiscard]] street_graph const& streets() const { return *parts_.streets; }
  [[nodiscard]] snap_index const& snap() const { return *parts_.snap; }

 private:
  void run();
  void ask();
  void make();

  parts parts_;
  std::map<shelter_id, shelter> shelters_;
  std::uint64_t covered_ = 0;
  std::uint64_t next_version_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool poked_ = false;
  bool stopping_ = false;
  std::shared_ptr<published_plan const> current_;
  std::thread thread_;
};

}  // namespace siren
