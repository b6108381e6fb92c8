#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "alert_gateway/alert_board.h"
#include "alert_gateway/gateway_metrics.h"
#include "common/alert_log/alert_log.h"
#include "core/stream/log_follower.h"

namespace siren {

struct follower_options {
  log_follower_policy reading;
  std::size_t ring = 4'096;
};

/// Keeps the board at the log: carries out the reads that core's log_follower asks for. One thread of its own, which
/// alone may block on the database; the bus goes past it.
class alert_follower {
 public:
  alert_follower(alert_log_reader& log, alert_board& board, gateway_metrics& measured, follower_options options,
                 std::function<void()> on_read);
  ~alert_follower();

  /// One entry from the bus. Never blocks on the log; a gap makes the follower read it at once.
  void heard(std::string const& logged_alert);
  /// One provisional alert from the bus.
  void heard_provisional(std::string const& provisional_alert);
  /// Read the log now: a gap, a new connection, a phone that knows more.
  void read_soon();
  void stop();

 private:
  void run();
  void carry_out(log_follower::read what);
  void read_head();
  void read_entries();
  void read_state();
  void tell_reading(bool works);
  void not_taken(failure const& why);
  /// Tells the rules what came of a read.
  void tell(std::function<void(log_follower&)> const& answer);

  alert_log_reader& log_;
  alert_board& board_;
  gateway_metrics& measured_;
  follower_options options_;
  std::function<void()> on_read_;
  bool reading_works_ = true;
  std::mutex mutex_;
  std::condition_variable wake_;
  log_follower rules_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace siren
