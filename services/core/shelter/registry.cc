#include "core/shelter/registry.h"

#include <algorithm>
#include <cmath>

namespace siren {
namespace {

result<void> validate_place(lat_lon place, std::string const& whose) {
  if (!std::isfinite(place.lat.value) || !std::isfinite(place.lon.value))
    return failure{reason::not_finite, whose + ": coordinates are not finite"};
  if (std::abs(place.lat.value) > 90.0)
    return failure{reason::latitude_out_of_range, whose + ": latitude is outside [-90, 90]"};
  if (std::abs(place.lon.value) > 180.0)
    return failure{reason::longitude_out_of_range, whose + ": longitude is outside [-180, 180]"};
  return {};
}

result<void> validate_texts(shelter const& s, shelter_policy const& policy) {
  if (s.id.value.empty()) return failure{reason::missing_field, "shelter: id is empty"};
  if (s.id.value.size() > policy.max_id_bytes) return failure{reason::field_too_long, "shelter: id is too long"};
  if (s.name_uk.empty() && s.name_en.empty()) return failure{reason::missing_field, "shelter: it has no name"};
  if (std::max(s.name_uk.size(), s.name_en.size()) > policy.max_name_bytes)
    return failure{reason::field_too_long, "shelter: name is too long"};
  if (s.address.size() > policy.max_address_bytes)
    return failure{reason::field_too_long, "shelter: address is too long"};
  for (auto const& door : s.entrances)
    if (door.name.size() > policy.max_name_bytes)
      return failure{reason::field_too_long, "shelter: an entrance's name is too long"};
  return {};
}

result<void> validate_facts(shelter const& s, shelter_policy const& policy) {
  constexpr std::uint32_t kMinutesADay = 1'440;
  if (s.keyholder.size() > policy.max_keyholder_bytes)
    return failure{reason::field_too_long, "shelter: keyholder is too long"};
  if (s.stairs.value_or(0) > policy.max_stairs)
    return failure{reason::count_out_of_range, "shelter: " + std::to_string(*s.stairs) + " stairs"};
  if (s.confidence.value_or(0) > 100)
    return failure{reason::count_out_of_range, "shelter: confidence " + std::to_string(*s.confidence)};
  if (s.open_hours && (s.open_hours->opens > kMinutesADay || s.open_hours->closes > kMinutesADay ||
                       s.open_hours->opens == s.open_hours->closes))
    return failure{reason::malformed, "shelter: opening hours are not of a day"};
  return {};
}

result<void> fits_capacity(std::int64_t people, std::uint32_t capacity, bool override_limits) {
  if (people < 0 && !override_limits)
    return failure{reason::occupancy_below_zero, "occupancy would be " + std::to_string(people)};
  if (people > static_cast<std::int64_t>(capacity) && !override_limits)
    return failure{reason::occupancy_over_capacity,
                   "occupancy would be " + std::to_string(people) + " of " + std::to_string(capacity)};
  return {};
}

failure stale(std::uint64_t expected, std::uint64_t current) {
  return {reason::stale_revision,
          "expected revision " + std::to_string(expected) + ", current is " + std::to_string(current)};
}

struct editor {
  shelter const& current;
  utc_time now;
  shelter_policy const& policy;

  result<shelter> operator()(put_shelter const& edit) const {
    shelter next = edit.record;
    if (next.id != current.id) return failure{reason::malformed, "the record is of another shelter"};
    next.occupancy = current.occupancy;
    next.confidence = current.confidence;
    bool const outdated = current.verified_at && (!next.verified_at || *next.verified_at < *current.verified_at);
    bool const still_station = next.type == shelter_type::metro_station && current.type == shelter_type::metro_station;
    if (outdated || next.state == open_state::unknown) next.state = current.state;
    if (still_station && (outdated || next.role == metro_role::none)) next.role = current.role;
    keep_untold(next);
    if (outdated) keep_seen(next);
    if (next.capacity_assumed && !current.capacity_assumed && current.capacity != 0) {
      next.capacity = current.capacity;
      next.capacity_assumed = false;
    }
    if (auto fit = fits_capacity(next.occupancy, next.capacity, edit.override_limits); !fit) return fit.error();
    return next;
  }

  void keep_untold(shelter& next) const {
    if (!next.open_hours) next.open_hours = current.open_hours;
    if (next.access == access_rule::unknown) next.access = current.access;
    if (next.keyholder.empty()) next.keyholder = current.keyholder;
    if (!next.stairs) next.stairs = current.stairs;
    if (!next.power) next.power = current.power;
    if (!next.heat) next.heat = current.heat;
    if (!next.water) next.water = current.water;
  }

  void keep_seen(shelter& next) const {
    next.verified_at = current.verified_at;
    if (current.open_hours) next.open_hours = current.open_hours;
    if (current.access != access_rule::unknown) next.access = current.access;
    if (next.place == current.place) next.place_doubtful = current.place_doubtful;
  }

  result<shelter> operator()(set_state const& edit) const {
    shelter next = current;
    next.state = edit.to;
    next.verified_at = now;
    next.confidence.reset();
    return next;
  }

  result<shelter> operator()(set_role const& edit) const {
    shelter next = current;
    next.role = edit.to;
    return next;
  }

