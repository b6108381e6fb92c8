#include "raid_scenario/raid_truth.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "raid_scenario/draws.h"

namespace siren::raids {
namespace {

constexpr double kPi = std::numbers::pi;

struct spot {
  double east = 0.0;
  double north = 0.0;
};

struct launch_area {
  double bearing_deg;
  double away_m;
};
// As the directions of the night of 23-24 January 2026: Bryansk, Kursk, the south-east. Nearer than the real areas by
// the part of the way in which no sensor of this plan sees.
constexpr std::array<launch_area, 3> kAreas{{{40.0, 185e3}, {80.0, 200e3}, {140.0, 180e3}}};
constexpr double kAreaRadius = 12e3;
constexpr double kMissileAway = 330e3;

double hold_angle(double radians) {
  while (radians > kPi) radians -= 2.0 * kPi;
  while (radians < -kPi) radians += 2.0 * kPi;
  return radians;
}

spot polar(double bearing_deg, double away) {
  double const course = bearing_deg * kPi / 180.0;
  return {away * std::sin(course), away * std::cos(course)};
}

spot around(spot middle, double radius, draws& random) {
  auto const off = polar(random.between(0.0, 360.0), radius * std::sqrt(random.unit()));
  return {middle.east + off.east, middle.north + off.north};
}

/// What a flight is going to do.
struct route {
  std::vector<spot> points;    // launch first, target last
  double speed = 0.0;          // m/s
  double speed_wander = 0.0;   // share, 1 sigma, over minutes
  double turn_rate = 0.0;      // rad/s
  std::size_t circles_at = 0;  // way point after which it circles; 0: none
  double circle_seconds = 0.0;
  double flown_share = 1.0;  // of the whole way, when it is shot down
};

void add_bends(route& way, int bends, double aside_share, draws& random) {
  auto const from = way.points.front();
  auto const to = way.points.back();
  way.points.pop_back();
  for (int i = 1; i <= bends; ++i) {
    double const along = (i + random.between(-0.25, 0.25)) / (bends + 1.0);
    double const aside = random.between(-aside_share, aside_share);
    double const east = to.east - from.east;
    double const north = to.north - from.north;
    way.points.push_back({from.east + along * east - aside * north, from.north + along * north + aside * east});
  }
  way.points.push_back(to);
}

double length_of(std::vector<spot> const& points) {
  double sum = 0.0;
  for (std::size_t i = 1; i < points.size(); ++i)
    sum += std::hypot(points[i].east - points[i - 1].east, points[i].north - points[i - 1].north);
  return sum;
}

/// Flies a route in steps of a second, turning no faster than it can.
std::vector<true_state> fly(route const& way, std::int64_t most_seconds, draws& random) {
  std::vector<true_state> path;
  auto at = way.points.front();
  std::size_t next = 1;
  double course = std::atan2(way.points[1].east - at.east, way.points[1].north - at.north);
  double wander = 0.0;
  double flown = 0.0;
  double circling = 0.0;
  double const whole = length_of(way.points) * way.flown_share;
  double const hand = random.chance(0.5) ? 1.0 : -1.0;
  while (static_cast<std::int64_t>(path.size()) < most_seconds) {
    wander = 0.98 * wander + 0.2 * way.speed_wander * random.normal();
    double const speed = way.speed * (1.0 + std::clamp(wander, -0.12, 0.12));
    spot const velocity{speed * std::sin(course), speed * std::cos(course)};
    path.push_back(
        {{meters{at.east}, meters{at.north}}, {meters_per_second{velocity.east}, meters_per_second{velocity.north}}});
    if (next == way.points.size() || flown >= whole) break;
    at = {at.east + velocity.east, at.north + velocity.north};
    if (circling > 0.0) {
      circling -= 1.0;
      course = hold_angle(course + hand * way.turn_rate * 0.6);
      continue;
    }
    flown += speed;
    auto const& goal = way.points[next];
    double const wanted = std::atan2(goal.east - at.east, goal.north - at.north);
    course = hold_angle(course + std::clamp(hold_angle(wanted - course), -way.turn_rate, way.turn_rate));
    // Nearer than its turning circle a point would be orbited for ever.
    double const close =
        std::max(1.2 * speed, next + 1 == way.points.size() ? speed / way.turn_rate * 0.5 : speed / way.turn_rate);
    if (std::hypot(goal.east - at.east, goal.north - at.north) > close) continue;
    if (next == way.circles_at) circling = way.circle_seconds;
    ++next;
  }
  return path;
}

route drone_route(spot from, spot to, raid_plan const& plan, bool decoy, draws& random) {
  route way;
  way.points = {from, to};
  way.speed = random.between(42.0, 54.0);  // 150-195 km/h
  way.speed_wander = 0.03;
  way.turn_rate = random.between(3.0, 4.0) * kPi / 180.0;
  add_bends(way, 2 + static_cast<int>(random.below(decoy ? 4 : 3)), decoy ? 0.2 : 0.12, random);
  if (random.chance(plan.loitering)) {
    way.circles_at = 1 + random.below(way.points.size() - 2);
    way.circle_seconds = random.between(120.0, 500.0);
  }
  return way;
}

true_object flown(route way, threat_class kind, std::int64_t start, raid_plan const& plan, draws& random) {
  true_object made;
  made.kind = kind;
  made.first_second = start;
  if (random.chance(plan.stopped_share)) {
    made.stopped = true;
    way.flown_share = random.between(0.5, 0.98);
  }
  made.path = fly(way, std::max<std::int64_t>(1, plan.length.count() - start), random);
  return made;
}

spot drone_target(draws& random) {
  // Most go for the city, the rest for places around it.
  return random.chance(0.65) ? around({0.0, 0.0}, 12e3, random) : around({0.0, 0.0}, 75e3, random);
}

void add_drones(std::vector<true_object>& all, raid_plan const& plan) {
  auto const swarms = std::min(plan.drones, 2 * plan.swarm);
  for (std::uint32_t i = 0; i < plan.drones - swarms; ++i) {
    draws random{plan.seed, 1'000 + i};
    auto const wave = i % std::max(plan.waves, 1U);
    auto const start =
        static_cast<std::int64_t>(wave) * plan.between_waves.count() + static_cast<std::int64_t>(random.below(240));
    auto const& area = kAreas[(i + wave) % kAreas.size()];
    bool const decoy = i < plan.decoys;
    auto const from = around(polar(area.bearing_deg, area.away_m), kAreaRadius, random);
    all.push_back(
        flown(drone_route(from, drone_target(random), plan, decoy, random), threat_class::drone, start, plan, random));
    all.back().decoy = decoy;
  }
}

/// Two swarms from different areas meet in one place at one time and fly on over each other.
void add_swarms(std::vector<true_object>& all, raid_plan const& plan) {
  draws shared{plan.seed, 10};
  auto const meeting = around(polar(70.0, 105e3), 10e3, shared);
  double const speed = shared.between(44.0, 52.0);
  auto const swarms = std::min(plan.drones, 2 * plan.swarm);
  for (std::uint32_t i = 0; i < swarms; ++i) {
    auto const group = i % 2;
    draws random{plan.seed, 2'000 + i};
    spot const from = polar(group == 0 ? 35.0 : 105.0, 180e3);
    double const way_in = std::hypot(meeting.east - from.east, meeting.north - from.north);
    spot const beyond{meeting.east + (meeting.east - from.east) / way_in * 60e3,
                      meeting.north + (meeting.north - from.north) / way_in * 60e3};
    spot const off{random.between(-2.5e3, 2.5e3), random.between(-2.5e3, 2.5e3)};
    route way;
    way.speed = speed;
    way.speed_wander = 0.01;
    way.turn_rate = 3.0 * kPi / 180.0;
    for (auto const& point : {from, meeting, beyond})
      way.points.push_back({point.east + off.east, point.north + off.north});
    way.points.push_back(around({0.0, 0.0}, 15e3, random));
    auto const start = 600 + static_cast<std::int64_t>((170e3 - way_in) / speed);
    all.push_back(flown(way, threat_class::drone, std::max<std::int64_t>(0, start), plan, random));
    all.back().group = group + 1;
  }
}

void add_cruise_missiles(std::vector<true_object>& all, raid_plan const& plan) {
  for (std::uint32_t i = 0; i < plan.cruise_missiles; ++i) {
    draws random{plan.seed, 3'000 + i};
    route way;
    way.points = {around(polar(random.between(60.0, 170.0), kMissileAway), 20e3, random),
                  around({0.0, 0.0}, 12e3, random)};
    way.speed = random.between(195.0, 250.0);  // 700-900 km/h
    way.speed_wander = 0.02;
    way.turn_rate = random.between(1.5, 2.5) * kPi / 180.0;
    add_bends(way, 2 + static_cast<int>(random.below(2)), 0.15, random);
    auto const start = 900 + static_cast<std::int64_t>(random.below(1'500));
    all.push_back(flown(way, threat_class::cruise_missile, start, plan, random));
  }
}

/// Straight on a great circle's chord, with the speed over ground of boost, flight and dive.
true_object fallen(threat_class kind, double top_speed, raid_plan const& plan, draws& random) {
  true_object made;
  made.kind = kind;
  made.first_second = 600 + static_cast<std::int64_t>(random.below(3'000));
  auto from = around(polar(random.between(30.0, 170.0), kMissileAway), 30e3, random);
  auto const to = around({0.0, 0.0}, 14e3, random);
  double const whole = std::hypot(to.east - from.east, to.north - from.north);
  double flown_m = 0.0;
  double const stop = random.chance(plan.stopped_share * 0.5) ? whole * random.between(0.85, 0.98) : whole;
  made.stopped = stop < whole;
  double const weave = random.between(0.0, 0.02);
  double const phase = random.between(0.0, 2.0 * kPi);
  while (true) {
    auto const second = static_cast<double>(made.path.size());
    double const boost = std::min(1.0, 0.25 + second / 60.0);
    double const dive = whole - flown_m < 40e3 ? 0.75 : 1.0;
    double const speed = top_speed * boost * dive;
    double const course =
        std::atan2(to.east - from.east, to.north - from.north) + weave * std::sin(second / 15.0 + phase);
    made.path.push_back({{meters{from.east}, meters{from.north}},
                         {meters_per_second{speed * std::sin(course)}, meters_per_second{speed * std::cos(course)}}});
    if (flown_m >= stop || std::hypot(to.east - from.east, to.north - from.north) < speed) break;
    from = {from.east + speed * std::sin(course), from.north + speed * std::cos(course)};
    flown_m += speed;
  }
  return made;
}

}  // namespace

true_state true_object::at(double second) const {
  double const along = second - static_cast<double>(first_second);
  auto const low = std::min(static_cast<std::size_t>(std::max(along, 0.0)), path.size() - 1);
  auto const high = std::min(low + 1, path.size() - 1);
  double const part = std::clamp(along - static_cast<double>(low), 0.0, 1.0);
  auto const& a = path[low];
  auto const& b = path[high];
  return {{a.place.east + (b.place.east - a.place.east) * part, a.place.north + (b.place.north - a.place.north) * part},
          {a.velocity.east + (b.velocity.east - a.velocity.east) * part,
           a.velocity.north + (b.velocity.north - a.velocity.north) * part}};
}

std::vector<true_object> make_truth(raid_plan const& plan) {
  std::vector<true_object> all;
  add_drones(all, plan);
  add_swarms(all, plan);
  add_cruise_missiles(all, plan);
  for (std::uint32_t i = 0; i < plan.supersonic_missiles; ++i) {
    draws random{plan.seed, 4'000 + i};
    all.push_back(fallen(threat_class::supersonic_missile, random.between(700.0, 1'000.0), plan, random));
  }
  for (std::uint32_t i = 0; i < plan.ballistic_missiles; ++i) {
    draws random{plan.seed, 5'000 + i};
    all.push_back(fallen(threat_class::ballistic_missile, random.between(900.0, 1'600.0), plan, random));
  }
  auto const length = plan.length.count();
  for (auto& one : all) {
    if (one.end_second() <= length) continue;
    one.path.resize(static_cast<std::size_t>(std::max<std::int64_t>(0, length - one.first_second + 1)));
    one.stopped = false;
  }
  std::erase_if(all, [](true_object const& one) { return one.path.empty(); });
  return all;
}

}  // namespace siren::raids
