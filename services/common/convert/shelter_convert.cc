#include "common/convert/shelter_convert.h"

#include "common/convert/base_convert.h"
#include "core/shelter/registry.h"

namespace siren {
namespace {

// Core and contract number these alike; a value that only one side knows shows up here.
static_assert(static_cast<int>(shelter_type::mobile) == shelters::v1::ShelterType_MAX);
static_assert(static_cast<int>(open_state::full) == shelters::v1::OpenState_MAX);
static_assert(static_cast<int>(metro_role::no_power) == shelters::v1::MetroRole_MAX);
static_assert(static_cast<int>(access_rule::staff) == shelters::v1::AccessRule_MAX);
static_assert(static_cast<int>(access_rule::school) == shelters::v1::ACCESS_RULE_SCHOOL);
static_assert(static_cast<int>(shelter_type::metro_station) == shelters::v1::SHELTER_TYPE_METRO_STATION);
static_assert(static_cast<int>(open_state::open) == shelters::v1::OPEN_STATE_OPEN);
static_assert(static_cast<int>(open_state::closed) == shelters::v1::OPEN_STATE_CLOSED);
static_assert(static_cast<int>(metro_role::train) == shelters::v1::METRO_ROLE_TRAIN);
static_assert(static_cast<int>(metro_role::shelter_only) == shelters::v1::METRO_ROLE_SHELTER_ONLY);
static_assert(static_cast<int>(metro_role::closed) == shelters::v1::METRO_ROLE_CLOSED);
static_assert(static_cast<int>(metro_role::no_escalator) == shelters::v1::METRO_ROLE_NO_ESCALATOR);

void facts_to_proto(shelter const& from, shelters::v1::Shelter* to) {
  to->clear_open_hours();
  if (from.open_hours) {
    to->mutable_open_hours()->set_opens_minute(from.open_hours->opens);
    to->mutable_open_hours()->set_closes_minute(from.open_hours->closes);
  }
  to->set_access(to_proto(from.access));
  to->set_keyholder(from.keyholder);
  to->clear_power();
  if (from.power) to->set_power(*from.power);
  to->clear_heat();
  if (from.heat) to->set_heat(*from.heat);
  to->clear_water();
  if (from.water) to->set_water(*from.water);
  to->clear_stairs();
  if (from.stairs) to->set_stairs(*from.stairs);
  to->set_place_doubtful(from.place_doubtful);
  to->set_capacity_assumed(from.capacity_assumed);
  to->clear_confidence_percent();
  if (from.confidence) to->set_confidence_percent(*from.confidence);
}

result<void> facts_from_proto(shelters::v1::Shelter const& from, shelter& to) {
  auto const access = from_proto(from.access());
  if (!access) return access.error();
  to.access = *access;
  if (from.has_open_hours()) to.open_hours = from_proto(from.open_hours());
  to.keyholder = from.keyholder();
  if (from.has_power()) to.power = from.power();
  if (from.has_heat()) to.heat = from.heat();
  if (from.has_water()) to.water = from.water();
  if (from.has_stairs()) to.stairs = from.stairs();
  to.place_doubtful = from.place_doubtful();
  to.capacity_assumed = from.capacity_assumed();
  if (from.has_confidence_percent()) to.confidence = from.confidence_percent();
  return {};
}

}  // namespace

shelters::v1::AccessRule to_proto(access_rule from) {
  return static_cast<shelters::v1::AccessRule>(from);
}
shelters::v1::ShelterType to_proto(shelter_type from) {
  return static_cast<shelters::v1::ShelterType>(from);
}
shelters::v1::OpenState to_proto(open_state from) {
  return static_cast<shelters::v1::OpenState>(from);
}
shelters::v1::MetroRole to_proto(metro_role from) {
  return static_cast<shelters::v1::MetroRole>(from);
}

void to_proto(entrance const& from, shelters::v1::Entrance* to) {
  to->set_name(from.name);
  to_proto(from.place, to->mutable_position());
  to->set_step_free(from.step_free);
}

void to_proto(shelter const& from, shelters::v1::Shelter* to) {
  to->set_shelter_id(from.id.value);
  to->set_type(to_proto(from.type));
  to->set_name_uk(from.name_uk);
  to->set_name_en(from.name_en);
  to->set_address(from.address);
  to_proto(from.place, to->mutable_position());
  to->clear_entrances();
  for (auto const& door : from.entrances) to_proto(door, to->add_entrances());
  to->set_capacity(from.capacity);
  to->set_step_free(from.step_free);
  to->set_pets(from.pets);
  to->set_surface(from.surface);
  to->clear_depth_m();
  if (from.depth) to->set_depth_m(from.depth->value);
  facts_to_proto(from, to);
  to->set_metro_role(to_proto(from.role));
  to->set_state(to_proto(from.state));
  to->clear_verified_time();
  if (from.verified_at) to_proto(*from.verified_at, to->mutable_verified_time());
  to->set_occupancy(from.occupancy);
  to->set_generated(from.generated);
  to->set_revision(from.revision);
}

result<shelter_type> from_proto(shelters::v1::ShelterType from) {
  if (from == shelters::v1::SHELTER_TYPE_UNSPECIFIED) return failure{reason::missing_field, "shelter: type missing"};
  if (!shelters::v1::ShelterType_IsValid(from)) return failure{reason::malformed, "shelter: type is not known here"};
  return static_cast<shelter_type>(from);
}

result<open_state> from_proto(shelters::v1::OpenState from) {
  if (!shelters::v1::OpenState_IsValid(from)) return failure{reason::malformed, "shelter: state is not known here"};
  return static_cast<open_state>(from);
}

result<metro_role> from_proto(shelters::v1::MetroRole from) {
  if (!shelters::v1::MetroRole_IsValid(from))
    return failure{reason::malformed, "shelter: metro role is not known here"};
  return static_cast<metro_role>(from);
}

result<access_rule> from_proto(shelters::v1::AccessRule from) {
  if (!shelters::v1::AccessRule_IsValid(from))
    return failure{reason::malformed, "shelter: access rule is not known here"};
  return static_cast<access_rule>(from);
}

daily_hours from_proto(shelters::v1::DailyHours const& from) {
  return {from.opens_minute(), from.closes_minute()};
}

result<entrance> from_proto(shelters::v1::Entrance const& from) {
  auto const place = from_proto(from.position());
  if (!place) return place.error();
  return entrance{from.name(), *place, from.step_free()};
}

result<shelter> from_proto(shelters::v1::Shelter const& from) {
  auto const type = from_proto(from.type());
  if (!type) return type.error();
  auto const state = from_proto(from.state());
  if (!state) return state.error();
  auto const role = from_proto(from.metro_role());
  if (!role) return role.error();
  auto const place = from_proto(from.position());
  if (!place) return place.error();
  shelter made;
  made.id = shelter_id{from.shelter_id()};
  made.type = *type;
  made.name_uk = from.name_uk();
  made.name_en = from.name_en();
  made.address = from.address();
  made.place = *place;
  for (auto const& given : from.entrances()) {
    auto door = from_proto(given);
    if (!door) return door.error();
    made.entrances.push_back(std::move(*door));
  }
  made.capacity = from.capacity();
  made.step_free = from.step_free();
  made.pets = from.pets();
  made.surface = from.surface();
  if (from.has_depth_m()) made.depth = meters{from.depth_m()};
  if (auto const facts = facts_from_proto(from, made); !facts) return facts.error();
  made.role = *role;
  made.state = *state;
  if (from.has_verified_time()) made.verified_at = utc_from_proto(from.verified_time());
  made.occupancy = from.occupancy();
  made.generated = from.generated();
  made.revision = from.revision();
  if (auto const valid = validate(made); !valid) return valid.error();
  return made;
}

}  // namespace siren
