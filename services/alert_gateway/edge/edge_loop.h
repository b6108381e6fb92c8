#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "alert_gateway/edge/connection.h"

namespace siren::edge {

/// What runs on a loop beside its connections. All on the loop's thread; short.
struct loop_work {
  /// A piece of what waits; true: there is more. Between two pieces connections have their turn.
  std::function<bool()> piece;
  std::function<void()> tick;
  milliseconds tick_every{100};
};

/// What all loops of an edge share; outlives them.
struct edge_ground {
  int listener = -1;
  std::shared_ptr<tls_identity const> identity;  // null: plain
  edge_limits limits;
  /// For a new call on this loop; null: no such method. Any loop's thread.
  std::function<std::shared_ptr<stream_handler>(std::size_t loop, std::string const& path, phone_pipe& pipe)> open;
  std::function<void(refusal)> on_refusal;
  std::atomic<std::size_t> connections{0};
};

/// One thread: it accepts, reads, writes and carries alerts of its own connections, without a lock or a hop between
/// the news and the socket.
class edge_loop final : public connection_home {
 public:
  edge_loop(edge_ground& ground, std::size_t index, loop_work work);
  ~edge_loop() override;

  void start();
  /// Runs on the loop's thread, soon. Any thread.
  void post(std::function<void()> job) override;
  /// loop_work::piece has something to do. Any thread.
  void wake();
  /// Accepts no more, says GOAWAY, and ends when the last call has, after `grace` at the latest. Waits for it.
  void begin_stop(steady_time at_latest);
  void join();

  [[nodiscard]] edge_limits const& limits() const override { return ground_.limits; }
  [[nodiscard]] steady_time now() const override { return now_; }
  std::shared_ptr<stream_handler> open(std::string const& path, phone_pipe& pipe) override {
    return ground_.open(index_, path, pipe);
  }
  void has_output(connection& which) override;
  void count(refusal why) override { ground_.on_refusal(why); }
  [[nodiscard]] bool on_own_thread() const override { return std::this_thread::get_id() == thread_id_; }
  std::string& scratch() override { return scratch_; }
  [[nodiscard]] frame_buffer const& shared_frame() const override { return frame_; }

 private:
  void run();
  void wait(milliseconds at_most);
  void accept_some();
  void add(unique_fd socket);
  void take_jobs();
  void flush_all();
  void has_died(connection& which);
  void bury_dead();
  void tick_connections();
  void listen(bool on);

  edge_ground& ground_;
  std::size_t index_;
  loop_work work_;
  unique_fd poll_;
  unique_fd wakes_;
  std::thread thread_;
  std::atomic<std::thread::id> thread_id_{};

  steady_time now_;
  std::string scratch_;
  frame_buffer frame_;  // before the connections: outlives them
  std::unordered_map<connection*, std::unique_ptr<connection>> connections_;
  std::vector<connection*> with_output_;
  std::vector<connection*> unread_;  // had more to read than one turn allows
  std::vector<std::unique_ptr<connection>> dead_;
  bool listens_ = false;
  bool leaving_ = false;
  steady_time ticked_{};
  steady_time looked_{};

  std::mutex mutex_;
  std::vector<std::function<void()>> jobs_;
  std::atomic<bool> awake_{false};  // a wake is under way already
  std::atomic<bool> stopping_{false};
  std::atomic<steady_time::rep> stop_at_{0};
};

}  // namespace siren::edge
