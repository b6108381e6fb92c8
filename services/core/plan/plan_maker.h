#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/plan/lots.h"
#include "core/plan/room_ledger.h"
#include "core/plan/share_line.h"

namespace siren {

/// Where each lot's people went in the plan before: what churn is counted against.
struct kept_shares {
  std::vector<std::uint32_t> first;  // lots + 1; empty: no plan before
  std::vector<lot_share> shares;
};

/// Reads an assignment out, lot by lot, into a plan, its figures and the people sent to each target from told areas.
class plan_maker {
 public:
  struct parts {
    planner_input const& input;
    city_lots const& lots;  // without its problem, which the assigner has
    assigner const& assignment;
    room_ledger const& rooms;
    planner_policy const& policy;
    std::vector<std::uint8_t> const& told;      // by lot: of an area that was told to go, before this plan
    std::vector<std::uint8_t> const& told_now;  // by lot: with this plan
    city_plan const* before;                    // null or of the same reach and rides
  };
  explicit plan_maker(parts const& with) : with_{with} {}

  /// `plan` comes with version, ids, facts, lines and rides; gets states and profiles. `kept` is read and replaced.
  void fill(city_plan& plan, kept_shares& kept, plan_figures& figures);
  /// By target.
  [[nodiscard]] std::vector<std::uint32_t> const& told_load() const { return told_load_; }

 private:
  void fill_states(city_plan& plan, plan_figures& figures) const;
  void add_lot(std::uint32_t lot, city_plan& plan, plan_figures& figures);
  void count_staying(std::uint32_t lot, std::uint32_t people, plan_figures& figures) const;
  [[nodiscard]] std::uint64_t moved(std::uint32_t lot, kept_shares const& before) const;

  parts with_;
  std::vector<lot_share> now_;  // of one lot
  std::vector<option_people> people_;
  std::vector<std::uint32_t> told_load_;
};

}  // namespace siren
