#pragma once

#include <string>
#include <vector>

#include "common/clock.h"
#include "common/convert/base_convert.h"
#include "common/convert/threat_convert.h"
#include "core/zone/worlds.h"

namespace siren::test {

/// Steps of the threat picture, as threat_ingest logs them, of one imaginary evening; not placed yet.

inline constexpr char kTrace[] = "00112233445566778899aabbccddeeff";

inline region_alarm declared(std::string const& region, bool active, utc_time at) {
  return {.source = source_id{"air_force"},
          .native_id = {},
          .region = zone_id{region},
          .type = alarm_type::air,
          .active = active,
          .changed_at = at,
          .belongs_to = world::exercise,
          .trace = trace_id{kTrace},
          .received_at = wall_now()};
}

inline threats::v1::PictureStep step_of(std::vector<region_alarm> const& alarms) {
  threats::v1::PictureStep step;
  for (auto const& alarm : alarms) to_proto(alarm, step.add_region_alarms());
  return step;
}

inline threats::v1::PictureStep step_of(track const& seen, track_end end = track_end::none) {
  threats::v1::PictureStep step;
  to_proto(track_change{seen, end}, step.add_tracks());
  return step;
}

inline threats::v1::PictureStep step_of(std::string const& source, bool official, bool alive, utc_time at) {
  threats::v1::PictureStep step;
  auto* feed = step.add_feeds();
  feed->set_source(source);
  feed->set_official(official);
  feed->set_alive(alive);
  to_proto(at, feed->mutable_changed_time());
  return step;
}

inline threats::v1::PictureStep step_of(launch_report const& said) {
  threats::v1::PictureStep step;
  to_proto(said, step.add_launches());
  return step;
}

/// How ingest introduces a source.
inline threats::v1::PictureStep introduced(std::string const& source, threats::v1::SourceKind kind, utc_time at) {
  auto step = step_of(source, false, true, at);
  step.mutable_feeds(0)->set_kind(kind);
  return step;
}

inline launch_report launched_at(lat_lon from, utc_time at) {
  launch_report said;
  said.source = source_id{"early_warning"};
  said.native_id = "l1";
  said.kind = threat_class::ballistic_missile;
  said.from = from;
  said.at = at;
  said.belongs_to = world::exercise;
  said.trace = trace_id{kTrace};
  said.received_at = wall_now();
  return said;
}

/// A missile seconds away from zone "east" of two_raions(), from the north: it asks for TAKE_COVER there.
inline track missile_at_east(std::uint64_t id, utc_time when) {
  return flying(id, threat_class::ballistic_missile, at(at(kKyiv, 90, 6), 0, 15), 180, 1'000, when);
}

}  // namespace siren::test
