#include "alert_gateway/adapters/grpc_plan_source.h"

#include "common/rpc_server.h"
#include "siren/routing/v1/plan_service.grpc.pb.h"

namespace siren {
namespace {

constexpr seconds kHeadWithin{2};
constexpr seconds kFetchWithin{60};            // 100 MB of a large city at 2 MB/s
constexpr std::size_t kMostBytes = 1U << 30U;  // ten times Kyiv's streets

void limit(grpc::ClientContext& context, seconds wait) {
  context.set_deadline(std::chrono::system_clock::now() + wait);
}

failure failed(grpc::Status const& status) {
  return {reason::not_ready, "the route planner answers: " + status.error_message()};
}

template <typename Reader, typename Response>
result<std::string> gathered(Reader& reader, Response& part) {
  std::string bytes;
  while (reader.Read(&part)) {
    bytes += part.chunk();
    if (bytes.size() > kMostBytes) return failure{reason::message_too_large, "more than 1 GiB from the route planner"};
  }
  if (auto const status = reader.Finish(); !status.ok()) return failed(status);
  return bytes;
}

class grpc_plan_source final : public plan_source {
 public:
  explicit grpc_plan_source(std::string const& address)
      : stub_{routing::v1::PlanService::NewStub(internal_channel(address))} {}

  result<plan_head> head() override {
    grpc::ClientContext context;
    limit(context, kHeadWithin);
    routing::v1::GetPlanHeadResponse answer;
    if (auto const status = stub_->GetPlanHead(&context, {}, &answer); !status.ok()) return failed(status);
    return plan_head{answer.plan_version(), answer.graph_hash()};
  }

  result<std::string> fetch_graph(std::string const& graph_hash) override {
    grpc::ClientContext context;
    limit(context, kFetchWithin);
    routing::v1::FetchGraphRequest request;
    request.set_graph_hash(graph_hash);
    routing::v1::FetchGraphResponse part;
    auto const reader = stub_->FetchGraph(&context, request);
    auto bytes = gathered(*reader, part);
    if (!bytes) context.TryCancel();
    return bytes;
  }

  result<std::string> fetch_plan(std::uint64_t version) override {
    grpc::ClientContext context;
    limit(context, kFetchWithin);
    routing::v1::FetchPlanRequest request;
    request.set_plan_version(version);
    routing::v1::FetchPlanResponse part;
    auto const reader = stub_->FetchPlan(&context, request);
    auto bytes = gathered(*reader, part);
    if (!bytes) context.TryCancel();
    return bytes;
  }

 private:
  std::unique_ptr<routing::v1::PlanService::Stub> stub_;
};

}  // namespace

std::unique_ptr<plan_source> make_grpc_plan_source(std::string const& address) {
  return std::make_unique<grpc_plan_source>(address);
}

}  // namespace siren
