#include "core/plan/plan_maker.h"

#include <algorithm>

namespace siren {
namespace {

std::uint32_t scaled(std::uint32_t cost_ds, std::uint32_t pace) {
  return static_cast<std::uint32_t>((std::uint64_t{cost_ds} * pace + (kPaceOne - 1)) / kPaceOne);
}

room_band band_of(std::uint64_t expected, std::uint32_t capacity, planner_policy const& policy) {
  if (capacity == 0 || expected < policy.hidden_below) return room_band::hidden;
  double const taken = static_cast<double>(expected) / capacity;
  if (taken >= policy.little_from) return room_band::little;
  return taken >= policy.some_from ? room_band::some : room_band::plenty;
}

}  // namespace

void plan_maker::fill(city_plan& plan, kept_shares& kept, plan_figures& figures) {
  auto const nodes = with_.input.streets->node_count();
  auto const lots = static_cast<std::uint32_t>(with_.lots.places.size());
  for (auto& profile : plan.profiles) profile.first.assign(1, 0), profile.first.reserve(nodes + 1);
  told_load_.assign(plan.facts.size(), 0);
  kept_shares next;
  next.first.reserve(lots + 1);
  next.first.push_back(0);
  for (std::uint32_t lot = 0; lot < lots; ++lot) {
    with_.assignment.shares_of(lot_index{lot}, now_);
    next.shares.insert(next.shares.end(), now_.begin(), now_.end());
    next.first.push_back(static_cast<std::uint32_t>(next.shares.size()));
    add_lot(lot, plan, figures);
    if (kept.first.empty()) continue;
    auto const people_moved = moved(lot, kept);
    figures.moved += people_moved;
    if (with_.told[lot] != 0) figures.moved_underway += people_moved;
  }
  for (auto& profile : plan.profiles)
    profile.first.resize(nodes + 1, static_cast<std::uint32_t>(profile.options.size()));
  kept = std::move(next);
  fill_states(plan, figures);
}

void plan_maker::add_lot(std::uint32_t lot, city_plan& plan, plan_figures& figures) {
  auto const& problem = with_.assignment.problem();
  auto const& place = with_.lots.places[lot];
  people_.clear();
  for (auto const& share : now_) {
    auto const target = problem.choices[share.choice].target;
    people_.push_back({target, with_.lots.ride_of[share.choice], share.people});
    figures.assigned += share.people;
    if (with_.told_now[lot] != 0) told_load_[target.value] += share.people;
  }
  auto const staying = with_.assignment.staying_of(lot_index{lot});
  if (staying != 0) {
    people_.push_back({target_index{kNoIndex}, kNoRide, staying});
    count_staying(lot, staying, figures);
  }
  figures.people += problem.lots[lot].people;
  if (people_.empty()) return;
  auto& profile = plan.profiles[index_of(place.profile)];
  profile.first.resize(place.node.value + 1, static_cast<std::uint32_t>(profile.options.size()));
  auto const before =
      with_.before == nullptr ? std::span<node_option const>{} : with_.before->of(place.profile).at(place.node);
  append_options(before, people_, profile.options);
}

void plan_maker::count_staying(std::uint32_t lot, std::uint32_t people, plan_figures& figures) const {
  auto const& problem = with_.assignment.problem();
  auto const& who = problem.lots[lot];
  auto const longest_ds = std::chrono::duration_cast<seconds>(with_.policy.longest_walk).count() * 10 *
                          with_.policy.walking.slow_case_share;
  bool any = false;
  for (auto c = problem.first_choice[who.list]; c < problem.first_choice[who.list + 1]; ++c) {
    auto const& way = problem.choices[c];
    if (!with_.rooms.open(way.target) || (who.needs & ~problem.targets[way.target.value].offers) != 0) continue;
    auto const usual_ds = scaled(way.cost_ds, who.pace);
    if (usual_ds <= who.budget_ds) {
      figures.no_room += people;
      return;
    }
    any = any || usual_ds <= longest_ds;
  }
  (any ? figures.too_late : figures.unreachable) += people;
}

std::uint64_t plan_maker::moved(std::uint32_t lot, kept_shares const& before) const {
  std::uint64_t left = 0;
  for (auto i = before.first[lot]; i < before.first[lot + 1]; ++i) {
    auto const& old = before.shares[i];
    auto const same = std::find_if(now_.begin(), now_.end(), [&](auto const& s) { return s.choice == old.choice; });
    auto const kept = same == now_.end() ? 0 : same->people;
    left += old.people > kept ? old.people - kept : 0;
  }
  return left;
}

void plan_maker::fill_states(city_plan& plan, plan_figures& figures) const {
  auto const step_ds = static_cast<std::uint32_t>(with_.policy.price_step.count() * 10);
  auto const& problem = with_.assignment.problem();
  plan.states.resize(plan.facts.size());
  for (std::uint32_t t = 0; t < plan.states.size(); ++t) {
    target_index const target{t};
    auto& state = plan.states[t];
    auto const load = with_.assignment.load_of(target);
    auto const room = with_.rooms.room(target);
    auto const price = with_.assignment.price_of(target);
    state.open = with_.rooms.open(target);
    state.spare = state.open && load < room;
    state.boards = !plan.rides_from(target).empty();
    state.room = state.open ? band_of(with_.rooms.expected(target, load), with_.rooms.capacity(target), with_.policy)
                            : room_band::hidden;
    auto const worth = (price == kNoBudget ? 0 : price) + problem.targets[t].handicap_ds;
    state.price_ds = state.open ? (worth + step_ds - 1) / step_ds * step_ds : 0;
    figures.targets_open += state.open ? 1 : 0;
    figures.overload += load > room ? load - room : 0;
    figures.overfull += load > room ? 1 : 0;
  }
  figures.targets = plan.states.size();
}

}  // namespace siren
