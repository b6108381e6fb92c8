#pragma once

#include <memory>
#include <mutex>
#include <string>

#include <grpcpp/grpcpp.h>

#include "siren/alerts/v1/alert_service.grpc.pb.h"

namespace siren::client {

/// Who opened a link. Calls come from gRPC's threads, one at a time, and end with on_link_done.
class link_owner {
 public:
  virtual ~link_owner() = default;
  virtual void on_response(alerts::v1::WatchAlertsResponse& heard) = 0;
  virtual void on_writable() = 0;
  /// The last call; the link deletes itself after it.
  virtual void on_link_done(grpc::Status const& status) = 0;
};

/// One stream over one connection of its own. Belongs to itself until on_link_done.
class phone_link final
    : public grpc::ClientBidiReactor<alerts::v1::WatchAlertsRequest, alerts::v1::WatchAlertsResponse> {
 public:
  /// Never blocks; a gateway that isn't there is told by on_link_done.
  [[nodiscard]] static phone_link* open(std::string const& address, std::shared_ptr<link_owner> owner);

  /// No write is under way.
  [[nodiscard]] bool writable() const;
  /// Only while writable.
  void write(alerts::v1::WatchAlertsRequest const& request);
  void cancel() { context_.TryCancel(); }

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone(grpc::Status const& status) override;

 private:
  explicit phone_link(std::shared_ptr<link_owner> owner) : owner_{std::move(owner)} {}

  std::shared_ptr<link_owner> owner_;
  std::unique_ptr<alerts::v1::AlertService::Stub> stub_;
  grpc::ClientContext context_;
  alerts::v1::WatchAlertsRequest out_;
  alerts::v1::WatchAlertsResponse in_;
  mutable std::mutex mutex_;
  bool writing_ = false;
  bool open_ = true;
};

}  // namespace siren::client
