#include "core/plan/city_planner.h"

#include "core/base/verify.h"
#include "core/plan/planner_state.h"

namespace siren {

city_planner::city_planner(planner_input input, planner_policy const& policy)
    : policy_{policy}, state_{std::make_unique<state>(std::move(input), policy)} {}
city_planner::~city_planner() = default;
city_planner::city_planner(city_planner&&) noexcept = default;
city_planner& city_planner::operator=(city_planner&&) noexcept = default;

void city_planner::replace(planner_input input) {
  auto next = std::make_unique<state>(std::move(input), policy_);
  next->take_over(*state_);
  state_ = std::move(next);
}

bool city_planner::shelter_changed(shelter const& now) {
  return state_->shelter_changed(now);
}

void city_planner::roles_changed(metro_state metro) {
  state_->roles_changed(std::move(metro));
}

void city_planner::area_changed(area_index area, area_alarm const& alarm, utc_time now) {
  state_->area_changed(area, alarm, now);
}

planned city_planner::make(utc_time now, std::uint64_t version, bool fresh, stop_search const& stop) {
  return state_->make(now, version, fresh, stop);
}

std::shared_ptr<city_plan const> city_planner::current() const {
  return state_->current;
}

assigner const& city_planner::assignment() const {
  return *state_->assignment;
}

}  // namespace siren
