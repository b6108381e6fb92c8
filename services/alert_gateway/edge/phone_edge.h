#pragma once

#include <memory>
#include <string>
#include <vector>

#include "alert_gateway/edge/edge_loop.h"

namespace siren::edge {

struct edge_options {
  std::string address;           // "host:port", port 0: any; "unix:/path"
  std::string certificate_file;  // both empty: plain
  std::string key_file;
  edge_limits limits;
};

/// gRPC for strangers: HTTP/2 by nghttp2, one event loop a core, limits on everything. What is said on a call is its
/// handler's business.
class phone_edge {
 public:
  using opener = std::function<std::shared_ptr<stream_handler>(std::size_t loop, std::string const& path, phone_pipe&)>;
  /// One loop for each of `work`. Listens, but answers from start() on only. Failures: NOT_READY (the address),
  /// FILE_UNREADABLE (certificate or key).
  [[nodiscard]] static result<std::unique_ptr<phone_edge>> make(edge_options options, std::vector<loop_work> work,
                                                                opener open, std::function<void(refusal)> on_refusal);
  ~phone_edge();

  void start();
  [[nodiscard]] std::string const& address() const { return address_; }
  [[nodiscard]] std::size_t loops() const { return loops_.size(); }
  [[nodiscard]] edge_loop& loop(std::size_t index) { return *loops_[index]; }
  [[nodiscard]] std::size_t connections() const { return ground_.connections; }
  /// Accepts nobody any more (who waits at the door is refused, and finds another gateway), takes no new calls, and
  /// ends each connection with its last call. Does not wait.
  void begin_stop(milliseconds grace);
  /// As begin_stop; calls still open after `grace` are cut. Called twice it does nothing.
  void stop(milliseconds grace);

 private:
  phone_edge() = default;

  unique_fd listener_;
  std::string address_;
  edge_ground ground_;
  std::vector<std::unique_ptr<edge_loop>> loops_;
};

}  // namespace siren::edge
