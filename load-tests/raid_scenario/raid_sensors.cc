#include "raid_scenario/raid_sensors.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include "raid_scenario/draws.h"

namespace siren::raids {
namespace {

constexpr double kFast = 150.0;         // m/s; no drone flies so fast
constexpr double kEndReported = 0.6;    // chance that a network tells of a shoot-down that it saw
constexpr double kRelayed = 0.3;        // share of a radar's plots that a partner passes on
constexpr double kFusedMemory = 120.0;  // s over which a fused feed's error lasts
constexpr double kDecoyMiss = 2.0;      // a decoy is missed so much more often
constexpr int kSectors = 12;            // of a radar's turn; a sector's plots share a time

utc_time time_of(raid_plan const& plan, double second) {
  return plan.begins + microseconds{std::llround(second * 1e3) * 1'000};
}

bool is_high(threat_class kind) {
  return kind == threat_class::ballistic_missile || kind == threat_class::supersonic_missile;
}

double rounded(double degrees_) {
  return std::round(degrees_ * 1e6) / 1e6;
}

/// What one network says of a raid.
class network {
 public:
  network(sensor const& by, std::size_t number, std::vector<true_object> const& truth, raid_plan const& plan,
          std::vector<timed_report>& out)
      : by_{by}, truth_{truth}, plan_{plan}, out_{out}, random_{plan.seed, 100'000 + number}, errors_(truth.size()) {}

  void watch() {
    double const step = std::min(by_.period_s, by_.fast_period_s);
    double const phase = random_.unit() * step;
    double slow_due = phase;
    for (double at = phase; at < static_cast<double>(plan_.length.count()); at += step) {
      bool const slow = at + 1e-9 >= slow_due;
      if (slow) slow_due += by_.period_s;
      look(at, step, slow);
    }
    tell_ends();
    imagine();
  }

 private:
  struct sight {
    std::size_t object;
    double at;
    true_state state;
  };

  void look(double at, double step, bool slow) {
    std::vector<sight> seen;
    for (std::size_t i = 0; i < truth_.size(); ++i) {
      auto const& object = truth_[i];
      if (!object.flies_at(at) || (is_high(object.kind) && !by_.hears_missiles)) continue;
      auto state = object.at(at);
      double const speed = std::hypot(state.velocity.east.value, state.velocity.north.value);
      if (!slow && speed < kFast) continue;
      double when = at;
      if (by_.resolves.value <= 0.0 && !by_.fused) {
        auto const sector = std::floor((std::atan2(state.place.east.value - by_.place.east.value,
                                                   state.place.north.value - by_.place.north.value) /
                                            (2.0 * std::numbers::pi) +
                                        0.5) *
                                       kSectors);
        when += step * 0.9 * sector / kSectors;
        if (!object.flies_at(when)) continue;
        state = object.at(when);
      }
      if (away(state.place) > by_.reach.value) continue;
      double const miss = std::min(1.0, by_.miss * (object.decoy ? kDecoyMiss : 1.0));
      if (random_.chance(miss)) continue;
      seen.push_back({i, when, state});
    }
    if (by_.resolves.value > 0.0)
      report_groups(seen);
    else
      for (auto const& one : seen) report(one, 1, sigma_at(one.state.place));
  }

  void report_groups(std::vector<sight> const& seen) {
    std::vector<bool> taken(seen.size(), false);
    for (std::size_t i = 0; i < seen.size(); ++i) {
      if (taken[i]) continue;
      auto middle = seen[i];
      std::uint32_t count = 1;
      for (std::size_t j = i + 1; j < seen.size(); ++j) {
        auto const& other = seen[j];
        if (taken[j] || truth_[other.object].kind != truth_[middle.object].kind ||
            std::hypot((other.state.place.east - seen[i].state.place.east).value,
                       (other.state.place.north - seen[i].state.place.north).value) > by_.resolves.value)
          continue;
        taken[j] = true;
        ++count;
        middle.state.place.east = middle.state.place.east + (other.state.place.east - middle.state.place.east) / count;
        middle.state.place.north =
            middle.state.place.north + (other.state.place.north - middle.state.place.north) / count;
      }
      auto const spread = count > 1 ? by_.resolves.value / 2.0 : 0.0;
      report(middle, count, meters{std::hypot(sigma_at(middle.state.place).value, spread)});
    }
  }

  [[nodiscard]] double away(plane_point place) const {
    return std::hypot((place.east - by_.place.east).value, (place.north - by_.place.north).value);
  }
  [[nodiscard]] meters sigma_at(plane_point place) const {
    return meters{std::hypot(by_.position_sigma.value, by_.sigma_per_meter * away(place))};
  }

  timed_report& add(double at, plane_point place, meters sigma, std::int32_t truth) {
    timed_report made;
    made.arrives = time_of(plan_, at + random_.between(by_.shortest_delay_s, by_.longest_delay_s));
    made.truth = truth;
    made.seen.source = source_id{by_.name};
    if (!by_.names_objects && by_.resolves.value <= 0.0) made.seen.native_id = std::to_string(++plots_);
    made.seen.observed_at = time_of(plan_, at + by_.clock_bias_s);
    auto const where = local_plane{kRaidCentre}.to_place(place);
    made.seen.position = {degrees{rounded(where.lat.value)}, degrees{rounded(where.lon.value)}};
    made.seen.position_sigma = meters{std::round(sigma.value)};
    made.seen.fused = by_.fused;
    out_.push_back(made);
    return out_.back();
  }

  void report(sight const& one, std::uint32_t count, meters sigma) {
    auto const& object = truth_[one.object];
    auto const [east, north] = error_of(one.object, one.at);
    plane_point const where{one.state.place.east + sigma * east, one.state.place.north + sigma * north};
    auto& seen = add(one.at, where, sigma, static_cast<std::int32_t>(one.object)).seen;
    seen.count = count;
    if (by_.names_objects) seen.native_id = "T" + std::to_string(one.object + 1);
    if (random_.chance(by_.tells_class)) seen.kind = named_class(object.kind);
    if (!by_.velocity_sigma) return;
    seen.velocity = {one.state.velocity.east + *by_.velocity_sigma * random_.normal(),
                     one.state.velocity.north + *by_.velocity_sigma * random_.normal()};
    seen.velocity_sigma = by_.velocity_sigma;
  }

  threat_class named_class(threat_class truly) {
    if (random_.chance(by_.right_class)) return truly;
    switch (truly) {
      case threat_class::drone:
        return random_.chance(0.7) ? threat_class::jet_drone : threat_class::cruise_missile;
      case threat_class::cruise_missile:
        return random_.chance(0.6) ? threat_class::jet_drone : threat_class::supersonic_missile;
      case threat_class::ballistic_missile:
        return threat_class::supersonic_missile;
      default:
        return threat_class::ballistic_missile;
    }
  }

  /// In sigmas. A fused estimate's error goes on from report to report.
  std::pair<double, double> error_of(std::size_t object, double at) {
    auto& last = errors_[object];
    double const keep = by_.fused && last.at >= 0.0 ? std::exp(-(at - last.at) / kFusedMemory) : 0.0;
    double const fresh = std::sqrt(1.0 - keep * keep);
    last = {keep * last.east + fresh * random_.normal(), keep * last.north + fresh * random_.normal(), at};
    return {last.east, last.north};
  }

  void tell_ends() {
    for (std::size_t i = 0; i < truth_.size(); ++i) {
      auto const& object = truth_[i];
      if (!object.stopped || away(object.path.back().place) > by_.reach.value) continue;
      if (is_high(object.kind) && !by_.hears_missiles) continue;
      if (by_.tells_class < 0.5 || !random_.chance(kEndReported)) continue;
      auto const at = static_cast<double>(object.end_second());
      report({i, at, object.path.back()}, 1, sigma_at(object.path.back().place));
      out_.back().seen.status = object_status::destroyed;
      out_.back().seen.kind = object.kind;
    }
  }

  /// Reports of nothing at exponential intervals, even over the disc.
  void imagine() {
    if (by_.clutter_per_minute <= 0.0) return;
    double const mean = 60.0 / by_.clutter_per_minute;
    for (double at = 0.0;;) {
      at -= mean * std::log(1.0 - random_.unit());
      if (at >= static_cast<double>(plan_.length.count())) return;
      double const bearing = random_.between(0.0, 2.0 * std::numbers::pi);
      double const away_m = by_.reach.value * std::sqrt(random_.unit());
      plane_point const place{by_.place.east + meters{away_m * std::sin(bearing)},
                              by_.place.north + meters{away_m * std::cos(bearing)}};
      auto& seen = add(at, place, sigma_at(place), -1).seen;
      if (by_.names_objects) seen.native_id = "C" + std::to_string(++plots_);
      if (random_.chance(by_.tells_class)) seen.kind = threat_class::drone;
      if (!by_.velocity_sigma) continue;
      double const course = random_.between(0.0, 2.0 * std::numbers::pi);
      double const speed = random_.between(10.0, 60.0);
      seen.velocity = {meters_per_second{speed * std::sin(course)}, meters_per_second{speed * std::cos(course)}};
      seen.velocity_sigma = by_.velocity_sigma;
    }
  }

  struct lasting_error {
    double east = 0.0;
    double north = 0.0;
    double at = -1.0;
  };
  sensor const& by_;
  std::vector<true_object> const& truth_;
  raid_plan const& plan_;
  std::vector<timed_report>& out_;
  draws random_;
  std::vector<lasting_error> errors_;
  std::uint64_t plots_ = 0;
};

/// A relay's copies keep name, time and origin; places come rounded to 4 decimals of a degree.
void relay(sensor const& by, std::vector<timed_report>& all, std::size_t number, raid_plan const& plan) {
  draws random{plan.seed, 200'000 + number};
  std::vector<timed_report> copies;
  for (auto const& one : all) {
    if (one.seen.source.value != by.relays || !random.chance(kRelayed)) continue;
    auto copy = one;
    copy.seen.source = source_id{by.name};
    copy.seen.origin = source_id{by.relays};
    copy.seen.position = {degrees{std::round(copy.seen.position.lat.value * 1e4) / 1e4},
                          degrees{std::round(copy.seen.position.lon.value * 1e4) / 1e4}};
    copy.arrives += microseconds{1'000 * static_cast<std::int64_t>(random.below(4'000))};
    copies.push_back(std::move(copy));
  }
  all.insert(all.end(), copies.begin(), copies.end());
}

plane_point at_km(double east, double north) {
  return {meters{east * 1e3}, meters{north * 1e3}};
}

}  // namespace

std::vector<sensor> five_sensors(std::uint64_t seed) {
  sensor north;
  north.name = "radar_north";
  north.place = at_km(40, 60);
  north.reach = meters{330e3};
  north.position_sigma = meters{150};
  north.sigma_per_meter = 0.0025;
  north.velocity_sigma = meters_per_second{8};
  north.tells_class = 0.1;
  north.right_class = 0.9;
  north.clutter_per_minute = 12;

  sensor east = north;
  east.name = "radar_east";
  east.place = at_km(90, -50);
  east.position_sigma = meters{200};
  east.sigma_per_meter = 0.003;
  east.period_s = 12;
  east.fast_period_s = 4;
  east.longest_delay_s = 4;

  sensor acoustic;
  acoustic.name = "acoustic";
  acoustic.place = at_km(40, 0);
  acoustic.reach = meters{150e3};
  acoustic.position_sigma = meters{600};
  acoustic.period_s = 20;
  acoustic.fast_period_s = 20;
  acoustic.tells_class = 0.8;
  acoustic.right_class = 0.93;
  acoustic.clutter_per_minute = 4;
  acoustic.shortest_delay_s = 2;
  acoustic.longest_delay_s = 8;
  acoustic.resolves = meters{700};
  acoustic.hears_missiles = false;

  sensor posts;
  posts.name = "observer_posts";
  posts.place = at_km(20, 10);
  posts.reach = meters{120e3};
  posts.position_sigma = meters{1'000};
  posts.period_s = 60;
  posts.fast_period_s = 20;
  posts.tells_class = 0.95;
  posts.clutter_per_minute = 1;
  posts.shortest_delay_s = 6;
  posts.longest_delay_s = 25;
  posts.hears_missiles = false;

  sensor partner;
  partner.name = "partner";
  partner.place = at_km(60, 20);
  partner.reach = meters{400e3};
  partner.position_sigma = meters{450};
  partner.velocity_sigma = meters_per_second{10};
  partner.period_s = 15;
  partner.fast_period_s = 5;
  partner.tells_class = 0.9;
  partner.right_class = 0.97;
  partner.shortest_delay_s = 3;
  partner.longest_delay_s = 7;
  partner.names_objects = true;
  partner.fused = true;
  partner.relays = "radar_north";

  std::vector<sensor> all{north, east, acoustic, posts, partner};
  for (std::size_t i = 0; i < all.size(); ++i) {
    draws random{seed, 50 + i};
    all[i].clock_bias_s = 0.25 * random.normal();  // seconds; a post's wrist watch is worse
    if (all[i].name == "observer_posts") all[i].clock_bias_s = 1.5 * random.normal();
  }
  return all;
}

std::vector<timed_report> make_reports(std::vector<true_object> const& truth, std::vector<sensor> const& sensors,
                                       raid_plan const& plan) {
  std::vector<timed_report> all;
  for (std::size_t i = 0; i < sensors.size(); ++i) network{sensors[i], i, truth, plan, all}.watch();
  for (std::size_t i = 0; i < sensors.size(); ++i)
    if (!sensors[i].relays.empty()) relay(sensors[i], all, i, plan);
  std::stable_sort(all.begin(), all.end(),
                   [](timed_report const& a, timed_report const& b) { return a.arrives < b.arrives; });
  return all;
}

}  // namespace siren::raids
