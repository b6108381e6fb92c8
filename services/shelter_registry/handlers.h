#pragma once

#include "common/access/access_guard.h"
#include "common/audit/audit_keeper.h"
#include "common/city_bundle/city_bundle.h"
#include "shelter_registry/call_outcomes.h"
#include "shelter_registry/ports.h"
#include "siren/shelters/v1/shelter_service.grpc.pb.h"

namespace siren {

struct registry_limits {
  std::size_t page = 1'000;              // contract of ListShelters
  std::size_t import_bytes = 8U << 20U;  // contract of ImportShelters; 50,000 rows, ten times Kyiv's list
  std::size_t rejects_listed = 1'000;    // contract of ImportSheltersResponse
  std::size_t differences_listed = 1'000;
  std::size_t points = 10'000;  // contract of GetOccupancyHistory
};

/// ShelterService over a store. After every change its number goes out on the bus. Thread-safe; what it is given must
/// outlive it.
class shelter_handlers final : public shelters::v1::ShelterService::Service {
 public:
  struct parts {
    shelter_store& store;
    announcer const& announcements;
    world_clock& clock;
    metrics& counts;
    access_guard const& guard;
    zone_id city;  // whose roles count
    audit_keeper& record;
  };
  explicit shelter_handlers(parts const& given, registry_limits const& limits = {});

  grpc::Status ListShelters(grpc::ServerContext*, shelters::v1::ListSheltersRequest const* request,
                            shelters::v1::ListSheltersResponse* response) override;
  grpc::Status GetShelter(grpc::ServerContext*, shelters::v1::GetShelterRequest const* request,
                          shelters::v1::GetShelterResponse* response) override;
  grpc::Status UpdateShelter(grpc::ServerContext* call, shelters::v1::UpdateShelterRequest const* request,
                             shelters::v1::UpdateShelterResponse* response) override;
  grpc::Status ReportOccupancy(grpc::ServerContext* call, shelters::v1::ReportOccupancyRequest const* request,
                               shelters::v1::ReportOccupancyResponse* response) override;
  grpc::Status ReportCounts(grpc::ServerContext* call, shelters::v1::ReportCountsRequest const* request,
                            shelters::v1::ReportCountsResponse* response) override;
  grpc::Status GetOccupancyHistory(grpc::ServerContext* call, shelters::v1::GetOccupancyHistoryRequest const* request,
                                   shelters::v1::GetOccupancyHistoryResponse* response) override;
  grpc::Status ReportSign(grpc::ServerContext* call, shelters::v1::ReportSignRequest const* request,
                          shelters::v1::ReportSignResponse* response) override;
  grpc::Status ImportShelters(grpc::ServerContext* call,
                              grpc::ServerReader<shelters::v1::ImportSheltersRequest>* reader,
                              shelters::v1::ImportSheltersResponse* response) override;

 private:
  struct upload;
  [[nodiscard]] result<person> may_edit(grpc::ServerContext const& call) const;
  /// `recorded`: what the record says of it; empty: nothing, as of door counters.
  grpc::Status mutate(grpc::ServerContext const& call, char const* method, result<shelter_mutation> const& asked,
                      shelters::v1::Shelter* answer, std::string const& recorded);
  result<void> receive(grpc::ServerReader<shelters::v1::ImportSheltersRequest>& reader, upload& into) const;
  result<void> import(upload const& from, shelters::v1::ImportSheltersResponse* response);

  parts parts_;
  call_outcomes outcomes_;
  registry_limits limits_;
};

}  // namespace siren
