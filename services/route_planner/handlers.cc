#include "route_planner/handlers.h"

#include <fmt/format.h>

#include "common/convert/base_convert.h"
#include "common/convert/guidance_convert.h"
#include "common/rpc_server.h"

namespace siren {
namespace {

constexpr std::size_t kChunkBytes = 256U << 10U;

template <typename Response>
grpc::Status send_in_chunks(std::string const& bytes, grpc::ServerWriter<Response>& out) {
  Response piece;
  for (std::size_t at = 0; at < bytes.size(); at += kChunkBytes) {
    piece.set_chunk(bytes.substr(at, kChunkBytes));
    if (!out.Write(piece)) return {grpc::StatusCode::CANCELLED, "the reader left"};
  }
  return grpc::Status::OK;
}

failure replaced(std::string const& what) {
  return {reason::plan_missing, what + " was replaced; ask for the head again"};
}

}  // namespace

plan_handlers::plan_handlers(planner const& from)
    : planner_{from}, graph_hash_{fmt::format("{:016x}", from.streets().id().value)} {
  auto const bytes = write_street_graph(from.streets());
  graph_bytes_.assign(reinterpret_cast<char const*>(bytes.data()), bytes.size());
}

grpc::Status plan_handlers::GetPlanHead(grpc::ServerContext* /*context*/,
                                        routing::v1::GetPlanHeadRequest const* /*request*/,
                                        routing::v1::GetPlanHeadResponse* answer) {
  auto const current = planner_.current();
  answer->set_plan_version(current ? current->now.version : 0);
  answer->set_graph_hash(graph_hash_);
  return grpc::Status::OK;
}

grpc::Status plan_handlers::FetchGraph(grpc::ServerContext* /*context*/, routing::v1::FetchGraphRequest const* request,
                                       grpc::ServerWriter<routing::v1::FetchGraphResponse>* out) {
  if (request->graph_hash() != graph_hash_) return to_status(replaced("the street graph"));
  return send_in_chunks(graph_bytes_, *out);
}

grpc::Status plan_handlers::FetchPlan(grpc::ServerContext* /*context*/, routing::v1::FetchPlanRequest const* request,
                                      grpc::ServerWriter<routing::v1::FetchPlanResponse>* out) {
  auto const current = planner_.current();
  if (!current || request->plan_version() != current->now.version) return to_status(replaced("the plan"));
  return send_in_chunks(*current->bytes, *out);
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
  auto const current = planner_.current();
  guide_view const view{planner_.streets(), planner_.snap(), current ? &current->now : nullptr};
  auto const now = clock_.now();
  auto const told = judge(view, *place, *profile, deadline, now, policy_);
  to_proto(told, view.current, deadline, answer->mutable_guidance());
  to_proto(now, answer->mutable_guidance()->mutable_judged_time());
  return grpc::Status::OK;
}

}  // namespace siren
