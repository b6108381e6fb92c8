#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/plan/city_planner.h"
#include "core/plan/judge.h"
#include "route_planner/city_walks.h"
#include "route_planner/nearest.h"

namespace siren {

/// A plan with all that it was made for; swapped as one.
struct published_plan {
  std::shared_ptr<street_graph const> streets;
  std::shared_ptr<snap_index const> snap;
  std::shared_ptr<city_walks const> walks;
  std::shared_ptr<city_plan const> plan;
  [[nodiscard]] city_view view() const {
    return {*streets, *snap, walks->walks.get(), {walks->by_node[0].get(), walks->by_node[1].get()}, plan.get()};
  }
};

/// How good a plan is, beside what nearest shelters would have been.
struct told_figures {
  plan_figures plan;
  nearest_outcome nearest;
  std::uint32_t overfull_shelters = 0;
  std::uint32_t areas_with_deadline = 0;
};

struct kept_delta {
  std::uint64_t base = 0;
  std::uint64_t version = 0;
  std::shared_ptr<std::vector<std::byte> const> bytes;
};

/// What gateways fetch: the newest plan, how to come to it from the plans before, and its figures. Thread-safe.
class plan_shelf {
 public:
  struct limits {
    std::size_t deltas = 256;
    std::size_t delta_bytes = 32U << 20U;  // more is dearer than the whole plan
  };
  plan_shelf() = default;
  explicit plan_shelf(limits most) : limits_{most} {}

  /// An empty delta: nothing leads here from the plan before.
  void put(published_plan next, std::vector<std::byte> delta);
  void tell(told_figures const& figures);

  /// Null until the first plan is made.
  [[nodiscard]] std::shared_ptr<published_plan const> current() const;
  /// The newest plan as a file, encoded once, when first asked for. Null: that version is not the newest.
  [[nodiscard]] std::shared_ptr<std::vector<std::byte> const> bytes_of(std::uint64_t version);
  /// Deltas that lead from one version to another, in order; empty: they don't lead there.
  [[nodiscard]] std::vector<kept_delta> way(std::uint64_t base, std::uint64_t version) const;

  [[nodiscard]] std::optional<told_figures> figures() const;
  /// Of the moment at which nearest shelters would have covered the smallest share of people under a deadline.
  [[nodiscard]] std::optional<told_figures> worst() const;

 private:
  limits limits_;
  mutable std::mutex mutex_;
  std::shared_ptr<published_plan const> current_;
  std::deque<kept_delta> deltas_;
  std::size_t delta_bytes_ = 0;
  std::optional<told_figures> figures_;
  std::optional<told_figures> worst_;

  std::mutex encoding_;  // held while the plan is encoded; never together with mutex_
  std::uint64_t encoded_ = 0;
  std::shared_ptr<std::vector<std::byte> const> bytes_;
};

}  // namespace siren
