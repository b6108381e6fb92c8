#pragma once

#include <nghttp2/nghttp2.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <netdb.h>
#include <unistd.h>

#include "core/base/time.h"

namespace siren {

/// A plain HTTP/2 client that may misbehave. Every wait ends.
class h2_stranger {
 public:
  /// `receive_buffer` bytes are asked of the kernel; 0: as it likes.
  explicit h2_stranger(std::string const& address, int receive_buffer = 0) {
    auto const colon = address.rfind(':');
    addrinfo* to = nullptr;
    if (getaddrinfo(address.substr(0, colon).c_str(), address.substr(colon + 1).c_str(), nullptr, &to) == 0) {
      socket_ = ::socket(to->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
      if (receive_buffer > 0) ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
      open_ = ::connect(socket_, to->ai_addr, to->ai_addrlen) == 0;
      freeaddrinfo(to);
    }
    begin();
  }
  /// Over this socket, which it owns; it does not block.
  explicit h2_stranger(int socket) : socket_{socket}, open_{true} { begin(); }
  ~h2_stranger() {
    nghttp2_session_del(session_);
    if (socket_ >= 0) ::close(socket_);
  }
  h2_stranger(h2_stranger const&) = delete;
  h2_stranger& operator=(h2_stranger const&) = delete;

  using pairs = std::vector<std::pair<std::string, std::string>>;
  /// A request whose stream stays open until say() ends it; its number. `more` replaces and adds headers.
  std::int32_t ask(std::string const& path, pairs const& more = {}) {
    pairs all{{":method", "POST"},
              {":scheme", "http"},
              {":path", path},
              {":authority", "siren"},
              {"content-type", "application/grpc"},
              {"te", "trailers"}};
    for (auto const& each : more) {
      auto const same = std::find_if(all.begin(), all.end(), [&](auto const& one) { return one.first == each.first; });
      if (same == all.end())
        all.push_back(each);
      else
        same->second = each.second;
    }
    auto const named = named_of(all);
    nghttp2_data_provider body{{.ptr = nullptr}, read_body};
    return nghttp2_submit_request(session_, nullptr, named.data(), named.size(), &body, nullptr);
  }
  /// More bytes of a request; each call makes frames of its own when the one before was sent.
  void say(std::int32_t stream, std::string_view bytes, bool ends = false) {
    auto& body = bodies_[stream];
    body.bytes += bytes;
    body.ends = body.ends || ends;
    nghttp2_session_resume_data(session_, stream);
  }
  /// The request ends with these trailers.
  void end_with(std::int32_t stream, pairs trailers) {
    bodies_[stream].trailers = std::move(trailers);
    say(stream, "", true);
  }
  void reset(std::int32_t stream) { nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream, NGHTTP2_CANCEL); }
  void ping() { nghttp2_submit_ping(session_, NGHTTP2_FLAG_NONE, nullptr); }
  /// So much of an answer is taken before widen().
  void window(std::uint32_t bytes) {
    nghttp2_settings_entry const small{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, bytes};
    nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, &small, 1);
  }
  void widen(std::int32_t stream, std::int32_t by) {
    nghttp2_submit_window_update(session_, NGHTTP2_FLAG_NONE, stream, by);
  }
  /// Takes as much as the protocol lets one take.
  void open_windows() {
    nghttp2_settings_entry const most{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, NGHTTP2_MAX_WINDOW_SIZE};
    nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, &most, 1);
    nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0, NGHTTP2_MAX_WINDOW_SIZE);
  }

  /// Sends what waits and reads what has come, until `done`, the end of the connection or of the time. True: done.
  template <typename Done>
  bool until(Done const& done, milliseconds at_most = milliseconds{10'000}) {
    auto const deadline = std::chrono::steady_clock::now() + at_most;
    while (!done()) {
      if (!send_all()) open_ = false;
      if (!open_) return done();
      pollfd waits{socket_, POLLIN, 0};
      if (poll(&waits, 1, 20) > 0) read_some();
      if (std::chrono::steady_clock::now() > deadline) return false;
    }
    return true;
  }
  bool send_all() {
    std::uint8_t const* bytes = nullptr;
    for (;;) {
      auto const size = nghttp2_session_mem_send(session_, &bytes);
      if (size <= 0) return size == 0;
      if (!send_raw({reinterpret_cast<char const*>(bytes), static_cast<std::size_t>(size)})) return false;
    }
  }
  bool send_raw(std::string_view bytes) {
    while (!bytes.empty()) {
      auto const put = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (put <= 0) return open_ = false;
      bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return true;
  }
  void read_some() {
    char bytes[16'384];
    auto const got = ::recv(socket_, bytes, sizeof bytes, 0);
    if (got <= 0 ||
        nghttp2_session_mem_recv(session_, reinterpret_cast<std::uint8_t*>(bytes), static_cast<std::size_t>(got)) < 0)
      open_ = false;
  }

  /// Of a socket that does not block.
  void read_what_is_there() {
    pollfd comes{socket_, POLLIN, 0};
    while (open_ && ::poll(&comes, 1, 0) == 1) read_some();
  }

  [[nodiscard]] bool open() const { return open_; }
  [[nodiscard]] bool settled() const { return settled_; }
  [[nodiscard]] std::optional<std::uint32_t> went_away() const { return went_away_; }
  [[nodiscard]] std::size_t closed_streams() const { return closed_streams_; }
  [[nodiscard]] std::size_t pongs() const { return pongs_; }
  /// Of all answers together: the newest value of a header or trailer, and the bytes.
  [[nodiscard]] std::string told(std::string const& name) const {
    auto const found = told_.find(name);
    return found == told_.end() ? "" : found->second;
  }
  [[nodiscard]] std::string grpc_status() const { return told("grpc-status"); }
  [[nodiscard]] std::string const& bytes() const { return bytes_; }

 private:
  void begin() {
    nghttp2_session_callbacks* callbacks = nullptr;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, frame_came);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, header_came);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, data_came);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, stream_closed);
    nghttp2_session_client_new(&session_, callbacks, this);
    nghttp2_session_callbacks_del(callbacks);
    nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, nullptr, 0);
  }
  struct question {
    std::string bytes;
    bool ends = false;
    pairs trailers;
  };
  static std::vector<nghttp2_nv> named_of(pairs& all) {
    std::vector<nghttp2_nv> named;
    for (auto& [name, value] : all)
      named.push_back({reinterpret_cast<std::uint8_t*>(name.data()), reinterpret_cast<std::uint8_t*>(value.data()),
                       name.size(), value.size(), NGHTTP2_NV_FLAG_NONE});
    return named;
  }
  static ssize_t read_body(nghttp2_session* session, std::int32_t stream, std::uint8_t* to, std::size_t most,
                           std::uint32_t* flags, nghttp2_data_source*, void* user) {
    auto& body = static_cast<h2_stranger*>(user)->bodies_[stream];
    auto const part = std::min(most, body.bytes.size());
    std::copy_n(body.bytes.begin(), part, to);
    body.bytes.erase(0, part);
    if (body.ends && body.bytes.empty()) {
      *flags |= NGHTTP2_DATA_FLAG_EOF;
      if (!body.trailers.empty()) {
        *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
        auto const named = named_of(body.trailers);
        nghttp2_submit_trailer(session, stream, named.data(), named.size());
      }
    } else if (part == 0)
      return NGHTTP2_ERR_DEFERRED;
    return static_cast<ssize_t>(part);
  }
  static int frame_came(nghttp2_session*, nghttp2_frame const* frame, void* user) {
    auto& self = *static_cast<h2_stranger*>(user);
    if (frame->hd.type == NGHTTP2_SETTINGS) self.settled_ = true;
    if (frame->hd.type == NGHTTP2_GOAWAY) self.went_away_ = frame->goaway.error_code;
    if (frame->hd.type == NGHTTP2_PING) ++self.pongs_;
    return 0;
  }
  static int header_came(nghttp2_session*, nghttp2_frame const*, std::uint8_t const* name, std::size_t name_size,
                         std::uint8_t const* value, std::size_t value_size, std::uint8_t, void* user) {
    static_cast<h2_stranger*>(user)->told_[{reinterpret_cast<char const*>(name), name_size}].assign(
        reinterpret_cast<char const*>(value), value_size);
    return 0;
  }
  static int data_came(nghttp2_session*, std::uint8_t, std::int32_t, std::uint8_t const* bytes, std::size_t size,
                       void* user) {
    static_cast<h2_stranger*>(user)->bytes_.append(reinterpret_cast<char const*>(bytes), size);
    return 0;
  }
  static int stream_closed(nghttp2_session*, std::int32_t, std::uint32_t, void* user) {
    ++static_cast<h2_stranger*>(user)->closed_streams_;
    return 0;
  }

  int socket_ = -1;
  bool open_ = false;
  nghttp2_session* session_ = nullptr;
  bool settled_ = false;
  std::optional<std::uint32_t> went_away_;
  std::size_t closed_streams_ = 0;
  std::size_t pongs_ = 0;
  std::map<std::int32_t, question> bodies_;
  std::map<std::string, std::string> told_;
  std::string bytes_;
};

}  // namespace siren
