#include "core/zone/arrival.h"

#include <algorithm>
#include <cmath>

#include "core/zone/spread.h"

namespace siren {
namespace {

constexpr std::size_t kPairs = 24;
constexpr std::size_t kDimensions = 6;  // course, speed, then the four of the state
constexpr double kFarSigmas = 4.0;
constexpr double kWidest = 0.87;         // sine of half the angle from which on a zone is looked at in full
constexpr double kSectorMargin = 0.026;  // 1.5°; an outline's plane bends courses by less
using draw = std::array<double, kDimensions>;

/// Quicker than std::hypot, which guards against squares that can't be held; here they can.
double length(outline::direction d) {
  return std::sqrt(d.east * d.east + d.north * d.north);
}

double dot(std::array<double, 3> const& a, std::array<double, 3> const& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/// By bisection: runs once per process, and there is nothing to get wrong.
double normal_quantile(double p) {
  auto low = -8.0;
  auto high = 8.0;
  for (int i = 0; i < 60; ++i) {
    auto const middle = (low + high) / 2;
    (0.5 * std::erfc(-middle / std::numbers::sqrt2) < p ? low : high) = middle;
  }
  return (low + high) / 2;
}

std::array<draw, kPairs> make_draws() {
  constexpr double kRoot = 1.1347241384015194;  // of x^6 = x + 1: five R-sequence dimensions
  std::array<draw, kPairs> all{};
  for (std::size_t i = 0; i < kPairs; ++i) {
    all[i][0] = normal_quantile((static_cast<double>(i) + 0.5) / kPairs);
    auto step = 1.0;
    for (std::size_t d = 1; d < kDimensions; ++d) {
      step /= kRoot;
      auto const u = 0.5 + step * static_cast<double>(i + 1);
      all[i][d] = normal_quantile(std::clamp(u - std::floor(u), 0.005, 0.995));
    }
  }
  return all;
}

std::array<draw, kPairs> const& draws() {
  static auto const all = make_draws();
  return all;
}

/// Lower triangle of a positive semi-definite matrix; a column without variance of its own becomes zero.
state_covariance cholesky(state_covariance const& m) {
  state_covariance l{};
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      auto sum = m[i * 4 + j];
      for (std::size_t k = 0; k < j; ++k) sum -= l[i * 4 + k] * l[j * 4 + k];
      if (i == j) {
        l[i * 4 + i] = sum > 0.0 ? std::sqrt(sum) : 0.0;
      } else {
        l[i * 4 + j] = l[j * 4 + j] > 0.0 ? sum / l[j * 4 + j] : 0.0;
      }
    }
  }
  return l;
}

std::array<double, 4> deviate(state_covariance const& l, draw const& z, double sign) {
  std::array<double, 4> out{};
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t k = 0; k <= i; ++k) out[i] += sign * l[i * 4 + k] * z[2 + k];
  }
  return out;
}

outline::direction rotated(outline::direction d, double c, double s) {
  return {d.east * c + d.north * s, d.north * c - d.east * s};  // clockwise, as courses grow
}

microseconds span(double s) {
  return microseconds{std::llround(s * 1e6)};
}

/// The interval of `times` (sorted), widened to the rule's floor.
template <typename Times>
arrival_interval interval_of(Times const& times, std::size_t size, double total, utc_time at,
                             arrival_rule const& rule) {
  auto quantile = [&](double share) {
    auto sum = 0.0;
    for (std::size_t i = 0; i < size; ++i) {
      sum += times[i].weight;
      if (sum >= share * total) return times[i].after_s;
    }
    return times[size - 1].after_s;
  };
  auto early = quantile(0.05);
  auto const median = quantile(0.5);
  auto late = quantile(0.95);
  auto const narrowest = std::max(static_cast<double>(rule.narrowest.count()), median * rule.narrowest_percent / 100.0);
  auto const lacking = narrowest - (late - early);
  if (lacking > 0.0) {
    early = std::max(0.0, early - lacking / 3.0);
    late = std::max(late, early + narrowest);
  }
  return {at + span(early), at + span(median), at + span(late)};
}

}  // namespace

