#include "common/gtfs/gtfs.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "common/gtfs/timed_trip.h"

namespace siren {
namespace {

using pattern = std::vector<std::size_t>;
using ends = std::pair<std::size_t, std::size_t>;

/// What trains of one route do between two neighbouring stations.
struct link_record {
  std::vector<std::uint32_t> runs;                                           // s, both ways
  std::map<bool, std::map<std::size_t, std::vector<std::uint32_t>>> starts;  // by direction and service: s of the day
};

struct route_record {
  std::map<pattern, std::size_t> patterns;  // trips of each, both ways together
  std::map<ends, link_record> links;        // by the lower and the higher station
};

ends ordered(std::size_t a, std::size_t b) {
  return {std::min(a, b), std::max(a, b)};
}

pattern one_way(pattern stations) {
  pattern other{stations.rbegin(), stations.rend()};
  return std::min(stations, other);
}

class recorder {
 public:
  recorder(std::size_t count, std::size_t max_departures) : routes(count), most_{max_departures} {}

  /// False once there are too many departures.
  bool add(gtfs_trip const& trip, timed_trip const& timed) {
    auto& route = routes[trip.route];
    auto const offsets = starts_of(trip, timed.departures.front());
    ++route.patterns[one_way(timed.stations)];
    for (std::size_t i = 0; i + 1 < timed.stations.size(); ++i) {
      auto const from = timed.stations[i];
      auto const to = timed.stations[i + 1];
      auto& link = route.links[ordered(from, to)];
      link.runs.push_back(whole(timed.arrivals[i + 1] - timed.arrivals[i]));
      auto& starts = link.starts[from < to][trip.service];
      for (auto const offset : offsets) starts.push_back(whole(timed.departures[i] + offset));
      departures_ += offsets.size();
      if (departures_ > most_) return false;
    }
    return true;
  }

  std::vector<route_record> routes;

 private:
  static std::uint32_t whole(seconds s) { return static_cast<std::uint32_t>(std::max<seconds::rep>(s.count(), 0)); }

  /// How much later than its own times a trip starts, once for each time that it runs.
  static std::vector<seconds> starts_of(gtfs_trip const& trip, seconds first) {
    if (trip.frequencies.empty()) return {seconds{0}};
    std::vector<seconds> offsets;
    for (auto const& f : trip.frequencies)
      for (auto at = f.from; at < f.to; at += f.every) offsets.push_back(at - first);
    return offsets;
  }

