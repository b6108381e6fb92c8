#pragma once

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "core/track/track.h"
#include "core/zone/zone_map.h"

namespace siren::test {

inline constexpr utc_time kEvening{seconds{1'769'200'000}};

/// A square zone by its middle and half side.
inline zone square(std::string const& id, lat_lon middle, double half_m, std::string const& parent = "") {
  zone z;
  z.id = zone_id{id};
  z.kind = parent.empty() ? zone_kind::oblast : zone_kind::raion;
  if (!parent.empty()) z.parent = zone_id{parent};
  z.name_uk = z.name_en = id;
  polygon p;
  for (auto const& [e, n] : {std::pair{-1.0, -1.0}, {1.0, -1.0}, {1.0, 1.0}, {-1.0, 1.0}}) {
    p.outer.push_back(local_plane{middle}.to_place({meters{e * half_m}, meters{n * half_m}}));
  }
  z.shape = {p};
  return z;
}

inline lat_lon at(lat_lon from, double course_deg, double km) {
  return destination(from, degrees{course_deg}, meters{km * 1000.0});
}

inline constexpr lat_lon kKyiv{degrees{50.45}, degrees{30.52}};

/// oblast > west, east (10 km squares, 12 km apart). East replaces old_east, which is no more.
inline zone_map two_raions() {
  auto east = square("east", at(kKyiv, 90, 6), 5'000, "oblast");
  east.replaces = {zone_id{"old_east"}};
  auto built = zone_map::build(
      {square("oblast", kKyiv, 20'000), square("west", at(kKyiv, 270, 6), 5'000, "oblast"), std::move(east)});
  return std::move(*built);
}

/// How it was before: old_east instead of east, and "lost", which nothing replaces.
inline zone_map two_raions_before() {
  auto built = zone_map::build({square("oblast", kKyiv, 20'000), square("west", at(kKyiv, 270, 6), 5'000, "oblast"),
                                square("old_east", at(kKyiv, 90, 6), 5'000, "oblast"),
                                square("lost", at(kKyiv, 90, 40), 5'000, "oblast")});
  return std::move(*built);
}

/// A confirmed track with good measurements of two sources.
inline track flying(std::uint64_t id, threat_class kind, lat_lon place, double course_deg, double speed,
                    utc_time when) {
  track t;
  t.id = track_id{id};
  t.kind = kind;
  t.confirmed = true;
  t.sources = {source_id{"acoustic"}, source_id{"radar"}};
  t.position = place;
  auto const c = to_radians(degrees{course_deg});
  t.velocity = {meters_per_second{speed * std::sin(c)}, meters_per_second{speed * std::cos(c)}};
  t.covariance[0] = t.covariance[5] = 200.0 * 200.0;
  t.covariance[10] = t.covariance[15] = 2.0 * 2.0;
  t.born_at = t.updated_at = when;
  t.trace = trace_id{"0123456789abcdef0123456789abcdef"};
  return t;
}

}  // namespace siren::test
