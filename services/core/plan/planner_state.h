#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "core/plan/city_planner.h"
#include "core/plan/lots.h"
#include "core/plan/plan_maker.h"
#include "core/plan/room_ledger.h"

namespace siren {

class city_planner::state {
 public:
  state(planner_input input, planner_policy const& policy);
  /// Takes over alarms and where people of told areas go.
  void take_over(state const& old);

  [[nodiscard]] bool shelter_changed(shelter const& now);
  void roles_changed(metro_state metro);
  void area_changed(area_index area, area_alarm const& alarm, utc_time now);
  [[nodiscard]] planned make(utc_time now, std::uint64_t version, bool fresh, stop_search const& stop);

  std::shared_ptr<city_plan const> current;
  std::optional<assigner> assignment;

 private:
  struct area_state {
    area_alarm alarm;
    std::optional<utc_time> told_at;
    bool pinned = false;                  // its lots are
    bool changed = false;                 // since the last make
    std::uint32_t budget_ds = kNoBudget;  // of who sets out now, as last set
  };

  void read_shelter(target_index t);
  void group_lots();
  void set_rooms(utc_time now);
  void set_budgets(utc_time now);
  void set_area_budget(area_index a, utc_time now);
  void set_lot_budget(lot_index lot, std::uint32_t from_now_ds, std::uint32_t from_told_ds);
  void expect_those_told();
  void pin_told_areas();
  [[nodiscard]] std::uint32_t budget_ds(area_alarm const& alarm, utc_time from) const;
  [[nodiscard]] std::uint32_t handicap_ds(shelter const& s, utc_time now) const;
  [[nodiscard]] std::vector<std::uint8_t> lots_of_told(bool pinned_only) const;
  [[nodiscard]] std::span<lot_index const> lots_of(area_index a) const;
  [[nodiscard]] bool underway(lot_place const& place) const;
  void take_over_lots(state const& old);

  planner_policy policy_;
  planner_input input_;
  std::map<shelter_id, target_index> numbers_;
  std::vector<target_facts> facts_;
  std::vector<std::string> lines_;
  std::vector<plan_ride> rides_;
  city_lots lots_;
  std::vector<std::uint32_t> first_lot_;  // by area, lots_by_area_
  std::vector<lot_index> lots_by_area_;
  std::vector<area_state> areas_;
  room_ledger rooms_;
  bool solved_ = false;
  kept_shares kept_;
  std::vector<lot_share> scratch_;
};

}  // namespace siren
