#include "cli/map/plan_picture.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/base/verify.h"
#include "core/route/guidance.h"

namespace siren {
namespace {

/// What is shown around a change: most of the nodes it touched. Chains of people who make room for one another run far.
constexpr double kFramedShare = 0.8;
constexpr meters kNearestFrame{500.0};
constexpr meters kFarthestFrame{2'500.0};

/// Shares of a node's people by where they go, over all profiles; kNoIndex: they stay.
void weigh_options(walking_policy const& walking, city_plan const& plan, node_index node,
                   std::vector<std::pair<std::uint32_t, double>>& weights) {
  weights.clear();
  for (auto const p : kAllProfiles) {
    int before = -1;
    for (auto const& option : plan.of(p).at(node)) {
      auto const part = (option.last_share - before) / 65'536.0 * walking.of(p).population;
      before = option.last_share;
      auto const known =
          std::find_if(weights.begin(), weights.end(), [&](auto const& w) { return w.first == option.target.value; });
      if (known != weights.end())
        known->second += part;
      else
        weights.emplace_back(option.target.value, part);
    }
  }
}

struct node_fate {
  street_fate fate = street_fate::empty;
  std::uint32_t target = 0;
  friend bool operator==(node_fate const&, node_fate const&) = default;
};

/// Why most of a node's people stay, as the average walker meets it.
street_fate why_stay(picture_source const& from, city_plan const& plan, node_index node) {
  auto const& choices = *from.walks.by_node[static_cast<std::size_t>(gait::foot)];
  auto why = street_fate::unreachable;
  for (auto const& choice : choices.at(node)) {
    if (!plan.states[choice.target.value].open) continue;
    if (!from.until_impact) return street_fate::no_room;
    auto const slow = from.judging.walking.slow_case(milliseconds{choice.time_ds * 100});
    if (slow + from.judging.arrival_margin <= *from.until_impact) return street_fate::no_room;
    why = street_fate::too_far;
  }
  return why;
}

std::vector<node_fate> fates_of(picture_source const& from, city_plan const& plan) {
  std::vector<node_fate> fates(from.city.streets->node_count());
  std::vector<std::pair<std::uint32_t, double>> weights;
  for (std::uint32_t n = 0; n < fates.size(); ++n) {
    weigh_options(from.judging.walking, plan, node_index{n}, weights);
    if (weights.empty() || from.walks.people[n] == 0) continue;
    double stay = 0.0;
    double all = 0.0;
    std::pair<std::uint32_t, double> most{0, 0.0};
    for (auto const& w : weights) {
      all += w.second;
      if (w.first == kNoIndex)
        stay += w.second;
      else if (w.second > most.second)
        most = w;
    }
    fates[n] = stay * 2.0 > all || most.second == 0.0 ? node_fate{why_stay(from, plan, node_index{n}), 0}
                                                      : node_fate{street_fate::sheltered, most.first};
  }
  return fates;
}

std::vector<lat_lon> line_of(street_graph const& streets, segment_index s) {
  auto const forward = streets.segment(s).forward;
  std::vector<lat_lon> line{streets.place(streets.source(forward))};
  for (auto const& p : streets.inner_shape(s)) line.push_back(to_lat_lon(p));
  line.push_back(streets.place(streets.edge(forward).target()));
  return line;
}

/// Cuts a line where half of it is walked.
std::pair<std::vector<lat_lon>, std::vector<lat_lon>> halves(std::vector<lat_lon> const& line) {
  double length = 0.0;
  for (std::size_t i = 1; i < line.size(); ++i) length += distance(line[i - 1], line[i]).value;
  double walked = 0.0;
  for (std::size_t i = 1; i < line.size(); ++i) {
    auto const step = distance(line[i - 1], line[i]).value;
    if (walked + step < length / 2.0 && i + 1 < line.size()) {
      walked += step;
      continue;
    }
    auto const share = step > 0.0 ? (length / 2.0 - walked) / step : 0.0;
    lat_lon const cut{line[i - 1].lat + (line[i].lat - line[i - 1].lat) * share,
                      line[i - 1].lon + (line[i].lon - line[i - 1].lon) * share};
    std::vector<lat_lon> first{line.begin(), line.begin() + static_cast<std::ptrdiff_t>(i)};
    first.push_back(cut);
    std::vector<lat_lon> second{cut};
    second.insert(second.end(), line.begin() + static_cast<std::ptrdiff_t>(i), line.end());
    return {std::move(first), std::move(second)};
  }
  return {line, {}};
}

/// `compared`: fates at another moment, or none.
void add_streets(picture_source const& from, std::vector<node_fate> const& fates,
                 std::vector<node_fate> const& compared, drawn_plan& made) {
  auto const& streets = *from.city.streets;
  auto const same = [&](node_index n) { return !compared.empty() && compared[n.value] == fates[n.value]; };
  for (std::uint32_t s = 0; s < streets.segment_count(); ++s) {
    auto const forward = streets.segment(segment_index{s}).forward;
    auto const source = streets.source(forward);
    auto const target = streets.edge(forward).target();
    auto line = line_of(streets, segment_index{s});
    // A street without people of its own at one end belongs to the other.
    auto const one = fates[source.value].fate == street_fate::empty ? target : source;
    auto const other = fates[target.value].fate == street_fate::empty ? source : target;
    auto const add = [&](node_index n, std::vector<lat_lon> part) {
      made.streets.push_back({fates[n.value].fate, fates[n.value].target, std::move(part), same(n)});
    };
    if (fates[one.value] == fates[other.value] && same(one) == same(other)) {
      add(one, std::move(line));
      continue;
    }
    auto [first, second] = halves(line);
    add(one, std::move(first));
    if (second.size() > 1) add(other, std::move(second));
  }
}

void add_shelters(picture_source const& from, plan_moment const& at, drawn_plan& made) {
  for (std::uint32_t t = 0; t < from.walks.shelters.size(); ++t) {
    auto const& s = from.walks.shelters[t];
    bool const open = at.plan->states[t].open;
    made.shelters.push_back(
        {s.id, s.type, s.name_uk, s.name_en, s.place, open ? at.room[t] : s.capacity, at.load[t], open, s.generated});
    if (!open) continue;
    ++made.totals.open_shelters;
    made.totals.places += at.room[t];
    if (at.load[t] > at.room[t]) made.totals.overload += at.load[t] - at.room[t];
  }
}

double mean_walk_minutes(assigner const& assigned) {
  double people = 0.0;
  double walked_ds = 0.0;
  std::vector<lot_share> shares;
  auto const& problem = assigned.problem();
  for (std::uint32_t l = 0; l < problem.lots.size(); ++l) {
    shares.clear();
    assigned.shares_of({l}, shares);
    for (auto const& share : shares) {
      people += share.people;
      walked_ds +=
          static_cast<double>(problem.choices[share.choice].cost_ds) * problem.lots[l].pace / kPaceOne * share.people;
    }
  }
  return people > 0.0 ? walked_ds / people / 600.0 : 0.0;
}

/// Of homes whose fate changed, where there is something to compare: one in each of about `wanted` cells of the frame,
/// the one with the longest way: short ways are dots.
void add_routes(picture_source const& from, city_plan const& plan, std::vector<node_fate> const& fates,
                std::vector<node_fate> const& compared, lat_lon_box frame, std::size_t wanted, drawn_plan& made) {
  city_view view{*from.city.streets, *from.city.snap, from.walks.walks.get(), {}, &plan};
  for (auto const g : kAllGaits)
    view.by_node[static_cast<std::size_t>(g)] = from.walks.by_node[static_cast<std::size_t>(g)].get();
  auto const side = std::max<std::size_t>(1, static_cast<std::size_t>(std::lround(std::sqrt(wanted))));
  std::map<std::size_t, drawn_route> best;
  std::string polyline;
  for (std::uint32_t n = 0; n < fates.size(); n += compared.empty() ? 7 : 1) {
    auto const home = from.city.streets->place(node_index{n});
    if (fates[n].fate != street_fate::sheltered || !frame.contains(home)) continue;
    if (!compared.empty() && compared[n] == fates[n]) continue;
    auto const cell_of = [&](degrees at, degrees low, degrees high) {
      return std::min(side - 1, static_cast<std::size_t>((at - low) / (high - low) * static_cast<double>(side)));
    };
    auto const cell = cell_of(home.lat, frame.south_west.lat, frame.north_east.lat) * side +
                      cell_of(home.lon, frame.south_west.lon, frame.north_east.lon);
    auto const way = route_of(view, home, walking_profile::average, phone_share{0x7FFF}, from.judging, polyline);
    if (!way || way->to.ride != kNoRide) continue;
    auto const minutes = static_cast<double>(way->usual.count()) / 60'000.0;
    if (auto const known = best.find(cell); known != best.end() && known->second.minutes >= minutes) continue;
    best[cell] = {way->to.target.value, decode_polyline(polyline), minutes};
  }
  for (auto& [cell, route] : best)
    if (route.line.size() > 1) made.routes.push_back(std::move(route));
}

lat_lon_box around(std::vector<double> lats, std::vector<double> lons, double cut_share, double pad) {
  auto const bounds = [&](std::vector<double>& all) {
    std::sort(all.begin(), all.end());
    auto const cut = static_cast<std::size_t>(static_cast<double>(all.size()) * cut_share);
    return std::pair{all[cut] - pad, all[all.size() - 1 - cut] + pad};
  };
  auto const [south, north] = bounds(lats);
  auto const [west, east] = bounds(lons);
  return {{degrees{south}, degrees{west}}, {degrees{north}, degrees{east}}};
}

}  // namespace

plan_moment moment_of(city_planner const& planner, planned const& made) {
  auto const& assigned = planner.assignment();
  plan_moment at{made.now, made.figures, {}, {}, mean_walk_minutes(assigned)};
  for (std::uint32_t t = 0; t < assigned.problem().targets.size(); ++t) {
    at.room.push_back(assigned.problem().targets[t].room);
    at.load.push_back(assigned.load_of({t}));
  }
  return at;
}

drawn_plan picture_of(picture_source const& from, plan_moment const& at, lat_lon_box frame, std::size_t routes,
                      plan_moment const* other) {
  drawn_plan made;
  auto const fates = fates_of(from, *at.plan);
  auto const compared = other != nullptr ? fates_of(from, *other->plan) : std::vector<node_fate>{};
  add_streets(from, fates, compared, made);
  add_shelters(from, at, made);
  add_routes(from, *at.plan, fates, compared, frame, routes, made);
  auto& t = made.totals;
  t.people = at.figures.people;
  t.by_fate[static_cast<std::size_t>(street_fate::sheltered)] = at.figures.assigned;
  t.by_fate[static_cast<std::size_t>(street_fate::no_room)] = at.figures.no_room;
  t.by_fate[static_cast<std::size_t>(street_fate::too_far)] = at.figures.too_late;
  t.by_fate[static_cast<std::size_t>(street_fate::unreachable)] = at.figures.unreachable;
  t.mean_walk_minutes = at.mean_walk_minutes;
  return made;
}

lat_lon_box frame_of(street_graph const& streets) {
  std::vector<double> lats;
  std::vector<double> lons;
  for (std::uint32_t n = 0; n < streets.node_count(); ++n) {
    lats.push_back(streets.place(node_index{n}).lat.value);
    lons.push_back(streets.place(node_index{n}).lon.value);
  }
  return around(std::move(lats), std::move(lons), 0.005, 0.003);
}

lat_lon_box frame_of_change(picture_source const& from, city_plan const& before, city_plan const& after,
                            std::vector<lat_lon> const& places) {
  verify(!places.empty(), "something changed somewhere");
  auto const then = fates_of(from, before);
  auto const now = fates_of(from, after);
  std::vector<double> away_m{kNearestFrame.value};
  for (std::uint32_t n = 0; n < then.size(); ++n) {
    if (then[n] == now[n]) continue;
    auto nearest = kFarthestFrame;
    for (auto const& p : places) nearest = std::min(nearest, distance(p, from.city.streets->place(node_index{n})));
    away_m.push_back(nearest.value);
  }
  auto const most = away_m.begin() + static_cast<std::ptrdiff_t>(static_cast<double>(away_m.size() - 1) * kFramedShare);
  std::nth_element(away_m.begin(), most, away_m.end());
  meters const reach_m{std::max(*most * 1.15, kNearestFrame.value)};
  std::vector<double> lats;
  std::vector<double> lons;
  for (auto const& p : places)
    for (double const bearing : {0.0, 90.0, 180.0, 270.0}) {
      auto const edge = destination(p, degrees{bearing}, reach_m);
      lats.push_back(edge.lat.value);
      lons.push_back(edge.lon.value);
    }
  return around(std::move(lats), std::move(lons), 0.0, 0.0);
}

}  // namespace siren
