#include "threat_ingest/launch_intake.h"

#include <algorithm>
#include <cmath>

namespace siren {
namespace {

bool has_control_character(std::string const& text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

result<void> check_fields(launch_report const& said, intake_policy const& policy) {
  if (said.native_id.empty()) return failure{reason::missing_field, "native id is empty"};
  if (said.kind == threat_class::unknown) return failure{reason::missing_field, "threat class is not given"};
  if (said.native_id.size() > policy.max_name_bytes)
    return failure{reason::field_too_long,
                   "native id is longer than " + std::to_string(policy.max_name_bytes) + " bytes"};
  if (has_control_character(said.native_id)) return failure{reason::malformed, "native id has a control character"};
  if (static_cast<std::size_t>(said.kind) >= kThreatClasses) return failure{reason::malformed, "no such threat class"};
  if (said.belongs_to != world::live && said.belongs_to != world::exercise)
    return failure{reason::malformed, "no such world"};
  if (said.belongs_to == policy.serves) return {};
  if (policy.serves == world::live) return failure{reason::drill_in_live, "an exercise launch in a live instance"};
  return failure{reason::live_in_drill, "a live launch in an exercise instance"};
}

result<void> check_numbers(launch_report const& said) {
  auto const course = said.course.value_or(degrees{0}).value;
  if (!std::isfinite(said.from.lat.value) || !std::isfinite(said.from.lon.value) || !std::isfinite(course))
    return failure{reason::not_finite, "a number is not finite"};
  if (std::abs(said.from.lat.value) > 90.0) return failure{reason::latitude_out_of_range, "latitude beyond 90"};
  if (std::abs(said.from.lon.value) > 180.0) return failure{reason::longitude_out_of_range, "longitude beyond 180"};
  if (course < 0.0 || course >= 360.0) return failure{reason::malformed, "course is not within 0 and 360"};
  return {};
}

bool same_word(launch_report const& a, launch_report const& b) {
  return a.at == b.at && a.over == b.over && a.kind == b.kind && a.from == b.from && a.course == b.course;
}

}  // namespace

result<void> launch_intake::admit(launch_report const& said, intake_policy const& policy, utc_time now) {
  if (auto fields = check_fields(said, policy); !fields) return fields;
  if (auto numbers = check_numbers(said); !numbers) return numbers;
  if (said.at == utc_time{}) return failure{reason::time_missing, "launched_time is not set"};
  if (said.at > now + policy.future_skew) return failure{reason::time_in_future, "launched at " + format_utc(said.at)};
  if (said.at <= now - kLongestFlight) return failure{reason::time_too_old, "launched at " + format_utc(said.at)};
  auto const known = newest_.find(key_of(said));
  if (known != newest_.end()) {
    if (said.at < known->second.said.at)
      return failure{reason::time_too_old, "this source said something newer on this launch"};
    if (known->second.stored && same_word(said, known->second.said))
      return failure{reason::duplicate, "this source said so before"};
  }
  newest_.insert_or_assign(key_of(said), word{said, true});
  forget_old(now);
  return {};
}

void launch_intake::forget_old(utc_time now) {
  std::erase_if(newest_, [&](auto const& entry) { return entry.second.said.at <= now - kLongestFlight; });
  if (newest_.size() <= kMostLaunches) return;
  newest_.erase(std::min_element(newest_.begin(), newest_.end(),
                                 [](auto const& a, auto const& b) { return a.second.said.at < b.second.said.at; }));
}

void launch_intake::not_stored(launch_report const& said) {
  auto const known = newest_.find(key_of(said));
  if (known != newest_.end() && same_word(known->second.said, said)) known->second.stored = false;
}

void launch_intake::stored(launch_report const& said) {
  auto const known = newest_.find(key_of(said));
  if (known != newest_.end() && same_word(known->second.said, said)) known->second.stored = true;
}

void launch_intake::restore(launch_report const& said) {
  newest_.insert_or_assign(key_of(said), word{said, true});
}

std::vector<launch_report> launch_intake::all() const {
  std::vector<launch_report> words;
  for (auto const& [name, newest] : newest_) words.push_back(newest.said);
  return words;
}

}  // namespace siren
