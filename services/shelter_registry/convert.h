#pragma once

#include "shelter_registry/ports.h"
#include "siren/shelters/v1/conditions_service.pb.h"
#include "siren/shelters/v1/shelter_service.pb.h"

namespace siren {

/// Where a listing goes on. Tokens are opaque to callers: "<head at the first page>:<last id>", or the last change
/// number.
struct list_place {
  std::variant<by_id, by_change> from;
  std::optional<std::uint64_t> head;  // carried along by id: pages together are only as new as their first
};
/// Failure: MALFORMED for a token that we did not give.
[[nodiscard]] result<list_place> place_of(shelters::v1::ListSheltersRequest const& request);
/// The answer to one page that was read from `place`.
void to_proto(shelter_page const& page, list_place const& place, shelters::v1::ListSheltersResponse* to);

/// Failure: MISSING_FIELD, FIELD_TOO_LONG, MALFORMED.
[[nodiscard]] result<shelter_mutation> from_proto(shelters::v1::UpdateShelterRequest const& request);
[[nodiscard]] result<shelter_mutation> from_proto(shelters::v1::ReportOccupancyRequest const& request);
/// Failure: as siren::validate, and MALFORMED.
[[nodiscard]] result<std::vector<count_delta>> from_proto(shelters::v1::ReportCountsRequest const& request);
void to_proto(counts_outcome const& from, shelters::v1::ReportCountsResponse* to);
[[nodiscard]] result<open_sign> from_proto(shelters::v1::ReportSignRequest const& request, utc_time now);
void to_proto(occupancy_history const& from, utc_time now, shelters::v1::GetOccupancyHistoryResponse* to);
[[nodiscard]] result<conditions_mutation> from_proto(shelters::v1::SetConditionsRequest const& request);

}  // namespace siren
