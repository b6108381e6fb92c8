#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace siren {

enum class foot_class : std::uint8_t { street = 1, footway = 2, steps = 3 };
/// Where it rises, in the way's direction.
enum class incline : std::uint8_t { unknown = 0, up = 1, down = 2 };
enum class lighting : std::uint8_t { unknown = 0, lit = 1, dark = 2 };
/// In the way's direction; ordinary oneway does not bind people on foot.
enum class foot_direction : std::uint8_t { both = 0, along = 1, against = 2 };

/// What a walker needs to know of a way.
struct way_attributes {
  foot_class kind = foot_class::street;
  std::string name;        // local language; may be empty
  std::string name_latin;  // may be empty
  bool bridge = false;
  bool tunnel = false;
  bool residential = false;  // people live along it
  bool wheels = true;        // false: tagged as not passable with a wheelchair
  bool rough = false;        // a surface that slows people on foot
  bool steep = false;        // a street, not steps, whose slope slows; `slope` tells where it rises
  lighting light = lighting::unknown;
  incline slope = incline::unknown;
  foot_direction direction = foot_direction::both;
};

enum class foot_refusal : std::uint8_t {
  not_a_street = 1,  // no highway, or a kind nobody walks on
  motor_only = 2,    // motorways, motor roads, trunk roads without a sidewalk
  not_built = 3,     // construction, proposed, abandoned
  foot_forbidden = 4,
  no_access = 5,  // private or closed
  sidepath = 6,   // the sidewalk is mapped as its own way
  lift = 7,       // lifts stop without power and are not to be used in an alarm
  ferry = 8,
  indoors = 9,  // corridors behind doors that may be locked
};
inline constexpr std::size_t kFootRefusals = 10;
[[nodiscard]] std::string_view name_of(foot_refusal why);

/// Value of an OpenStreetMap tag of the way, null when absent. Valid while foot_access runs.
using tag_lookup = std::function<char const*(char const* key)>;

/// Either a way to walk on or the reason why not.
struct foot_answer {
  std::optional<way_attributes> way;
  std::optional<foot_refusal> refused;
};

/// Whether and how people may walk a way in an alarm. Source: OpenStreetMap wiki, "Access restrictions", "Key:foot",
/// "Key:oneway:foot", "Key:conveying"; foot=* outranks access=*. A road whose sidewalk is mapped apart stays walkable
/// unless it says foot=use_sidepath: many a sidewalk is joined to nothing else.
[[nodiscard]] foot_answer foot_access(tag_lookup const& tag);

/// Why nobody passes a node of a way: a lift, or a gate that is locked or private. Gates for vehicles (lift and swing
/// gates, bollards) are walked around; a gate without access tags is open. Source: OpenStreetMap wiki, "Key:barrier".
[[nodiscard]] std::optional<foot_refusal> foot_barrier(tag_lookup const& tag);

}  // namespace siren
