#include "raid_trial/trial.h"

#include <utility>

#include "core/track/intake.h"
#include "core/track/tracker.h"
#include "guidance_bench/thread_time.h"
#include "raid_trial/plain_tracker.h"

namespace siren::raids {
namespace {

constexpr std::int64_t kArrivalsEvery =
    15;  // seconds; arrival intervals change slowly and each is judged against one visit

std::vector<std::optional<double>> first_arrivals(raid_case const& what) {
  std::vector<std::optional<double>> first(what.truth.size());
  for (auto const& report : what.reports) {
    if (report.truth < 0) continue;
    auto& known = first[static_cast<std::size_t>(report.truth)];
    if (!known) known = std::chrono::duration<double>{report.arrives - what.plan.begins}.count();
  }
  return first;
}

/// What follows a tracker's changes.
class side {
 public:
  side(raid_case const& what, std::vector<visit> const& visits, zone_map const& zones, zone_policy const& policy)
      : zones_{zones},
        policy_{policy},
        begins_{what.plan.begins},
        tracks_{what.truth, first_arrivals(what)},
        score_{what.truth, visits, zones, policy, what.plan.begins} {}

  void step(std::int64_t second, std::span<track_change const> changes, bool reported) {
    auto const began = bench::thread_ms();
    for (auto const& change : changes) score_.take(apply(picture_, change, zones_, policy_));
    score_.take(apply(picture_, tick{begins_ + seconds{second}}, zones_, policy_));
    cpu_ms_ += bench::thread_ms() - began;
    score_.add(second, reported);
  }
  void judge(std::int64_t second, std::span<track const> confirmed) {
    tracks_.add(second, confirmed);
    if (second % kArrivalsEvery == 0) score_.judge_arrivals(second, picture_, tracks_.object_of());
  }
  [[nodiscard]] tracker_figures figures(double tracking_cpu_s) const {
    return {tracks_.figures(), score_.figures(), tracking_cpu_s, cpu_ms_ / 1e3};
  }

 private:
  zone_map const& zones_;
  zone_policy const& policy_;
  utc_time begins_;
  zone_picture picture_;
  picture_score tracks_;
  zone_score score_;
  double cpu_ms_ = 0.0;
};

}  // namespace

raid_case make_case(raid_plan const& plan) {
  raid_case made{plan, make_truth(plan), {}};
  made.reports = make_reports(made.truth, five_sensors(plan.seed), plan);
  return made;
}

trial_figures run_trial(raid_case const& what, zone_map const& zones) {
  track_policy const policy;
  auto const zone_rules = default_zone_policy();
  intake_policy const door;
  intake admitted;
  picture ours;
  plain_tracker plain{policy};
  auto const visits = visits_of(what.truth, zones);
  side our_side{what, visits, zones, zone_rules};
  side plain_side{what, visits, zones, zone_rules};
  trial_figures out;
  out.seed = what.plan.seed;
  out.objects = what.truth.size();
  out.reports = what.reports.size();
  double our_ms = 0.0;
  double plain_ms = 0.0;
  auto next = what.reports.begin();
  for (std::int64_t second = 0; second < what.plan.length.count(); ++second) {
    auto const now = what.plan.begins + seconds{second};
    scan step;
    for (; next != what.reports.end() && next->arrives <= now; ++next) {
      if (next->truth < 0) ++out.clutter;
      if (admit(admitted, next->seen, door, now))
        step.reports.push_back(next->seen);
      else
        ++out.refused;
    }
    bool const reported = next != what.reports.begin();
    auto const began = bench::thread_ms();
    auto changes = apply(ours, step, policy);
    for (auto& aged : apply(ours, tick{now}, policy)) changes.push_back(std::move(aged));
    auto const between = bench::thread_ms();
    auto const plain_changes = plain.take(step.reports, now);
    plain_ms += bench::thread_ms() - between;
    our_ms += between - began;
    our_side.step(second, changes, reported);
    plain_side.step(second, plain_changes, reported);
    std::vector<track> confirmed;
    for (auto const& t : ours.tracks)
      if (t.now.confirmed) confirmed.push_back(predict(t.now, now, policy));
    our_side.judge(second, confirmed);
    confirmed.clear();
    for (auto const& t : plain.tracks())
      if (t.confirmed) confirmed.push_back(predict(t, now, policy));
    plain_side.judge(second, confirmed);
  }
  out.ours = our_side.figures(our_ms / 1e3);
  out.plain = plain_side.figures(plain_ms / 1e3);
  return out;
}

}  // namespace siren::raids
