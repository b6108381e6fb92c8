#include "common/convert/alert_convert.h"

#include <cmath>

#include "common/convert/base_convert.h"
#include "core/alert/wording.h"

namespace siren {
namespace {

// Core and proto number these alike, once and for all: a proto number is never changed.
static_assert(static_cast<int>(stage::take_cover) == zones::v1::STAGE_TAKE_COVER);
static_assert(static_cast<int>(issuer::city_operator) == zones::v1::ISSUER_CITY_OPERATOR);
static_assert(static_cast<int>(octant::north) == zones::v1::OCTANT_NORTH);
static_assert(static_cast<int>(octant::north_west) == zones::v1::OCTANT_NORTH_WEST);
static_assert(static_cast<int>(zone_kind::hromada) == zones::v1::ZONE_KIND_HROMADA);
static_assert(static_cast<int>(alarm_type::carrier) == threats::v1::ALARM_TYPE_CARRIER);
static_assert(static_cast<int>(cause::held) == zones::v1::CAUSE_HELD);
static_assert(static_cast<int>(threat_class::guided_bomb) == threats::v1::THREAT_CLASS_GUIDED_BOMB);
static_assert(static_cast<int>(picture_state::lost) == alerts::v1::PICTURE_STATE_LOST);

/// An enumeration whose zero is no value of it.
template <typename Core, typename Proto>
result<Core> required(Proto from, bool known, char const* name) {
  if (static_cast<int>(from) == 0) return failure{reason::missing_field, std::string{name} + " is not given"};
  if (!known) return failure{reason::malformed, std::string{name} + " has no such value"};
  return static_cast<Core>(from);
}

result<std::optional<arrival_interval>> interval_of(zones::v1::Threat const& from) {
  if (!from.has_arrival()) return std::optional<arrival_interval>{};
  arrival_interval const when{utc_from_proto(from.arrival().earliest_time()),
                              utc_from_proto(from.arrival().median_time()),
                              utc_from_proto(from.arrival().latest_time())};
  if (when.median < when.earliest || when.latest < when.median)
    return failure{reason::malformed, "an arrival interval must be in order"};
  return std::optional{when};
}

void put_words(alert const& from, zone const& place, world belongs_to, utc_time now, alerts::v1::Alert* to) {
  to->set_zone_name_uk(place.name_uk);
  to->set_zone_name_en(place.name_en);
  auto uk = words_of(from, place, language::uk, belongs_to, now);
  auto en = words_of(from, place, language::en, belongs_to, now);
  to->set_headline_uk(std::move(uk.headline));
  to->set_body_uk(std::move(uk.body));
  to->set_headline_en(std::move(en.headline));
  to->set_body_en(std::move(en.body));
}

}  // namespace

zones::v1::Stage to_proto(stage from) {
  return static_cast<zones::v1::Stage>(from);
}

result<stage> from_proto(zones::v1::Stage from) {
  return required<stage>(from, zones::v1::Stage_IsValid(from), "stage");
}

void to_proto(zone const& from, zones::v1::Zone* to) {
  to->set_zone_id(from.id.value);
  to->set_kind(static_cast<zones::v1::ZoneKind>(from.kind));
  if (from.parent) to->set_parent_zone_id(from.parent->value);
  to->set_name_uk(from.name_uk);
  to->set_name_en(from.name_en);
  to->set_population(from.population);
  for (auto const& gone : from.replaces) to->add_replaces_zone_ids(gone.value);
}

result<zone> from_proto(zones::v1::Zone const& from) {
  if (from.zone_id().empty()) return failure{reason::missing_field, "zone_id is not given"};
  auto const kind = required<zone_kind>(from.kind(), zones::v1::ZoneKind_IsValid(from.kind()), "zone kind");
  if (!kind) return kind.error();
  zone to;
  to.id = zone_id{from.zone_id()};
  to.kind = *kind;
  if (!from.parent_zone_id().empty()) to.parent = zone_id{from.parent_zone_id()};
  to.name_uk = from.name_uk();
  to.name_en = from.name_en();
  to.population = from.population();
  for (auto const& gone : from.replaces_zone_ids()) to.replaces.emplace_back(gone);
  return to;
}

void to_proto(threat const& from, zones::v1::Threat* to) {
  to->set_issuer(static_cast<zones::v1::Issuer>(from.by));
  to->set_issuer_name(from.issuer_name);
  to->set_threat_class(static_cast<threats::v1::ThreatClass>(from.kind));
  to->set_alarm_type(static_cast<threats::v1::AlarmType>(from.alarm));
  to->set_asks(to_proto(from.asks));
  to->set_from(static_cast<zones::v1::Octant>(from.from));
  if (from.arrival) {
    to_proto(from.arrival->earliest, to->mutable_arrival()->mutable_earliest_time());
    to_proto(from.arrival->median, to->mutable_arrival()->mutable_median_time());
    to_proto(from.arrival->latest, to->mutable_arrival()->mutable_latest_time());
  }
  to->set_entering_probability(from.entering.value);
  to->set_cause(static_cast<zones::v1::Cause>(from.why));
}

result<threat> from_proto(zones::v1::Threat const& from) {
  auto const by = required<issuer>(from.issuer(), zones::v1::Issuer_IsValid(from.issuer()), "issuer");
  if (!by) return by.error();
  auto const asks = from_proto(from.asks());
  if (!asks) return asks.error();
  // Unknown is a value of these.
  if (!threats::v1::ThreatClass_IsValid(from.threat_class()) || !threats::v1::AlarmType_IsValid(from.alarm_type()) ||
      !zones::v1::Octant_IsValid(from.from()) || !zones::v1::Cause_IsValid(from.cause()))
    return failure{reason::malformed, "threat class, alarm type, octant or cause has no such value"};
  auto const when = interval_of(from);
  if (!when) return when.error();
  if (!(from.entering_probability() >= 0.0 && from.entering_probability() <= 1.0))
    return failure{reason::malformed, "entering_probability must lie in [0, 1]"};
  return threat{.by = *by,
                .issuer_name = from.issuer_name(),
                .why = static_cast<cause>(from.cause()),
                .kind = static_cast<threat_class>(from.threat_class()),
                .alarm = static_cast<alarm_type>(from.alarm_type()),
                .asks = *asks,
                .from = static_cast<octant>(from.from()),
                .arrival = *when,
                .entering = probability{from.entering_probability()}};
}

void to_proto(alert const& from, zone const& place, world belongs_to, utc_time now, alerts::v1::Alert* to) {
  to->set_alert_id(from.id.value);
  to->set_rev(from.rev);
  to->set_zone_id(from.zone.value);
  to->set_stage(to_proto(from.level));
  to->set_partly(from.partly);
  for (auto const& each : from.threats) to_proto(each, to->add_threats());
  to_proto(from.raised_at, to->mutable_raised_time());
  to_proto(from.changed_at, to->mutable_changed_time());
  to->set_world(to_proto(belongs_to));
  to->set_trace_id(from.because.trace.value);
  if (from.because.observation_received_at)
    to_proto(*from.because.observation_received_at, to->mutable_observation_received_time());
  put_words(from, place, belongs_to, now, to);
}

result<alert> from_proto(alerts::v1::Alert const& from) {
  if (from.alert_id().empty() || from.zone_id().empty() || from.rev() == 0)
    return failure{reason::missing_field, "alert_id, zone_id and rev must be given"};
  auto const level = from_proto(from.stage());
  if (!level) return level.error();
  alert to;
  to.id = alert_id{from.alert_id()};
  to.rev = from.rev();
  to.zone = zone_id{from.zone_id()};
  to.level = *level;
  to.partly = from.partly();
  for (auto const& each : from.threats()) {
    auto cause = from_proto(each);
    if (!cause) return cause.error();
    to.threats.push_back(std::move(cause).value());
  }
  to.raised_at = utc_from_proto(from.raised_time());
  to.changed_at = utc_from_proto(from.changed_time());
  to.because.trace = trace_id{from.trace_id()};
  if (from.has_observation_received_time())
    to.because.observation_received_at = wall_from_proto(from.observation_received_time());
  return to;
}

void to_proto(cursor from, alerts::v1::Cursor* to) {
  to->set_epoch(from.epoch);
  to->set_seq(from.seq);
}

cursor from_proto(alerts::v1::Cursor const& from) {
  return {from.epoch(), from.seq()};
}

alerts::v1::PictureState to_proto(picture_state from) {
  return static_cast<alerts::v1::PictureState>(from);
}

result<alerts::v1::LoggedAlert> logged_alert_of(alert_entry const& entry) {
  alerts::v1::LoggedAlert to;
  to_proto(cursor{entry.epoch, entry.seq}, to.mutable_cursor());
  if (!to.mutable_alert()->ParseFromString(entry.bytes))
    return failure{reason::malformed, "entry " + std::to_string(entry.seq) + " of the alert log is no alert"};
  return to;
}

}  // namespace siren
