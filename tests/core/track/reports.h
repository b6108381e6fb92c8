#pragma once

#include <string>

#include "core/track/observation.h"

namespace siren::test {

/// 2026-01-23T18:00:00Z, the start of the raid.
inline utc_time const kStart{seconds{1'769'191'200}};
inline constexpr lat_lon kKyiv{degrees{50.4501}, degrees{30.5234}};

inline lat_lon around_kyiv(double east_m, double north_m) {
  return local_plane{kKyiv}.to_place({meters{east_m}, meters{north_m}});
}

/// A valid drone report of the live world.
inline observation report_of(std::string source, std::string native_id, utc_time at, lat_lon place) {
  observation report;
  report.source = source_id{std::move(source)};
  report.native_id = std::move(native_id);
  report.observed_at = at;
  report.position = place;
  report.position_sigma = meters{100};
  report.kind = threat_class::drone;
  report.received_at = wall_time{at.time_since_epoch()};
  return report;
}

}  // namespace siren::test
