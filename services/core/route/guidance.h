#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/target_index.h"
#include "core/base/time.h"
#include "core/geo/position.h"
#include "core/route/profile.h"
#include "core/shelter/shelter.h"

namespace siren {

enum class verdict_kind : std::uint8_t { go_shelter = 1, go_metro = 2, take_cover = 3 };
[[nodiscard]] std::string_view name_of(verdict_kind v);

/// Why this verdict, for programs; people get the text.
enum class verdict_reason : std::uint8_t {
  in_time = 1,         // the slow case arrives before the earliest plausible impact, less the margin
  no_deadline = 2,     // no arrival known: nearest open shelter, go now
  too_late = 3,        // nothing open can be reached in time
  none_reachable = 4,  // no open shelter for this profile in the street network's reach
  too_far_from_street = 5,
  plan_missing = 6,  // we can't know: cover now is the honest word
  no_room = 7,       // what could be reached in time is full
};
[[nodiscard]] std::string_view name_of(verdict_reason r);

enum class maneuver : std::uint8_t {
  depart = 1,
  straight = 2,
  left = 3,
  right = 4,
  u_turn = 5,
  steps = 6,
  arrive = 7,
  ride = 8,
};
[[nodiscard]] std::string_view name_of(maneuver m);

/// Room in words, never counts: counts help an attacker (domain facts, "Official alarms"). Bands are of places taken.
enum class room_band : std::uint8_t { hidden = 0, plenty = 1, some = 2, little = 3 };
[[nodiscard]] std::string_view name_of(room_band b);

/// Board here, leave there, and stay there.
struct told_ride {
  std::string line;
  std::string board_uk;
  std::string board_en;
  std::string alight_uk;
  std::string alight_en;
  friend bool operator==(told_ride const&, told_ride const&) = default;
};

struct route_step {
  maneuver turn = maneuver::straight;
  std::string street;        // local language; may be empty: unnamed way
  std::string street_latin;  // Latin script; may be empty
  meters length;
  seconds duration{};               // of a ride: the usual wait included
  std::optional<told_ride> ride{};  // with maneuver::ride only
};

struct route {
  meters length;
  seconds expected{};   // the profile's usual pace
  seconds slow_case{};  // what promises are made on
  std::vector<route_step> steps;
  std::vector<lat_lon> shape;  // from the person's place to the entrance
};

/// A shelter that a person is sent to, and the door of it.
struct shelter_goal {
  shelter_id shelter;
  target_index target;  // in the plan that sends there
  shelter_type type = shelter_type::basic;
  metro_role role = metro_role::none;
  std::string name_uk;
  std::string name_en;
  std::uint32_t entrance_index = 0;  // of the shelter's entrances
  entrance door;
  room_band room = room_band::hidden;
  bool generated = false;
  friend bool operator==(shelter_goal const&, shelter_goal const&) = default;
};

/// Another place to go, in time and with room to spare when it was judged.
struct alternative {
  shelter_goal to;
  route way;
  std::optional<seconds> margin;
};

/// What one person is told. `goal` and `way` are absent for take_cover.
struct guidance {
  verdict_kind verdict = verdict_kind::take_cover;
  verdict_reason because = verdict_reason::plan_missing;
  std::optional<shelter_goal> goal;
  std::optional<route> way;
  std::optional<seconds> margin;             // deadline − now − slow case; absent without a deadline
  std::optional<alternative> second_choice;  // for who finds the first one shut; its way has neither steps nor shape
  std::uint64_t plan_version = 0;
  bool generated = false;  // the shelter or the streets are made up; every screen that shows them says so
};

/// Google's encoded polyline algorithm, precision 1e-5. Decoding stops at the first byte that is no polyline.
[[nodiscard]] std::string encode_polyline(std::vector<lat_lon> const& shape);
[[nodiscard]] std::vector<lat_lon> decode_polyline(std::string_view encoded);

}  // namespace siren
