#include "common/convert/shelter_convert.h"

#include "common/convert/base_convert.h"
#include "core/shelter/registry.h"

namespace siren {
namespace {

// Core and contract number these alike; a value that only one side knows shows up here.
static_assert(static_cast<int>(shelter_type::mobile) == shelters::v1::ShelterType_MAX);
static_assert(static_cast<int>(open_state::full) == shelters::v1::OpenState_MAX);
static_assert(static_cast<int>(metro_role::no_power) == shelters::v1::MetroRole_MAX);
static_assert(static_cast<int>(shelter_type::metro_station) == shelters::v1::SHELTER_TYPE_METRO_STATION);
static_assert(static_cast<int>(open_state::open) == shelters::v1::OPEN_STATE_OPEN);
static_assert(static_cast<int>(open_state::closed) == shelters::v1::OPEN_STATE_CLOSED);
static_assert(static_cast<int>(metro_role::train) == shelters::v1::METRO_ROLE_TRAIN);
static_assert(static_cast<int>(metro_role::shelter_only) == shelters::v1::METRO_ROLE_SHELTER_ONLY);
static_assert(static_cast<int>(metro_role::closed) == shelters::v1::METRO_ROLE_CLOSED);
static_assert(static_cast<int>(metro_role::no_escalator) == shelters::v1::METRO_ROLE_NO_ESCALATOR);

}  // namespace

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