flight_fan::flight_fan(track const& from, class_traits const& traits, arrival_rule const& rule)
    : place_{from.position},
      at_{from.updated_at},
      rule_{rule},
      ee_{from.covariance[0]},
      en_{from.covariance[1]},
      nn_{from.covariance[5]},
      here_{from.position} {
  spread_ = meters{std::sqrt(std::max(ee_ + nn_, 0.0))};
  auto const l = cholesky(from.covariance);
  auto const turn_weight = std::clamp(rule.turns.value, 0.0, 1.0);
  for (std::size_t i = 0; i < kStraight + kTurned; ++i) {
    auto const& z = draws()[(i / 2) % kPairs];
    auto const sign = i % 2 == 0 ? 1.0 : -1.0;
    auto const off = deviate(l, z, sign);
    outline::direction velocity{from.velocity.east.value + off[2], from.velocity.north.value + off[3]};
    auto const speed = std::hypot(velocity.east, velocity.north);
    auto& made = flights_[i];
    made.offset = {meters{off[0]}, meters{off[1]}};
    made.speed = std::clamp(speed * (1.0 + sign * z[1] * rule.speed_sigma_percent / 100.0), traits.min_speed.value,
                            traits.max_speed.value);
    if (i < kStraight) {
      auto const turn = to_radians(rule.course_sigma) * sign * z[0];
      auto const ahead = speed > 0.0 ? outline::direction{velocity.east / speed, velocity.north / speed}
                                     : outline::direction{0.0, 1.0};
      made.heading = rotated(ahead, std::cos(turn), std::sin(turn));
      made.weight = (1.0 - turn_weight) / kStraight;
    } else {
      auto const any = 2.0 * std::numbers::pi * (static_cast<double>(i - kStraight) + 0.5) / kTurned;
      made.heading = {std::sin(any), std::cos(any)};
      made.weight = turn_weight / kTurned;
    }
    stray_ = std::max(stray_, meters{std::hypot(off[0], off[1])});
    fastest_ = std::max(fastest_, meters_per_second{made.speed});
  }
  reach_ = flown_within(rule.horizon);
  sum_headings();
}

void flight_fan::sum_headings() {
  for (auto const& f : flights_) {
    auto const turns = std::atan2(f.heading.east, f.heading.north) / (2.0 * std::numbers::pi);
    auto const bin = static_cast<std::size_t>((turns - std::floor(turns)) * kBins);
    headings_[std::min(bin, kBins - 1) + 1] += f.weight;
  }
  for (std::size_t i = 0; i < kBins; ++i) headings_[i + 1] += headings_[i];
}

meters flight_fan::flown_within(seconds time) const {
  return meters{fastest_.value * static_cast<double>(time.count()) + kFarSigmas * spread_.value};
}

double flight_fan::most_entering(outline const& zone, seconds within) const {
  auto const& to = zone.axes().up;
  auto const ahead = dot(to, here_.up);
  auto const radius = zone.radius().value;
  auto const chord = kEarthRadius.value * std::sqrt(std::max(0.0, 2.0 - 2.0 * ahead));  // never longer than the arc
  if (chord > flown_within(std::min(within, rule_.horizon)).value + radius) return 0.0;
  auto const east = dot(to, here_.east);
  auto const north = dot(to, here_.north);
  auto const wide = (radius + stray_.value) / std::max(chord, 1.0) + std::sin(to_radians(rule_.aim_error));
  if (wide >= kWidest) return 1.0;
  auto const half = std::asin(wide) + kSectorMargin;
  auto const bearing = std::atan2(east, north);
  constexpr auto kPerRadian = kBins / (2.0 * std::numbers::pi);
  auto const first = static_cast<std::int64_t>(std::floor((bearing - half) * kPerRadian));
  auto const last = static_cast<std::int64_t>(std::floor((bearing + half) * kPerRadian)) + 1;
  auto const up_to = [&](std::int64_t bin) {
    constexpr auto kRound = static_cast<std::int64_t>(kBins);
    auto const rounds = bin >= 0 ? bin / kRound : -((kRound - 1 - bin) / kRound);
    return static_cast<double>(rounds) * headings_[kBins] + headings_[static_cast<std::size_t>(bin - rounds * kRound)];
  };
  return up_to(last) - up_to(first);
}

std::optional<approach> flight_fan::towards(outline const& zone, probability at_least, seconds within) const {
  constexpr auto kRounding = 1e-9;
  if (most_entering(zone, within) < std::max(at_least.value, kRounding)) return std::nullopt;
  auto found = towards(zone);
  if (found && found->entering < at_least) found.reset();
  return found;
}

/// A zone and the track's place as they see each other: as outline::seen_from() and course() have it, by vectors.
struct flight_fan::sight {
  double away = 0.0;             // m
  outline::direction towards{};  // the zone's middle, from the track's place; a unit vector, or none nearer than 1 m
  outline::direction back{};     // the track's place, from the middle
  double c = 1.0;                // cosine and sine of how much true courses turn in the zone's plane
  double s = 0.0;
  [[nodiscard]] plane_point place() const { return {meters{away * back.east}, meters{away * back.north}}; }
};

