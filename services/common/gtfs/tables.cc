#include "common/gtfs/tables.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <unordered_map>

#include "common/city_bundle/bundle_files.h"
#include "common/city_bundle/csv.h"
#include "common/city_bundle/fields.h"

namespace siren {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);
constexpr std::uint32_t kMostSequence = 1'000'000;
constexpr std::uint32_t kRarest = 6 * 3'600;  // s between trains; rarer is no frequency
constexpr std::uint32_t kDensest = 30;        // s between trains; no line runs closer

using index_by_id = std::unordered_map<std::string, std::size_t>;

/// H:MM:SS or HH:MM:SS; hours go on after 24 for trips past midnight, to 47.
std::optional<seconds> time_of(std::string_view text) {
  std::array<int, 3> parts{};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    auto const colon = text.find(':');
    if ((colon == std::string_view::npos) != (i == 2)) return std::nullopt;
    auto const part = text.substr(0, colon);
    auto const [end, error] = std::from_chars(part.data(), part.data() + part.size(), parts[i]);
    bool const short_enough = part.size() == 2 || (i == 0 && part.size() == 1);
    if (error != std::errc{} || end != part.data() + part.size() || !short_enough) return std::nullopt;
    text = colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
  }
  if (parts[0] < 0 || parts[0] > 47 || parts[1] < 0 || parts[1] > 59 || parts[2] < 0 || parts[2] > 59)
    return std::nullopt;
  return hours{parts[0]} + minutes{parts[1]} + seconds{parts[2]};
}

std::optional<seconds> time_in(csv_fields& in, std::string_view column) {
  if (!in.has(column)) return std::nullopt;
  auto const time = time_of(in.text(column));
  if (!time) in.fail(reason::malformed, std::string{column} + " is not a time");
  return time;
}

struct tables_reader {
  std::filesystem::path const& folder;
  gtfs_policy const& policy;
  gtfs_feed& feed;
  gtfs_tables tables;
  index_by_id stations;  // by stop: the station that stands for it
  index_by_id routes;    // kNone: another kind of route
  index_by_id trips;     // kNone: a trip of such a route
  index_by_id services;

  /// Calls `take` for each row; what it fails is rejected. A file that may be missing is then no failure.
  result<void> each(char const* file, std::initializer_list<std::string_view> columns, bool required,
                    std::function<void(csv_fields&, std::size_t row)> const& take) {
    std::error_code ignored;
    if (!required && !std::filesystem::exists(folder / file, ignored)) return {};
    auto const text = read_whole_file(folder / file, policy.max_file_bytes);
    if (!text) return text.error();
    auto const table =
        parse_csv(*text, {.max_field_bytes = kMaxTextBytes, .max_columns = 64, .max_rows = policy.max_rows});
    if (!table) return failure{table.error().why, std::string{file} + ": " + table.error().message};
    for (auto const column : columns)
      if (std::find(table->header.begin(), table->header.end(), column) == table->header.end())
        return failure{reason::missing_field, std::string{file} + ": no column " + std::string{column}};
    for (auto const& bad : table->rejects) reject(feed, policy, file, bad.line, bad.because);
    for (auto const& row : table->rows) {
      csv_fields in{table->header, row.fields};
      take(in, row.line);
      if (!in.ok()) reject(feed, policy, file, row.line, in.error());
    }
    return {};
  }

  result<void> read_stops() {
    std::unordered_map<std::string, std::string> parents;
    auto const done = each("stops.txt", {"stop_id", "stop_lat", "stop_lon"}, true, [&](csv_fields& in, std::size_t) {
      auto const kind = in.has("location_type") ? in.text("location_type") : "0";
      if (kind != "0" && kind != "1") return;  // entrances and the like come from the streets' map
      auto const id = in.text("stop_id");
      lat_lon const place{degrees{in.number("stop_lat")}, degrees{in.number("stop_lon")}};
      auto const name = in.has("stop_name") ? in.text("stop_name") : id;
      if (in.ok() && !on_earth(place)) in.fail(reason::latitude_out_of_range, "the stop is not on Earth");
      if (in.ok() && stations.contains(id)) in.fail(reason::duplicate, "stop " + id + " again");
      if (!in.ok()) return;
      stations[id] = tables.stations.size();
      if (kind == "0" && in.has("parent_station")) parents[id] = in.text("parent_station");
      tables.stations.push_back({id, name, place});
    });
    if (!done) return done;
    // A parent that was rejected or never listed leaves the stop standing for itself.
    for (auto const& [stop, parent] : parents)
      if (auto const found = stations.find(parent); found != stations.end() && !parents.contains(parent))
        stations[stop] = found->second;
    return {};
  }

