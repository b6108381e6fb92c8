#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "alert_gateway/edge/allowance.h"
#include "alert_gateway/edge/call.h"
#include "alert_gateway/edge/channel.h"
#include "alert_gateway/edge/limits.h"
#include "alert_gateway/edge/session_memory.h"

struct nghttp2_session;

namespace siren::edge {

/// What connections need of the loop they live on.
class connection_home {
 public:
  virtual ~connection_home() = default;
  [[nodiscard]] virtual edge_limits const& limits() const = 0;
  [[nodiscard]] virtual steady_time now() const = 0;
  /// Null: there is no such method.
  [[nodiscard]] virtual std::shared_ptr<stream_handler> open(std::string const& path, phone_pipe& pipe) = 0;
  /// Its flush() is called soon, on the loop's thread, and it is buried if it is dead then.
  virtual void has_output(connection& which) = 0;
  virtual void count(refusal why) = 0;
  [[nodiscard]] virtual bool on_own_thread() const = 0;
  virtual void post(std::function<void()> work) = 0;
  /// To assemble what one send takes; empty between uses.
  virtual std::string& scratch() = 0;
  [[nodiscard]] virtual frame_buffer const& shared_frame() const = 0;
};

/// One HTTP/2 connection: nghttp2 keeps its state, this class its bytes, limits and calls. Everything on the loop's
/// thread.
class connection {
 public:
  connection(connection_home& home, unique_fd socket, tls_identity const* identity);
  ~connection();
  connection(connection const&) = delete;
  connection& operator=(connection const&) = delete;

  [[nodiscard]] int descriptor() const { return channel_.descriptor(); }
  /// Something came or can go. True: there is more to read than one turn allows.
  [[nodiscard]] bool on_ready();
  void flush();
  /// What a message touches of its memory is wanted soon.
  void fetch() const {
    __builtin_prefetch(this);
    __builtin_prefetch(&only_);
    __builtin_prefetch(&calls_);
  }
  void tick(steady_time now);
  /// GOAWAY; it closes with its last call.
  void go_away();
  [[nodiscard]] bool dead() const { return dead_; }
  /// Ends its calls; once.
  void bury();

  bool queued = false;  // the loop's: has_output was said and flush() not called since

  // For its calls.
  void submit_headers(call& of);
  /// Headers and status in one, without a message.
  void submit_only_end(call& of);
  void reset(call& of);

 private:
  struct callbacks;
  friend struct callbacks;
  void close_for(refusal why);
  void take_in(std::span<char const> bytes);
  void end_sending();
  void send_trailers(call& of);
  [[nodiscard]] bool send_pending();
  void tell_taken();
  bool gather(std::string& out);
  [[nodiscard]] bool append_past_session(std::string& out);
  void send_session();
  void rest_session();
  void rouse_session();
  void calls_changed() { only_ = calls_.size() == 1 ? calls_.front().get() : nullptr; }
  void close_calls();
  [[nodiscard]] call* find(std::int32_t id);
  void begin_call(std::int32_t id);
  void end_call(std::int32_t id);

  // What an alert touches comes first and lies together.
  connection_home& home_;
  channel channel_;
  nghttp2_session* session_ = nullptr;
  call* only_ = nullptr;  // of one call
  std::string pending_;   // what the kernel did not take
  std::size_t pending_from_ = 0;
  bool closing_ = false;   // when what is queued is out
  bool sent_all_ = false;  // what comes now is read and thrown away until the other side closes
  bool dead_ = false;
  bool rests_ = false;         // the session said all it had to and was told nothing since
  std::size_t room_ = 0;       // while it rests the only call may say so much past it
  steady_time quiet_until_{};  // while it rests and nothing is pending, tick() has nothing to do before
  std::vector<std::shared_ptr<call>> calls_;

  session_memory memory_;
  allowance header_bytes_;
  allowance streams_;
  allowance pings_;
  allowance frames_;
  std::size_t request_header_bytes_ = 0;  // of the request that is being read
  steady_time idle_since_;
  steady_time sent_at_;   // when the kernel took bytes last, or nothing waited for it
  steady_time close_by_;  // once all was sent
  bool called_once_ = false;
};

}  // namespace siren::edge
