#include "core/plan/judge.h"

#include <algorithm>

#include "core/base/verify.h"
#include "core/plan/ways.h"

namespace siren {
namespace {

guidance cover(verdict_reason why, std::uint64_t plan_version, std::optional<seconds> margin = std::nullopt) {
  guidance told;
  told.because = why;
  told.plan_version = plan_version;
  told.margin = margin;
  return told;
}

seconds rounded_up(milliseconds t) {
  return std::chrono::ceil<seconds>(t);
}

/// The verdict's reason for a way with this slow case, and the margin.
struct judgement {
  verdict_reason because;
  std::optional<seconds> margin;
  [[nodiscard]] bool goes() const {
    return because == verdict_reason::in_time || because == verdict_reason::no_deadline;
  }
};
judgement weigh(seconds slow, std::optional<utc_time> deadline, utc_time now, judge_policy const& policy) {
  if (slow > policy.longest_walk) return {verdict_reason::none_reachable, std::nullopt};
  if (!deadline) return {verdict_reason::no_deadline, std::nullopt};
  seconds const margin = std::chrono::floor<seconds>(*deadline - now) - slow;
  return {margin >= policy.arrival_margin ? verdict_reason::in_time : verdict_reason::too_late, margin};
}

/// One judgement's fixed parts.
class asked {
 public:
  asked(city_view const& view, standing from, walking_profile profile, std::optional<utc_time> deadline, utc_time now,
        judge_policy const& policy, milliseconds before = milliseconds{0})
      : view_{view},
        from_{from},
        profile_{profile},
        deadline_{deadline},
        now_{now},
        policy_{policy},
        before_{rounded_up(policy.walking.slow_case(before))} {}

  /// The whole answer for who is to go `to`; absent: takes cover, unless there is room to spare in time after all.
  [[nodiscard]] guidance answer(std::optional<node_choice> to) const {
    if (!to) return instead_of(std::nullopt, std::nullopt);
    auto const judged = judged_way(*to);
    return judged.goes() ? send(*to) : instead_of(to->target, judged);
  }

  /// For who can't go to a target, or is sent to none: the second choice or cover.
  [[nodiscard]] guidance instead_of(std::optional<target_index> target, std::optional<judgement> judged) const {
    auto const second = borrow(view_, profile_, from_.at_home().node, target, most(), policy_);
    if (second && judged_way(*second).goes()) return send(*second);
    if (judged) return cover(judged->because, view_.plan->version, judged->margin);
    return cover(why_staying(view_, profile_, from_.at_home().node, most(), policy_), view_.plan->version);
  }

  /// A place to go and its way, whole or in figures only; absent when it is too late, too long or out of reach.
  [[nodiscard]] std::optional<alternative> other(node_choice const& to, bool whole) const {
    auto const way = best_way(view_, from_, to.walked_to(*view_.plan));
    auto const judged = judged_way(to);
    if (!way || !judged.goes()) return std::nullopt;
    auto const times = times_of(view_, profile_, way->ms, to.ride, policy_);
    alternative found{goal_of(to, *way), {}, judged.margin};
    if (whole) {
      found.way = whole_route(to, *way, times);
    } else {
      found.way.length = length_of(to, *way);
      found.way.expected = rounded_up(times.usual);
      found.way.slow_case = rounded_up(times.slow);
    }
    return found;
  }

  [[nodiscard]] std::optional<alternative> second_choice(target_index except) const {
    auto const second = borrow(view_, profile_, from_.at_home().node, except, most(), policy_);
    return second ? other(*second, false) : std::nullopt;
  }

 private:
  [[nodiscard]] judgement judged_way(node_choice const& to) const {
    auto const way = best_way(view_, from_, to.walked_to(*view_.plan));
    if (!way) return {verdict_reason::none_reachable, std::nullopt};
    return weigh(rounded_up(times_of(view_, profile_, way->ms, to.ride, policy_).slow) + before_, deadline_, now_,
                 policy_);
  }

  /// Longest slow case from the home node.
  [[nodiscard]] milliseconds most() const {
    milliseconds const longest = policy_.longest_walk;
    auto const spent = before_ + times_of(view_, profile_, from_.at_home().before_ms, kNoRide, policy_).slow;
    if (!deadline_) return longest - spent;
    return std::min(longest, std::chrono::floor<milliseconds>(*deadline_ - now_) - policy_.arrival_margin) - spent;
  }

