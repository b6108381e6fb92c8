#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/geo/position.h"

namespace siren {

/// Types of protection, strongest first (сховище, ПРУ, споруда подвійного призначення, метро, найпростіше, первинне).
enum class shelter_type : std::uint8_t {
  storage = 1,
  radiation = 2,
  dual_purpose = 3,
  metro_station = 4,
  basic = 5,
  mobile = 6,
};
[[nodiscard]] std::string_view name_of(shelter_type t);
[[nodiscard]] std::optional<shelter_type> shelter_type_named(std::string_view name);

/// closed: do not send people. unknown counts as closed for guidance (promise "reachable, open, roomy").
enum class open_state : std::uint8_t { unknown = 0, open = 1, closed = 2, full = 3 };
[[nodiscard]] std::string_view name_of(open_state s);
[[nodiscard]] std::optional<open_state> open_state_named(std::string_view name);

/// What a metro station is for during an alarm. Surface stations close (city rule); others shelter with or without
/// trains.
enum class metro_role : std::uint8_t {
  none = 0,
  train = 1,
  shelter_only = 2,
  closed = 3,
  full = 4,
  no_escalator = 5,
  no_power = 6
};
[[nodiscard]] std::string_view name_of(metro_role r);
[[nodiscard]] std::optional<metro_role> metro_role_named(std::string_view name);

struct entrance {
  std::string name;  // "Exit 2", may be empty
  lat_lon place;
  bool step_free = false;
  friend bool operator==(entrance const&, entrance const&) = default;
};

struct shelter {
  shelter_id id;
  shelter_type type = shelter_type::basic;
  std::string name_uk;
  std::string name_en;
  std::string address;
  lat_lon place;
  std::vector<entrance> entrances;  // at least one; a shelter without mapped entrances has one at `place`
  std::uint32_t capacity = 0;
  bool step_free = false;
  bool pets = false;
  bool surface = false;  // a station above ground: never a shelter in an alarm
  /// Of the platform or the floor below the street; absent: unknown.
  std::optional<meters> depth;
  metro_role role = metro_role::none;
  open_state state = open_state::unknown;
  std::optional<utc_time> verified_at;
  std::uint32_t occupancy = 0;
  bool generated = false;      // made up by a city generator; every screen that shows it says so
  std::uint64_t revision = 1;  // grows by one with each change of any field
  friend bool operator==(shelter const&, shelter const&) = default;
};

/// Whether guidance may send people here now: open, below ground, a metro station only with a role that shelters, and
/// room for at least one more. A capacity of 0 is unknown and counts as no room.
[[nodiscard]] bool takes_people(shelter const& s);

}  // namespace siren
