#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/base/time.h"
#include "siren/alerts/v1/alert_service.pb.h"

namespace siren::door {

/// What a phone heard: the name of the response's event, or "ended" when a stream did. Heartbeats only of apps that
/// show them all; siren::client tells the first that makes it current.
struct word {
  std::string kind;        // empty: nothing came in time
  std::uint64_t seq = 0;   // of snapshots, continuations and alerts
  std::size_t alerts = 0;  // in a snapshot
  int code = -1;           // of an end, where the library shows it
  std::string reason;      // of an end or a go-away
};

/// Words on their way from a library's threads to a test.
class words {
 public:
  void add(word one) {
    {
      std::lock_guard const lock{mutex_};
      waiting_.push_back(std::move(one));
    }
    came_.notify_all();
  }
  word take(milliseconds at_most) {
    std::unique_lock lock{mutex_};
    if (!came_.wait_for(lock, at_most, [this] { return !waiting_.empty(); })) return {};
    auto one = std::move(waiting_.front());
    waiting_.pop_front();
    return one;
  }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<word> waiting_;
};

struct phone_wish {
  std::vector<std::string> gateways;
  alerts::v1::Subscribe subscribe;  // of the first time; later with the cursor and zones of what was heard
  std::optional<milliseconds> keepalive;
};

/// A phone over one client library: subscribes, keeps its cursor, and after a go-away or a break comes back to the next
/// gateway within the time it was told.
class phone_app {
 public:
  virtual ~phone_app() = default;
  virtual word next() = 0;
  virtual void move(double latitude_deg, double longitude_deg) = 0;
  /// The network goes, without a goodbye. False: this library has no way to do that.
  virtual bool lose() = 0;
};

/// One call of bytes, well-formed or not.
struct raw_call {
  std::string method;
  std::vector<std::string> requests;
  bool ends = false;
  bool gzip = false;
  milliseconds timeout{20'000};
};
struct raw_end {
  int code = -1;
  std::string reason;
  std::string bytes;  // of the last response
};

/// One client library.
class library {
 public:
  virtual ~library() = default;
  [[nodiscard]] virtual std::unique_ptr<phone_app> start(phone_wish wish) = 0;
  /// Its phones tell each heartbeat.
  [[nodiscard]] virtual bool shows_heartbeats() const { return true; }
  /// Absent: it can't say what is not well-formed.
  [[nodiscard]] virtual std::optional<raw_end> call(std::string const& address, raw_call const& what) = 0;
};

inline constexpr milliseconds kPatience{20'000};

/// Null: what it needs is not on this machine.
[[nodiscard]] std::unique_ptr<library> siren_client_library();
[[nodiscard]] std::unique_ptr<library> stock_grpc_library();
[[nodiscard]] std::unique_ptr<library> grpc_js_library();

}  // namespace siren::door
