#include "client/phone_link.h"

#include <mutex>

namespace siren::client {
namespace {

// As a phone keeps its connection through a mobile network; a gateway refuses pings more often than every 20 s.
constexpr int kKeepaliveMs = 30'000;
constexpr int kKeepaliveTimeoutMs = 10'000;

std::shared_ptr<grpc::Channel> own_connection(std::string const& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);  // a phone listens for hours and says nothing
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

/// A stream to nowhere whose channel stays for the life of the process. gRPC 1.51 joins its callback threads when the
/// last channel that uses them goes; phones' channels go on those very threads, which then abort or wait for
/// themselves.
class kept_channel final
    : public grpc::ClientBidiReactor<alerts::v1::WatchAlertsRequest, alerts::v1::WatchAlertsResponse> {
 public:
  kept_channel() : stub_{alerts::v1::AlertService::NewStub(own_connection("unix:/nonexistent"))} {
    context_.TryCancel();
    stub_->async()->WatchAlerts(&context_, this);
    StartCall();
  }
  void OnDone(grpc::Status const&) override {}

 private:
  std::unique_ptr<alerts::v1::AlertService::Stub> stub_;
  grpc::ClientContext context_;
};

/// Never destroyed, see above; volatile, so that the pointer is really kept and leak checkers see it.
kept_channel* volatile kept_for_life = nullptr;

void keep_callback_threads() {
  static std::once_flag once;
  std::call_once(once, [] { kept_for_life = new kept_channel; });
}

}  // namespace

phone_link* phone_link::open(std::string const& address, std::shared_ptr<link_owner> owner) {
  keep_callback_threads();
  auto* link = new phone_link{std::move(owner)};
  link->stub_ = alerts::v1::AlertService::NewStub(own_connection(address));
  link->stub_->async()->WatchAlerts(&link->context_, link);
  // Requests start outside of gRPC's own calls: the link may not end while one could.
  link->AddHold();
  link->StartRead(&link->in_);
  link->StartCall();
  return link;
}

bool phone_link::writable() const {
  std::lock_guard const lock{mutex_};
  return open_ && !writing_;
}

void phone_link::write(alerts::v1::WatchAlertsRequest const& request) {
  std::lock_guard const lock{mutex_};
  if (!open_ || writing_) return;
  writing_ = true;
  out_ = request;
  StartWrite(&out_);
}

void phone_link::OnReadDone(bool ok) {
  if (ok) {
    owner_->on_response(in_);
    in_.Clear();
    StartRead(&in_);
    return;
  }
  {
    std::lock_guard const lock{mutex_};
    open_ = false;
  }
  RemoveHold();
}

void phone_link::OnWriteDone(bool ok) {
  {
    std::lock_guard const lock{mutex_};
    writing_ = false;
  }
  if (ok) owner_->on_writable();
}

void phone_link::OnDone(grpc::Status const& status) {
  owner_->on_link_done(status);
  delete this;
}

}  // namespace siren::client
