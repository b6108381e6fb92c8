#include "guidance_bench/pgrouting_peer.h"

#include <chrono>
#include <map>

#include <fmt/format.h>
#include <pqxx/pqxx>

#include "common/clock.h"
#include "rig/private_servers.h"

namespace siren::bench {
namespace {

constexpr char kTables[] =
    "CREATE EXTENSION postgis; CREATE EXTENSION pgrouting;"
    "CREATE TABLE raw_street (id int, source int, target int, speed float8, back_speed float8, line text);"
    "CREATE TABLE wanted (source int, target int)";
constexpr char kMeasure[] =
    "CREATE TABLE street AS SELECT id, source, target, "
    "CASE WHEN speed > 0 THEN length / speed ELSE -1 END AS cost, "
    "CASE WHEN back_speed > 0 THEN length / back_speed ELSE -1 END AS reverse_cost "
    "FROM (SELECT *, ST_Length(ST_GeogFromText(line)) AS length FROM raw_street) AS measured;"
    "ANALYZE street";
constexpr char kBatch[] =
    "SELECT start_vid, end_vid, agg_cost FROM pgr_dijkstraCost("
    "'SELECT id, source, target, cost, reverse_cost FROM street', 'SELECT source, target FROM wanted')";
constexpr char kSingle[] =
    "SELECT node, edge, agg_cost FROM pgr_dijkstra("
    "'SELECT id, source, target, cost, reverse_cost FROM street', {}::bigint, {}::bigint)";

/// m/s along an edge, 0 where nobody may walk.
double speed_of(walking_pace const& pace, std::uint8_t flags) {
  edge_costs const costs{pace};
  constexpr std::uint32_t kProbeCm = 10'000'000;
  street_edge const probe{node_index{0}, edge_index{0}, segment_index{0}, kProbeCm, flags};
  return costs.allows(probe) ? kProbeCm * 10.0 / costs.cost_ms(probe) : 0.0;
}

std::string line_of(street_graph const& streets, segment_index s) {
  auto const& segment = streets.segment(s);
  std::string text = "LINESTRING(";
  auto const add = [&](lat_lon p) { text += fmt::format("{:.7f} {:.7f},", p.lon.value, p.lat.value); };
  add(streets.place(streets.source(segment.forward)));
  for (auto const& p : streets.inner_shape(s)) add(to_lat_lon(p));
  add(streets.place(streets.edge(segment.forward).target()));
  text.back() = ')';
  return text;
}

template <typename Act>
result<void> in_database(std::string const& dsn, Act act) {
  try {
    pqxx::connection connection{dsn};
    pqxx::work work{connection};
    act(work);
    work.commit();
    return {};
  } catch (std::exception const& bad) {
    return failure{reason::store_unavailable, bad.what()};
  }
}

void want(pqxx::work& work, std::vector<std::pair<node_index, node_index>> const& pairs) {
  work.exec("TRUNCATE wanted");
  pqxx::stream_to rows{work, "wanted", std::vector<std::string>{"source", "target"}};
  for (auto const& [from, to] : pairs) rows << std::make_tuple(from.value, to.value);
  rows.complete();
}

}  // namespace

result<std::unique_ptr<pgrouting_peer>> pgrouting_peer::start() {
  std::unique_ptr<pgrouting_peer> made{new pgrouting_peer};
  made->folder_ = make_run_folder("peer");
  auto server = private_postgres::start(made->folder_, false);
  if (!server) return server.error();
  made->server_ = std::move(*server);
  if (auto const ready = in_database(made->server_->dsn(), [](pqxx::work& work) { work.exec(kTables); }); !ready)
    return failure{reason::not_ready, ready.error().message};
  return made;
}

pgrouting_peer::~pgrouting_peer() {
  server_.reset();
  remove_run_folder(folder_);
}

result<void> pgrouting_peer::load(street_graph const& streets, walking_pace const& pace) {
  return in_database(server_->dsn(), [&](pqxx::work& work) {
    work.exec("TRUNCATE raw_street; DROP TABLE IF EXISTS street");
    {
      pqxx::stream_to rows{work, "raw_street",
                           std::vector<std::string>{"id", "source", "target", "speed", "back_speed", "line"}};
      for (std::uint32_t s = 0; s < streets.segment_count(); ++s) {
        auto const forward = streets.segment(segment_index{s}).forward;
        auto const& edge = streets.edge(forward);
        rows << std::make_tuple(s, streets.source(forward).value, edge.target().value, speed_of(pace, edge.flags()),
                                speed_of(pace, reversed_flags(edge.flags())), line_of(streets, segment_index{s}));
      }
      rows.complete();
    }
    work.exec(kMeasure);
  });
}

result<pgrouting_answer> pgrouting_peer::walking_times(std::vector<std::pair<node_index, node_index>> const& pairs) {
  pgrouting_answer answer;
  std::map<std::pair<std::uint32_t, std::uint32_t>, double> known;
  auto const asked = in_database(server_->dsn(), [&](pqxx::work& work) {
    want(work, pairs);
    auto const began = steady_now();
    auto const rows = work.exec(kBatch);
    std::chrono::duration<double, std::milli> const took = steady_now() - began;
    answer.per_route_ms = took.count() / static_cast<double>(pairs.size());
    for (auto const& row : rows) known[{row[0].as<std::uint32_t>(), row[1].as<std::uint32_t>()}] = row[2].as<double>();
  });
  if (!asked) return asked.error();
  for (auto const& [from, to] : pairs) {
    auto const found = known.find({from.value, to.value});
    answer.seconds.push_back(found != known.end() ? found->second : from == to ? 0.0 : -1.0);
  }
  return answer;
}

result<std::vector<double>> pgrouting_peer::single_query_ms(
    std::vector<std::pair<node_index, node_index>> const& pairs) {
  std::vector<double> times;
  auto const asked = in_database(server_->dsn(), [&](pqxx::work& work) {
    for (auto const& [from, to] : pairs) {
      auto const began = steady_now();
      auto const rows = work.exec(fmt::format(kSingle, from.value, to.value));
      std::chrono::duration<double, std::milli> const took = steady_now() - began;
      times.push_back(took.count());
    }
  });
  if (!asked) return asked.error();
  return times;
}

}  // namespace siren::bench