  result<void> read_routes() {
    return each("routes.txt", {"route_id", "route_type"}, true, [&](csv_fields& in, std::size_t) {
      auto const id = in.text("route_id");
      auto const type = in.whole_number("route_type", 10'000, reason::malformed);
      std::string name;
      for (auto const* const column : {"route_short_name", "route_long_name"})
        if (name.empty() && in.has(column)) name = in.text(column);
      if (in.ok() && routes.contains(id)) in.fail(reason::duplicate, "route " + id + " again");
      if (!in.ok()) return;
      bool const metro = type == 1 || (type >= 400 && type <= 404);
      routes[id] = metro ? tables.routes.size() : kNone;
      if (metro) {
        tables.routes.push_back({id, name.empty() ? id : name});
      } else {
        ++feed.other_routes;
      }
    });
  }

  result<void> read_trips() {
    return each("trips.txt", {"route_id", "service_id", "trip_id"}, true, [&](csv_fields& in, std::size_t) {
      auto const id = in.text("trip_id");
      auto const service = in.text("service_id");
      auto const route = routes.find(in.text("route_id"));
      if (in.ok() && route == routes.end()) in.fail(reason::malformed, "trip " + id + ": its route is not listed");
      if (in.ok() && trips.contains(id)) in.fail(reason::duplicate, "trip " + id + " again");
      if (!in.ok()) return;
      trips[id] = route->second == kNone ? kNone : tables.trips.size();
      if (route->second == kNone) return;
      auto const number = services.try_emplace(service, services.size()).first->second;
      tables.trips.push_back({id, route->second, number, {}, {}, false});
    });
  }

  /// The trip that a row is about; null for one of another kind of route, and with a failure for one not listed.
  gtfs_trip* trip_of(csv_fields& in) {
    auto const found = trips.find(in.text("trip_id"));
    if (found == trips.end()) in.fail(reason::malformed, "its trip is not listed");
    return found == trips.end() || found->second == kNone ? nullptr : &tables.trips[found->second];
  }

  result<void> read_calls() {
    return each("stop_times.txt", {"trip_id", "stop_id", "stop_sequence", "arrival_time", "departure_time"}, true,
                [&](csv_fields& in, std::size_t row) {
                  auto* const trip = trip_of(in);
                  if (trip == nullptr) return;
                  auto const stop = stations.find(in.text("stop_id"));
                  if (stop == stations.end()) in.fail(reason::malformed, "its stop is not listed");
                  if (!in.has("stop_sequence")) in.fail(reason::missing_field, "stop_sequence missing");
                  gtfs_call call;
                  call.sequence = in.whole_number("stop_sequence", kMostSequence, reason::malformed);
                  call.arrival = time_in(in, "arrival_time");
                  call.departure = time_in(in, "departure_time");
                  if (!in.ok()) {
                    trip->broken = true;
                    return;
                  }
                  call.station = stop->second;
                  call.row = row;
                  trip->calls.push_back(call);
                });
  }

  result<void> read_frequencies() {
    return each("frequencies.txt", {"trip_id", "start_time", "end_time", "headway_secs"}, false,
                [&](csv_fields& in, std::size_t) {
                  auto* const trip = trip_of(in);
                  if (trip == nullptr) return;
                  auto const from = time_in(in, "start_time");
                  auto const to = time_in(in, "end_time");
                  auto const every = in.whole_number("headway_secs", kRarest, reason::count_out_of_range);
                  if (in.ok() && (!from || !to || *to <= *from))
                    in.fail(reason::malformed, "no time from start to end");
                  if (in.ok() && every < kDensest) in.fail(reason::count_out_of_range, "headway_secs is under 30");
                  if (!in.ok()) {
                    trip->broken = true;
                    return;
                  }
                  trip->frequencies.push_back({*from, *to, seconds{every}});
                });
  }
};

}  // namespace

void reject(gtfs_feed& feed, gtfs_policy const& policy, std::string const& file, std::size_t row, failure because) {
  ++feed.rejected;
  if (feed.rejects.size() < policy.max_rejects) feed.rejects.push_back({file, row, std::move(because)});
}

result<gtfs_tables> read_gtfs_tables(std::filesystem::path const& folder, gtfs_policy const& policy, gtfs_feed& feed) {
  tables_reader in{folder, policy, feed, {}, {}, {}, {}, {}};
  if (auto const r = in.read_stops(); !r) return r.error();
  if (auto const r = in.read_routes(); !r) return r.error();
  if (in.tables.routes.empty()) return failure{reason::malformed, "routes.txt has no metro"};
  if (auto const r = in.read_trips(); !r) return r.error();
  if (auto const r = in.read_calls(); !r) return r.error();
  if (auto const r = in.read_frequencies(); !r) return r.error();
  return std::move(in.tables);
}

}  // namespace siren
