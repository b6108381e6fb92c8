#include "core/track/looks.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numbers>
#include <optional>
#include <utility>

#include "core/track/joint_association.h"

namespace siren {
namespace {

enum class gate : std::uint8_t {
  whole,   // place and, where measured, velocity
  turned,  // place alone, of an object that has just turned
};

/// What a track has taken from looks of this time, if anything.
std::span<past_look const> looks_then(tracked const& t, utc_time at) {
  // From the newest on: that is where a report belongs, nearly always.
  auto last = t.past.end();
  while (last != t.past.begin() && std::prev(last)->stamp.at > at) --last;
  auto first = last;
  while (first != t.past.begin() && std::prev(first)->stamp.at == at) --first;
  return {first, last};
}

/// ln of how many reports of nothing known one expects around a report, per m² and (m/s)² of what it measures.
double log_stray_density(threat_class kind, bool with_velocity, track_policy const& policy) {
  auto const& traits = traits_of(policy.classes, kind);
  double const minute = 60.0 * traits.typical_speed.value;
  double density = policy.strays_in_minute_disc / (std::numbers::pi * minute * minute);
  if (with_velocity) density /= std::numbers::pi * traits.max_speed.value * traits.max_speed.value;
  return std::log(density);
}

/// Whether the source called this track's object by the report's name when it last spoke of it.
bool of_same_name(tracked const& t, report_stamp const& stamp) {
  constexpr std::size_t kBack = 6;  // looks; a source's last word is rarely further behind
  if (stamp.name == 0) return false;
  std::size_t seen = 0;
  for (auto look = t.past.rbegin(); look != t.past.rend() && seen < kBack; ++look, ++seen)
    if (look->stamp.measured_by == stamp.measured_by) return look->stamp.name == stamp.name;
  return false;
}

class look_taker {
 public:
  look_taker(picture_change& change, std::span<observation const* const> look)
      : change_{change}, policy_{change.policy()}, at_{look.front()->observed_at} {
    change_.begin_look();
    rows_.reserve(look.size());
    views_.reserve(look.size());
    for (auto const* report : look) {
      row one{report, reading_of(*report, policy_), stamp_of(*report)};
      find_near(one);
      if (is_copy(one)) continue;
      (report->status == object_status::active ? rows_ : ends_).push_back(one);
    }
  }

  void take() {
    if (!rows_.empty()) take_rows(gate::whole);
    std::erase_if(rows_, [](row const& one) { return one.taken; });
    if (std::any_of(rows_.begin(), rows_.end(), [](row const& one) { return one.report->velocity.has_value(); }))
      take_rows(gate::turned);
    for (auto const& one : rows_)
      if (!one.taken) bear_or_split(one);
    for (auto const& one : ends_) take_end(one);
  }

 private:
  /// Of a list that all rows share: a look has thousands of them.
  struct part {
    std::size_t from = 0;
    std::size_t count = 0;
  };
  struct row {
    observation const* report;
    reading said;
    report_stamp stamp;
    bool taken = false;
    part near{};  // of slots_: tracks that it may belong to
    part fits{};  // of numbers_: views whose gate it lies in
  };
  /// A track as it was at the look's time.
  struct view {
    std::uint32_t slot = 0;
    flight_state flight;
  };

  [[nodiscard]] std::span<std::uint32_t const> near(row const& one) const {
    return {slots_.data() + one.near.from, one.near.count};
  }
  [[nodiscard]] std::span<std::uint32_t const> fits(row const& one) const {
    return {numbers_.data() + one.fits.from, one.fits.count};
  }
  void find_near(row& one);
  [[nodiscard]] bool is_copy(row const& one);
  [[nodiscard]] std::uint32_t view_of(std::uint32_t slot);
  [[nodiscard]] std::optional<double> cost_of(view const& seen, row const& one, gate which) const;
  [[nodiscard]] bool paths_cross(std::span<std::uint32_t const> views) const;
  void take_rows(gate which);
  void settle(std::span<claim const> claims);
  void absorb(view const& seen, row const& likeliest, look_readings readings, bool supports);
  void take_group(row const& one, std::uint32_t owner);
  void bear_or_split(row const& one);
  void take_end(row const& one);
  [[nodiscard]] bool of_destroyed(row const& one) const;

