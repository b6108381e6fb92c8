#include <algorithm>
#include <queue>

#include "core/route/field.h"
#include "guidance_bench/rows.h"

namespace siren::bench {
namespace {

constexpr char kPart[] = "Routes, one core";
constexpr double kFieldMs = 15.0;
constexpr double kPeoplePerSecond = 1e6;
constexpr std::size_t kPeople = 200'000;

std::vector<field_source> sources_of(bench_city const& city) {
  auto const& walks = *city.walks.walks;
  std::vector<field_source> sources;
  for (std::uint32_t t = 0; t < walks.target_count(); ++t)
    for (auto const& door : walks.doors(gait::foot, {t})) {
      if (door.edge.value == kNoIndex) continue;
      for (bool const from_source : {true, false}) {
        auto const usual_ms = last_stretch_ms(*city.city.streets, walks.costs(gait::foot), door, from_source);
        auto const node =
            from_source ? city.city.streets->source(door.edge) : city.city.streets->edge(door.edge).target();
        if (usual_ms != kNoIndex) sources.push_back({t, node, usual_ms});
      }
    }
  return sources;
}

/// The same question answered as a textbook would: a binary heap over the plain graph.
std::vector<std::uint32_t> heap_field(street_graph const& streets, edge_costs const& costs,
                                      std::vector<field_source> const& sources) {
  std::vector<std::uint32_t> time_ms(streets.node_count(), kNoIndex);
  using entry = std::pair<std::uint32_t, std::uint32_t>;
  std::priority_queue<entry, std::vector<entry>, std::greater<>> queue;
  auto const reach_at = [&](std::uint32_t node, std::uint32_t ms) {
    if (ms >= time_ms[node]) return;
    time_ms[node] = ms;
    queue.emplace(ms, node);
  };
  for (auto const& s : sources) reach_at(s.node.value, s.usual_ms);
  while (!queue.empty()) {
    auto const [ms, node] = queue.top();
    queue.pop();
    if (ms != time_ms[node]) continue;
    for (auto const& e : streets.edges_of(node_index{node}))
      if (costs.allows_reversed(e))
        reach_at(e.target().value, ms + costs.cost_ms(e.length_cm(), reversed_flags(e.flags())));
  }
  return time_ms;
}

void measure_field(report& out, bench_city const& city) {
  auto const sources = sources_of(city);
  auto const& costs = city.walks.walks->costs(gait::foot);
  reversed_graph const packed{*city.city.streets, costs};
  std::vector<nearest_source> field;
  auto const runs = repeated_ms(out.asked().repeats, [&] { field = nearest_field(packed, sources); });
  std::vector<std::uint32_t> plain;
  auto const plain_runs =
      repeated_ms(out.asked().repeats, [&] { plain = heap_field(*city.city.streets, costs, sources); });
  out.add({kPart,
           "field of the nearest shelter, whole city",
           "ms",
           runs,
           at_most(kFieldMs),
           {{"binary heap", median(plain_runs)}},
           ""});
  double wrong = 0.0;
  for (std::size_t n = 0; n < plain.size(); ++n) wrong += field[n].usual_ms != plain[n];
  out.add({kPart, "nodes where it differs from the binary heap", "nodes", {wrong}, exactly(0.0), {}, ""});
}

phone_share share_at(std::size_t i) {
  return phone_share{static_cast<std::uint16_t>(i * 40'503)};  // some share of each; odd, so that all come
}

void measure_people(report& out, bench_city const& city) {
  // Room for everybody, so that everybody measured has a way to follow.
  auto const roomy = refilled(city, out.asked().people, 30ULL * out.asked().people);
  city_planner planner{roomy};
  auto const plan = planner.make(utc_time{}, 1).now;
  auto const view = view_of(city, plan.get());
  judge_policy const policy;
  std::string line;
  auto places = standing_places(city, kPeople, 7);
  auto const asked = places.size();
  std::size_t number = 0;
  std::erase_if(places, [&](lat_lon p) {
    return !route_of(view, p, walking_profile::average, share_at(number++), policy, line).has_value();
  });
  double bytes = 0.0;
  double meters_walked = 0.0;
  auto const per_second = [&](std::size_t count, auto&& each) {
    std::vector<double> runs;
    for (auto const ms : repeated_ms(out.asked().repeats, [&] {
           for (std::size_t i = 0; i < count; ++i) each(i);
         }))
      runs.push_back(static_cast<double>(count) / ms * 1'000.0);
    return runs;
  };
  auto const route = [&](std::size_t i) {
    auto const way = route_of(view, places[i], walking_profile::average, share_at(i), policy, line);
    bytes += static_cast<double>(line.size());
    if (way) meters_walked += way->length_cm / 100.0;
  };
  auto const one_by_one = per_second(places.size(), route);
  auto const runs = static_cast<double>((out.asked().repeats + 1)) * static_cast<double>(places.size());
  auto const note = "mean " + shown(meters_walked / runs) + " m in " + shown(bytes / runs) + " bytes; " +
                    shown(100.0 - 100.0 * static_cast<double>(places.size()) / static_cast<double>(asked)) +
                    " % had no way and are not counted";
  std::vector<lean_question> questions;
  for (std::size_t i = 0; i < places.size(); ++i)
    questions.push_back({places[i], walking_profile::average, share_at(i)});
  std::vector<double> together;
  for (auto const ms : repeated_ms(out.asked().repeats, [&] {
         routes_of(view, questions, policy, [&](std::size_t, std::optional<lean_route> const&, std::string_view drawn) {
           bytes += static_cast<double>(drawn.size());
         });
       }))
    together.push_back(static_cast<double>(places.size()) / ms * 1'000.0);
  out.add({kPart,
           "people a second: snap, way and geometry",
           "people/s",
           together,
           at_least(kPeoplePerSecond),
           {},
           "200 000 in random order in one batch; " + note});
  out.add({kPart, "the same one by one, in random order", "people/s", one_by_one, {}, {}, ""});
  double found = 0.0;
  out.add({kPart,
           "of it the snap alone",
           "people/s",
           per_second(places.size(), [&](std::size_t i) { found += city.city.snap->nearest(places[i], false).ok(); }),
           {},
           {},
           ""});
  utc_time const now{};
  out.add({kPart,
           "the whole answer: words, deadline, second choice",
           "people/s",
           per_second(places.size() / 10,
                      [&](std::size_t i) {
                        found += judge(view, places[i], walking_profile::average, share_at(i), now + minutes{40}, now,
                                       policy)
                                     .goal.has_value();
                      }),
           {},
           {},
           ""});
}

}  // namespace

void measure_routes(report& out, bench_city const& city) {
  measure_field(out, city);
  measure_people(out, city);
}

}  // namespace siren::bench
