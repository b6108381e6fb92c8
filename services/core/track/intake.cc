#include "core/track/intake.h"

#include <algorithm>
#include <cmath>

namespace siren {
namespace {

result<void> refused(reason why, std::string message) {
  return failure{why, std::move(message)};
}

bool has_control_character(std::string const& text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

bool is_trace(std::string const& text) {
  auto const hexadecimal = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return text.empty() || (text.size() == 32 && std::all_of(text.begin(), text.end(), hexadecimal));
}

result<void> check_names(observation const& report, intake_policy const& policy) {
  if (report.source.value.empty()) return refused(reason::missing_field, "source is empty");
  if (report.source.value.size() > policy.max_name_bytes || report.native_id.size() > policy.max_name_bytes ||
      report.origin.value.size() > policy.max_name_bytes)
    return refused(reason::field_too_long,
                   "source, origin or native id is longer than " + std::to_string(policy.max_name_bytes) + " bytes");
  if (has_control_character(report.source.value) || has_control_character(report.native_id) ||
      has_control_character(report.origin.value))
    return refused(reason::malformed, "source, origin or native id has a control character");
  if (!is_trace(report.trace.value)) return refused(reason::malformed, "trace id is not 32 hexadecimal digits");
  if (static_cast<std::size_t>(report.kind) >= kThreatClasses)
    return refused(reason::malformed, "no such threat class");
  if (report.status != object_status::active && report.status != object_status::destroyed &&
      report.status != object_status::lost)
    return refused(reason::malformed, "no such object status");
  if (auto const sure = report.class_confidence.value_or(probability{0}).value; sure < 0.0 || sure > 1.0)
    return refused(reason::malformed, "class confidence is not within 0 and 1");
  return {};
}

result<void> check_world(observation const& report, intake_policy const& policy) {
  if (report.belongs_to != world::live && report.belongs_to != world::exercise)
    return refused(reason::malformed, "no such world");
  if (report.belongs_to == policy.serves) return {};
  if (policy.serves == world::live) return refused(reason::drill_in_live, "an exercise report in a live instance");
  return refused(reason::live_in_drill, "a live report in an exercise instance");
}

bool all_finite(observation const& report) {
  return std::isfinite(report.position.lat.value) && std::isfinite(report.position.lon.value) &&
         std::isfinite(report.position_sigma.value_or(meters{0}).value) &&
         std::isfinite(report.velocity.value_or(ground_velocity{}).east.value) &&
         std::isfinite(report.velocity.value_or(ground_velocity{}).north.value) &&
         std::isfinite(report.velocity_sigma.value_or(meters_per_second{0}).value) &&
         std::isfinite(report.altitude.value_or(meters{0}).value) &&
         std::isfinite(report.class_confidence.value_or(probability{0}).value);
}

template <typename Quantity>
bool outside(std::optional<Quantity> const& sigma, Quantity most) {
  return sigma && (*sigma <= Quantity{0} || *sigma > most);
}

result<void> check_numbers(observation const& report, intake_policy const& policy) {
  if (!all_finite(report)) return refused(reason::not_finite, "a number is not finite");
  if (std::abs(report.position.lat.value) > 90.0) return refused(reason::latitude_out_of_range, "latitude beyond 90");
  if (std::abs(report.position.lon.value) > 180.0)
    return refused(reason::longitude_out_of_range, "longitude beyond 180");
  if (outside(report.position_sigma, policy.max_position_sigma) ||
      outside(report.velocity_sigma, policy.max_velocity_sigma))
    return refused(reason::sigma_out_of_range, "a sigma is not positive or too large");
  if (report.velocity && std::hypot(report.velocity->east.value, report.velocity->north.value) > policy.max_speed.value)
    return refused(reason::speed_out_of_range, "faster than anything that flies here");
  if (report.count == 0 || report.count > policy.max_count)
    return refused(reason::count_out_of_range, "count is not within 1 and " + std::to_string(policy.max_count));
  return {};
}

result<void> check_time(observation const& report, intake_policy const& policy, utc_time now) {
  if (report.observed_at == utc_time{}) return refused(reason::time_missing, "observed_at is not set");
  if (report.observed_at > now + policy.future_skew)
    return refused(reason::time_in_future, "observed at " + format_utc(report.observed_at));
  if (report.observed_at <= now - traits_of(policy.classes, report.kind).freshness_horizon)
    return refused(reason::time_too_old, "observed at " + format_utc(report.observed_at));
  return {};
}

seconds longest_horizon(class_table const& table) {
  return std::max_element(
             table.begin(), table.end(),
             [](class_traits const& a, class_traits const& b) { return a.freshness_horizon < b.freshness_horizon; })
      ->freshness_horizon;
}

}  // namespace

intake::key intake::key_of(observation const& report) {
  bool const named = !report.native_id.empty();
  return {report.observed_at, report.source, report.native_id, named ? 0.0 : report.position.lat.value,
          named ? 0.0 : report.position.lon.value};
}

result<void> admit(intake& state, observation const& report, intake_policy const& policy, utc_time now) {
  if (auto names = check_names(report, policy); !names) return names;
  if (auto mode = check_world(report, policy); !mode) return mode;
  if (auto numbers = check_numbers(report, policy); !numbers) return numbers;
  if (auto time = check_time(report, policy, now); !time) return time;
  if (!policy.theatre.contains(report.position))
    return refused(reason::outside_theatre, "position is outside the theatre");
  if (!state.admitted_.insert(intake::key_of(report)).second)
    return refused(reason::duplicate, "this source reported this object at this time before");

  utc_time const too_old = now - longest_horizon(policy.classes);
  auto& admitted = state.admitted_;
  while (!admitted.empty() &&
         (admitted.size() > policy.max_remembered || std::get<utc_time>(*admitted.begin()) <= too_old))
    admitted.erase(admitted.begin());
  return {};
}

void forget(intake& state, observation const& report) {
  state.admitted_.erase(intake::key_of(report));
}

}  // namespace siren
