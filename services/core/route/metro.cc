#include "core/route/metro.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

namespace siren {
namespace {

/// What the roles of stations say to a train.
bool halts(metro_role r) {
  return r == metro_role::train || r == metro_role::no_escalator;
}

bool shelters(metro_role r) {
  return halts(r) || r == metro_role::shelter_only || r == metro_role::no_power;
}

metro_role role_at(std::map<shelter_id, metro_role> const& roles, shelter_id const& station) {
  auto const found = roles.find(station);
  return found == roles.end() ? metro_role::closed : found->second;
}

/// Position of a stop on its line, if it is there.
std::optional<std::size_t> index_of(metro_line const& line, shelter_id const& station) {
  for (std::size_t i = 0; i < line.stops.size(); ++i)
    if (line.stops[i].station == station) return i;
  return std::nullopt;
}

/// Links (by their first stop) that the city's rule lets trains use in an alarm.
std::vector<bool> allowed_in_alarm(metro_line const& line) {
  if (!line.alarm_runs) return std::vector<bool>(line.stops.size(), true);
  std::vector<bool> allowed(line.stops.size(), false);
  for (auto const& stretch : *line.alarm_runs) {
    auto const from = index_of(line, stretch.from);
    auto const to = index_of(line, stretch.to);
    if (!from || !to) continue;
    for (auto i = std::min(*from, *to); i < std::max(*from, *to); ++i) allowed[i] = true;
  }
  return allowed;
}

/// Whether trains use each link, by its first stop.
std::vector<bool> links_in_use(metro_line const& line, std::map<shelter_id, metro_role> const& roles,
                               metro_conditions const& now) {
  std::vector<bool> used(line.stops.size(), false);
  if (!now.trains || !now.power) return used;
  auto const by_rule = allowed_in_alarm(line);
  for (std::size_t i = 0; i + 1 < line.stops.size(); ++i) {
    auto const& here = line.stops[i];
    auto const& next = line.stops[i + 1];
    bool const powered =
        role_at(roles, here.station) != metro_role::no_power && role_at(roles, next.station) != metro_role::no_power;
    bool const covered = !here.exposed && !here.surface && !next.surface && by_rule[i];
    used[i] = here.run > seconds{0} && powered && (!now.alarm || covered);
  }
  return used;
}

void add_sections(std::uint32_t line, std::vector<bool> const& used, std::vector<running_section>& sections) {
  for (std::size_t i = 0; i < used.size(); ++i) {
    if (!used[i]) continue;
    auto const first = static_cast<std::uint32_t>(i);
    while (used[i]) ++i;  // the last stop's link is never used
    sections.push_back({line, first, static_cast<std::uint32_t>(i)});
  }
}

metro_role role_under(shelter const& station, metro_conditions const& now) {
  if (now.alarm && station.surface) return metro_role::closed;
  auto const told = role_told(station);
  return !now.power && shelters(told) ? metro_role::no_power : told;
}

/// Slow case, which decides between lines that offer the same ride.
seconds slow_of(metro_ride const& r) {
  return r.slow_wait + r.run;
}

void add_rides(metro_line const& line, running_section const& section, metro_state const& state,
               metro_policy const& policy, std::map<std::pair<shelter_id, shelter_id>, metro_ride>& found) {
  auto const headway = line.headway > seconds{0} ? line.headway : policy.unknown_headway;
  auto const add = [&](std::uint32_t board, std::uint32_t alight, std::uint32_t stops, seconds run) {
    if (line.stops[board].station == line.stops[alight].station) return;  // a loop came round
    metro_ride const ride{
        line.stops[board].station, line.stops[alight].station, line.id, stops, headway / 2, headway, run};
    auto const [at, is_new] = found.try_emplace({ride.board, ride.alight}, ride);
    if (!is_new && slow_of(ride) < slow_of(at->second)) at->second = ride;
  };
  for (auto board = section.first; board < section.last; ++board) {
    if (!halts(role_at(state.roles, line.stops[board].station))) continue;
    seconds run{};
    for (std::uint32_t stops = 1; stops <= policy.most_stops && board + stops <= section.last; ++stops) {
      auto const alight = board + stops;
      run += line.stops[alight - 1].run;
      if (!halts(role_at(state.roles, line.stops[alight].station))) continue;
      add(board, alight, stops, run);
      add(alight, board, stops, run);
    }
  }
}

}  // namespace

bool trains_run_at(metro_hours const& day, minutes local_time_of_day) {
  auto const& at = local_time_of_day;
  if (day.first <= day.last) return day.first <= at && at <= day.last;
  return at >= day.first || at <= day.last;
}

metro_role role_told(shelter const& station) {
  switch (station.state) {
    case open_state::open:
      return station.role == metro_role::none ? metro_role::closed : station.role;
    case open_state::full:
      return shelters(station.role) ? metro_role::full : metro_role::closed;
    case open_state::closed:
    case open_state::unknown:
      return metro_role::closed;
  }
  return metro_role::closed;
}

metro_state run_metro(metro_network const& network, std::span<shelter const> shelters, metro_conditions const& now) {
  metro_state state;
  for (auto const& s : shelters)
    if (s.type == shelter_type::metro_station) state.roles[s.id] = role_under(s, now);
  for (std::uint32_t l = 0; l < network.lines.size(); ++l)
    add_sections(l, links_in_use(network.lines[l], state.roles, now), state.running);
  std::map<shelter_id, bool> reached;
  for (auto const& section : state.running)
    for (auto i = section.first; i <= section.last; ++i) reached[network.lines[section.line].stops[i].station] = true;
  for (auto& [station, role] : state.roles)
    if (role == metro_role::train && !reached.contains(station)) role = metro_role::shelter_only;
  return state;
}

metro_role role_now(metro_state const& state, shelter const& s) {
  auto const found = state.roles.find(s.id);
  return found == state.roles.end() ? s.role : found->second;
}

std::vector<metro_ride> rides(metro_network const& network, metro_state const& state, metro_policy const& policy) {
  std::map<std::pair<shelter_id, shelter_id>, metro_ride> found;
  for (auto const& section : state.running) add_rides(network.lines[section.line], section, state, policy, found);
  std::vector<metro_ride> list;
  list.reserve(found.size());
  for (auto& [ends, ride] : found) list.push_back(std::move(ride));
  return list;
}

seconds inside_seconds(shelter const& s, metro_role role, metro_policy const& policy) {
  bool const station = s.type == shelter_type::metro_station;
  if (!station && !s.depth) return seconds{0};
  bool const by_stairs = !station || role == metro_role::no_escalator || role == metro_role::no_power;
  auto const depth = s.depth.value_or(policy.unknown_depth);
  auto const way = depth / std::sin(to_radians(policy.escalator_slope));
  auto const speed = by_stairs ? policy.stairs_speed : policy.escalator_speed;
  // By way of whole milliseconds: the sine of 30° is not quite a half.
  return std::chrono::ceil<seconds>(milliseconds{std::llround(way.value / speed.value * 1000.0)});
}

std::uint32_t places_now(shelter const& s, metro_role role, metro_policy const& policy) {
  if (s.type != shelter_type::metro_station || role != metro_role::no_power) return s.capacity;
  return static_cast<std::uint32_t>(s.capacity * policy.places_without_power);
}

bool wheels_get_in(shelter const& s, metro_role role) {
  return s.step_free && role != metro_role::no_escalator && role != metro_role::no_power;
}

}  // namespace siren
