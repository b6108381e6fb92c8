#include "route_planner/handlers.h"

#include <fmt/format.h>

#include "common/convert/base_convert.h"
#include "common/convert/guidance_convert.h"
#include "common/rpc_server.h"

namespace siren {
namespace {

constexpr std::size_t kChunkBytes = 256U << 10U;

template <typename Response>
grpc::Status send_in_chunks(std::span<std::byte const> bytes, grpc::ServerWriter<Response>& out, Response piece = {}) {
  while (!bytes.empty()) {
    auto const part = bytes.first(std::min(kChunkBytes, bytes.size()));
    bytes = bytes.subspan(part.size());
    piece.set_chunk(part.data(), part.size());
    if (!out.Write(piece)) return {grpc::StatusCode::CANCELLED, "the reader left"};
  }
  return grpc::Status::OK;
}

failure replaced(std::string const& what) {
  return {reason::plan_missing, what + " was replaced; ask for the head again"};
}

std::string hash_of(std::uint64_t id) {
  return fmt::format("{:016x}", id);
}

void fill(told_figures const& from, routing::v1::PlanFigures* to) {
  to->set_people(from.plan.people);
  to->set_people_in_time(from.plan.assigned);
  to->set_people_staying(from.plan.people - from.plan.assigned);
  to->set_overfull_shelters(from.overfull_shelters);
  to->set_nearest_in_time(from.nearest.in_time);
  to->set_nearest_overfull_shelters(from.nearest.overfull_shelters);
  to->set_nearest_people_over_capacity(from.nearest.over_capacity);
  to->set_zones_with_deadline(from.areas_with_deadline);
}

}  // namespace

plan_handlers::plan_handlers(street_graph const& streets, plan_shelf& shelf)
    : shelf_{shelf}, graph_hash_{hash_of(streets.id().value)}, graph_bytes_{write_street_graph(streets)} {}

grpc::Status plan_handlers::GetPlanHead(grpc::ServerContext* /*context*/,
                                        routing::v1::GetPlanHeadRequest const* /*request*/,
                                        routing::v1::GetPlanHeadResponse* answer) {
  auto const current = shelf_.current();
  answer->set_graph_hash(graph_hash_);
  if (current) {
    answer->set_plan_version(current->plan->version);
    answer->set_reach_hash(hash_of(current->plan->walks.value));
  }
  if (auto const told = shelf_.figures()) fill(*told, answer->mutable_figures());
  if (auto const told = shelf_.worst()) fill(*told, answer->mutable_worst_figures());
  return grpc::Status::OK;
}

grpc::Status plan_handlers::FetchGraph(grpc::ServerContext* /*context*/, routing::v1::FetchGraphRequest const* request,
                                       grpc::ServerWriter<routing::v1::FetchGraphResponse>* out) {
  if (request->graph_hash() != graph_hash_) return to_status(replaced("the street graph"));
  return send_in_chunks(std::span<std::byte const>{graph_bytes_}, *out);
}

grpc::Status plan_handlers::FetchReach(grpc::ServerContext* /*context*/, routing::v1::FetchReachRequest const* request,
                                       grpc::ServerWriter<routing::v1::FetchReachResponse>* out) {
  auto const current = shelf_.current();
  if (!current || request->reach_hash() != hash_of(current->plan->walks.value))
    return to_status(replaced("what can be reached"));
  return send_in_chunks(current->walks->walks->bytes(), *out);
}

grpc::Status plan_handlers::FetchPlan(grpc::ServerContext* /*context*/, routing::v1::FetchPlanRequest const* request,
                                      grpc::ServerWriter<routing::v1::FetchPlanResponse>* out) {
  auto const bytes = shelf_.bytes_of(request->plan_version());
  if (!bytes) return to_status(replaced("the plan"));
  return send_in_chunks(std::span<std::byte const>{*bytes}, *out);
}

grpc::Status plan_handlers::FetchPlanDelta(grpc::ServerContext* /*context*/,
                                           routing::v1::FetchPlanDeltaRequest const* request,
                                           grpc::ServerWriter<routing::v1::FetchPlanDeltaResponse>* out) {
  auto const way = shelf_.way(request->base_version(), request->plan_version());
  if (way.empty()) return to_status(replaced("the plan before"));
  for (auto const& delta : way) {
    routing::v1::FetchPlanDeltaResponse piece;
    piece.set_plan_version(delta.version);
    if (auto const sent = send_in_chunks(std::span<std::byte const>{*delta.bytes}, *out, piece); !sent.ok())
      return sent;
  }
  return grpc::Status::OK;
}

grpc::Status guidance_handlers::GetGuidance(grpc::ServerContext* /*context*/,
                                            routing::v1::GetGuidanceRequest const* request,
                                            routing::v1::GetGuidanceResponse* answer) {
  auto const place = from_proto(request->position());
  if (!place) return to_status(place.error());
  auto const profile = from_proto(request->profile());
  if (!profile) return to_status(profile.error());
  std::optional<utc_time> deadline;
  if (request->has_deadline_time()) deadline = utc_from_proto(request->deadline_time());
  auto const share = share_of(request->phone_id());
  auto const current = shelf_.current();
  city_view const view = current ? current->view() : city_view{streets_, snap_};
  auto const now = clock_.now();
  auto const told = judge(view, *place, *profile, share, deadline, now, policy_);
  to_proto(told, deadline, answer->mutable_guidance());
  to_proto(now, answer->mutable_guidance()->mutable_judged_time());
  for (auto const& other : alternatives(view, *place, *profile, share, deadline, now, policy_))
    to_proto(other, answer->add_alternatives());
  return grpc::Status::OK;
}

}  // namespace siren