  picture_change& change_;
  track_policy const& policy_;
  utc_time at_;
  std::vector<row> rows_;
  std::vector<row> ends_;
  std::vector<view> views_;
  std::vector<bool> used_;  // of views: has taken a report of this look
  std::vector<std::uint32_t> slots_;
  std::vector<std::uint32_t> numbers_;
  std::vector<std::uint32_t> found_;
};

void look_taker::find_near(row& one) {
  double const gate_width = std::sqrt(std::max(policy_.gate_position, policy_.gate_position_velocity));
  change_.near(one.report->position, at_, one.said.place_sigma * gate_width, found_);
  one.near = {slots_.size(), found_.size()};
  slots_.insert(slots_.end(), found_.begin(), found_.end());
}

bool look_taker::is_copy(row const& one) {
  auto const slots = near(one);
  return std::any_of(slots.begin(), slots.end(), [&](std::uint32_t slot) {
    auto const then = looks_then(change_.at(slot), at_);
    return std::any_of(then.begin(), then.end(),
                       [&](past_look const& look) { return copies(look.stamp, one.stamp, policy_); });
  });
}

std::uint32_t look_taker::view_of(std::uint32_t slot) {
  if (auto const known = change_.number_of(slot)) return *known;
  auto const fresh = static_cast<std::uint32_t>(views_.size());
  change_.set_number(slot, fresh);
  views_.push_back({slot, flight_at(change_.at(slot), at_, policy_)});
  used_.push_back(false);
  return fresh;
}

/// -2 ln of the odds that the report is this track's against being of nothing known; absent: outside the gate.
std::optional<double> look_taker::cost_of(view const& seen, row const& one, gate which) const {
  auto const& t = change_.at(seen.slot);
  bool const whole = which == gate::whole;
  bool const judge_velocity = whole && one.report->velocity;
  auto const fitted = fit_of(seen.flight, one.said, policy_);
  double const squared = judge_velocity ? fitted.whole_squared : fitted.place_squared;
  if (squared > (judge_velocity ? policy_.gate_position_velocity : policy_.gate_position)) return std::nullopt;
  double odds = policy_.detection.value / (1.0 - policy_.detection.value);
  if (!t.now.confirmed) odds *= policy_.tentative_real.value;
  if (of_same_name(t, one.stamp)) odds *= policy_.same_name_odds;
  odds *= odds_of_saying(*one.report, t.shares, policy_);
  // A turn is judged by its place; its velocity is as likely under the track as under nothing known.
  double const surprise = judge_velocity ? fitted.whole_surprise : fitted.place_surprise;
  return surprise + 2.0 * log_stray_density(one.report->kind, judge_velocity, policy_) - 2.0 * std::log(odds);
}

/// Confirmed tracks of which two fly different ways: there a wrong choice would swap them.
bool look_taker::paths_cross(std::span<std::uint32_t const> views) const {
  for (std::size_t i = 0; i < views.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      auto const& a = change_.at(views_[views[i]].slot).now;
      auto const& b = change_.at(views_[views[j]].slot).now;
      if (!a.confirmed || !b.confirmed) continue;
      double const mean = (std::hypot(a.velocity.east.value, a.velocity.north.value) +
                           std::hypot(b.velocity.east.value, b.velocity.north.value)) /
                          2.0;
      double const apart =
          std::hypot(a.velocity.east.value - b.velocity.east.value, a.velocity.north.value - b.velocity.north.value);
      if (apart > policy_.crossing_speed_share * mean) return true;
    }
  return false;
}

void look_taker::take_rows(gate which) {
  std::vector<pairing> fitting;
  for (std::uint32_t i = 0; i < rows_.size(); ++i) {
    auto& one = rows_[i];
    if (which == gate::turned && !one.report->velocity) continue;
    one.fits = {numbers_.size(), 0};
    for (auto const slot : near(one)) {
      auto const& t = change_.at(slot);
      bool const odd = !compatible(t.now.kind, one.report->kind);
      if (odd && (which == gate::turned || t.hits < policy_.odd_class_hits)) continue;
      if (which == gate::turned && at_ < t.now.updated_at) continue;
      auto const then = looks_then(t, at_);
      bool const spoken_for = std::any_of(then.begin(), then.end(),
                                          [&](past_look const& look) { return same_look(look.stamp, one.stamp); });
      auto const number = view_of(slot);
      if (used_[number]) continue;
      auto const cost = cost_of(views_[number], one, which);
      if (!cost) continue;
      numbers_.push_back(number);
      ++one.fits.count;
      if (!spoken_for) fitting.push_back({i, number, *cost});
    }
  }
  bool const any_fused = std::any_of(rows_.begin(), rows_.end(), [](row const& one) { return one.said.fused; });
  joint_limits const limits{any_fused ? 0 : policy_.joint_reports, any_fused ? 0 : policy_.joint_tracks};
  settle(joint_association(static_cast<std::uint32_t>(rows_.size()), static_cast<std::uint32_t>(views_.size()), fitting,
                           limits, [&](std::span<std::uint32_t const> views) { return paths_cross(views); }));
}

void look_taker::settle(std::span<claim const> claims) {
  std::vector<double> share(rows_.size(), 0.0);
  std::vector<weighted_reading> readings;
  for (auto first = claims.begin(); first != claims.end();) {
    auto const last = std::find_if(first, claims.end(), [&](claim const& c) { return c.column != first->column; });
    readings.clear();
    double all = 0.0;
    auto likeliest = first;
    for (auto c = first; c != last; ++c) {
      readings.push_back({rows_[c->row].said, c->chance});
      share[c->row] += c->chance;
      all += c->chance;
      if (c->chance > likeliest->chance) likeliest = c;
    }
    used_[first->column] = true;
    auto& one = rows_[likeliest->row];
    if (one.report->count > 1 && likeliest->chance >= 1.0)
      take_group(one, first->column);
    else
      absorb(views_[first->column], one, look_readings{readings}, all >= 0.5);
    first = last;
  }
  for (std::size_t i = 0; i < rows_.size(); ++i) rows_[i].taken = rows_[i].taken || share[i] >= 0.5;
}

void look_taker::absorb(view const& seen, row const& likeliest, look_readings readings, bool supports) {
  auto& t = change_.at(seen.slot);
  auto const& report = *likeliest.report;
  if (at_ + policy_.reorder_limit < t.now.updated_at) return;
  take_look(t, {likeliest.stamp, std::move(readings), {}}, seen.flight, policy_);
  if (supports) {
    note_report(t, report, policy_);
    if (report.count == 1) t.now.count = std::max(t.now.count, 1U);
  }
  publish(t, policy_);
  change_.touch(seen.slot);
}

/// A group that the sensor didn't resolve is as unsure for each of its members as it is wide, and as many as its gate
/// holds are known already.
void look_taker::take_group(row const& one, std::uint32_t owner) {
  std::vector<std::uint32_t> members{owner};
  for (auto const number : fits(one))
    if (number != owner && !used_[number]) members.push_back(number);
  double spread = 0.0;
  std::uint32_t known = 0;
  for (auto const number : members) {
    auto const& place = change_.at(views_[number].slot).now.position;
    if (members.size() > 1) spread += std::pow(distance(place, one.report->position).value, 2);
    known += change_.at(views_[number].slot).now.count;
  }
  auto said = one.said;
  auto const size = static_cast<double>(members.size());
  said.place_sigma = meters{std::sqrt(size * said.place_sigma.value * said.place_sigma.value + spread)};
  if (members.size() > 1) said.velocity_sigma = said.velocity_sigma * std::sqrt(size);
  for (auto const number : members) {
    used_[number] = true;
    auto& t = change_.at(views_[number].slot);
    if (number == owner && one.report->count > known) t.now.count += one.report->count - known;
    absorb(views_[number], one, look_readings{weighted_reading{said, 1.0}}, true);
  }
}

/// A member that comes out of a group has the group's velocity and standing.
void look_taker::bear_or_split(row const& one) {
  if (of_destroyed(one)) return;
  auto const fitting = fits(one);
  auto const group = std::find_if(fitting.begin(), fitting.end(), [&](std::uint32_t number) {
    return change_.at(views_[number].slot).now.count > one.report->count;
  });
  bool const too_old = std::any_of(fitting.begin(), fitting.end(), [&](std::uint32_t number) {
    return at_ + policy_.reorder_limit < change_.at(views_[number].slot).now.updated_at;
  });
  if (too_old) return;
  if (group == fitting.end() || !used_[*group]) {
    change_.bear(*one.report);
    return;
  }
  auto const slot = views_[*group].slot;
  auto member = *one.report;
  if (!member.velocity) {
    auto const state = as_one(views_[*group].flight);
    member.velocity = ground_velocity{meters_per_second{state.mean[2]}, meters_per_second{state.mean[3]}};
    member.velocity_sigma = meters_per_second{std::sqrt(std::max(state.covariance[10], state.covariance[15]))};
  }
  auto const fresh = change_.bear(member);
  auto& parent = change_.at(slot);
  parent.now.count -= one.report->count;
  change_.at(fresh).now.confirmed = parent.now.confirmed;
  change_.touch(slot);
}

void look_taker::take_end(row const& one) {
  std::optional<view> best;
  double best_cost = 0.0;
  for (auto const slot : near(one)) {
    if (change_.ended(slot) || !compatible(change_.at(slot).now.kind, one.report->kind)) continue;
    view const seen{slot, flight_at(change_.at(slot), at_, policy_)};
    auto cost = cost_of(seen, one, gate::whole);
    if (!cost) cost = cost_of(seen, one, gate::turned);
    if (cost && (!best || *cost < best_cost)) best = seen, best_cost = *cost;
  }
  if (!best) return;
  auto& t = change_.at(best->slot);
  if (one.report->status == object_status::lost) {
    if (t.now.sources == std::vector{one.report->measured_by()}) change_.end(best->slot, track_end::coasted_out);
    return;
  }
  absorb(*best, one, look_readings{weighted_reading{one.said, 1.0}}, true);
  if (one.report->count < t.now.count) {
    t.now.count -= one.report->count;
    return;
  }
  change_.remember_destroyed(t);
  change_.end(best->slot, track_end::destroyed);
}

/// A late report from before an object's destruction is no new object.
bool look_taker::of_destroyed(row const& one) const {
  auto const& gone = change_.destroyed();
  return std::any_of(gone.begin(), gone.end(), [&](tracked const& t) {
    if (at_ > t.now.updated_at || !compatible(t.now.kind, one.report->kind)) return false;
    return fit_of(flight_at(t, at_, policy_), one.said, policy_).place_squared <= policy_.gate_position;
  });
}

}  // namespace

void take_look(picture_change& change, std::span<observation const* const> look) {
  look_taker{change, look}.take();
}

}  // namespace siren
