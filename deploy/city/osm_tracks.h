#pragma once

#include <vector>

#include "common/city_bundle/bundle_files.h"

namespace siren::city {

/// The middle of a stretch of metro track between two of its points.
struct track_piece {
  lat_lon middle;
  bool open = false;  // on a bridge or above ground
};

struct track_policy {
  meters station_reach{
      150.0};                // a platform is up to 150 m long: the track beside a station's point is nearer than that
  meters link_reach{500.0};  // how far the track bends away from the straight line between two stations; our choice
  meters same_track{30.0};   // links about as near as the nearest may be meant too; our choice
};

/// A station beside an open track stands on the surface: closed in an alarm, without capacity. Where an extract has no
/// tracks nothing changes.
void mark_surface_stations(metro_list& metro, std::vector<track_piece> const& tracks, track_policy const& policy = {});

/// Links that open tracks run along are exposed. Takes the nearest link, and every other about as near: a link too many
/// costs a ride, one too few sends people onto a bridge.
void mark_exposed_links(metro_list& metro, std::vector<track_piece> const& tracks, track_policy const& policy = {});

}  // namespace siren::city
