#include "feed_adapters/alerts_in_ua.h"

namespace siren {
namespace {

using nlohmann::json;

alarm_type type_named(std::string_view name) {
  if (name == "air_raid") return alarm_type::air;
  if (name == "artillery_shelling") return alarm_type::artillery;
  if (name == "urban_fights") return alarm_type::urban_fights;
  if (name == "chemical") return alarm_type::chemical;
  if (name == "nuclear") return alarm_type::nuclear;
  return alarm_type::unknown;
}

result<told_alarm> alarm_of(json const& entry) {
  auto const region = name_member(entry, "location_uid");
  if (!region) return region.error();
  auto const type = text_member(entry, "alert_type");
  if (!type) return type.error();
  auto const began = time_member(entry, "started_at");
  if (!began) return began.error();
  told_alarm alarm{zone_id{*region}, type_named(*type), {}, true, *began};
  if (member(entry, "id") != nullptr) {
    auto id = name_member(entry, "id");
    if (!id) return id.error();
    alarm.native_id = std::move(*id);
  }
  for (auto const* end : {"finished_at", "deleted_at"}) {
    if (member(entry, end) == nullptr) continue;
    auto const ended = time_member(entry, end);
    if (!ended) return ended.error();
    if (*ended < *began) return failure{reason::malformed, std::string{end} + " is before started_at"};
    alarm.active = false;
    alarm.changed_at = *ended;
  }
  return alarm;
}

}  // namespace

result<alarm_document> parse_alerts_in_ua(std::string_view bytes, feed_json_limits const& limits) {
  auto const root = parse_feed_json(bytes, limits);
  if (!root) return root.error();
  if (!root->is_object()) return failure{reason::malformed, "no object"};
  auto const* const alerts = member(*root, "alerts");
  if (alerts == nullptr) return failure{reason::missing_field, "no alerts"};
  if (!alerts->is_array()) return failure{reason::malformed, "alerts is no list"};
  alarm_document read;
  for (auto const& entry : *alerts) {
    if (!entry.is_object()) {
      read.refused.push_back({std::nullopt, {reason::malformed, "an alert is no object"}});
      continue;
    }
    auto alarm = alarm_of(entry);
    if (alarm) {
      read.alarms.push_back(std::move(*alarm));
    } else {
      auto const region = name_member(entry, "location_uid");
      read.refused.push_back({region ? std::optional{zone_id{*region}} : std::nullopt, alarm.error()});
    }
  }
  return read;
}

}  // namespace siren
