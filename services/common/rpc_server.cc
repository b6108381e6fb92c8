#include "common/rpc_server.h"

#include <csignal>

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>

#include "common/mutual_tls.h"
#include "siren/rpc/v1/status.pb.h"

namespace siren {
namespace {

constexpr int kInternalMessageBytes = 1 << 20;
constexpr int kFeedMessageBytes = 16 << 20;
constexpr int kMetadataBytes = 8 << 10;
constexpr int kPlanMessageBytes = 16 << 20;
constexpr int kMinPingIntervalMs = 20'000;  // faster client pings get GOAWAY too_many_pings
constexpr int kKeepaliveMs = 30'000;
constexpr int kKeepaliveTimeoutMs = 10'000;
constexpr int kInternalStreams = 100;

constexpr auto kDomain = "siren";

}  // namespace

result<std::unique_ptr<rpc_server>> rpc_server::start(std::string const& address, rpc_exposure exposure,
                                                      std::vector<grpc::Service*> const& services) {
  auto const message_bytes = exposure == rpc_exposure::feeds ? kFeedMessageBytes : kInternalMessageBytes;
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();

  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(address, server_credentials(exposure), &port);
  builder.SetMaxReceiveMessageSize(message_bytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMetadataBytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kInternalStreams);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, kMinPingIntervalMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  for (auto* service : services) builder.RegisterService(service);

  std::unique_ptr<rpc_server> made{new rpc_server};
  made->server_ = builder.BuildAndStart();
  if (!made->server_) return failure{reason::not_ready, "can't listen on " + address};
  made->address_ = address;
  if (auto const colon = address.rfind(':'); address.starts_with("unix:") == false && colon != std::string::npos)
    made->address_ = address.substr(0, colon + 1) + std::to_string(port);
  made->set_ready(false);
  return made;
}

rpc_server::~rpc_server() {
  stop(milliseconds{0});
}

void rpc_server::set_ready(bool ready) {
  if (auto* health = server_->GetHealthCheckService()) health->SetServingStatus(ready);
}

void rpc_server::stop(milliseconds grace) {
  if (!server_) return;
  server_->Shutdown(std::chrono::system_clock::now() + grace);
  server_->Wait();
  server_.reset();
}

grpc::Status to_status(failure const& bad, std::map<std::string, std::string> const& metadata) {
  rpc::v1::ErrorInfo info;
  info.set_reason(std::string{name_of(bad.why)});
  info.set_domain(kDomain);
  for (auto const& [key, value] : metadata) (*info.mutable_metadata())[key] = value;
  rpc::v1::Status details;
  details.set_code(static_cast<int>(bad.code()));
  details.set_message(bad.message);
  details.add_details()->PackFrom(info);
  return {static_cast<grpc::StatusCode>(bad.code()), bad.message, details.SerializeAsString()};
}

namespace {

std::optional<rpc::v1::ErrorInfo> error_info(grpc::Status const& status) {
  rpc::v1::Status details;
  if (status.error_details().empty() || !details.ParseFromString(status.error_details())) return std::nullopt;
  for (auto const& any : details.details()) {
    rpc::v1::ErrorInfo info;
    if (any.UnpackTo(&info) && info.domain() == kDomain) return info;
  }
  return std::nullopt;
}

}  // namespace

std::string reason_of(grpc::Status const& status) {
  auto const info = error_info(status);
  return info ? info->reason() : "";
}

std::string metadata_of(grpc::Status const& status, std::string const& key) {
  auto const info = error_info(status);
  if (!info) return "";
  auto const found = info->metadata().find(key);
  return found == info->metadata().end() ? "" : found->second;
}

std::shared_ptr<grpc::Channel> internal_channel(std::string const& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1'000);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetMaxReceiveMessageSize(kPlanMessageBytes);
  return grpc::CreateCustomChannel(address, channel_credentials(), arguments);
}

void block_stop_signals() {
  sigset_t stops;
  sigemptyset(&stops);
  sigaddset(&stops, SIGINT);
  sigaddset(&stops, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &stops, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

void wait_for_stop_signal() {
  sigset_t stops;
  sigemptyset(&stops);
  sigaddset(&stops, SIGINT);
  sigaddset(&stops, SIGTERM);
  int which = 0;
  sigwait(&stops, &which);
}

}  // namespace siren
