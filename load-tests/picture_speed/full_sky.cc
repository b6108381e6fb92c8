#include "picture_speed/full_sky.h"

#include <array>
#include <cmath>
#include <numbers>
#include <string>

namespace siren::picture_speed {
namespace {

constexpr lat_lon kMiddle{degrees{50.45}, degrees{30.5236}};
constexpr double kHalfEast = 600e3;
constexpr double kHalfNorth = 400e3;
constexpr double kStream = 60e3;  // m; half-width of the stream towards the city
constexpr std::uint32_t kNetworks = 5;
constexpr std::array<double, kNetworks> kSigma{120.0, 150.0, 200.0, 300.0, 400.0};
constexpr double kTurnChance = 1.0 / 180.0;  // a second

}  // namespace

full_sky::full_sky(sky_plan const& plan) : plan_{plan}, state_{plan.seed} {
  for (std::uint32_t i = 0; i < plan.objects; ++i) {
    object made;
    bool const fast = unit() < plan.fast_share;
    made.kind = fast ? threat_class::cruise_missile : threat_class::drone;
    made.speed = fast ? 200.0 + 60.0 * unit() : 42.0 + 12.0 * unit();
    bool const stream = i % 2 == 0;
    made.east = (2.0 * unit() - 1.0) * kHalfEast;
    made.north = (2.0 * unit() - 1.0) * (stream ? kStream : kHalfNorth);
    made.course = stream ? std::atan2(-made.east, -made.north) : 2.0 * std::numbers::pi * unit();
    objects_.push_back(made);
  }
}

/// SplitMix64: Steele, Lea & Flood 2014.
double full_sky::unit() {
  std::uint64_t z = state_ += 0x9E37'79B9'7F4A'7C15ULL;
  z = (z ^ (z >> 30U)) * 0xBF58'476D'1CE4'E5B9ULL;
  z = (z ^ (z >> 27U)) * 0x94D0'49BB'1331'11EBULL;
  return static_cast<double>((z ^ (z >> 31U)) >> 11U) * 0x1.0p-53;
}

double full_sky::normal() {
  double sum = -6.0;
  for (int i = 0; i < 12; ++i) sum += unit();
  return sum;
}

observation full_sky::plot(std::uint32_t network, utc_time at, double east, double north) {
  observation seen;
  seen.source = source_id{"network_" + std::to_string(network)};
  seen.observed_at = at;
  double const sigma = kSigma[network];
  seen.position = local_plane{kMiddle}.to_place({meters{east + sigma * normal()}, meters{north + sigma * normal()}});
  seen.position_sigma = meters{sigma};
  seen.trace = trace_id{"0123456789abcdef0123456789abcdef"};
  seen.received_at = wall_time{at.time_since_epoch()};
  return seen;
}

std::vector<observation> full_sky::reports_of(utc_time now) {
  auto reports = std::move(late_);
  late_.clear();
  auto const looks = std::max(1U, plan_.reports_per_second / std::max(1U, plan_.objects));
  for (std::uint32_t look = 0; look < looks; ++look) {
    auto const network = look % kNetworks;
    auto const at = now + microseconds{1'000'000LL * look / looks};
    double const ahead = static_cast<double>(look) / looks;
    for (auto const& one : objects_) {
      auto seen = plot(network, at, one.east + ahead * one.speed * std::sin(one.course),
                       one.north + ahead * one.speed * std::cos(one.course));
      if (unit() < 0.5) seen.kind = one.kind;
      if (network < 2) {
        seen.velocity = ground_velocity{meters_per_second{one.speed * std::sin(one.course) + 8.0 * normal()},
                                        meters_per_second{one.speed * std::cos(one.course) + 8.0 * normal()}};
        seen.velocity_sigma = meters_per_second{8};
      }
      (unit() < plan_.late_share ? late_ : reports).push_back(std::move(seen));
    }
  }
  for (std::uint32_t i = 0; i < plan_.clutter_per_second; ++i)
    reports.push_back(plot(i % kNetworks, now + microseconds{1'000 * i}, (2.0 * unit() - 1.0) * kHalfEast,
                           (2.0 * unit() - 1.0) * kHalfNorth));
  for (auto& one : objects_) {
    if (unit() < kTurnChance) one.course += unit() - 0.5;
    one.east += one.speed * std::sin(one.course);
    one.north += one.speed * std::cos(one.course);
    if (std::abs(one.east) > kHalfEast) one.course = -one.course;
    if (std::abs(one.north) > kHalfNorth) one.course = std::numbers::pi - one.course;
  }
  return reports;
}

}  // namespace siren::picture_speed
