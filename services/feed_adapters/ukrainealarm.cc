#include "feed_adapters/ukrainealarm.h"

#include <algorithm>
#include <map>

namespace siren {
namespace {

using nlohmann::json;

alarm_type type_named(std::string_view name) {
  if (name == "AIR") return alarm_type::air;
  if (name == "ARTILLERY") return alarm_type::artillery;
  if (name == "URBAN_FIGHTS") return alarm_type::urban_fights;
  if (name == "CHEMICAL") return alarm_type::chemical;
  if (name == "NUCLEAR") return alarm_type::nuclear;
  if (name == "INFO") return alarm_type::info;
  return alarm_type::unknown;
}

result<told_alarm> alarm_of(json const& entry) {
  auto const region = name_member(entry, "regionId");
  if (!region) return region.error();
  auto const type = text_member(entry, "type");
  if (!type) return type.error();
  auto const since = time_member(entry, "lastUpdate");
  if (!since) return since.error();
  return told_alarm{zone_id{*region}, type_named(*type), {}, true, *since};
}

void refuse(alarm_document& read, json const& entry, failure because) {
  auto const region = entry.is_object() ? name_member(entry, "regionId") : result<std::string>{because};
  read.refused.push_back({region ? std::optional{zone_id{*region}} : std::nullopt, std::move(because)});
}

class collector {
 public:
  void take(json const& record) {
    // Whose alarms these are is told inside; a record without its list could be anybody's.
    auto const* const alerts = record.is_object() ? member(record, "activeAlerts") : nullptr;
    if (alerts == nullptr || !alerts->is_array()) {
      bool const absent = record.is_object() && alerts == nullptr;
      read_.refused.push_back({std::nullopt,
                               {absent ? reason::missing_field : reason::malformed,
                                absent ? "a region has no activeAlerts" : "a region's activeAlerts is no list"}});
      return;
    }
    for (auto const& entry : *alerts) {
      auto alarm = entry.is_object() ? alarm_of(entry) : failure{reason::malformed, "an alert is no object"};
      if (alarm)
        add(std::move(*alarm));
      else
        refuse(read_, entry, alarm.error());
    }
  }
  alarm_document take_read() { return std::move(read_); }

 private:
  void add(told_alarm alarm) {
    auto const [at, added] = known_.try_emplace({alarm.region, alarm.type}, read_.alarms.size());
    if (added) {
      read_.alarms.push_back(std::move(alarm));
    } else {
      auto& known = read_.alarms[at->second];
      known.changed_at = std::min(known.changed_at, alarm.changed_at);
    }
  }
  alarm_document read_;
  std::map<std::pair<zone_id, alarm_type>, std::size_t> known_;
};

}  // namespace

result<alarm_document> parse_ukrainealarm(std::string_view bytes, feed_json_limits const& limits) {
  auto const root = parse_feed_json(bytes, limits);
  if (!root) return root.error();
  if (!root->is_array()) return failure{reason::malformed, "no list"};
  collector all;
  for (auto const& record : *root) all.take(record);
  return all.take_read();
}

result<std::uint64_t> parse_action_index(std::string_view bytes) {
  constexpr feed_json_limits kSmall{4'096, 16};
  auto const root = parse_feed_json(bytes, kSmall);
  if (!root) return root.error();
  if (!root->is_object()) return failure{reason::malformed, "no object"};
  auto const* const index = member(*root, "lastActionIndex");
  if (index == nullptr) return failure{reason::missing_field, "no lastActionIndex"};
  if (!index->is_number_unsigned()) return failure{reason::malformed, "lastActionIndex is no natural number"};
  return index->get<std::uint64_t>();
}

}  // namespace siren