  result<shelter> operator()(set_capacity const& edit) const {
    shelter next = current;
    next.capacity = edit.to;
    next.capacity_assumed = false;
    if (auto fit = fits_capacity(next.occupancy, next.capacity, edit.override_limits); !fit) return fit.error();
    return next;
  }

  result<shelter> operator()(set_fields const& edit) const {
    shelter next = current;
    next.state = edit.state.value_or(current.state);
    next.role = edit.role.value_or(current.role);
    next.capacity = edit.capacity.value_or(current.capacity);
    next.step_free = edit.step_free.value_or(current.step_free);
    next.pets = edit.pets.value_or(current.pets);
    next.access = edit.access.value_or(current.access);
    next.keyholder = edit.keyholder.value_or(current.keyholder);
    if (edit.open_hours) next.open_hours = edit.open_hours;
    if (edit.power) next.power = edit.power;
    if (edit.heat) next.heat = edit.heat;
    if (edit.water) next.water = edit.water;
    if (edit.stairs) next.stairs = edit.stairs;
    if (edit.place_checked) next.place_doubtful = false;
    if (edit.capacity) next.capacity_assumed = false;
    if (edit.state || edit.role || edit.place_checked || edit.verified) {
      next.verified_at = now;
      next.confidence.reset();
    }
    bool const keeps_capacity = next.capacity == current.capacity;
    if (auto fit = fits_capacity(next.occupancy, next.capacity, keeps_capacity); !fit) return fit.error();
    return next;
  }

  result<shelter> operator()(set_occupancy const& edit) const {
    auto const limit = static_cast<std::int64_t>(policy.max_occupancy);
    if (edit.people > limit || edit.people < -limit)
      return failure{reason::count_out_of_range, "occupancy: " + std::to_string(edit.people) + " people"};
    std::int64_t const people = edit.how == set_occupancy::kind::delta
                                    ? static_cast<std::int64_t>(current.occupancy) + edit.people
                                    : edit.people;
    if (auto fit = fits_capacity(people, current.capacity, edit.override_limits); !fit) return fit.error();
    shelter next = current;
    next.occupancy = static_cast<std::uint32_t>(std::max<std::int64_t>(people, 0));
    return next;
  }
};

}  // namespace

result<void> validate(shelter const& s, shelter_policy const& policy) {
  if (auto texts = validate_texts(s, policy); !texts) return texts;
  if (auto place = validate_place(s.place, "shelter"); !place) return place;
  if (s.entrances.empty()) return failure{reason::missing_field, "shelter: it has no entrance"};
  if (s.entrances.size() > policy.max_entrances)
    return failure{reason::count_out_of_range, "shelter: too many entrances"};
  for (auto const& door : s.entrances)
    if (auto place = validate_place(door.place, "entrance"); !place) return place;
  if (s.capacity > policy.max_capacity)
    return failure{reason::capacity_out_of_range, "shelter: capacity " + std::to_string(s.capacity)};
  if (s.occupancy > policy.max_occupancy)
    return failure{reason::count_out_of_range, "shelter: occupancy " + std::to_string(s.occupancy)};
  if (s.depth && !std::isfinite(s.depth->value)) return failure{reason::not_finite, "shelter: depth is not finite"};
  if (s.depth && (*s.depth < meters{0.0} || *s.depth > policy.max_depth))
    return failure{reason::malformed, "shelter: depth is out of range"};
  if (auto facts = validate_facts(s, policy); !facts) return facts;
  if (s.type != shelter_type::metro_station && (s.role != metro_role::none || s.surface))
    return failure{reason::malformed, "shelter: only a metro station has a role or stands on the surface"};
  return {};
}

result<shelter> create(shelter_edit const& edit, shelter_policy const& policy) {
  auto const* put = std::get_if<put_shelter>(&edit.what);
  if (put == nullptr) return failure{reason::malformed, "only a whole record makes a shelter"};
  if (edit.expected_revision.value_or(0) != 0) return stale(*edit.expected_revision, 0);
  shelter first = put->record;
  first.revision = 1;
  if (auto valid = validate(first, policy); !valid) return valid.error();
  if (auto fit = fits_capacity(first.occupancy, first.capacity, put->override_limits); !fit) return fit.error();
  return first;
}

result<shelter> change(shelter const& current, shelter_edit const& edit, utc_time now, shelter_policy const& policy) {
  if (edit.expected_revision && *edit.expected_revision != current.revision)
    return stale(*edit.expected_revision, current.revision);
  auto next = std::visit(editor{current, now, policy}, edit.what);
  if (!next) return next;
  if (auto valid = validate(*next, policy); !valid) return valid.error();
  next->revision = current.revision;
  if (*next == current) return next;
  next->revision = current.revision + 1;
  return next;
}

result<shelter> apply(shelter_book& book, shelter_id const& id, shelter_edit const& edit, utc_time now,
                      shelter_policy const& policy) {
  auto const found = book.shelters.find(id);
  auto const* put = std::get_if<put_shelter>(&edit.what);
  if (found == book.shelters.end() && put == nullptr) return failure{reason::unknown_shelter, "no shelter " + id.value};
  if (put != nullptr && put->record.id != id) return failure{reason::malformed, "the record is of another shelter"};
  auto next = found == book.shelters.end() ? create(edit, policy) : change(found->second, edit, now, policy);
  if (next) book.shelters.insert_or_assign(id, *next);
  return next;
}

}  // namespace siren