flight_fan::sight flight_fan::sight_of(outline const& zone) const {
  auto const& there = zone.axes();
  outline::direction const out{dot(there.up, here_.east), dot(there.up, here_.north)};
  outline::direction const in{dot(here_.up, there.east), dot(here_.up, there.north)};
  auto const across = length(out);
  sight found;
  found.away = kEarthRadius.value * std::atan2(across, dot(there.up, here_.up));
  auto const in_length = length(in);
  if (found.away < 1.0 || across <= 0.0 || in_length <= 0.0) return found;
  found.towards = {out.east / across, out.north / across};
  found.back = {in.east / in_length, in.north / in_length};
  found.c = -(found.back.north * found.towards.north + found.back.east * found.towards.east);
  found.s = found.back.north * found.towards.east - found.back.east * found.towards.north;
  return found;
}

/// False: it surely passes the circle around the zone, which is cheaper to see before anything is turned.
bool flight_fan::may_meet(std::size_t number, sight const& seen, outline const& zone) const {
  constexpr auto kSlack = 1.0;  // m, against rounding
  auto const& f = flights_[number];
  auto const east = f.offset.east.value - seen.away * seen.towards.east;
  auto const north = f.offset.north.value - seen.away * seen.towards.north;
  auto const radius = zone.radius().value + kSlack;
  auto const side = east * f.heading.north - north * f.heading.east;
  auto const ahead = -(east * f.heading.east + north * f.heading.north);
  return std::abs(side) <= radius && ahead >= -radius;
}

std::optional<flight_fan::hit> flight_fan::flown(std::size_t number, sight const& seen, outline const& zone) const {
  auto const& f = flights_[number];
  auto const offset = rotated({f.offset.east.value, f.offset.north.value}, seen.c, seen.s);
  auto const east = seen.place().east.value + offset.east;
  auto const north = seen.place().north.value + offset.north;
  auto const heading = rotated(f.heading, seen.c, seen.s);
  auto const range = f.speed * static_cast<double>(rule_.horizon.count());
  if (auto const entered = zone.entry({meters{east}, meters{north}}, heading); entered && entered->value <= range) {
    return hit{f.speed > 0.0 ? entered->value / f.speed : 0.0, f.weight, true};
  }
  if (rule_.aim_error.value <= 0.0) return std::nullopt;
  auto const ahead = -(east * heading.east + north * heading.north);
  auto const miss = std::abs(east * heading.north - north * heading.east) - zone.radius().value;
  auto const border = std::max(0.0, seen.away - zone.radius().value);
  if (ahead <= 0.0 || border > range || miss > seen.away * std::sin(to_radians(rule_.aim_error))) return std::nullopt;
  return hit{border / f.speed, f.weight, false};
}

std::optional<approach> flight_fan::towards(outline const& zone) const {
  auto const view = sight_of(zone);
  if (view.away - zone.radius().value > reach_.value) return std::nullopt;
  bool const only_hits = rule_.aim_error.value <= 0.0;
  std::array<hit, kStraight + kTurned> times;
  std::size_t size = 0;
  auto total = 0.0;
  auto entering = 0.0;
  for (std::size_t i = 0; i < flights_.size(); ++i) {
    if (flights_[i].weight <= 0.0 || (only_hits && !may_meet(i, view, zone))) continue;
    auto const found = flown(i, view, zone);
    if (!found) continue;
    times[size++] = *found;
    total += found->weight;
    if (found->enters) entering += found->weight;
  }
  if (size == 0) return std::nullopt;
  std::sort(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(size),
            [](hit const& a, hit const& b) { return a.after_s < b.after_s; });
  if (view.away < zone.radius().value + kFarSigmas * spread_.value) {
    auto const c = view.c;
    auto const s = view.s;
    auto const ee = square_meters{ee_ * c * c + 2.0 * en_ * c * s + nn_ * s * s};
    auto const nn = square_meters{ee_ * s * s - 2.0 * en_ * c * s + nn_ * c * c};
    auto const en = square_meters{(nn_ - ee_) * c * s + en_ * (c * c - s * s)};
    entering = std::max(entering, chance_inside({view.place(), ee, en, nn}, zone.edges()).value);
  }
  auto const from =
      view.away < 1.0 ? octant::unknown : octant_of(from_radians(std::atan2(view.back.east, view.back.north)));
  return approach{interval_of(times, size, total, at_, rule_), probability{std::min(entering, 1.0)}, from};
}

}  // namespace siren
