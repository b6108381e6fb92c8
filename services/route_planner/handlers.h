#pragma once

#include "common/clock.h"
#include "route_planner/plan_shelf.h"
#include "siren/routing/v1/guidance_service.grpc.pb.h"
#include "siren/routing/v1/plan_service.grpc.pb.h"

namespace siren {

class plan_handlers final : public routing::v1::PlanService::Service {
 public:
  /// What it is given must outlive it.
  plan_handlers(street_graph const& streets, plan_shelf& shelf);

  grpc::Status GetPlanHead(grpc::ServerContext*, routing::v1::GetPlanHeadRequest const*,
                           routing::v1::GetPlanHeadResponse* answer) override;
  grpc::Status FetchGraph(grpc::ServerContext*, routing::v1::FetchGraphRequest const* request,
                          grpc::ServerWriter<routing::v1::FetchGraphResponse>* out) override;
  grpc::Status FetchReach(grpc::ServerContext*, routing::v1::FetchReachRequest const* request,
                          grpc::ServerWriter<routing::v1::FetchReachResponse>* out) override;
  grpc::Status FetchPlan(grpc::ServerContext*, routing::v1::FetchPlanRequest const* request,
                         grpc::ServerWriter<routing::v1::FetchPlanResponse>* out) override;
  grpc::Status FetchPlanDelta(grpc::ServerContext*, routing::v1::FetchPlanDeltaRequest const* request,
                              grpc::ServerWriter<routing::v1::FetchPlanDeltaResponse>* out) override;

 private:
  plan_shelf& shelf_;
  std::string graph_hash_;
  std::vector<std::byte> graph_bytes_;
};

class guidance_handlers final : public routing::v1::GuidanceService::Service {
 public:
  guidance_handlers(street_graph const& streets, snap_index const& snap, plan_shelf const& shelf,
                    world_clock const& clock, judge_policy const& policy = {})
      : streets_{streets}, snap_{snap}, shelf_{shelf}, clock_{clock}, policy_{policy} {}

  grpc::Status GetGuidance(grpc::ServerContext*, routing::v1::GetGuidanceRequest const* request,
                           routing::v1::GetGuidanceResponse* answer) override;

 private:
  street_graph const& streets_;
  snap_index const& snap_;
  plan_shelf const& shelf_;
  world_clock const& clock_;
  judge_policy policy_;
};

}  // namespace siren
