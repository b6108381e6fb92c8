#pragma once

#include "common/clock.h"
#include "route_planner/planner.h"
#include "siren/routing/v1/guidance_service.grpc.pb.h"
#include "siren/routing/v1/plan_service.grpc.pb.h"

namespace siren {

class plan_handlers final : public routing::v1::PlanService::Service {
 public:
  explicit plan_handlers(planner const& from);

  grpc::Status GetPlanHead(grpc::ServerContext*, routing::v1::GetPlanHeadRequest const*,
                           routing::v1::GetPlanHeadResponse* answer) override;
  grpc::Status FetchGraph(grpc::ServerContext*, routing::v1::FetchGraphRequest const* request,
                          grpc::ServerWriter<routing::v1::FetchGraphResponse>* out) override;
  grpc::Status FetchPlan(grpc::ServerContext*, routing::v1::FetchPlanRequest const* request,
                         grpc::ServerWriter<routing::v1::FetchPlanResponse>* out) override;

 private:
  planner const& planner_;
  std::string graph_hash_;
  std::string graph_bytes_;
};

class guidance_handlers final : public routing::v1::GuidanceService::Service {
 public:
  guidance_handlers(planner const& from, world_clock const& clock) : planner_{from}, clock_{clock} {}

  grpc::Status GetGuidance(grpc::ServerContext*, routing::v1::GetGuidanceRequest const* request,
                           routing::v1::GetGuidanceResponse* answer) override;

 private:
  planner const& planner_;
  world_clock const& clock_;
  guidance_policy policy_;
};

}  // namespace siren
