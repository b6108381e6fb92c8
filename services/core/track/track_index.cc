#include "core/track/track_index.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <numbers>
#include <utility>

namespace siren {
namespace {

constexpr double kMetersPerDegree = kEarthRadius.value * std::numbers::pi / 180.0;
/// Cells about as large as the reach that the grid bears, so that a report looks into four to nine of them.
struct grid_shape {
  double cell_degrees;
  double most_reach;  // m
  double most_speed;  // m/s
};
// Followed drones and cruise missiles; fresh tracks and ballistic missiles; what was seen once, a while ago.
constexpr std::array<grid_shape, 3> kShapes{
    {{0.08, 4'000.0, 350.0}, {0.32, 16'000.0, 1'400.0}, {1.28, 64'000.0, 4'000.0}}};
constexpr std::int64_t kMostCells = 400;
/// The scale of longitude at one end is not that of the middle: 2 % over 100 km at these latitudes.
constexpr double kSlack = 1.025;
constexpr std::chrono::seconds kSpan{1};

std::int64_t cell_along(double angle, grid_shape const& shape) {
  return static_cast<std::int64_t>(std::floor(angle / shape.cell_degrees));
}

std::uint64_t cell_of(std::int64_t lat, std::int64_t lon) {
  return static_cast<std::uint64_t>(lat + 100'000) << 32U | static_cast<std::uint64_t>(lon + 100'000);
}

std::size_t bucket_of(std::uint64_t cell, std::size_t buckets) {
  return static_cast<std::size_t>(cell * 0x9E37'79B9'7F4A'7C15ULL >> 40U) % buckets;
}

double seconds_between(utc_time from, utc_time to) {
  return fractional_seconds{to - from}.count();
}

double scale_at(double latitude) {
  return std::max(std::cos(to_radians(degrees{latitude})), 1e-3);
}

/// Quicker than std::hypot, which guards against squares that can't be held; here they can.
double length(double a, double b) {
  return std::sqrt(a * a + b * b);
}

/// The longest axis of the place's or the velocity's ellipse.
double longest_axis(state_covariance const& p, std::size_t at) {
  double const a = p[at * 5];
  double const b = p[at * 5 + 1];
  double const c = p[at * 5 + 5];
  return std::sqrt(std::max(0.0, (a + c) / 2.0 + std::sqrt((a - c) * (a - c) / 4.0 + b * b)));
}

}  // namespace

bool track_index::stale(std::size_t tracks, utc_time at) const {
  return !holds(tracks) || at > at_ + kSpan;
}

void track_index::rebuild(std::span<tracked const> tracks, utc_time at, track_policy const& policy) {
  for (auto& one : grids_) {
    one.buckets.resize(kBuckets);
    if (one.held > 0)
      for (auto& bucket : one.buckets) bucket.clear();
    one.held = 0;
    one.most_reach = one.most_speed = 0.0;
  }
  wide_.clear();
  entries_.clear();
  at_ = at;
  size_ = 0;
  for (std::uint32_t slot = 0; slot < tracks.size(); ++slot) place(slot, tracks[slot], policy);
}

void track_index::remove(std::uint32_t slot) {
  if (std::exchange(entries_[slot].removed, true)) return;
  auto const& e = entries_[slot];
  auto& from = list_of(e);
  from.erase(std::find(from.begin(), from.end(), slot));
  if (e.grid < kGrids) --grids_[e.grid].held;
}

std::vector<std::uint32_t>& track_index::list_of(entry const& e) {
  return e.grid < kGrids ? grids_[e.grid].buckets[bucket_of(e.cell, kBuckets)] : wide_;
}

void track_index::place(std::uint32_t slot, tracked const& t, track_policy const& policy) {
  bool const fresh = slot == entries_.size();
  bool const ahead = t.flight.at < at_;
  auto const later = ahead ? flown(t.flight, at_, flight_rules(policy, t.now.kind)) : flight_state{};
  auto const& flight = ahead ? later : t.flight;
  double const gate = std::sqrt(std::max(policy.gate_position, policy.gate_position_velocity));
  auto const one = ahead ? as_one(flight) : t.believed;
  auto const middle = local_plane{flight.place}.to_place({meters{one.mean[0]}, meters{one.mean[1]}});

  entry made;
  made.at = flight.at;
  made.east_scale = scale_at(middle.lat.value);
  made.north = middle.lat.value * kMetersPerDegree;
  made.east = middle.lon.value * kMetersPerDegree * made.east_scale;
  made.speed_east = one.mean[2];
  made.speed_north = one.mean[3];
  double speed_sigma = 0.0;
  // Each model has a gate of its own.
  for (auto const& model : flight.models.modes) {
    auto const sigma = longest_axis(model.covariance, 2);
    auto const off = length(model.mean[0] - one.mean[0], model.mean[1] - one.mean[1]);
    auto const drift = length(model.mean[2] - one.mean[2], model.mean[3] - one.mean[3]);
    made.reach = std::max(made.reach, off + drift + gate * (longest_axis(model.covariance, 0) + sigma));
    speed_sigma = std::max(speed_sigma, sigma);
  }
  made.fastest = length(one.mean[2], one.mean[3]) + 3.0 * speed_sigma;
  // A report's clock errs by so much of the way flown.
  made.reach += gate * std::chrono::duration<double>{policy.clock_sigma}.count() * made.fastest;
  while (made.grid < kGrids &&
         (made.reach > kShapes[made.grid].most_reach || made.fastest > kShapes[made.grid].most_speed))
    ++made.grid;
  if (made.grid < kGrids)
    made.cell =
        cell_of(cell_along(middle.lat.value, kShapes[made.grid]), cell_along(middle.lon.value, kShapes[made.grid]));

  if (made.grid < kGrids) {
    auto& into = grids_[made.grid];
    into.most_reach = std::max(into.most_reach, made.reach);
    into.most_speed = std::max(into.most_speed, made.fastest);
  }
  if (fresh) {
    entries_.push_back(made);
    ++size_;
  } else {
    bool const moved = entries_[slot].grid != made.grid || entries_[slot].cell != made.cell;
    if (moved) remove(slot);
    entries_[slot] = made;
    if (!moved) return;
  }
  list_of(made).push_back(slot);
  if (made.grid < kGrids) ++grids_[made.grid].held;
}

bool track_index::within(entry const& e, lat_lon place, utc_time at, double reach, double wider) const {
  double const dt = seconds_between(e.at, at);
  double const most = reach + wider * e.reach + (dt < 0.0 ? -1.5 * dt * e.fastest : 0.0);
  double const ahead = std::max(dt, 0.0);
  double const north = place.lat.value * kMetersPerDegree - e.north - ahead * e.speed_north;
  if (std::abs(north) > most) return false;
  double const east = place.lon.value * kMetersPerDegree * e.east_scale - e.east - ahead * e.speed_east;
  return east * east + north * north <= kSlack * kSlack * most * most;
}

void track_index::near(lat_lon place, utc_time at, meters reach, double wider, std::vector<std::uint32_t>& out) const {
  out.clear();
  auto const take = [&](std::uint32_t slot) {
    auto const& e = entries_[slot];
    if (!e.removed && within(e, place, at, reach.value, wider)) out.push_back(slot);
  };
  double const late = std::max(0.0, seconds_between(at, at_ + kSpan));
  // Ahead of its entry a track of the grid moves for a span at most, unless it is asked about the future.
  double const ahead = std::max(0.0, seconds_between(at_, at)) + 1.0;
  for (std::size_t number = 0; number < kGrids; ++number) {
    if (grids_[number].held == 0) continue;
    auto const& shape = kShapes[number];
    auto const& held = grids_[number];
    double const around =
        kSlack * (reach.value + wider * held.most_reach + held.most_speed * std::max(1.5 * late, ahead));
    double const lat_span = around / kMetersPerDegree;
    double const lon_span = lat_span / scale_at(std::min(std::abs(place.lat.value) + lat_span, 89.0));
    auto const south = cell_along(place.lat.value - lat_span, shape);
    auto const north = cell_along(place.lat.value + lat_span, shape);
    auto const west = cell_along(place.lon.value - lon_span, shape);
    auto const east = cell_along(place.lon.value + lon_span, shape);
    if ((north - south + 1) * (east - west + 1) > kMostCells) {
      out.clear();
      for (std::uint32_t slot = 0; slot < entries_.size(); ++slot) take(slot);
      return;
    }
    for (auto lat = south; lat <= north; ++lat)
      for (auto lon = west; lon <= east; ++lon) {
        auto const cell = cell_of(lat, lon);
        for (auto const slot : grids_[number].buckets[bucket_of(cell, kBuckets)])
          if (entries_[slot].grid == number && entries_[slot].cell == cell) take(slot);
      }
  }
  for (auto const slot : wide_) take(slot);
  std::sort(out.begin(), out.end());
}

void track_index::neighbours(std::uint32_t slot, double wider, std::vector<std::uint32_t>& out) const {
  auto const& e = entries_[slot];
  lat_lon const middle{degrees{e.north / kMetersPerDegree}, degrees{e.east / kMetersPerDegree / e.east_scale}};
  near(middle, e.at, meters{wider * e.reach}, wider, out);
}

}  // namespace siren
