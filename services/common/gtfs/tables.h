#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/gtfs/gtfs.h"

namespace siren {

/// Rows of the feed's files as they are needed for lines. Times are seconds after the service day's midnight.
struct gtfs_call {
  std::size_t station = 0;
  std::uint32_t sequence = 0;
  std::optional<seconds> arrival;
  std::optional<seconds> departure;
  std::size_t row = 0;
};

struct gtfs_frequency {
  seconds from{};
  seconds to{};
  seconds every{};
};

struct gtfs_trip {
  std::string id;
  std::size_t route = 0;
  std::size_t service = 0;  // numbered as met
  std::vector<gtfs_call> calls;
  std::vector<gtfs_frequency> frequencies;  // empty: the trip runs once, at its own times
  bool broken = false;                      // a row of it was left out
};

struct gtfs_route {
  std::string id;
  std::string name;
};

struct gtfs_tables {
  std::vector<gtfs_station> stations;
  std::vector<gtfs_route> routes;  // metros only
  std::vector<gtfs_trip> trips;    // of these
};

/// Notes what was left out, in `feed`.
void reject(gtfs_feed& feed, gtfs_policy const& policy, std::string const& file, std::size_t row, failure because);

/// Failures as read_gtfs.
[[nodiscard]] result<gtfs_tables> read_gtfs_tables(std::filesystem::path const& folder, gtfs_policy const& policy,
                                                   gtfs_feed& feed);

}  // namespace siren
