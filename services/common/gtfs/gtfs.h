#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/city_bundle/city_bundle.h"
#include "core/route/metro.h"

namespace siren {

struct gtfs_policy {
  std::size_t max_file_bytes = 256U << 20U;  // stop_times.txt of a city of ten million has some 200 MB with its buses
  std::size_t max_rows = 1'000'000;          // of one file; some 300 MB of memory while it is read
  std::size_t max_departures = 20'000'000;   // after frequencies are written out; 16 bytes each
  std::size_t max_lines_of_route = 8;        // a route's branches; our choice
  std::size_t max_rejects = 1'000;           // kept with their reason; further ones are only counted
  minutes day_begins{7 * 60};                // the headway that people know is the day's
  minutes day_ends{20 * 60};
  probability usual_wait{0.9};  // of the day's gaps between trains, so many are no longer than the headway; our choice
};

/// A station, or a stop that belongs to none.
struct gtfs_station {
  std::string id;
  std::string name;
  lat_lon place;
};

/// One sequence of stations that trains of a route serve, both ways. A route with branches gives several.
struct gtfs_line {
  std::string route;
  std::string name;
  std::vector<std::size_t> stations;  // positions in gtfs_feed::stations
  std::vector<seconds> runs;          // one per link, the median of the trips, arrival to arrival
  seconds headway{};                  // of the link where it is longest; 0: unknown
};

struct gtfs_feed {
  std::vector<gtfs_station> stations;  // only those that lines use
  std::vector<gtfs_line> lines;        // by route as listed, the longest first
  std::optional<metro_hours> hours;    // within them every link of every line is served; absent: there are none
  std::size_t other_routes = 0;        // buses, trams and the like, left aside
  std::size_t rejected = 0;            // rows, and trips that their rows don't make
  std::vector<bundle_reject> rejects;  // the first of them, numbered by line
};

/// The metro of a GTFS static feed, an unpacked folder of stops.txt, routes.txt, trips.txt, stop_times.txt and
/// frequencies.txt (optional). Routes of type 1 and 400-404 are metros. The calendar is not read: a day is that of the
/// service with most trains. Source: gtfs.org, "GTFS Schedule". A bad row is left out; a trip with bad times is left
/// out whole. Failure of the whole: file_unreadable, message_too_large, missing_field (no header or a column missing),
/// malformed (no metro in the feed).
[[nodiscard]] result<gtfs_feed> read_gtfs(std::filesystem::path const& folder, gtfs_policy const& policy = {});

}  // namespace siren
