#include <algorithm>
#include <cmath>
#include <filesystem>

#include "from_osm.h"
#include "guidance_bench/kept_folder.h"
#include "guidance_bench/osrm_peer.h"
#include "guidance_bench/pgrouting_peer.h"
#include "guidance_bench/plain_dijkstra.h"
#include "guidance_bench/rows.h"
#include "route_planner/adapters/osm_streets.h"

namespace siren::bench {
namespace {

namespace fs = std::filesystem;

constexpr char kPart[] = "London, real streets";
constexpr double kImportSeconds = 2.0;
constexpr double kEntrances = 77.0;  // railway=subway_entrance in the extract
constexpr std::size_t kRoutes = 1'000;
constexpr std::size_t kSingleQueries = 20;
constexpr double kPeerPercent = 1.0;

/// A way of one gait from a node to a target, as the reach has it.
struct sample {
  target_index target;
  std::uint16_t local = 0;
  node_index from;
  std::uint16_t time_ds = 0;
};

std::vector<sample> random_routes(bench_city const& city, gait g, std::uint64_t seed) {
  auto const& walks = *city.walks.walks;
  std::mt19937_64 dice{seed};
  std::vector<double> weights;
  for (std::uint32_t t = 0; t < walks.target_count(); ++t)
    weights.push_back(static_cast<double>(walks.entries(g, {t}).size()));
  std::discrete_distribution<std::uint32_t> target{weights.begin(), weights.end()};
  std::vector<sample> routes;
  while (routes.size() < kRoutes) {
    target_index const t{target(dice)};
    auto const entries = walks.entries(g, t);
    auto const at = std::uniform_int_distribution<std::size_t>{0, entries.size() - 1}(dice);
    routes.push_back({t, static_cast<std::uint16_t>(at), entries[at].node, entries[at].time_ds});
  }
  return routes;
}

/// Least milliseconds from a node through any door of the target, by the textbook.
std::uint32_t plain_time(bench_city const& city, gait g, sample const& s) {
  auto const& streets = *city.city.streets;
  auto const& costs = city.walks.walks->costs(g);
  auto const time_ms = plain_dijkstra(streets, costs, s.from);
  std::uint32_t best = kNoIndex;
  for (auto const& door : city.walks.walks->doors(g, s.target)) {
    if (door.edge.value == kNoIndex) continue;
    for (bool const from_source : {true, false}) {
      auto const node = from_source ? streets.source(door.edge) : streets.edge(door.edge).target();
      auto const last = last_stretch_ms(streets, costs, door, from_source);
      if (last != kNoIndex && time_ms[node.value] != kNoIndex) best = std::min(best, time_ms[node.value] + last);
    }
  }
  return best;
}

struct walked {
  std::uint32_t on_streets_ms = 0;
  node_index last;
  bool steps = false;
  bool barred = false;  // an edge that may not be walked, or that does not follow the one before
};

walked follow(bench_city const& city, gait g, sample const& s) {
  auto const& streets = *city.city.streets;
  auto const& costs = city.walks.walks->costs(g);
  std::vector<edge_index> edges;
  (void)follow_reach(streets, costs, city.walks.walks->entries(g, s.target), s.local, edges);
  walked all;
  all.last = s.from;
  for (auto const e : edges) {
    auto const& edge = streets.edge(e);
    all.barred = all.barred || streets.source(e) != all.last || !costs.allows(edge);
    all.steps = all.steps || (edge.flags() & kSteps) != 0;
    all.on_streets_ms += costs.cost_ms(edge);
    all.last = edge.target();
  }
  return all;
}

void against_plain_dijkstra(report& out, bench_city const& city) {
  for (auto const g : kAllGaits) {
    double differ = 0.0;
    double barred = 0.0;
    double steps = 0.0;
    for (auto const& s : random_routes(city, g, 17)) {
      auto const plain_ms = plain_time(city, g, s);
      differ += plain_ms == kNoIndex || (plain_ms + 99) / 100 != s.time_ds;
      auto const way = follow(city, g, s);
      barred += way.barred || way.on_streets_ms > plain_ms;
      steps += way.steps;
    }
    auto const who = std::string{name_of(g)};
    out.add({kPart,
             "of 1 000 random routes, longer or shorter than plain Dijkstra's (" + who + ")",
             "routes",
             {differ},
             exactly(0.0),
             {},
             ""});
    out.add({kPart,
             "of them over a street that may not be walked (" + who + ")",
             "routes",
             {barred},
             exactly(0.0),
             {},
             ""});
    if (g == gait::wheels) out.add({kPart, "of them over steps (wheelchair)", "routes", {steps}, exactly(0.0), {}, ""});
  }
}

void against_pgrouting(report& out, bench_city const& city) {
  auto constexpr kWhat = "farthest from pgRouting's walking time, of 1 000 routes";
  if (!out.asked().wants("pgrouting")) return out.skip(kPart, kWhat, "no peer pgrouting");
  auto peer = pgrouting_peer::start();
  if (!peer) return out.skip(kPart, kWhat, "pgRouting does not start: " + peer.error().message);
  auto const& walks = *city.walks.walks;
  std::vector<std::pair<node_index, node_index>> pairs;
  std::vector<double> ours_s;
  for (auto const& s : random_routes(city, gait::foot, 19)) {
    auto const way = follow(city, gait::foot, s);
    if (way.last == s.from) continue;
    pairs.emplace_back(s.from, way.last);
    ours_s.push_back(way.on_streets_ms / 1'000.0);
  }
  auto const loaded = (*peer)->load(*city.city.streets, walks.pace(gait::foot));
  if (!loaded) return out.skip(kPart, kWhat, loaded.error().message);
  auto const answer = (*peer)->walking_times(pairs);
  if (!answer) return out.skip(kPart, kWhat, answer.error().message);
  std::vector<double> off;
  for (std::size_t i = 0; i < pairs.size(); ++i)
    off.push_back(100.0 * std::abs(ours_s[i] - answer->seconds[i]) / std::max(answer->seconds[i], 1.0));
  out.add({kPart,
           kWhat,
           "%",
           {percentile(off, 1.0)},
           at_most(kPeerPercent),
           {},
           "median " + shown(median(off)) + " %; lengths by PostGIS on the ellipsoid"});
  pairs.resize(std::min(pairs.size(), kSingleQueries));
  auto const single = (*peer)->single_query_ms(pairs);

  auto places = standing_places(city, 50'000, 23);
  city_planner planner{city.walks};
  auto const plan = planner.make(utc_time{}, 1).now;
  auto const view = view_of(city, plan.get());
  std::string line;
  auto const routed = [&](lat_lon p) {
    return route_of(view, p, walking_profile::average, phone_share{0}, {}, line).has_value();
  };
  std::erase_if(places, [&](lat_lon p) { return !routed(p); });
  if (places.empty()) return out.skip(kPart, "a person's route", "nobody has one");
  double found = 0.0;
  auto const ms = median(repeated_ms(out.asked().repeats, [&] {
    for (auto const& p : places) found += routed(p);
  }));
  figure row{kPart, "a person's route with snap and geometry",
             "µs",  {ms * 1'000.0 / static_cast<double>(places.size())},
             {},    {},
             ""};
  row.peers.push_back({"pgr_dijkstraCost, 1 000 at once", answer->per_route_ms * 1'000.0});
  if (single) row.peers.push_back({"pgr_dijkstra, one by one", median(*single) * 1'000.0});
  if (!out.asked().osrm.empty()) {
    std::vector<std::pair<lat_lon, lat_lon>> ends;
    for (auto const& [from, to] : pairs)
      ends.emplace_back(city.city.streets->place(from), city.city.streets->place(to));
    if (auto const osrm = osrm_route_ms(out.asked().osrm, ends))
      row.peers.push_back({"OSRM route over HTTP", median(*osrm) * 1'000.0});
    else
      out.skip(kPart, "OSRM", osrm.error().message);
  }
  out.add(std::move(row));
}

/// Every second station is closed: nobody may be sent to one.
void closed_stations(report& out, bench_city const& city) {
  auto input = city.walks;
  for (std::size_t i = 0; i < input.shelters.size(); i += 2) {
    input.shelters[i].role = metro_role::closed;
    input.shelters[i].state = open_state::closed;
  }
  input.metro = run_metro(input.network, input.shelters, {});
  auto const shelters = input.shelters;
  city_planner planner{std::move(input)};
  auto const plan = planner.make(utc_time{}, 1).now;
  auto const view = view_of(city, plan.get());
  double sent = 0.0;
  double wrong = 0.0;
  std::string line;
  for (auto const& place : standing_places(city, 5'000, 29))
    for (auto const p : {walking_profile::average, walking_profile::wheelchair})
      if (auto const way = route_of(view, place, p, phone_share{0}, {}, line)) {
        ++sent;
        wrong += shelters[way->to.target.value].state != open_state::open;
      }
  out.add({kPart,
           "routes to a closed station",
           "routes",
           {wrong},
           exactly(0.0),
           {},
           "of " + shown(sent) + ", every second station closed"});
}

/// The first bridge that routes use is closed; then none may.
void closed_bridge(report& out, bench_city const& city) {
  auto const& streets = *city.city.streets;
  auto const used = [&](bench_city const& in, closed_segments const& closed) {
    double over = 0.0;
    auto const& walks = *in.walks.walks;
    for (std::uint32_t t = 0; t < walks.target_count(); ++t) {
      auto const entries = walks.entries(gait::foot, {t});
      for (std::size_t i = 0; i < entries.size(); ++i) {
        if (entries[i].next == kReachRoot) continue;
        auto const e = reach_edge(streets, walks.costs(gait::foot), entries, static_cast<std::uint16_t>(i));
        over += e.value == kNoIndex || closed.contains(streets.edge(e).segment());
      }
    }
    return over;
  };
  closed_segments busiest;
  double most = 0.0;
  for (std::uint32_t s = 0; s < streets.segment_count(); s += 3) {
    if ((streets.segment(segment_index{s}).traits & kBridge) == 0) continue;
    auto const middle = streets.place(streets.source(streets.segment(segment_index{s}).forward));
    closed_segments const here{bridges_near(streets, middle, meters{30.0})};
    if (auto const over = used(city, here); over > most) most = over, busiest = here;
    if (most > 500.0) break;
  }
  walk_request asked;
  asked.shelters = city.walks.shelters;
  asked.people = city.walks.people;
  asked.closed = busiest;
  bench_city const closed{city.city, walk_city(city.city, std::move(asked))};
  out.add({kPart,
           "ways over a bridge marked closed",
           "ways",
           {used(closed, busiest)},
           exactly(0.0),
           {},
           shown(most) + " went over it while open"});
}

}  // namespace

void check_london(report& out) {
  auto const streets = out.asked().data + "/streets/london-northern-line.osm.pbf";
  if (!fs::exists(streets)) return out.skip(kPart, "all", "no ../shared/data");
  std::vector<double> seconds;
  for (int i = 0; i < out.asked().repeats; ++i)
    seconds.push_back(wall_ms_of([&] { (void)import_osm_streets(streets, false); }) / 1'000.0);
  kept_folder const folder;
  city::from_osm_options options;
  options.streets = streets;
  options.out = folder.path() + "/london";
  options.name = "London";
  auto const made = city::bundle_from_osm(options);
  auto city = made ? load_whole_city(options.out) : result<whole_city>{made.error()};
  if (!city) return out.add({kPart, "loaded: " + city.error().message, "", {0.0}, exactly(1.0), {}, ""});
  out.add({kPart,
           "import",
           "s",
           seconds,
           at_most(kImportSeconds),
           {},
           shown(static_cast<double>(city->streets->node_count())) + " nodes, " +
               shown(static_cast<double>(city->streets->edge_count())) + " edges"});
  out.add({kPart,
           "subway entrances found",
           "entrances",
           {static_cast<double>(made->entrances)},
           exactly(kEntrances),
           {},
           shown(static_cast<double>(made->stations)) + " stations"});
  walk_request asked;
  asked.shelters = city->bundle.shelters;
  // The extract does not tell which entrances have lifts; every second one has, so that wheels have ways to check.
  for (std::size_t i = 0; i < asked.shelters.size(); ++i) {
    asked.shelters[i].step_free = i % 2 == 0;
    for (auto& way_in : asked.shelters[i].entrances) way_in.step_free = i % 2 == 0;
  }
  asked.people = people_of(*city);
  // Stations for everybody: routes are checked here, not room.
  scale_capacities(asked.shelters, 20 * city->population());
  auto walks = walk_city(*city, std::move(asked));
  bench_city const london{std::move(*city), std::move(walks)};
  against_plain_dijkstra(out, london);
  closed_stations(out, london);
  closed_bridge(out, london);
  against_pgrouting(out, london);
}

}  // namespace siren::bench
