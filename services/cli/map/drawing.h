#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/geo/polygon.h"
#include "core/geo/position.h"
#include "core/shelter/shelter.h"

namespace siren {

/// What the plan means for a place on a street, worst last.
enum class street_fate : std::uint8_t {
  empty = 0,        // nobody lives here
  sheltered = 1,    // most people have a place
  no_room = 2,      // shelters in reach, all full: most people take cover where they are
  too_far = 3,      // none can be reached before the deadline
  unreachable = 4,  // no way to any open shelter
};
inline constexpr std::size_t kStreetFates = 5;
[[nodiscard]] std::string_view name_of(street_fate f);

/// A stretch of street whose people share a fate and, when sheltered, a shelter.
struct drawn_street {
  street_fate fate = street_fate::empty;
  std::uint32_t shelter = 0;  // index into drawn_city::shelters, when sheltered
  std::vector<lat_lon> line;  // at least two points
  bool faded = false;         // nothing to look at: the same in both plans
};

struct drawn_shelter {
  shelter_id id;
  shelter_type type = shelter_type::basic;
  std::string name_uk;
  std::string name_en;
  lat_lon place;
  std::uint32_t room = 0;
  std::uint32_t load = 0;  // people sent here
  bool open = false;       // takes people now
  bool generated = false;
};

struct drawn_route {
  std::uint32_t shelter = 0;
  std::vector<lat_lon> line;  // from a home to a door
  double minutes = 0.0;
};

struct drawn_totals {
  std::uint64_t people = 0;
  std::array<std::uint64_t, kStreetFates> by_fate{};  // `empty` stays 0
  std::uint64_t overload = 0;                         // people sent beyond the room there is
  std::uint64_t open_shelters = 0;
  std::uint64_t places = 0;  // in open shelters
  double mean_walk_minutes = 0.0;
};

/// The plan at one moment.
struct drawn_plan {
  std::string title_uk;
  std::string title_en;
  std::vector<drawn_street> streets;
  std::vector<drawn_shelter> shelters;
  std::vector<drawn_route> routes;
  drawn_totals totals;
};

/// What is drawn: one plan, or one before and one after a change, side by side. All plans list the same shelters.
struct drawn_city {
  std::string name_uk;
  std::string name_en;
  std::string generated_label_uk;  // empty: nothing is made up
  std::string generated_label_en;
  std::string deadline_uk;  // empty: none
  std::string deadline_en;
  std::vector<polygon> water;
  std::vector<std::string> attribution;
  std::vector<drawn_plan> plans;
  lat_lon_box frame;                        // what is shown
  std::vector<std::uint32_t> highlight;     // shelters that changed between plans
  std::optional<std::uint64_t> redirected;  // people sent elsewhere by the change
};

/// A colour index per shelter, below `colours`, such that few catchments that touch share one. `touching`: pairs.
[[nodiscard]] std::vector<std::uint8_t> colour_catchments(std::size_t shelters,
                                                          std::vector<std::pair<std::uint32_t, std::uint32_t>> touching,
                                                          std::uint8_t colours);

/// Self-contained, text in Ukrainian and English.
[[nodiscard]] std::string draw_svg(drawn_city const& city);
/// One FeatureCollection; features of a second plan have `moment` "after", of the first "before".
[[nodiscard]] std::string draw_geojson(drawn_city const& city);

}  // namespace siren
