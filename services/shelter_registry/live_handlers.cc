// ShelterService: what changes by the second.
#include "common/convert/base_convert.h"
#include "common/convert/shelter_convert.h"
#include "shelter_registry/convert.h"
#include "shelter_registry/handlers.h"

namespace siren {
namespace {

constexpr hours kHistoryShown{1};  // contract of GetOccupancyHistory

}  // namespace

grpc::Status shelter_handlers::ReportCounts(grpc::ServerContext* call, shelters::v1::ReportCountsRequest const* request,
                                            shelters::v1::ReportCountsResponse* response) {
  auto const who = may_edit(*call);
  if (!who) return outcomes_.refuse("ReportCounts", who.error());
  auto const deltas = from_proto(*request);
  if (!deltas) return outcomes_.refuse("ReportCounts", deltas.error());
  auto const outcome = parts_.store.add_counts(*deltas, parts_.clock.now());
  if (!outcome) return outcomes_.refuse("ReportCounts", outcome.error());
  parts_.announcements.tell(outcome->change);
  to_proto(*outcome, response);
  return outcomes_.answered("ReportCounts");
}

grpc::Status shelter_handlers::GetOccupancyHistory(grpc::ServerContext* call,
                                                   shelters::v1::GetOccupancyHistoryRequest const* request,
                                                   shelters::v1::GetOccupancyHistoryResponse* response) {
  auto const who = parts_.guard.admit(*call, "", {role::viewer, role::shelter_editor, role::auditor}, {parts_.city});
  if (!who) return outcomes_.refuse("GetOccupancyHistory", who.error());
  auto const now = parts_.clock.now();
  auto const since = request->has_since_time() ? utc_from_proto(request->since_time()) : now - kHistoryShown;
  auto const told = parts_.store.history(shelter_id{request->shelter_id()}, since, limits_.points);
  if (!told) return outcomes_.refuse("GetOccupancyHistory", told.error());
  to_proto(*told, now, response);
  return outcomes_.answered("GetOccupancyHistory");
}

grpc::Status shelter_handlers::ReportSign(grpc::ServerContext* call, shelters::v1::ReportSignRequest const* request,
                                          shelters::v1::ReportSignResponse* response) {
  auto const who = may_edit(*call);
  if (!who) return outcomes_.refuse("ReportSign", who.error());
  auto const now = parts_.clock.now();
  auto const sign = from_proto(*request, now);
  if (!sign) return outcomes_.refuse("ReportSign", sign.error());
  auto const outcome = parts_.store.add_sign(shelter_id{request->shelter_id()}, *sign, now);
  if (!outcome) return outcomes_.refuse("ReportSign", outcome.error());
  parts_.announcements.tell(outcome->change);
  to_proto(outcome->record, response->mutable_shelter());
  return outcomes_.answered("ReportSign");
}

}  // namespace siren
