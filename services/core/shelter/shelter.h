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

/// Whom a shelter lets in. unknown counts as everyone, since most lists don't tell.
enum class access_rule : std::uint8_t { unknown = 0, everyone = 1, school = 2, residents = 3, staff = 4 };
[[nodiscard]] std::string_view name_of(access_rule r);
[[nodiscard]] std::optional<access_rule> access_rule_named(std::string_view name);

/// When it is open on every day, in the city's time, as minutes from midnight: 0 to 1440 is round the clock; hours over
/// midnight close before they open.
struct daily_hours {
  std::uint32_t opens = 0;
  std::uint32_t closes = 1'440;
  [[nodiscard]] bool always() const { return opens == 0 && closes == 1'440; }
  friend bool operator==(daily_hours const&, daily_hours const&) = default;
};
/// "always", "10:00-18:00".
[[nodiscard]] std::string text_of(daily_hours h);
[[nodiscard]] std::optional<daily_hours> daily_hours_of(std::string_view text);

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
  std::optional<std::uint32_t> stairs;  // steps down from the street
  std::optional<daily_hours> open_hours;
  access_rule access = access_rule::unknown;
  std::string keyholder;      // whom to call when it is locked; operators see it, phones never
  std::optional<bool> power;  // on its own, when the city's is out
  std::optional<bool> heat;
  std::optional<bool> water;
  bool place_doubtful = false;    // the place is good for a map, not for sending people: the wrong house, perhaps
  bool capacity_assumed = false;  // no list and no operator told it
  metro_role role = metro_role::none;
  open_state state = open_state::unknown;
  std::optional<utc_time> verified_at;
  std::uint32_t occupancy = 0;
  /// How sure signs from the spot make us that it is open, per cent (core/shelter/confidence.h); absent: there are
  /// none.
  std::optional<std::uint32_t> confidence;
  bool generated = false;      // made up by a city generator; every screen that shows it says so
  std::uint64_t revision = 1;  // grows by one with each change of any field
  friend bool operator==(shelter const&, shelter const&) = default;
};

/// Why guidance sends nobody to a shelter, in the order in which it is judged.
enum class obstacle : std::uint8_t {
  place_doubtful = 1,
  access_limited = 2,    // not for everyone
  hours_limited = 3,     // not round the clock: an alarm at night finds it locked
  state_unknown = 4,     // nobody says that it is open
  closed = 5,            // closed, or said to be full
  station_closed = 6,    // above ground, or without a role that shelters
  capacity_unknown = 7,  // 0
  doubted = 8,           // signs from the spot say that it is rather not open
  full = 9,
};
[[nodiscard]] std::string_view name_of(obstacle o);

/// Below this confidence nobody is sent: more likely shut than open.
inline constexpr std::uint32_t kBelievedFromPercent = 50;

/// The first that holds.
[[nodiscard]] std::optional<obstacle> obstacle_of(shelter const& s);

/// Whether guidance may send people here now: no obstacle. A capacity of 0 is unknown and counts as no room.
[[nodiscard]] bool takes_people(shelter const& s);

}  // namespace siren
