#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"

namespace siren::faults {

enum class network_fault : std::uint8_t {
  none,
  delay,      // every byte arrives later, in both directions
  blackhole,  // connections stay open and are accepted, and nothing arrives
  reset,      // connections are cut with a reset, and so is every new one
  slow_read,  // the client gets a few bytes at a time
};

struct proxy_policy {
  milliseconds delay{200};
  std::size_t slow_bytes_per_second = 1'000;
  std::size_t max_held = 4U << 20U;  // bytes of one direction; then the sender is not read
};

/// A TCP relay on 127.0.0.1 that can break what passes through it. One thread. Thread-safe.
class tcp_proxy {
 public:
  /// Relays connections to 127.0.0.1:`to`. Failure: NOT_READY.
  [[nodiscard]] static result<std::unique_ptr<tcp_proxy>> start(std::uint16_t to, proxy_policy policy = {});
  ~tcp_proxy();
  tcp_proxy(tcp_proxy const&) = delete;
  tcp_proxy& operator=(tcp_proxy const&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// For connections open now and new ones. `only`: those alone whose client's first bytes hold this text; the others
  /// pass as they are.
  void set(network_fault what, std::string only = "");

 private:
  struct chunk {
    steady_time due;
    std::string bytes;
  };
  struct stream {
    int from;
    int to;
    std::deque<chunk> held;
    std::size_t held_bytes = 0;
    steady_time slow_at{};
    bool ended = false;
  };
  struct line {
    std::string first_bytes;
    stream up;    // from the client
    stream down;  // to the client
  };
  tcp_proxy(int listener, std::uint16_t port, std::uint16_t to, proxy_policy policy);
  void run();
  void accept_one();
  [[nodiscard]] network_fault fault_of(line const& one);
  /// False: the line is over.
  [[nodiscard]] bool read(line& one, stream& way, network_fault fault);
  [[nodiscard]] bool write(stream& way, network_fault fault);
  void close_line(line const& one, bool reset);

  int listener_;
  std::uint16_t port_;
  std::uint16_t to_;
  proxy_policy policy_;
  std::mutex mutex_;
  network_fault fault_ = network_fault::none;
  std::string only_;
  std::atomic<bool> stopping_{false};
  std::vector<std::unique_ptr<line>> lines_;  // the thread's
  std::thread thread_;
};

}  // namespace siren::faults
