#include "shelter_registry/convert.h"

#include <charconv>

#include "common/city_bundle/csv.h"
#include "common/convert/base_convert.h"
#include "common/convert/conditions_convert.h"
#include "common/convert/shelter_convert.h"

namespace siren {
namespace {

constexpr std::size_t kMaxRequestIdBytes = 100;  // a UUID has 36; callers may put their name before it

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t number = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

result<void> check_id(std::string const& request_id) {
  if (request_id.empty()) return failure{reason::missing_field, "request_id missing"};
  if (request_id.size() > kMaxRequestIdBytes) return failure{reason::field_too_long, "request_id too long"};
  if (!is_plain_text(request_id)) return failure{reason::malformed, "request_id is not plain text"};
  return {};
}

result<void> check_ids(std::string const& request_id, std::string const& shelter) {
  if (auto const fit = check_id(request_id); !fit) return fit;
  if (shelter.empty()) return failure{reason::missing_field, "shelter_id missing"};
  return {};
}

/// What is asked, without the id that it is asked under.
template <typename Request>
std::string asked_in(Request request) {
  request.clear_request_id();
  return std::string{Request::descriptor()->name()} + ' ' + request.SerializeAsString();
}

template <typename Request>
shelter_mutation mutation_of(Request const& request) {
  return {request.request_id(), asked_in(request), shelter_id{request.shelter_id()}, {}};
}

result<void> read_facts(shelters::v1::UpdateShelterRequest const& request, set_fields& into) {
  if (request.has_access()) {
    auto const access = from_proto(request.access());
    if (!access) return access.error();
    into.access = *access;
  }
  if (request.has_open_hours()) into.open_hours = from_proto(request.open_hours());
  if (request.has_keyholder()) {
    if (!is_plain_text(request.keyholder())) return failure{reason::malformed, "keyholder is not plain text"};
    into.keyholder = request.keyholder();
  }
  if (request.has_power()) into.power = request.power();
  if (request.has_heat()) into.heat = request.heat();
  if (request.has_water()) into.water = request.water();
  if (request.has_stairs()) into.stairs = request.stairs();
  into.place_checked = request.place_checked();
  return {};
}

}  // namespace

result<list_place> place_of(shelters::v1::ListSheltersRequest const& request) {
  auto const& token = request.page_token();
  failure const bad_token{reason::malformed, "page_token is not one that this listing gave"};
  if (request.has_changed_after()) {
    if (token.empty()) return list_place{by_change{request.changed_after()}, std::nullopt};
    auto const after = number_of(token);
    if (!after || *after <= request.changed_after()) return bad_token;
    return list_place{by_change{*after}, std::nullopt};
  }
  if (token.empty()) return list_place{by_id{}, std::nullopt};
  auto const colon = token.find(':');
  auto const head = number_of(std::string_view{token}.substr(0, colon));
  if (colon == std::string::npos || !head) return bad_token;
  return list_place{by_id{shelter_id{token.substr(colon + 1)}}, head};
}

void to_proto(shelter_page const& page, list_place const& place, shelters::v1::ListSheltersResponse* to) {
  for (auto const& s : page.shelters) to_proto(s, to->add_shelters());
  to->set_change_head(place.head.value_or(page.head));
  if (page.last) return;
  to->set_next_page_token(std::holds_alternative<by_change>(place.from)
                              ? std::to_string(page.last_change)
                              : std::to_string(to->change_head()) + ':' + page.shelters.back().id.value);
}

result<shelter_mutation> from_proto(shelters::v1::UpdateShelterRequest const& request) {
  if (auto const ids = check_ids(request.request_id(), request.shelter_id()); !ids) return ids.error();
  if (request.expected_revision() == 0) return failure{reason::missing_field, "expected_revision missing"};
  set_fields fields;
  if (request.has_state()) {
    auto const state = from_proto(request.state());
    if (!state) return state.error();
    fields.state = *state;
  }
  if (request.has_metro_role()) {
    auto const role = from_proto(request.metro_role());
    if (!role) return role.error();
    fields.role = *role;
  }
  if (request.has_capacity()) fields.capacity = request.capacity();
  if (request.has_step_free()) fields.step_free = request.step_free();
  if (request.has_pets()) fields.pets = request.pets();
  if (auto const read = read_facts(request, fields); !read) return read.error();
  fields.verified = request.verified();
  auto made = mutation_of(request);
  made.edit = {request.expected_revision(), fields};
  return made;
}

result<shelter_mutation> from_proto(shelters::v1::ReportOccupancyRequest const& request) {
  if (auto const ids = check_ids(request.request_id(), request.shelter_id()); !ids) return ids.error();
  set_occupancy count;
  count.override_limits = request.allow_override();
  switch (request.change_case()) {
    case shelters::v1::ReportOccupancyRequest::kDelta:
      count.how = set_occupancy::kind::delta;
      count.people = request.delta();
      break;
    case shelters::v1::ReportOccupancyRequest::kTotal:
      count.people = request.total();
      break;
    case shelters::v1::ReportOccupancyRequest::CHANGE_NOT_SET:
      return failure{reason::missing_field, "neither delta nor total"};
  }
  auto made = mutation_of(request);
  made.edit = {std::nullopt, count};
  return made;
}

result<std::vector<count_delta>> from_proto(shelters::v1::ReportCountsRequest const& request) {
  std::vector<count_delta> deltas;
  deltas.reserve(static_cast<std::size_t>(request.deltas_size()));
  for (auto const& one : request.deltas()) {
    if (!is_plain_text(one.sensor_id())) return failure{reason::malformed, "a sensor's id is not plain text"};
    deltas.push_back({shelter_id{one.shelter_id()}, one.sensor_id(), one.run(), one.sequence(), one.delta()});
  }
  if (auto const fit = validate(deltas); !fit) return fit.error();
  return deltas;
}

void to_proto(counts_outcome const& from, shelters::v1::ReportCountsResponse* to) {
  to->set_applied(from.tally.applied);
  to->set_repeated(from.tally.repeated);
  to->set_left(from.tally.left);
  to->set_misplaced(from.tally.misplaced);
  for (auto const& [sensor, place] : from.positions) {
    auto* position = to->add_positions();
    position->set_sensor_id(sensor);
    position->set_run(place.run);
    position->set_sequence(place.sequence);
  }
}

result<open_sign> from_proto(shelters::v1::ReportSignRequest const& request, utc_time now) {
  static_assert(static_cast<int>(sign_kind::door) == shelters::v1::SIGN_KIND_DOOR);
  static_assert(static_cast<int>(sign_kind::person) == shelters::v1::SignKind_MAX);
  if (request.kind() == shelters::v1::SIGN_KIND_UNSPECIFIED)
    return failure{reason::missing_field, "sign: kind missing"};
  if (!shelters::v1::SignKind_IsValid(request.kind()))
    return failure{reason::malformed, "sign: kind is not known here"};
  if (!is_plain_text(request.source_id())) return failure{reason::malformed, "sign: source is not plain text"};
  open_sign sign{static_cast<sign_kind>(request.kind()), request.source_id(), request.open(), now};
  if (auto const fit = validate(sign); !fit) return fit.error();
  return sign;
}

void to_proto(occupancy_history const& from, utc_time now, shelters::v1::GetOccupancyHistoryResponse* to) {
  for (auto const& point : from.points) {
    auto* made = to->add_points();
    to_proto(point.at, made->mutable_at_time());
    made->set_people(point.people);
  }
  to->set_capacity(from.record.capacity);
  to->set_occupancy(from.record.occupancy);
  if (auto const full = full_at(from.points, from.record.capacity, now)) to_proto(*full, to->mutable_full_time());
}

result<conditions_mutation> from_proto(shelters::v1::SetConditionsRequest const& request) {
  if (auto const fit = check_id(request.request_id()); !fit) return fit.error();
  if (request.expected_revision() == 0) return failure{reason::missing_field, "expected_revision missing"};
  if (!is_plain_text(request.operator_name())) return failure{reason::malformed, "operator_name is not plain text"};
  conditions_mutation made{request.request_id(), asked_in(request), {}};
  auto& edit = made.edit;
  edit.operator_name = request.operator_name();
  edit.expected_revision = request.expected_revision();
  if (request.has_light()) {
    auto const light = from_proto(request.light());
    if (!light) return light.error();
    edit.light = *light;
  }
  if (request.has_ice()) edit.ice = request.ice();
  if (request.has_closed_bridges()) {
    auto const& names = request.closed_bridges().names();
    for (auto const& name : names)
      if (!is_plain_text(name)) return failure{reason::malformed, "a closed bridge's name is not plain text"};
    edit.closed_bridges.emplace(names.begin(), names.end());
  }
  if (request.has_trains_running()) edit.trains_running = request.trains_running();
  if (request.has_metro_power()) edit.metro_power = request.metro_power();
  return made;
}

}  // namespace siren
