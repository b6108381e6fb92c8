#include "threat_ingest/alarm_intake.h"

#include <algorithm>

namespace siren {
namespace {

bool has_control_character(std::string const& text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

result<void> check_fields(region_alarm const& alarm, intake_policy const& policy) {
  if (alarm.region.value.empty()) return failure{reason::missing_field, "region id is empty"};
  for (auto const* text : {&alarm.source.value, &alarm.native_id, &alarm.region.value}) {
    if (text->size() > policy.max_name_bytes)
      return failure{reason::field_too_long,
                     "a name is longer than " + std::to_string(policy.max_name_bytes) + " bytes"};
    if (has_control_character(*text)) return failure{reason::malformed, "a name has a control character"};
  }
  if (alarm.belongs_to != world::live && alarm.belongs_to != world::exercise)
    return failure{reason::malformed, "no such world"};
  if (alarm.belongs_to == policy.serves) return {};
  if (policy.serves == world::live) return failure{reason::drill_in_live, "an exercise alarm in a live instance"};
  return failure{reason::live_in_drill, "a live alarm in an exercise instance"};
}

bool same_word(region_alarm const& a, region_alarm const& b) {
  return a.changed_at == b.changed_at && a.active == b.active;
}

}  // namespace

result<void> alarm_intake::admit(region_alarm const& alarm, source_kind from, intake_policy const& policy,
                                 utc_time now) {
  if (auto fields = check_fields(alarm, policy); !fields) return fields;
  if (!may_declare_alarms(from))
    return failure{reason::source_not_official, alarm.source.value + " is no official source of alarms"};
  if (!regions_.contains(alarm.region)) return failure{reason::unknown_region, "no region " + alarm.region.value};
  if (alarm.changed_at == utc_time{}) return failure{reason::time_missing, "changed_time is not set"};
  if (alarm.changed_at > now + policy.future_skew)
    return failure{reason::time_in_future, "changed at " + format_utc(alarm.changed_at)};
  auto& known = newest_[key_of(alarm)];
  if (alarm.changed_at < known.alarm.changed_at)
    return failure{reason::time_too_old, "this source said something newer on this region"};
  if (known.stored && same_word(alarm, known.alarm)) return failure{reason::duplicate, "this source said so before"};
  known = {alarm, true};
  return {};
}

void alarm_intake::not_stored(region_alarm const& alarm) {
  auto const known = newest_.find(key_of(alarm));
  if (known != newest_.end() && same_word(known->second.alarm, alarm)) known->second.stored = false;
}

void alarm_intake::stored(region_alarm const& alarm) {
  auto const known = newest_.find(key_of(alarm));
  if (known != newest_.end() && same_word(known->second.alarm, alarm)) known->second.stored = true;
}

void alarm_intake::restore(region_alarm const& alarm) {
  newest_[key_of(alarm)] = {alarm, true};
}

std::vector<region_alarm> alarm_intake::all() const {
  std::vector<region_alarm> words;
  for (auto const& [where, said] : newest_)
    if (said.alarm.changed_at != utc_time{}) words.push_back(said.alarm);
  return words;
}

}  // namespace siren
