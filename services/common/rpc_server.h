#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <grpcpp/grpcpp.h>

#include "common/rpc_exposure.h"
#include "core/base/result.h"
#include "core/base/time.h"

namespace siren {

/// A gRPC server for other services and feeds, with health, limits and reflection; under mutual TLS if the process uses
/// it (see mutual_tls.h). Health is NOT_SERVING until `set_ready`.
class rpc_server {
 public:
  /// `services` must outlive the server. Failure: the address can't be bound. "host:0" picks a free port.
  [[nodiscard]] static result<std::unique_ptr<rpc_server>> start(std::string const& address, rpc_exposure exposure,
                                                                 std::vector<grpc::Service*> const& services);
  ~rpc_server();

  void set_ready(bool ready);
  /// The bound address, with the real port.
  [[nodiscard]] std::string const& address() const { return address_; }
  /// Ends streams and calls still open after `grace`.
  void stop(milliseconds grace);

 private:
  rpc_server() = default;
  std::string address_;
  std::unique_ptr<grpc::Server> server_;
};

/// A failure as gRPC status: canonical code, sentence, and ErrorInfo{reason, domain "siren", metadata} in the details.
[[nodiscard]] grpc::Status to_status(failure const& bad, std::map<std::string, std::string> const& metadata = {});
/// The reason name carried by a status; empty when it isn't ours.
[[nodiscard]] std::string reason_of(grpc::Status const& status);
/// One metadata value of the ErrorInfo in a status; empty when absent.
[[nodiscard]] std::string metadata_of(grpc::Status const& status, std::string const& key);

/// A channel for calls between services: keepalive 30 s / 10 s, 1 MiB messages (16 MiB for fetching plans), own
/// connection.
[[nodiscard]] std::shared_ptr<grpc::Channel> internal_channel(std::string const& address);

/// Blocks until SIGINT or SIGTERM. Call `block_stop_signals` first thing in main, before any thread starts.
void block_stop_signals();
void wait_for_stop_signal();

}  // namespace siren
