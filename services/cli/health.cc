#include "cli/health.h"

#include "cli/terminal.h"
#include "common/rpc_server.h"
#include "grpc/health/v1/health.grpc.pb.h"

namespace siren {
namespace {

constexpr milliseconds kAnswerWithin{2'000};  // a healthy service on the same network answers in a few milliseconds

}  // namespace

health ask_health(std::string const& address) {
  auto const stub = grpc::health::v1::Health::NewStub(internal_channel(address));
  grpc::ClientContext context;
  set_deadline(context, kAnswerWithin);
  grpc::health::v1::HealthCheckResponse answer;
  auto const status = stub->Check(&context, {}, &answer);
  if (!status.ok()) return health::no_answer;
  return answer.status() == grpc::health::v1::HealthCheckResponse::SERVING ? health::serving : health::not_serving;
}

}  // namespace siren