  /// The whole answer; judged_way goes.
  [[nodiscard]] guidance send(node_choice const& to) const {
    auto found = other(to, true);
    verify(found.has_value(), "a way that goes is there");
    guidance told;
    told.verdict = found->to.type == shelter_type::metro_station ? verdict_kind::go_metro : verdict_kind::go_shelter;
    told.because = deadline_ ? verdict_reason::in_time : verdict_reason::no_deadline;
    told.margin = found->margin;
    told.plan_version = view_.plan->version;
    told.generated = found->to.generated || view_.streets.generated();
    told.goal = std::move(found->to);
    told.way = std::move(found->way);
    told.second_choice = second_choice(to.target);
    return told;
  }

  [[nodiscard]] std::uint16_t door_index(node_choice const& to, way_in const& way) const {
    if (way.end == 2) return way.door;
    auto const target = to.walked_to(*view_.plan);
    auto const entries = view_.walks->entries(from_.g, target);
    auto local = way.local;
    while (entries[local].next != kReachRoot) local = entries[local].next;
    return door_of(view_.walks->roots(from_.g, target), local);
  }

  [[nodiscard]] shelter_goal goal_of(node_choice const& to, way_in const& way) const {
    auto const& facts = view_.plan->facts[to.target.value];
    shelter_goal goal;
    goal.shelter = facts.shelter;
    goal.target = to.target;
    goal.type = facts.type;
    goal.role = facts.role;
    goal.name_uk = facts.name_uk;
    goal.name_en = facts.name_en;
    goal.room = view_.plan->states[to.target.value].room;
    goal.generated = facts.generated;
    goal.entrance_index = to.ride == kNoRide ? door_index(to, way) : 0;
    goal.door = facts.entrances[goal.entrance_index];
    return goal;
  }

  /// The walk alone, to the door of the target or of the station where the train is taken.
  [[nodiscard]] walk walk_of(node_choice const& to, way_in const& way) const {
    auto const target = to.walked_to(*view_.plan);
    auto const& costs = view_.walks->costs(from_.g);
    auto const door_at = door_index(to, way);
    auto const& door = view_.walks->doors(from_.g, target)[door_at];
    walk w;
    w.from = from_.position;
    w.access_cm = from_.access_cm;
    w.street = from_.street;
    auto const add = [&](leg const& part) {
      if (part.to_cm > part.from_cm) w.legs.push_back(part);
    };
    if (way.end == 2) {
      add(leg_between(view_.streets, door.edge, from_.along_cm, door.along_cm));
    } else {
      auto const& end = from_.ends[way.end];
      if (end.part.edge.value != kNoIndex) add(end.part);
      auto const entries = view_.walks->entries(from_.g, target);
      std::vector<edge_index> edges;
      auto const root = follow_reach(view_.streets, costs, entries, way.local, edges);
      for (auto const e : edges) add({e, 0, view_.streets.edge(e).length_cm()});
      add(last_leg(view_, from_.g, door, entries[root].node));
    }
    w.to = view_.plan->facts[target.value].entrances[door_at].place;
    w.door_cm = door.access_cm;
    w.inside_ms = door.inside_ms;
    return w;
  }

  [[nodiscard]] meters length_of(node_choice const& to, way_in const& way) const {
    auto const w = walk_of(to, way);
    std::uint64_t cm = std::uint64_t{w.access_cm} + w.door_cm;
    for (auto const& part : w.legs) cm += part.to_cm - part.from_cm;
    return meters{static_cast<double>(cm) / 100.0};
  }

  [[nodiscard]] route whole_route(node_choice const& to, way_in const& way, way_times const& times) const {
    auto told = describe_walk(view_.streets, view_.walks->costs(from_.g), walk_of(to, way), policy_.directions);
    for (auto& step : told.steps) step.duration = rounded_up(policy_.walking.usual(profile_, step.duration));
    if (to.ride != kNoRide) add_ride(view_.plan->rides[to.ride], told.steps.back());
    told.expected = rounded_up(times.usual);
    told.slow_case = rounded_up(times.slow);
    return told;
  }

  /// The arrival at the station becomes the ride from it.
  void add_ride(plan_ride const& ride, route_step& arrival) const {
    auto const& board = view_.plan->facts[ride.board.value];
    auto const& alight = view_.plan->facts[ride.alight.value];
    arrival.turn = maneuver::ride;
    arrival.duration += rounded_up(milliseconds{100} * ride.usual_ds);
    arrival.ride =
        told_ride{view_.plan->lines[ride.line], board.name_uk, board.name_en, alight.name_uk, alight.name_en};
  }

