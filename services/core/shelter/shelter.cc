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

bool takes_people(shelter const& s) {
  return s.state == open_state::open && !s.surface && role_shelters(s) && s.occupancy < s.capacity;
}

}  // namespace siren
