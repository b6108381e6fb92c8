#pragma once

#include "common/city_bundle/bundle_files.h"
#include "common/gtfs/gtfs.h"

namespace siren::city {

struct gtfs_match_policy {
  meters same_place{400.0};   // a feed's point of a station and the map's; platforms and halls are that far apart
  meters same_name{1'000.0};  // with the same name; our choice
};

struct gtfs_match {
  metro_list metro;
  std::size_t lines = 0;
  std::size_t matched = 0;    // stations of the feed that the map has
  std::size_t unmatched = 0;  // trains pass them: nobody can be sent to a station without entrances
};

/// Lays the feed's lines over the map's stations. A station on a line gets the role train, unless it stands on the
/// surface; stations on none stay on the map's own line, without track. Lines with fewer than two stations are left
/// out.
[[nodiscard]] gtfs_match match_lines(metro_list map, gtfs_feed const& feed, gtfs_match_policy const& policy = {});

}  // namespace siren::city