  city_view const& view_;
  standing from_;
  walking_profile profile_;
  std::optional<utc_time> deadline_;
  utc_time now_;
  judge_policy const& policy_;
  seconds before_;  // slow case of a walk that is not part of the route
};

}  // namespace

guidance judge(city_view const& view, lat_lon position, walking_profile profile, phone_share share,
               std::optional<utc_time> deadline, utc_time now, judge_policy const& policy,
               std::optional<node_index> belongs_to) {
  if (!usable(view)) return cover(verdict_reason::plan_missing, 0);
  auto from = stand_at(view, position, policy.walking.of(profile).walks);
  if (!from) return cover(verdict_reason::too_far_from_street, view.plan->version);
  auto const to = choose_from(view, *from, profile, share, belongs_to, policy);
  return asked{view, *from, profile, deadline, now, policy}.answer(to);
}

std::vector<alternative> alternatives(city_view const& view, lat_lon position, walking_profile profile,
                                      phone_share share, std::optional<utc_time> deadline, utc_time now,
                                      judge_policy const& policy) {
  std::vector<alternative> found;
  if (!usable(view)) return found;
  auto from = stand_at(view, position, policy.walking.of(profile).walks);
  if (!from) return found;
  auto const to = choose_from(view, *from, profile, share, std::nullopt, policy);
  auto const& here = *from;
  asked const question{view, here, profile, deadline, now, policy};
  auto const first = question.answer(to);
  auto const needs = policy.walking.of(profile).needs;
  for (auto const& walked : view.by_node[static_cast<std::size_t>(here.g)]->at(here.at_home().node)) {
    if (found.size() == policy.alternatives) break;
    bool const suits = (needs & ~view.plan->facts[walked.target.value].offers) == 0;
    if (!suits || !view.plan->states[walked.target.value].spare) continue;
    if (first.goal && first.goal->target == walked.target) continue;
    if (auto other = question.other({walked.target, kNoRide}, true)) found.push_back(std::move(*other));
  }
  return found;
}

result<start_point> start_from(city_view const& view, lat_lon position, walking_profile profile, phone_share share,
                               judge_policy const& policy, std::optional<node_index> belongs_to) {
  if (!usable(view)) return failure{reason::plan_missing, "no plan for these streets"};
  auto from = stand_at(view, position, policy.walking.of(profile).walks);
  if (!from) return from.error();
  auto const to = choose_from(view, *from, profile, share, belongs_to, policy);
  auto const home = belongs_to.value_or(from->at_home().node);
  auto end = from->home;
  if (to) {
    from->edge.reset();  // a door on the street is reached from a node
    auto const way = best_way(view, *from, to->walked_to(*view.plan));
    if (way) end = way->end;
  }
  auto const& begin = from->ends[end];
  auto const length_cm = from->access_cm + (begin.part.to_cm - begin.part.from_cm);
  auto const usual = policy.walking.usual(profile, milliseconds{static_cast<std::int64_t>(begin.before_ms)});
  return start_point{begin.node, to, home, meters{length_cm / 100.0}, usual};
}

guidance guide_at_node(city_view const& view, node_index node, walking_profile profile, std::optional<node_choice> to,
                       judge_policy const& policy) {
  if (!usable(view)) return cover(verdict_reason::plan_missing, 0);
  verify(node.value < view.streets.node_count(), "the node is one of these streets");
  auto from = stand_at_node(view, node, policy.walking.of(profile).walks);
  return asked{view, from, profile, std::nullopt, {}, policy}.answer(to);
}

guidance under_deadline(city_view const& view, node_index node, walking_profile profile, guidance at_node,
                        std::optional<utc_time> deadline, utc_time now, judge_policy const& policy,
                        milliseconds before) {
  if (!usable(view)) return cover(verdict_reason::plan_missing, 0);
  if (at_node.plan_version != view.plan->version) return cover(verdict_reason::plan_missing, view.plan->version);
  auto from = stand_at_node(view, node, policy.walking.of(profile).walks);
  asked const question{view, from, profile, deadline, now, policy, before};
  if (!at_node.way) return question.answer(std::nullopt);
  auto const spent = rounded_up(policy.walking.slow_case(before));
  auto const judged = weigh(at_node.way->slow_case + spent, deadline, now, policy);
  if (!judged.goes()) return question.instead_of(at_node.goal->target, judged);
  at_node.because = judged.because;
  at_node.margin = judged.margin;
  at_node.second_choice = question.second_choice(at_node.goal->target);
  return at_node;
}

}  // namespace siren
