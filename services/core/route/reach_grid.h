#pragma once

#include "core/route/reach.h"
#include "core/route/reversed_graph.h"

namespace siren {

/// A target's door as seen from a node at an end of its stretch of street.
struct reach_source {
  std::uint32_t node = 0;
  std::uint32_t usual_ms = 0;
  std::uint16_t door = 0;  // among the target's doors
};

/// What the searches of one gait share.
class reach_grid {
 public:
  reach_grid(street_graph const& streets, reach_input const& input, gait g, reach_policy const& policy);

  [[nodiscard]] reversed_graph const& streets() const { return streets_; }
  [[nodiscard]] std::size_t target_count() const { return first_source_.size() - 1; }
  [[nodiscard]] std::span<reach_source const> sources(std::uint32_t target) const {
    return {sources_.data() + first_source_[target], first_source_[target + 1] - first_source_[target]};
  }
  /// Whether the target is among the nearest of the node.
  [[nodiscard]] bool is_near(std::uint32_t node, std::uint32_t target) const {
    for (std::size_t i = 0; i < policy_.nearest; ++i)
      if (near_[std::size_t{node} * policy_.nearest + i].target == target) return true;
    return false;
  }
  /// Nodes that have the target among their nearest.
  [[nodiscard]] std::uint32_t near_count(std::uint32_t target) const { return near_counts_[target]; }
  [[nodiscard]] std::uint32_t people_at(std::uint32_t node) const { return people_.empty() ? 0 : people_[node]; }
  /// People within reach at which the target's table may end.
  [[nodiscard]] std::uint64_t people_wanted(std::uint32_t target) const;
  [[nodiscard]] std::uint32_t longest_ms() const { return longest_ms_; }
  [[nodiscard]] reach_policy const& policy() const { return policy_; }

 private:
  struct near_target {
    std::uint32_t usual_ms = kNoIndex;
    std::uint32_t target = kNoIndex;
    friend auto operator<=>(near_target const&, near_target const&) = default;
  };
  [[nodiscard]] bool comes_nearer(std::uint32_t node, near_target by);
  [[nodiscard]] bool still_near(std::uint32_t node, near_target by) const;
  void find_nearest();

  reach_policy policy_;
  std::uint32_t longest_ms_;
  reversed_graph streets_;
  std::vector<std::uint32_t> first_source_;  // targets + 1
  std::vector<reach_source> sources_;
  std::span<std::uint32_t const> people_;
  std::span<std::uint32_t const> room_;
  std::vector<near_target> near_;           // `nearest` a node, in order
  std::vector<std::uint32_t> near_counts_;  // one a target
};

}  // namespace siren
