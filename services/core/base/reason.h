#pragma once

#include <cstdint>
#include <string_view>

namespace siren {

/// Canonical codes, numbered as in google.rpc.Code.
enum class code : std::uint8_t {
  invalid_argument = 3,
  deadline_exceeded = 4,
  not_found = 5,
  already_exists = 6,
  permission_denied = 7,
  resource_exhausted = 8,
  failed_precondition = 9,
  aborted = 10,
  out_of_range = 11,
  unimplemented = 12,
  internal = 13,
  unavailable = 14,
  data_loss = 15,
};

/// Every reason a caller, an operator or a metric can see stands here once: identifier, wire name, code.
/// Wire names are contract: never renamed, never reused.
#define SIREN_REASONS(X)                                                     \
  X(malformed, "MALFORMED", invalid_argument)                                \
  X(missing_field, "MISSING_FIELD", invalid_argument)                        \
  X(field_too_long, "FIELD_TOO_LONG", invalid_argument)                      \
  X(message_too_large, "MESSAGE_TOO_LARGE", resource_exhausted)              \
  X(unknown_source, "UNKNOWN_SOURCE", permission_denied)                     \
  X(latitude_out_of_range, "LATITUDE_OUT_OF_RANGE", invalid_argument)        \
  X(longitude_out_of_range, "LONGITUDE_OUT_OF_RANGE", invalid_argument)      \
  X(outside_theatre, "OUTSIDE_THEATRE", out_of_range)                        \
  X(not_finite, "NOT_FINITE", invalid_argument)                              \
  X(speed_out_of_range, "SPEED_OUT_OF_RANGE", invalid_argument)              \
  X(sigma_out_of_range, "SIGMA_OUT_OF_RANGE", invalid_argument)              \
  X(count_out_of_range, "COUNT_OUT_OF_RANGE", invalid_argument)              \
  X(time_missing, "TIME_MISSING", invalid_argument)                          \
  X(time_in_future, "TIME_IN_FUTURE", invalid_argument)                      \
  X(time_too_old, "TIME_TOO_OLD", invalid_argument)                          \
  X(duplicate, "DUPLICATE", already_exists)                                  \
  X(drill_in_live, "DRILL_IN_LIVE", failed_precondition)                     \
  X(live_in_drill, "LIVE_IN_DRILL", failed_precondition)                     \
  X(unknown_region, "UNKNOWN_REGION", not_found)                             \
  X(source_not_official, "SOURCE_NOT_OFFICIAL", permission_denied)           \
  X(not_a_threat, "NOT_A_THREAT", invalid_argument)                          \
  X(implausible, "IMPLAUSIBLE", failed_precondition)                         \
  X(unknown_zone, "UNKNOWN_ZONE", not_found)                                 \
  X(unknown_shelter, "UNKNOWN_SHELTER", not_found)                           \
  X(unknown_alert, "UNKNOWN_ALERT", not_found)                               \
  X(stale_revision, "STALE_REVISION", aborted)                               \
  X(request_id_reused, "REQUEST_ID_REUSED", already_exists)                  \
  X(occupancy_below_zero, "OCCUPANCY_BELOW_ZERO", failed_precondition)       \
  X(occupancy_over_capacity, "OCCUPANCY_OVER_CAPACITY", failed_precondition) \
  X(capacity_out_of_range, "CAPACITY_OUT_OF_RANGE", invalid_argument)        \
  X(sign_in_missing, "SIGN_IN_MISSING", permission_denied)                   \
  X(token_refused, "TOKEN_REFUSED", permission_denied)                       \
  X(token_expired, "TOKEN_EXPIRED", permission_denied)                       \
  X(another_person, "ANOTHER_PERSON", permission_denied)                     \
  X(role_missing, "ROLE_MISSING", permission_denied)                         \
  X(second_person_needed, "SECOND_PERSON_NEEDED", permission_denied)         \
  X(unknown_proposal, "UNKNOWN_PROPOSAL", not_found)                         \
  X(proposal_expired, "PROPOSAL_EXPIRED", failed_precondition)               \
  X(proposal_withdrawn, "PROPOSAL_WITHDRAWN", failed_precondition)           \
  X(proposal_differs, "PROPOSAL_DIFFERS", failed_precondition)               \
  X(record_changed, "RECORD_CHANGED", data_loss)                             \
  X(official_floor, "OFFICIAL_FLOOR", failed_precondition)                   \
  X(too_far_from_street, "TOO_FAR_FROM_STREET", not_found)                   \
  X(no_reachable_shelter, "NO_REACHABLE_SHELTER", not_found)                 \
  X(plan_missing, "PLAN_MISSING", unavailable)                               \
  X(too_many_watched_zones, "TOO_MANY_WATCHED_ZONES", resource_exhausted)    \
  X(too_many_streams, "TOO_MANY_STREAMS", resource_exhausted)                \
  X(too_many_requests, "TOO_MANY_REQUESTS", resource_exhausted)              \
  X(subscribe_first, "SUBSCRIBE_FIRST", failed_precondition)                 \
  X(slow_reader, "SLOW_READER", resource_exhausted)                          \
  X(store_unavailable, "STORE_UNAVAILABLE", unavailable)                     \
  X(bus_unavailable, "BUS_UNAVAILABLE", unavailable)                         \
  X(provider_unavailable, "PROVIDER_UNAVAILABLE", unavailable)               \
  X(provider_refused, "PROVIDER_REFUSED", permission_denied)                 \
  X(journal_full, "JOURNAL_FULL", resource_exhausted)                        \
  X(deposed, "DEPOSED", aborted)                                             \
  X(log_went_back, "LOG_WENT_BACK", data_loss)                               \
  X(not_ready, "NOT_READY", unavailable)                                     \
  X(draining, "DRAINING", unavailable)                                       \
  X(wrong_mode, "WRONG_MODE", failed_precondition)                           \
  X(file_unreadable, "FILE_UNREADABLE", invalid_argument)                    \
  X(schema_mismatch, "SCHEMA_MISMATCH", failed_precondition)                 \
  X(unknown_method, "UNKNOWN_METHOD", unimplemented)                         \
  X(unknown_service, "UNKNOWN_SERVICE", not_found)                           \
  X(deadline_passed, "DEADLINE_PASSED", deadline_exceeded)                   \
  X(internal_error, "INTERNAL_ERROR", internal)

enum class reason : std::uint8_t {
#define X(identifier, name, category) identifier,
  SIREN_REASONS(X)
#undef X
};

[[nodiscard]] std::string_view name_of(reason why);
[[nodiscard]] code code_of(reason why);

}  // namespace siren