  std::size_t most_;
  std::size_t departures_ = 0;
};

/// Departures of the service that runs most, in order.
std::vector<std::uint32_t> busiest(std::map<std::size_t, std::vector<std::uint32_t>> const& by_service) {
  std::vector<std::uint32_t> most;
  for (auto const& [service, starts] : by_service)
    if (starts.size() > most.size()) most = starts;
  std::sort(most.begin(), most.end());
  return most;
}

/// 0 when fewer than two trains run by day.
seconds day_headway(std::vector<std::uint32_t> const& starts, gtfs_policy const& policy) {
  std::vector<std::uint32_t> gaps;
  std::optional<std::uint32_t> before;
  for (auto const at : starts) {
    if (seconds{at} < policy.day_begins || seconds{at} > policy.day_ends) continue;
    if (before) gaps.push_back(at - *before);
    before = at;
  }
  if (gaps.empty()) return seconds{0};
  std::sort(gaps.begin(), gaps.end());
  auto const at = static_cast<std::size_t>(policy.usual_wait.value * static_cast<double>(gaps.size() - 1) + 0.5);
  return seconds{gaps[at]};
}

seconds median(std::vector<std::uint32_t> runs) {
  auto const middle = runs.begin() + static_cast<std::ptrdiff_t>(runs.size() / 2);
  std::nth_element(runs.begin(), middle, runs.end());
  return seconds{std::max<std::uint32_t>(*middle, 1)};  // 0 would mean no track
}

/// From the last first train to the first last one, over all links; empty when that is no time at all.
struct served_span {
  std::uint32_t first = 0;
  std::uint32_t last = 2 * 86'400;
  void narrow(std::vector<std::uint32_t> const& starts) {
    first = std::max(first, starts.front());
    last = std::min(last, starts.back());
  }
};

gtfs_line line_of(gtfs_route const& route, pattern const& stations, route_record const& record,
                  gtfs_policy const& policy, served_span& span) {
  gtfs_line line{route.id, route.name, stations, {}, seconds{0}};
  bool known = true;
  for (std::size_t i = 0; i + 1 < stations.size(); ++i) {
    auto const& link = record.links.at(ordered(stations[i], stations[i + 1]));
    line.runs.push_back(median(link.runs));
    for (auto const& [direction, by_service] : link.starts) {
      auto const starts = busiest(by_service);
      auto const headway = day_headway(starts, policy);
      known = known && headway > seconds{0};
      line.headway = std::max(line.headway, headway);
      span.narrow(starts);
    }
  }
  if (!known) line.headway = seconds{0};
  return line;
}

/// Patterns that together serve every link of the route, the longest first.
std::vector<pattern> main_patterns(route_record const& record) {
  std::vector<std::pair<pattern, std::size_t>> all{record.patterns.begin(), record.patterns.end()};
  std::stable_sort(all.begin(), all.end(), [](auto const& a, auto const& b) {
    return std::pair{a.first.size(), a.second} > std::pair{b.first.size(), b.second};
  });
  std::vector<pattern> taken;
  std::set<ends> covered;
  for (auto const& [stations, trips] : all) {
    bool adds = false;
    for (std::size_t i = 0; i + 1 < stations.size(); ++i)
      adds = covered.insert(ordered(stations[i], stations[i + 1])).second || adds;
    if (adds) taken.push_back(stations);
  }
  return taken;
}

/// Leaves only stations that lines use.
void compact(std::vector<gtfs_station> const& all, gtfs_feed& feed) {
  std::map<std::size_t, std::size_t> places;
  for (auto& line : feed.lines)
    for (auto& at : line.stations) {
      auto const [found, is_new] = places.try_emplace(at, feed.stations.size());
      if (is_new) feed.stations.push_back(all[at]);
      at = found->second;
    }
}

}  // namespace

result<gtfs_feed> read_gtfs(std::filesystem::path const& folder, gtfs_policy const& policy) {
  gtfs_feed feed;
  auto const tables = read_gtfs_tables(folder, policy, feed);
  if (!tables) return tables.error();
  recorder all{tables->routes.size(), policy.max_departures};
  for (auto const& trip : tables->trips) {
    auto const timed = time_trip(trip);
    if (!timed) {
      reject(feed, policy, "stop_times.txt", trip.calls.empty() ? 0 : trip.calls.front().row, timed.error());
    } else if (!all.add(trip, *timed)) {
      return failure{reason::message_too_large, "the feed has too many departures"};
    }
  }
  served_span span;
  for (std::size_t r = 0; r < tables->routes.size(); ++r) {
    auto patterns = main_patterns(all.routes[r]);
    for (; patterns.size() > policy.max_lines_of_route; patterns.pop_back())
      reject(feed, policy, "trips.txt", 0,
             {reason::message_too_large, "route " + tables->routes[r].id + " has more branches"});
    for (auto const& stations : patterns)
      feed.lines.push_back(line_of(tables->routes[r], stations, all.routes[r], policy, span));
  }
  if (feed.lines.empty()) return failure{reason::malformed, "the feed's metro has no trips"};
  constexpr std::uint32_t kDay = 24 * 60;  // minutes
  if (span.first < span.last)
    feed.hours = metro_hours{minutes{(span.first + 59) / 60 % kDay}, minutes{span.last / 60 % kDay}};
  compact(tables->stations, feed);
  return feed;
}

}  // namespace siren
