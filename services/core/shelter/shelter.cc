#include "core/shelter/shelter.h"

#include <array>
#include <utility>

namespace siren {
namespace {

template <typename E, std::size_t N>
using name_table = std::array<std::pair<E, std::string_view>, N>;

constexpr name_table<shelter_type, 6> kTypes{{{shelter_type::storage, "storage"},
                                              {shelter_type::radiation, "radiation"},
                                              {shelter_type::dual_purpose, "dual_purpose"},
                                              {shelter_type::metro_station, "metro_station"},
                                              {shelter_type::basic, "basic"},
                                              {shelter_type::mobile, "mobile"}}};
constexpr name_table<open_state, 4> kStates{{{open_state::unknown, "unknown"},
                                             {open_state::open, "open"},
                                             {open_state::closed, "closed"},
                                             {open_state::full, "full"}}};
constexpr name_table<metro_role, 7> kRoles{{{metro_role::none, "none"},
                                            {metro_role::train, "train"},
                                            {metro_role::shelter_only, "shelter_only"},
                                            {metro_role::closed, "closed"},
                                            {metro_role::full, "full"},
                                            {metro_role::no_escalator, "no_escalator"},
                                            {metro_role::no_power, "no_power"}}};

constexpr name_table<access_rule, 5> kRules{{{access_rule::unknown, "unknown"},
                                             {access_rule::everyone, "everyone"},
                                             {access_rule::school, "school"},
                                             {access_rule::residents, "residents"},
                                             {access_rule::staff, "staff"}}};
constexpr name_table<obstacle, 9> kObstacles{{{obstacle::place_doubtful, "place_doubtful"},
                                              {obstacle::access_limited, "access_limited"},
                                              {obstacle::hours_limited, "hours_limited"},
                                              {obstacle::state_unknown, "state_unknown"},
                                              {obstacle::closed, "closed"},
                                              {obstacle::station_closed, "station_closed"},
                                              {obstacle::capacity_unknown, "capacity_unknown"},
                                              {obstacle::doubted, "doubted"},
                                              {obstacle::full, "full"}}};
constexpr std::uint32_t kMinutesADay = 1'440;

template <typename E, std::size_t N>
std::string_view name_in(name_table<E, N> const& table, E which) {
  for (auto const& [value, name] : table)
    if (value == which) return name;
  verify(false, "every value has a name");
  return "";
}

template <typename E, std::size_t N>
std::optional<E> value_in(name_table<E, N> const& table, std::string_view wanted) {
  for (auto const& [value, name] : table)
    if (name == wanted) return value;
  return std::nullopt;
}

bool role_shelters(shelter const& s) {
  switch (s.role) {
    case metro_role::closed:
    case metro_role::full:
      return false;
    case metro_role::none:
      return s.type != shelter_type::metro_station;
    case metro_role::train:
    case metro_role::shelter_only:
    case metro_role::no_escalator:
    case metro_role::no_power:
      return true;
  }
  return false;
}

/// "18:30", up to "24:00".
std::optional<std::uint32_t> minute_of(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  auto const digit = [&](std::size_t at) { return static_cast<std::uint32_t>(text[at] - '0'); };
  for (std::size_t const at : {0U, 1U, 3U, 4U})
    if (digit(at) > 9) return std::nullopt;
  auto const minute = digit(3) * 10 + digit(4);
  auto const all = (digit(0) * 10 + digit(1)) * 60 + minute;
  if (minute > 59 || all > kMinutesADay) return std::nullopt;
  return all;
}

std::string clock_text(std::uint32_t minute) {
  auto const two = [](std::uint32_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return two(minute / 60) + ":" + two(minute % 60);
}

}  // namespace

std::string_view name_of(shelter_type t) {
  return name_in(kTypes, t);
}
std::optional<shelter_type> shelter_type_named(std::string_view name) {
  return value_in(kTypes, name);
}
std::string_view name_of(open_state s) {
  return name_in(kStates, s);
}
std::optional<open_state> open_state_named(std::string_view name) {
  return value_in(kStates, name);
}
std::string_view name_of(metro_role r) {
  return name_in(kRoles, r);
}
std::optional<metro_role> metro_role_named(std::string_view name) {
  return value_in(kRoles, name);
}

std::string_view name_of(access_rule r) {
  return name_in(kRules, r);
}
std::optional<access_rule> access_rule_named(std::string_view name) {
  return value_in(kRules, name);
}
std::string_view name_of(obstacle o) {
  return name_in(kObstacles, o);
}

std::string text_of(daily_hours h) {
  return h.always() ? "always" : clock_text(h.opens) + "-" + clock_text(h.closes);
}

std::optional<daily_hours> daily_hours_of(std::string_view text) {
  if (text == "always") return daily_hours{};
  if (text.size() != 11 || text[5] != '-') return std::nullopt;
  auto const opens = minute_of(text.substr(0, 5));
  auto const closes = minute_of(text.substr(6));
  if (!opens || !closes || opens == closes) return std::nullopt;
  return daily_hours{*opens, *closes};
}

std::optional<obstacle> obstacle_of(shelter const& s) {
  if (s.place_doubtful) return obstacle::place_doubtful;
  if (s.access != access_rule::unknown && s.access != access_rule::everyone) return obstacle::access_limited;
  if (s.open_hours && !s.open_hours->always()) return obstacle::hours_limited;
  if (s.state == open_state::unknown) return obstacle::state_unknown;
  if (s.state != open_state::open) return obstacle::closed;
  if (s.surface || !role_shelters(s)) return obstacle::station_closed;
  if (s.capacity == 0) return obstacle::capacity_unknown;
  if (s.confidence && *s.confidence < kBelievedFromPercent) return obstacle::doubted;
  if (s.occupancy >= s.capacity) return obstacle::full;
  return std::nullopt;
}

bool takes_people(shelter const& s) {
  return !obstacle_of(s);
}

}  // namespace siren
