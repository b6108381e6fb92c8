#include <filesystem>

#include "from_osm.h"
#include "guidance_bench/kept_folder.h"
#include "guidance_bench/rows.h"

namespace siren::bench {
namespace {

namespace fs = std::filesystem;

constexpr char kPart[] = "Bucharest, Titan: real streets and shelters, planned end to end";
/// Sector 3 has some 12,000 people a square kilometre, and the extract is 1.3 km by 0.8 km.
constexpr std::uint32_t kPeople = 12'000;

result<bench_city> load(std::string const& data, std::string const& folder) {
  city::from_osm_options options;
  options.streets = data + "/streets/bucharest-titan-small.osm";
  options.shelters = data + "/shelters/romania_shelters_adaposturi.json";
  options.format = city::shelter_format::romania;
  options.out = folder + "/bucharest";
  options.name = "București, Titan";
  options.people = kPeople;
  options.country = "RO";
  options.time_zone = "Europe/Bucharest";
  if (auto const made = city::bundle_from_osm(options); !made) return made.error();
  auto city = load_whole_city(options.out);
  if (!city) return city.error();
  walk_request asked;
  asked.shelters = city->bundle.shelters;
  asked.people = people_of(*city);
  auto walks = walk_city(*city, std::move(asked));
  return bench_city{std::move(*city), std::move(walks)};
}

double count_bad_routes(bench_city const& city, city_plan const& plan, double& routed) {
  auto const view = view_of(city, &plan);
  judge_policy const policy;
  double bad = 0.0;
  std::string line;
  auto const places = standing_places(city, 2'000, 5);
  for (std::size_t i = 0; i < places.size(); ++i) {
    phone_share const share{static_cast<std::uint16_t>(i * 40'503)};
    auto const way = route_of(view, places[i], walking_profile::average, share, policy, line);
    if (!way) continue;
    ++routed;
    bad += !plan.states[way->to.target.value].open || line.empty();
  }
  routed = 100.0 * routed / static_cast<double>(places.size());
  return bad;
}

}  // namespace

void check_bucharest(report& out) {
  auto const& data = out.asked().data;
  if (!fs::exists(data + "/streets/bucharest-titan-small.osm")) return out.skip(kPart, "all", "no ../shared/data");
  kept_folder const folder;
  std::optional<bench_city> city;
  auto loaded = load(data, folder.path());
  if (!loaded) return out.add({kPart, "planned: " + loaded.error().message, "", {0.0}, exactly(1.0), {}, ""});
  city.emplace(std::move(*loaded));
  std::optional<city_planner> planner;
  plan_figures figures;
  std::shared_ptr<city_plan const> plan;
  auto const runs = repeated_ms(out.asked().repeats, [&] {
    planner.emplace(city->walks);
    auto made = planner->make(utc_time{}, 1, true);
    figures = made.figures;
    plan = made.now;
  });
  double places = 0.0;
  double at_a_street = 0.0;
  for (std::uint32_t t = 0; t < city->walks.shelters.size(); ++t) {
    auto const& s = city->walks.shelters[t];
    if (!takes_people(s)) continue;
    places += s.capacity;
    if (!city->walks.walks->entries(gait::foot, {t}).empty()) at_a_street += s.capacity;
  }
  auto const nearest = judge_rush(planner->assignment().problem(), send_to_nearest(planner->assignment().problem()));
  out.add({kPart,
           "shelters of the Romanian list in the box",
           "shelters",
           {static_cast<double>(city->walks.shelters.size())},
           at_least(1.0),
           {},
           shown(places) + " places in open ones, " + shown(at_a_street) + " of them with a door at a street"});
  out.add({kPart, "planned", "ms", runs, {}, {}, shown(static_cast<double>(figures.people)) + " people (assumed)"});
  out.add({kPart,
           "people with a place",
           "people",
           {static_cast<double>(figures.assigned)},
           at_least(static_cast<double>(nearest.covered)),
           {{"nearest", static_cast<double>(nearest.covered)}},
           shown(static_cast<double>(figures.no_room)) + " find all full, " +
               shown(static_cast<double>(figures.unreachable)) + " have no way"});
  out.add({kPart,
           "people over capacity",
           "people",
           {static_cast<double>(figures.overload)},
           exactly(0.0),
           {{"nearest", static_cast<double>(nearest.overload)}},
           ""});
  double routed = 0.0;
  auto const bad = count_bad_routes(*city, *plan, routed);
  out.add({kPart, "phones that get a route", "%", {routed}, {}, {}, ""});
  out.add({kPart, "routes to a shelter that is not open, or without a line", "routes", {bad}, exactly(0.0), {}, ""});
}

}  // namespace siren::bench
