#include <charconv>
#include <cmath>
#include <numbers>

#include "core/route/foot_tags.h"

namespace siren {
namespace {

/// 1:12, the steepest ramp that the ADA standards let a new building have.
constexpr double kSteepPercent = 8.3;
/// 1:8, the steepest that they let a short ramp of an old building have.
constexpr double kTooSteepForWheelsPercent = 12.5;

struct slope {
  incline rises = incline::unknown;
  double percent = 0.0;  // 0: not told how much
};

/// "up", "down", "10%", "-8 %", "5°".
slope slope_of(foot_tags const& t) {
  auto const value = t.at("incline");
  if (value == "up") return {incline::up, 0.0};
  if (value == "down") return {incline::down, 0.0};
  double number = 0.0;
  auto const [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc{} || !std::isfinite(number) || number == 0.0) return {};
  bool const in_degrees = std::string_view{end, value.data() + value.size()}.find("°") != std::string_view::npos;
  double const percent = in_degrees ? 100.0 * std::tan(number * std::numbers::pi / 180.0) : number;
  return {number > 0.0 ? incline::up : incline::down, std::abs(percent)};
}

/// Paths, tracks and bridleways without the tag have no lamps; other ways in a city have. Our choice: the tag has no
/// default.
lighting light_of(foot_tags const& t) {
  if (t.has("lit")) return t.is("lit", {"no", "disused"}) ? lighting::dark : lighting::lit;
  return t.is("highway", {"path", "track", "bridleway"}) ? lighting::dark : lighting::unknown;
}

/// Slows people on foot. OpenStreetMap wiki, "Key:surface", "Key:tracktype", "Key:smoothness".
bool is_rough(foot_tags const& t) {
  return t.is("surface", {"sand", "mud", "rock", "rocks", "stone", "unhewn_cobblestone", "pebblestone", "gravel",
                          "stepping_stones", "snow", "ice", "grass"}) ||
         t.is("tracktype", {"grade4", "grade5"}) ||
         t.is("smoothness", {"bad", "very_bad", "horrible", "very_horrible", "impassable"}) || t.has("sac_scale");
}

/// OpenStreetMap wiki, "Key:smoothness": wheelchairs get along on `intermediate` and better.
bool wheels_pass(foot_tags const& t, double percent) {
  return !t.is("wheelchair", {"no"}) &&
         !t.is("smoothness", {"bad", "very_bad", "horrible", "very_horrible", "impassable"}) &&
         !t.is("surface", {"sand", "mud", "rock", "rocks", "unhewn_cobblestone", "stepping_stones"}) &&
         !t.is("tracktype", {"grade5"}) && !t.has("sac_scale") && !t.has("conveying") &&
         percent <= kTooSteepForWheelsPercent;
}

}  // namespace

void describe_ground(foot_tags const& t, way_attributes& way) {
  bool const steps = way.kind == foot_class::steps;
  auto const [rises, percent] = slope_of(t);
  way.light = light_of(t);
  way.slope = rises;
  way.steep = !steps && percent >= kSteepPercent;
  way.rough = !steps && is_rough(t);
  way.wheels = !steps && wheels_pass(t, percent);
}

}  // namespace siren
