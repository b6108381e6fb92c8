#include "alert_gateway/guide.h"

#include <functional>

#include "common/convert/base_convert.h"
#include "common/convert/guidance_convert.h"
#include "siren/alerts/v1/alert_service.pb.h"

namespace siren {
namespace {

std::int64_t steps_down(microseconds time, microseconds step) {
  auto const whole = time / step;
  return time % step < microseconds{0} ? whole - 1 : whole;
}
std::int64_t steps_up(microseconds time, microseconds step) {
  return steps_down(time, step) + 1;
}

std::uint64_t digest_of(routing::v1::Guidance const& told) {
  auto const mixed = [](std::uint64_t seed, std::uint64_t more) {
    return (seed ^ more) * 0x9E3779B97F4A7C15ULL + (seed >> 29U);
  };
  std::hash<std::string> const hash;
  auto digest = mixed(static_cast<std::uint64_t>(told.verdict()), static_cast<std::uint64_t>(told.reason()));
  digest = mixed(digest, hash(told.destination().shelter_id()));
  digest = mixed(digest, hash(told.route().polyline()));
  return mixed(digest, hash(told.alert_id()));
}

guidance take_cover(verdict_reason because, std::uint64_t version) {
  guidance cover;
  cover.because = because;
  cover.plan_version = version;
  return cover;
}

}  // namespace

guide::guide(world_clock const& clock, guide_options options) : clock_{clock}, options_{options} {
  for (std::size_t i = 0; i < options_.workers; ++i) workers_.emplace_back([this] { run(); });
}

guide::~guide() {
  stop();
}

void guide::stop() {
  {
    std::lock_guard const lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_all();
  for (auto& worker : workers_)
    if (worker.joinable()) worker.join();
}

void guide::plan_is(std::shared_ptr<plan_view const> view) {
  std::lock_guard const lock{mutex_};
  plan_ = std::move(view);
  answers_.clear();
}

std::shared_ptr<plan_view const> guide::plan_now() const {
  std::lock_guard const lock{mutex_};
  return plan_;
}

void guide::ask(std::shared_ptr<guided> who) {
  if (who->waiting_.exchange(true)) return;
  {
    std::lock_guard const lock{mutex_};
    queue_.push_back(std::move(who));
  }
  wake_.notify_one();
}

void guide::run() {
  for (;;) {
    std::shared_ptr<guided> who;
    {
      std::unique_lock lock{mutex_};
      wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (stopping_) return;
      who = std::move(queue_.front());
      queue_.pop_front();
    }
    who->waiting_ = false;
    auto const what = who->question();
    who->told(what ? std::optional{answer(*what)} : std::nullopt);
  }
}

bool guide::still_open(shelter_id const& second_choice) const {
  auto const plan = plan_now();
  return plan && plan->open.contains(second_choice);
}

told_guidance guide::finished(guidance const& told, guide_question const& what, utc_time judged) const {
  alerts::v1::WatchAlertsResponse to;
  auto* said = to.mutable_guidance();
  to_proto(told, what.deadline, said);
  to_proto(judged, said->mutable_judged_time());
  said->set_alert_id(what.alert.value);
  said->set_alert_rev(what.rev);
  told_guidance made{
      std::make_shared<std::string const>(to.SerializeAsString()), digest_of(*said), what.alert, {}, {}, {}};
  if (told.second_choice) made.second_choice = told.second_choice->to.shelter;
  if (told.way && told.margin) made.holds_until = judged + *told.margin - options_.policy.arrival_margin;
  return made;
}

told_guidance guide::answer(guide_question const& what) {
  auto const plan = plan_now();
  if (!plan) return finished(take_cover(verdict_reason::plan_missing, 0), what, clock_.now());
  auto const version = plan->now->version;
  auto const here = what.belongs_to && what.belongs_to->graph == plan->streets->id();
  auto const home = here ? std::optional{what.belongs_to->node} : std::nullopt;
  auto const from = start_from(plan->view(), what.position, what.profile, what.share, options_.policy, home);
  if (!from) {
    auto const because = from.error().why == reason::plan_missing          ? verdict_reason::plan_missing
                         : from.error().why == reason::too_far_from_street ? verdict_reason::too_far_from_street
                                                                           : verdict_reason::none_reachable;
    return finished(take_cover(because, version), what, clock_.now());
  }
  auto const now_step = steps_up(clock_.now().time_since_epoch(), options_.time_step);
  auto const walk_step = steps_up(from->usual, options_.walk_step);
  auto const deadline_step = what.deadline ? steps_down(what.deadline->time_since_epoch(), options_.time_step) : -1;
  key const wanted{version,  from->node.value, what.profile, from->to, what.alert,
                   what.rev, deadline_step,    now_step,     walk_step};
  auto const of_home = [&](told_guidance told) {
    told.belongs_to = home_node{plan->streets->id(), from->belongs_to};
    return told;
  };
  {
    std::lock_guard const lock{mutex_};
    if (auto const kept = answers_.find(wanted); kept != answers_.end()) return of_home(kept->second);
  }
  auto rounded = what;
  if (what.deadline) rounded.deadline = utc_time{deadline_step * options_.time_step};
  utc_time const judged{now_step * options_.time_step};
  auto const told =
      under_deadline(plan->view(), from->node, what.profile,
                     guide_at_node(plan->view(), from->node, what.profile, from->to, options_.policy), rounded.deadline,
                     judged, options_.policy, walk_step * milliseconds{options_.walk_step});
  auto made = finished(told, rounded, judged);
  std::lock_guard const lock{mutex_};
  if (answers_.size() >= options_.kept_answers) answers_.clear();
  if (plan_ == plan) answers_[wanted] = made;
  return of_home(std::move(made));
}

void guide::answer(lat_lon position, walking_profile profile, phone_share share, std::optional<utc_time> deadline,
                   routing::v1::GetGuidanceResponse* to) const {
  auto const plan = plan_now();
  auto const now = clock_.now();
  to_proto(now, to->mutable_guidance()->mutable_judged_time());
  if (!plan) return to_proto(take_cover(verdict_reason::plan_missing, 0), deadline, to->mutable_guidance());
  auto const view = plan->view();
  auto const& policy = options_.policy;
  to_proto(judge(view, position, profile, share, deadline, now, policy), deadline, to->mutable_guidance());
  for (auto const& other : alternatives(view, position, profile, share, deadline, now, policy))
    to_proto(other, to->add_alternatives());
}

}  // namespace siren
