#include "common/convert/conditions_convert.h"

#include "common/convert/base_convert.h"

namespace siren {
namespace {

// Core and contract number these alike.
static_assert(static_cast<int>(light_rule::automatic) == shelters::v1::LIGHT_RULE_AUTO);
static_assert(static_cast<int>(light_rule::day) == shelters::v1::LIGHT_RULE_DAY);
static_assert(static_cast<int>(light_rule::dark) == shelters::v1::LIGHT_RULE_DARK);
static_assert(static_cast<int>(light_rule::blackout) == shelters::v1::LightRule_MAX);

}  // namespace

shelters::v1::LightRule to_proto(light_rule from) {
  return static_cast<shelters::v1::LightRule>(from);
}

result<light_rule> from_proto(shelters::v1::LightRule from) {
  if (from == shelters::v1::LIGHT_RULE_UNSPECIFIED) return failure{reason::missing_field, "conditions: light missing"};
  if (!shelters::v1::LightRule_IsValid(from))
    return failure{reason::malformed, "conditions: light rule is not known here"};
  return static_cast<light_rule>(from);
}

void to_proto(ground_conditions const& from, shelters::v1::Conditions* to) {
  to->set_light(to_proto(from.light));
  to->set_ice(from.ice);
  to->clear_closed_bridges();
  for (auto const& name : from.closed_bridges) to->add_closed_bridges(name);
  to->set_trains_running(from.trains_running);
  to->set_metro_power(from.metro_power);
  to->set_revision(from.revision);
  to->clear_changed_time();
  if (from.changed_at) to_proto(*from.changed_at, to->mutable_changed_time());
  to->set_changed_by(from.changed_by);
}

result<ground_conditions> from_proto(shelters::v1::Conditions const& from) {
  auto const light = from_proto(from.light());
  if (!light) return light.error();
  ground_conditions made;
  made.light = *light;
  made.ice = from.ice();
  made.closed_bridges.assign(from.closed_bridges().begin(), from.closed_bridges().end());
  made.trains_running = from.trains_running();
  made.metro_power = from.metro_power();
  made.revision = from.revision();
  if (from.has_changed_time()) made.changed_at = utc_from_proto(from.changed_time());
  made.changed_by = from.changed_by();
  return made;
}

}  // namespace siren
