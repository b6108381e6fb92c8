#include "feed_adapters/cot_event.h"

#include <array>
#include <cmath>

#include "feed_adapters/feed_json.h"

namespace siren {
namespace {

struct named_type {
  std::string_view after_dimension;  // of "a-<affiliation>-A"
  threat_class kind;
};
/// Functions of MIL-STD-2525 in the air as Cursor on Target spells them, a longer one before the ones it begins with.
constexpr std::array<named_type, 11> kTypes{{
    {"-W-M-S-A", threat_class::surface_to_air_missile},
    {"-W-M-S-S", threat_class::ballistic_missile},
    {"-W-M-S", threat_class::ballistic_missile},
    {"-W-M-A-S", threat_class::cruise_missile},
    {"-W-M-L", threat_class::cruise_missile},
    {"-W-B", threat_class::guided_bomb},
    {"-M-F-Q", threat_class::drone},
    {"-M-H-Q", threat_class::drone},
    {"-C-F-q", threat_class::drone},
    {"-C-H-q", threat_class::drone},
    {"", threat_class::unknown},
}};

/// `text` begins with the parts of `beginning`: "-W-M" is no beginning of "-W-MX".
bool begins_with_parts(std::string_view text, std::string_view beginning) {
  return text.starts_with(beginning) && (text.size() == beginning.size() || text[beginning.size()] == '-');
}

bool is_exercise(cot_event const& event) {
  bool const posed = event.type.size() > 2 && (event.type[2] == 'j' || event.type[2] == 'k');
  bool const marked = !event.opex.empty() && (event.opex[0] == 'e' || event.opex[0] == 's');
  return posed || marked || begins_with_parts(event.how, "m-s");
}

result<void> check_names(cot_event const& event) {
  if (event.uid.empty()) return failure{reason::missing_field, "no uid"};
  if (event.type.empty()) return failure{reason::missing_field, "no type"};
  if (auto uid = check_feed_name(event.uid, "uid"); !uid) return uid;
  return check_feed_name(event.type, "type");
}

}  // namespace

bool cot_unknown(double value) {
  return !std::isfinite(value) || value == 0.0 || value == 999'999.0 || value == 9'999'999.0;
}

std::optional<threat_class> class_of_cot_type(std::string_view type) {
  constexpr std::string_view kThreats = "hsupjk";
  if (type.size() < 5 || !type.starts_with("a-") || type[3] != '-' || type[4] != 'A') return std::nullopt;
  if (kThreats.find(type[2]) == std::string_view::npos) return std::nullopt;
  auto const function = type.substr(5);
  for (auto const& known : kTypes)
    if (begins_with_parts(function, known.after_dimension)) return known.kind;
  return std::nullopt;
}

result<observation> observation_of(cot_event const& event, source_id const& source, utc_time now) {
  if (auto const names = check_names(event); !names) return names.error();
  auto const kind = class_of_cot_type(event.type);
  if (!kind) return failure{reason::not_a_threat, "type " + event.type};
  if (event.time == utc_time{}) return failure{reason::time_missing, "no time"};
  if (event.stale != utc_time{} && event.stale <= now)
    return failure{reason::time_too_old, "stale since " + format_utc(event.stale)};
  observation report;
  report.source = source;
  report.native_id = event.uid;
  report.observed_at = event.time;
  report.position = event.point;
  report.position_sigma = event.ce;
  report.altitude = event.hae;
  report.kind = *kind;
  report.belongs_to = is_exercise(event) ? world::exercise : world::live;
  if (event.course && (event.course->value < 0.0 || event.course->value > 360.0))
    return failure{reason::malformed, "a course is not within 0 and 360"};
  if (event.speed && event.speed->value < 0.0) return failure{reason::speed_out_of_range, "a speed is below 0"};
  if (event.course && event.speed) {
    auto const angle = to_radians(*event.course);
    report.velocity = ground_velocity{*event.speed * std::sin(angle), *event.speed * std::cos(angle)};
  }
  return report;
}

}  // namespace siren
