#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "alert_gateway/alert_board.h"
#include "alert_gateway/gateway_metrics.h"
#include "common/alert_log/alert_log.h"

namespace siren {

struct follower_options {
  milliseconds poll{500};            // architecture: the head is read every 500 ms, so a lost bus costs at most that
  std::size_t read_at_once = 1'000;  // entries a query; about 300 KB
  std::size_t ring = 4'096;
};

/// Keeps the board at the log: polls the head, reads what the bus did not bring, takes a whole state when it must. One
/// thread of its own, which alone may block on the database; the bus goes past it.
class alert_follower {
 public:
  alert_follower(alert_log_reader& log, alert_board& board, gateway_metrics& measured, follower_options options,
                 std::function<void()> on_read);
  ~alert_follower();

  /// One entry from the bus. Never blocks on the log; a gap makes the follower read it at once.
  void heard(std::string const& logged_alert);
  /// Read the log now: a gap, a new connection, a phone that knows more.
  void read_soon();
  void stop();

 private:
  void run();
  void poll();
  void tell_reading(bool works);
  [[nodiscard]] result<void> catch_up();
  [[nodiscard]] result<void> take_state();

  alert_log_reader& log_;
  alert_board& board_;
  gateway_metrics& measured_;
  follower_options options_;
  std::function<void()> on_read_;
  bool reading_works_ = true;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool soon_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace siren
