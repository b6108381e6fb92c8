#include "core/plan/planner_state.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/base/verify.h"

namespace siren {
namespace {

target_facts facts_of(shelter const& s, metro_role role) {
  target_facts facts;
  facts.shelter = s.id;
  facts.type = s.type;
  facts.role = role;
  facts.name_uk = s.name_uk;
  facts.name_en = s.name_en;
  facts.entrances = s.entrances;
  facts.offers =
      static_cast<std::uint8_t>((wheels_get_in(s, role) ? kNeedsStepFree : 0) | (s.pets ? kNeedsPetsAllowed : 0));
  facts.generated = s.generated;
  return facts;
}

/// Whether people may be sent there, room aside: live counts are the ledger's to judge.
bool opens(shelter s, metro_role role) {
  s.role = role;
  s.occupancy = 0;
  return takes_people(s);
}

bool same_doors(shelter const& a, shelter const& b) {
  return std::equal(a.entrances.begin(), a.entrances.end(), b.entrances.begin(), b.entrances.end(),
                    [](auto const& x, auto const& y) { return x.place == y.place && x.step_free == y.step_free; });
}

}  // namespace

city_planner::state::state(planner_input input, planner_policy const& policy)
    : policy_{policy}, input_{std::move(input)}, areas_(input_.areas), rooms_{input_.shelters.size()} {
  auto const& walks = *input_.walks;
  auto const nodes = input_.streets->node_count();
  verify(input_.shelters.size() == walks.target_count(), "every target of the reach has its shelter");
  verify(walks.graph() == input_.streets->id(), "the reach is of these streets");
  verify(input_.people.size() == nodes && input_.area_of.size() == nodes, "every node has its people and its area");
  facts_.resize(walks.target_count());
  for (std::uint32_t t = 0; t < facts_.size(); ++t) {
    numbers_.emplace(input_.shelters[t].id, target_index{t});
    facts_[t].shelter = input_.shelters[t].id;
  }
  rides_ = to_plan_rides(input_.rides, input_.network, facts_, lines_);
  lots_ = make_lots(input_, rides_, policy_);
  assignment.emplace(std::exchange(lots_.problem, {}), policy_.assign);
  group_lots();
  for (std::uint32_t t = 0; t < facts_.size(); ++t) read_shelter(target_index{t});
}

void city_planner::state::group_lots() {
  first_lot_.assign(areas_.size() + 2, 0);  // the last: outside all areas
  auto const bin_of = [&](lot_place const& place) {
    auto const area = input_.area_of[place.node.value];
    verify(area.value == kNoIndex || area.value < areas_.size(), "an area is one of those given");
    return std::min<std::size_t>(area.value, areas_.size());
  };
  for (auto const& place : lots_.places) ++first_lot_[bin_of(place) + 1];
  std::partial_sum(first_lot_.begin(), first_lot_.end(), first_lot_.begin());
  lots_by_area_.resize(lots_.places.size());
  auto next = first_lot_;
  for (std::uint32_t l = 0; l < lots_.places.size(); ++l) lots_by_area_[next[bin_of(lots_.places[l])]++] = lot_index{l};
  auto const outside = std::span{lots_by_area_}.subspan(first_lot_[areas_.size()]);
  assignment->set_budget(outside, budget_ds({}, {}));
}

std::span<lot_index const> city_planner::state::lots_of(area_index a) const {
  return std::span{lots_by_area_}.subspan(first_lot_[a.value], first_lot_[a.value + 1] - first_lot_[a.value]);
}

void city_planner::state::read_shelter(target_index t) {
  auto const& s = input_.shelters[t.value];
  auto const role = role_now(input_.metro, s);
  facts_[t.value] = facts_of(s, role);
  rooms_.set(t, opens(s, role), places_now(s, role), s.occupancy);
}

bool city_planner::state::shelter_changed(shelter const& now) {
  auto const number = numbers_.find(now.id);
  if (number == numbers_.end()) return false;
  auto& kept = input_.shelters[number->second.value];
  bool const same_place = kept.place == now.place && kept.depth == now.depth && same_doors(kept, now);
  auto taken = now;
  if (!same_place) {
    taken.place = kept.place;
    taken.depth = kept.depth;
    taken.entrances = kept.entrances;
  }
  kept = std::move(taken);
  read_shelter(number->second);
  return same_place;
}

void city_planner::state::roles_changed(metro_state metro) {
  input_.metro = std::move(metro);
  for (std::uint32_t t = 0; t < facts_.size(); ++t)
    if (facts_[t].role != role_now(input_.metro, input_.shelters[t])) read_shelter(target_index{t});
}

void city_planner::state::area_changed(area_index area, area_alarm const& alarm, utc_time now) {
  verify(area.value < areas_.size(), "an area is one of those given");
  auto& kept = areas_[area.value];
  if (kept.alarm == alarm) return;
  if (alarm.told && !kept.told_at) kept.told_at = now;
  if (!alarm.told) kept.told_at.reset();
  kept.alarm = alarm;
  kept.changed = true;
  bool const alarmed = std::any_of(areas_.begin(), areas_.end(), [](auto const& a) { return a.alarm.told; });
  if (alarmed == rooms_.alarm()) return;
  rooms_.alarm_is(alarmed);
  for (std::uint32_t t = 0; t < facts_.size(); ++t) read_shelter(target_index{t});
}

std::uint32_t city_planner::state::handicap_ds(shelter const& s, utc_time now) const {
  if (!s.verified_at) return static_cast<std::uint32_t>(policy_.unverified_handicap.count() * 10);
  return now - *s.verified_at > policy_.stale_after ? static_cast<std::uint32_t>(policy_.stale_handicap.count() * 10)
                                                    : 0;
}

void city_planner::state::set_rooms(utc_time now) {
  auto const& targets = assignment->problem().targets;
  for (std::uint32_t i = 0; i < targets.size(); ++i) {
    target_index const t{i};
    auto const room = rooms_.room(t);
    auto const handicap = handicap_ds(input_.shelters[i], now);
    if (targets[i].offers != facts_[i].offers) assignment->set_offers(t, facts_[i].offers);
    if (targets[i].handicap_ds != handicap) assignment->set_handicap(t, handicap);
    if (targets[i].room != room) assignment->set_room(t, room);
  }
}

std::uint32_t city_planner::state::budget_ds(area_alarm const& alarm, utc_time from) const {
  microseconds slow = policy_.longest_walk;
  if (alarm.deadline) slow = std::min<microseconds>(slow, *alarm.deadline - from - policy_.arrival_margin);
  slow -= seconds{1};  // judge rounds up to whole seconds
  if (slow < microseconds{0}) return 0;
  auto const slow_ds = static_cast<double>(slow / milliseconds{100});
  return static_cast<std::uint32_t>(slow_ds * policy_.walking.slow_case_share);
}

void city_planner::state::set_budgets(utc_time now) {
  auto const step_ds = static_cast<std::uint32_t>(static_cast<double>(policy_.budget_step.count() * 10) *
                                                  policy_.walking.slow_case_share);
  for (std::uint32_t a = 0; a < areas_.size(); ++a) {
    auto& area = areas_[a];
    auto const now_ds = budget_ds(area.alarm, now);
    bool const runs_out = now_ds < area.budget_ds && (now_ds == 0 || area.budget_ds - now_ds >= step_ds);
    if (area.changed || runs_out || area.budget_ds == kNoBudget) set_area_budget(area_index{a}, now);
  }
}

void city_planner::state::set_area_budget(area_index a, utc_time now) {
  auto& area = areas_[a.value];
  auto const lots = lots_of(a);
  area.budget_ds = budget_ds(area.alarm, now);
  if (area.pinned && !area.alarm.told) {
    for (auto const lot : lots) assignment->unpin(lot);
    area.pinned = false;
  }
  if (!area.pinned) {
    assignment->set_budget(lots, area.budget_ds);
    return;
  }
  auto const told_ds = budget_ds(area.alarm, *area.told_at);
  for (auto const lot : lots) set_lot_budget(lot, area.budget_ds, told_ds);
}

/// Who is underway keeps what was in time when they were told; nobody is sent anew to what is not in time from now.
void city_planner::state::set_lot_budget(lot_index lot, std::uint32_t from_now_ds, std::uint32_t from_told_ds) {
  auto const& problem = assignment->problem();
  auto const pace = problem.lots[lot.value].pace;
  auto budget = from_now_ds;
  assignment->shares_of(lot, scratch_);
  for (auto const& share : scratch_) {
    auto const way = (std::uint64_t{problem.choices[share.choice].cost_ds} * pace + (kPaceOne - 1)) / kPaceOne;
    if (way <= from_told_ds) budget = std::max(budget, static_cast<std::uint32_t>(way));
  }
  assignment->set_budget(lot, budget);
}

/// People of areas told since the last plan set out by it.
void city_planner::state::expect_those_told() {
  std::map<target_index, std::uint32_t> sent;
  for (std::uint32_t a = 0; a < areas_.size(); ++a) {
    if (!areas_[a].alarm.told || areas_[a].pinned) continue;
    for (auto const lot : lots_of(area_index{a})) {
      assignment->shares_of(lot, scratch_);
      for (auto const& share : scratch_) sent[assignment->problem().choices[share.choice].target] += share.people;
    }
  }
  for (auto const& [target, people] : sent) rooms_.sent_is(target, people);
}

void city_planner::state::pin_told_areas() {
  for (std::uint32_t a = 0; a < areas_.size(); ++a) {
    areas_[a].changed = false;
    if (!areas_[a].alarm.told || std::exchange(areas_[a].pinned, true)) continue;
    for (auto const lot : lots_of(area_index{a})) assignment->pin(lot);
  }
}

std::vector<std::uint8_t> city_planner::state::lots_of_told(bool pinned_only) const {
  std::vector<std::uint8_t> told(lots_.places.size());
  for (std::uint32_t a = 0; a < areas_.size(); ++a)
    if (areas_[a].alarm.told && (areas_[a].pinned || !pinned_only))
      for (auto const lot : lots_of(area_index{a})) told[lot.value] = 1;
  return told;
}

planned city_planner::state::make(utc_time now, std::uint64_t version, bool fresh, stop_search const& stop) {
  expect_those_told();
  set_budgets(now);
  set_rooms(now);
  auto const sent_before = lots_of_told(true);
  planned made;
  bool const anew = fresh || !std::exchange(solved_, true);
  made.figures.finished = anew ? assignment->solve(stop) : assignment->repair(stop).finished;
  pin_told_areas();

  auto plan = std::make_shared<city_plan>();
  plan->version = version;
  plan->graph = input_.streets->id();
  plan->walks = input_.walks->id();
  plan->facts = facts_;
  plan->lines = lines_;
  plan->rides = rides_;
  auto const told = lots_of_told(false);
  bool const continues = current != nullptr && current->graph == plan->graph && current->walks == plan->walks &&
                         current->facts.size() == plan->facts.size();
  plan_maker maker{{input_, lots_, *assignment, rooms_, policy_, sent_before, told,
                    continues && current->rides == plan->rides ? current.get() : nullptr}};
  maker.fill(*plan, kept_, made.figures);
  for (std::uint32_t t = 0; t < facts_.size(); ++t) rooms_.sent_is(target_index{t}, maker.told_load()[t]);
  if (continues) made.delta = write_delta(*current, *plan);
  current = plan;
  made.now = std::move(plan);
  return made;
}

}  // namespace siren
