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
  auto const why = reason_of(status) == name_of(reason::plan_missing) ? reason::plan_missing : reason::not_ready;
  return {why, "the route planner answers: " + status.error_message()};
}

void append(std::string const& chunk, std::vector<std::byte>& to) {
  auto const* from = reinterpret_cast<std::byte const*>(chunk.data());
  to.insert(to.end(), from, from + chunk.size());
}

/// Calls `fetch(context)` for a stream of chunks and joins them.
template <typename Response, typename Fetch>
result<std::vector<std::byte>> gathered(Fetch fetch) {
  grpc::ClientContext context;
  limit(context, kFetchWithin);
  auto const reader = fetch(context);
  std::vector<std::byte> bytes;
  for (Response part; reader->Read(&part);) {
    append(part.chunk(), bytes);
    if (bytes.size() > kMostBytes) {
      context.TryCancel();
      return failure{reason::message_too_large, "more than 1 GiB from the route planner"};
    }
  }
  if (auto const status = reader->Finish(); !status.ok()) return failed(status);
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
    return plan_head{answer.plan_version(), answer.graph_hash(), answer.reach_hash()};
  }

  result<std::vector<std::byte>> fetch_graph(std::string const& graph_hash) override {
    routing::v1::FetchGraphRequest request;
    request.set_graph_hash(graph_hash);
    return gathered<routing::v1::FetchGraphResponse>(
        [&](auto& context) { return stub_->FetchGraph(&context, request); });
  }

  result<std::vector<std::byte>> fetch_reach(std::string const& reach_hash) override {
    routing::v1::FetchReachRequest request;
    request.set_reach_hash(reach_hash);
    return gathered<routing::v1::FetchReachResponse>(
        [&](auto& context) { return stub_->FetchReach(&context, request); });
  }

  result<std::vector<std::byte>> fetch_plan(std::uint64_t version) override {
    routing::v1::FetchPlanRequest request;
    request.set_plan_version(version);
    return gathered<routing::v1::FetchPlanResponse>([&](auto& context) { return stub_->FetchPlan(&context, request); });
  }

  result<std::vector<std::vector<std::byte>>> fetch_deltas(std::uint64_t base, std::uint64_t version) override {
    grpc::ClientContext context;
    limit(context, kFetchWithin);
    routing::v1::FetchPlanDeltaRequest request;
    request.set_base_version(base);
    request.set_plan_version(version);
    auto const reader = stub_->FetchPlanDelta(&context, request);
    std::vector<std::vector<std::byte>> deltas;
    std::uint64_t leads_to = 0;
    std::size_t all = 0;
    for (routing::v1::FetchPlanDeltaResponse part; reader->Read(&part);) {
      if (deltas.empty() || part.plan_version() != leads_to) deltas.emplace_back();
      leads_to = part.plan_version();
      append(part.chunk(), deltas.back());
      all += part.chunk().size();
      if (all > kMostBytes) {
        context.TryCancel();
        return failure{reason::message_too_large, "more than 1 GiB from the route planner"};
      }
    }
    if (auto const status = reader->Finish(); !status.ok()) return failed(status);
    return deltas;
  }

 private:
  std::unique_ptr<routing::v1::PlanService::Stub> stub_;
};

}  // namespace

std::unique_ptr<plan_source> make_grpc_plan_source(std::string const& address) {
  return std::make_unique<grpc_plan_source>(address);
}

}  // namespace siren
