#pragma once

#include <poll.h>

#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "common/clock.h"
#include "feed_adapters/cot_stream.h"
#include "feed_adapters/feed_metrics.h"

namespace siren {

struct cot_door_policy {
  std::size_t max_peers = 64;  // accepted connections; one more is closed at once and counted
  /// A peer silent for so long is let go. TAK clients say a ping every few seconds.
  seconds peer_silence{300};
  /// The source lives while any peer was heard of within this time.
  seconds lives_for{60};
  milliseconds connect_limit{10'000};
  milliseconds first_retry{1'000};  // of a connection that we open, doubled up to the next
  milliseconds longest_retry{30'000};
};

/// Cursor on Target over TCP: listens, opens connections to servers, or both. A peer that sends what can't be cut into
/// events is closed; no other notices. One thread; it waits while `take` blocks, so that peers do (back pressure).
class cot_door {
 public:
  struct parts {
    source_id source;
    std::vector<std::string> listen;   // "HOST:PORT"; port 0 picks a free one
    std::vector<std::string> connect;  // "HOST:PORT"
    std::function<void(observation const&)> take;
    world_clock const& clock;
    feed_metrics& counts;
  };

  /// Failure: malformed (an address), file_unreadable (it can't be bound).
  [[nodiscard]] static result<std::unique_ptr<cot_door>> open(parts with, cot_door_policy policy = {});
  ~cot_door();
  void stop();

  /// What is listened on, with the real ports.
  [[nodiscard]] std::vector<std::string> const& addresses() const { return addresses_; }
  [[nodiscard]] bool lives() const;

 private:
  struct peer;
  struct server;
  cot_door(parts with, cot_door_policy policy);
  [[nodiscard]] result<void> bind_all();
  void run();
  void connect_due(steady_time now);
  void accept_peer(int listener);
  void serve(std::vector<pollfd> const& watched);
  void drop_silent(steady_time now);
  /// False: close it.
  [[nodiscard]] bool read_from(peer& one);
  void close_peer(std::list<peer>::iterator which);
  [[nodiscard]] int wait_for(std::vector<pollfd>& watched, steady_time now) const;

  parts with_;
  cot_door_policy policy_;
  cot_memory memory_;
  std::vector<std::string> addresses_;
  std::vector<int> listeners_;
  std::vector<server> servers_;
  std::list<peer> peers_;
  std::atomic<steady_time::rep> heard_at_{0};
  std::atomic<bool> stopping_{false};
  int wake_ = -1;
  std::thread thread_;
};

}  // namespace siren
