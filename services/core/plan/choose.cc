#include <limits>

#include "core/plan/ways.h"

namespace siren {
namespace {

/// Looks at every open target that a node's people of one profile could go to, walking or by train, in order of the
/// walk.
class borrowing {
 public:
  borrowing(city_view const& view, walking_profile profile, judge_policy const& policy)
      : view_{view}, profile_{profile}, policy_{policy}, traits_{policy.walking.of(profile)} {}

  [[nodiscard]] std::optional<node_choice> best(node_index node, std::optional<target_index> except,
                                                milliseconds most) const {
    double least = std::numeric_limits<double>::max();
    std::optional<node_choice> found;
    auto const offer = [&](target_index target, std::uint16_t ride, reach_choice const& walked) {
      auto const& state = view_.plan->states[target.value];
      if (!state.spare || target == except) return;
      double const riding = ride == kNoRide ? 0.0 : view_.plan->rides[ride].usual_ds;
      double const cost = walked.time_ds / traits_.share + riding + state.price_ds;
      if (cost >= least || !suits(target) || slow(walked, ride) > most) return;
      least = cost;
      found = node_choice{target, ride};
    };
    visit(node, offer, [&](reach_choice const& walked) { return walked.time_ds / traits_.share < least; });
    return found;
  }

  [[nodiscard]] verdict_reason why_none(node_index node, milliseconds most) const {
    bool any = false;
    bool in_time = false;
    auto const offer = [&](target_index target, std::uint16_t ride, reach_choice const& walked) {
      if (!view_.plan->states[target.value].open || !suits(target)) return;
      auto const t = slow(walked, ride);
      any = any || t <= policy_.longest_walk;
      in_time = in_time || t <= most;
    };
    visit(node, offer, [&](reach_choice const&) { return !in_time; });
    if (in_time) return verdict_reason::no_room;
    return any ? verdict_reason::too_late : verdict_reason::none_reachable;
  }

 private:
  template <typename Offer, typename More>
  void visit(node_index node, Offer offer, More more) const {
    auto const& plan = *view_.plan;
    for (auto const& walked : view_.by_node[static_cast<std::size_t>(traits_.walks)]->at(node)) {
      if (!more(walked)) return;
      offer(walked.target, kNoRide, walked);
      if (!plan.states[walked.target.value].boards) continue;
      auto const rides = plan.rides_from(walked.target);
      for (auto const& ride : rides) offer(ride.alight, static_cast<std::uint16_t>(&ride - plan.rides.data()), walked);
    }
  }
  [[nodiscard]] bool suits(target_index target) const {
    return (traits_.needs & ~view_.plan->facts[target.value].offers) == 0;
  }
  [[nodiscard]] milliseconds slow(reach_choice const& walked, std::uint16_t ride) const {
    return times_of(view_, profile_, std::uint64_t{walked.time_ds} * 100, ride, policy_).slow;
  }

  city_view const& view_;
  walking_profile profile_;
  judge_policy const& policy_;
  profile_traits const& traits_;
};

}  // namespace

bool usable(city_view const& view) {
  if (view.plan == nullptr || view.walks == nullptr) return false;
  for (auto const* by_node : view.by_node)
    if (by_node == nullptr || by_node->node_count() != view.streets.node_count()) return false;
  return view.plan->graph == view.streets.id() && view.snap.graph() == view.streets.id() &&
         view.walks->graph() == view.streets.id() && view.plan->walks == view.walks->id();
}

std::optional<node_choice> borrow(city_view const& view, walking_profile profile, node_index node,
                                  std::optional<target_index> except, milliseconds most, judge_policy const& policy) {
  return borrowing{view, profile, policy}.best(node, except, std::min<milliseconds>(most, policy.longest_walk));
}

std::optional<node_choice> choose(city_view const& view, walking_profile profile, node_index node, phone_share share,
                                  judge_policy const& policy) {
  for (auto const& option : view.plan->of(profile).at(node)) {
    if (option.last_share < share.value) continue;
    if (option.target.value == kNoIndex) return std::nullopt;
    node_choice const to{option.target, option.ride};
    auto const g = policy.walking.of(profile).walks;
    if (view.plan->states[to.target.value].open && entry_for(view, g, node, to.walked_to(*view.plan))) return to;
    break;
  }
  return borrow(view, profile, node, std::nullopt, policy.longest_walk, policy);
}

verdict_reason why_staying(city_view const& view, walking_profile profile, node_index node, milliseconds most,
                           judge_policy const& policy) {
  return borrowing{view, profile, policy}.why_none(node, std::min<milliseconds>(most, policy.longest_walk));
}

}  // namespace siren
