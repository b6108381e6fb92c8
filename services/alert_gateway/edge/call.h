#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "alert_gateway/edge/grpc_wire.h"
#include "alert_gateway/ports.h"

namespace siren::edge {

class connection;
class connection_home;

/// One gRPC call on a connection: what came of its request's headers, the bytes of its request, and at most one message
/// on its way out. Lives on its loop's thread; only the phone_pipe's functions may be called from any.
class call final : public phone_pipe, public std::enable_shared_from_this<call> {
 public:
  /// `home` outlives it.
  call(connection_home& home, connection& on, std::int32_t id, std::size_t most_message_bytes);

  [[nodiscard]] std::int32_t id() const { return id_; }

  // The request.
  void header(std::string_view name, std::string_view value);
  /// They are more than a request may have; the rest was not kept.
  void headers_too_large() { headers_too_large_ = true; }
  /// All headers are there.
  void begin();
  void data(std::string_view bytes);
  void half_closed();
  /// The stream is no more, whoever ended it; nothing is called afterwards.
  void closed();
  void tick(steady_time now);
  /// Unless it begins to end, tick() has nothing to do before.
  [[nodiscard]] steady_time quiet_until() const;

  // The answer past nghttp2: see connection::append_past_session.
  [[nodiscard]] bool wants_to_say() const { return out_ || ending_; }
  /// Bytes of DATA that a whole message waits for; 0: none does, or it must go the usual way.
  [[nodiscard]] std::size_t whole_message() const;
  /// That message goes out now as one frame. nghttp2 has yet to count its bytes.
  void append_frame_to(std::string& out);
  /// Between these nghttp2 is given nothing but what went out so, to be counted. False: nothing did.
  [[nodiscard]] bool begin_count();
  void end_count() { only_counts_ = false; }
  /// nghttp2 has put off this call's DATA, and there is some now.
  [[nodiscard]] bool take_resumable() { return (wants_to_say() || uncounted_ > 0) && std::exchange(waits_, false); }

  // The answer, as nghttp2 asks for it.
  struct next_part {
    enum class kind : std::uint8_t { nothing, bytes, end } what = kind::nothing;
    std::size_t bytes = 0;
    bool last = false;  // the trailers follow
  };
  /// First of all what went out past nghttp2.
  [[nodiscard]] next_part next(std::size_t most);
  /// True: they are out already.
  [[nodiscard]] bool count(std::size_t bytes);
  /// `bytes` of what next() offered go out now.
  void append_to(std::string& out, std::size_t bytes);
  /// The trailers that follow the last byte.
  [[nodiscard]] call_end const& end() const { return end_; }
  /// The connection took its bytes and has room for more: tells who waits for it.
  void taken();

  // phone_pipe, from any thread but the first.
  void expect_write() const override;
  void write(std::shared_ptr<std::string const> const& message) override;
  void finish(std::optional<failure> const& why) override;
  void cut() override;

 private:
  void refuse(failure const& why);
  void refuse(call_end how);
  void start_write(std::shared_ptr<std::string const> message);
  void start_end(call_end how);
  void answer_headers();

  // What a message touches comes first and lies together.
  connection_home& home_;
  connection* on_;  // null when closed; of the loop's thread
  std::shared_ptr<stream_handler> handler_;
  std::shared_ptr<std::string const> out_;
  std::size_t offset_ = 0;     // into prefix and message
  std::size_t uncounted_ = 0;  // bytes of DATA that went out past nghttp2
  steady_time moved_at_;       // began, took or gave a message, or began to end
  std::int32_t id_;
  std::array<char, kPrefixBytes> prefix_{};
  bool written_ = false;   // to be told when the kernel has it
  bool answered_ = false;  // headers were submitted
  bool ending_ = false;
  bool waits_ = false;  // nghttp2 was told that nothing is there
  bool only_counts_ = false;
  bool asked_ = false;  // a whole message came
  bool is_post_ = false;
  bool headers_too_large_ = false;
  bool bad_request_ = false;  // no more of it is read

  message_cutter cutter_;
  std::string path_;
  std::string content_type_;
  std::optional<microseconds> timeout_;
  std::optional<steady_time> until_;
  call_end end_;
};

}  // namespace siren::edge
