#include "attack/raid.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <sstream>

#include "attack/random_stream.h"

namespace siren::attack {
namespace {

constexpr std::size_t kColumns = 11;

struct pace {
  threat_class kind;
  double low_kmh;
  double high_kmh;
  double bends;  // way points between launch and target: drones weave, missiles hardly
};
// Speeds: Air Force and press figures for each class.
constexpr std::array<pace, 6> kPaces{{
    {threat_class::drone, 150, 195, 3},
    {threat_class::jet_drone, 350, 550, 2},
    {threat_class::cruise_missile, 700, 950, 2},
    {threat_class::supersonic_missile, 2'500, 3'800, 0},
    {threat_class::ballistic_missile, 4'000, 6'000, 0},
    {threat_class::hypersonic_missile, 6'500, 9'000, 0},
}};
constexpr double kBendShare = 0.12;       // a bend leaves the straight line by up to this share of the distance
constexpr double kTargetSpreadM = 9'000;  // objects aim all over a city, not at its centre
constexpr double kLaunchSpreadM = 15'000;

pace const& pace_of(threat_class kind) {
  auto const found = std::find_if(kPaces.begin(), kPaces.end(), [&](auto const& p) { return p.kind == kind; });
  return found == kPaces.end() ? kPaces.front() : *found;
}

lat_lon spread(lat_lon around, double radius_m, random_stream& random) {
  return destination(around, degrees{random.between(0, 360)}, meters{radius_m * std::sqrt(random.unit())});
}

std::vector<lat_lon> shape_of(raid_group const& group, lat_lon city_centre, random_stream& random) {
  auto const from = spread(moved_to(group.launch, city_centre), kLaunchSpreadM, random);
  auto const to = spread(moved_to(group.target, city_centre), kTargetSpreadM, random);
  auto const bends = static_cast<int>(pace_of(group.kind).bends);
  auto const length = distance(from, to);
  auto const straight = course(from, to);
  std::vector<lat_lon> shape{from};
  for (int i = 1; i <= bends; ++i) {
    auto const on_line = destination(from, straight, length * (i / (bends + 1.0)));
    auto const aside = length * random.between(-kBendShare, kBendShare);
    shape.push_back(destination(on_line, degrees{std::fmod(straight.value + 90.0, 360.0)}, aside));
  }
  shape.push_back(to);
  return shape;
}

std::vector<way_point> timed(std::vector<lat_lon> const& shape, utc_time start, meters_per_second speed, double part) {
  auto total = meters{0};
  for (std::size_t i = 1; i < shape.size(); ++i) total = total + distance(shape[i - 1], shape[i]);
  auto left = total * part;
  std::vector<way_point> path{{start, shape.front()}};
  auto at = start;
  for (std::size_t i = 1; i < shape.size() && left.value > 0; ++i) {
    auto const whole = distance(shape[i - 1], shape[i]);
    auto const flown = std::min(whole, left);
    auto const place = flown == whole ? shape[i] : destination(shape[i - 1], course(shape[i - 1], shape[i]), flown);
    at += microseconds{static_cast<std::int64_t>(flown.value / speed.value * 1e6) + 1};
    path.push_back({at, place});
    left = left - flown;
  }
  return path;
}

/// `some` of `all`, evenly drawn.
std::vector<bool> chosen(std::uint32_t some, std::uint32_t all, random_stream& random) {
  std::vector<bool> marks(all, false);
  std::fill_n(marks.begin(), some, true);
  for (std::size_t i = all; i > 1; --i) {
    auto const other = random.below(i);
    auto const held = static_cast<bool>(marks[i - 1]);
    marks[i - 1] = marks[other];
    marks[other] = held;
  }
  return marks;
}

std::size_t leg_at(std::vector<way_point> const& path, utc_time at) {
  std::size_t leg = 1;
  while (leg + 1 < path.size() && path[leg].at < at) ++leg;
  return leg;
}

result<raid_group> parse_group(std::vector<std::string> const& cell, std::size_t line) {
  auto const bad = [&](std::string const& what) {
    return failure{reason::malformed, "line " + std::to_string(line) + ": " + what};
  };
  if (cell.size() != kColumns) return bad("expected " + std::to_string(kColumns) + " columns");
  auto const kind = threat_class_named(cell[0]);
  if (!kind) return bad("unknown class " + cell[0]);
  try {
    auto const number = [&](std::size_t i) { return std::stod(cell[i]); };
    raid_group group{*kind,
                     static_cast<std::uint32_t>(std::stoul(cell[1])),
                     static_cast<std::uint32_t>(std::stoul(cell[2])),
                     cell[3],
                     {degrees{number(4)}, degrees{number(5)}},
                     cell[6],
                     {degrees{number(7)}, degrees{number(8)}},
                     minutes{std::stol(cell[9])},
                     minutes{std::stol(cell[10])}};
    if (group.stopped > group.count || group.last < group.first) return bad("figures contradict each other");
    return group;
  } catch (std::exception const&) {
    return bad("a number is malformed");
  }
}

}  // namespace

lat_lon flight::place_at(utc_time at) const {
  auto const leg = leg_at(path, at);
  auto const& from = path[leg - 1];
  auto const& to = path[leg];
  auto const part = std::clamp(
      static_cast<double>((at - from.at).count()) / static_cast<double>((to.at - from.at).count()), 0.0, 1.0);
  return destination(from.place, course(from.place, to.place), distance(from.place, to.place) * part);
}

meters_per_second flight::speed_at(utc_time at) const {
  auto const leg = leg_at(path, at);
  auto const took = static_cast<double>((path[leg].at - path[leg - 1].at).count()) / 1e6;
  return meters_per_second{distance(path[leg - 1].place, path[leg].place).value / took};
}

degrees flight::course_at(utc_time at) const {
  auto const leg = leg_at(path, at);
  return course(path[leg - 1].place, path[leg].place);
}

result<std::vector<raid_group>> read_raid_table(std::string const& file) {
  std::ifstream in{file};
  if (!in) return failure{reason::file_unreadable, "can't read " + file};
  std::vector<raid_group> groups;
  std::string text;
  auto seen_header = false;
  for (std::size_t line = 1; std::getline(in, text); ++line) {
    if (text.empty() || text.front() == '#') continue;
    if (!std::exchange(seen_header, true)) continue;
    std::vector<std::string> cells;
    std::stringstream row{text};
    for (std::string cell; std::getline(row, cell, ',');) cells.push_back(cell);
    auto group = parse_group(cells, line);
    if (!group) return failure{reason::malformed, file + ", " + group.error().message};
    groups.push_back(std::move(group).value());
  }
  return groups;
}

lat_lon moved_to(lat_lon kyiv_place, lat_lon city_centre) {
  return destination(city_centre, course(kKyivCentre, kyiv_place), distance(kKyivCentre, kyiv_place));
}

raid make_raid(std::vector<raid_group> const& groups, utc_time begins, minutes length, std::uint64_t seed,
               lat_lon city_centre) {
  raid made{begins, begins + length, {}};
  random_stream random{seed};
  for (auto const& group : groups) {
    auto const stopped = chosen(group.stopped, group.count, random);
    for (std::uint32_t i = 0; i < group.count; ++i) {
      auto const& flies = pace_of(group.kind);
      auto const span = static_cast<double>((group.last - group.first).count());
      // Waves rather than an even stream: three salvos over the group's window.
      auto const wave =
          group.count < 6 ? random.unit() : (std::floor(i * 3.0 / group.count) + 0.5 * random.unit()) / 3.0;
      auto const start = begins + group.first + seconds{static_cast<std::int64_t>(wave * span * 60)};
      auto const speed = meters_per_second{random.between(flies.low_kmh, flies.high_kmh) / 3.6};
      auto const part = stopped[i] ? random.between(0.4, 0.97) : 1.0;
      auto const shape = shape_of(group, city_centre, random);
      made.flights.push_back({static_cast<std::uint32_t>(made.flights.size() + 1), group.kind, group.launch_name,
                              group.target_name, timed(shape, start, speed, part), stopped[i]});
    }
  }
  return made;
}

}  // namespace siren::attack
