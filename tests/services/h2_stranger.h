#pragma once

#include <nghttp2/nghttp2.h>
#include <poll.h>
#include <sys/socket.h>

#include <cstdint>
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
  explicit h2_stranger(std::string const& address) {
    auto const colon = address.rfind(':');
    addrinfo* to = nullptr;
    if (getaddrinfo(address.substr(0, colon).c_str(), address.substr(colon + 1).c_str(), nullptr, &to) == 0) {
      socket_ = ::socket(to->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
      open_ = ::connect(socket_, to->ai_addr, to->ai_addrlen) == 0;
      freeaddrinfo(to);
    }
    nghttp2_session_callbacks* callbacks = nullptr;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, frame_came);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, header_came);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, stream_closed);
    nghttp2_session_client_new(&session_, callbacks, this);
    nghttp2_session_callbacks_del(callbacks);
    nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, nullptr, 0);
  }
  ~h2_stranger() {
    nghttp2_session_del(session_);
    if (socket_ >= 0) ::close(socket_);
  }
  h2_stranger(h2_stranger const&) = delete;
  h2_stranger& operator=(h2_stranger const&) = delete;

  using pairs = std::vector<std::pair<std::string, std::string>>;
  /// A request without a body, whose stream stays open; its number.
  std::int32_t ask(std::string const& path, pairs const& more = {}) {
    pairs all{{":method", "POST"},
              {":scheme", "http"},
              {":path", path},
              {":authority", "siren"},
              {"content-type", "application/grpc"},
              {"te", "trailers"}};
    all.insert(all.end(), more.begin(), more.end());
    std::vector<nghttp2_nv> named;
    for (auto& [name, value] : all)
      named.push_back({reinterpret_cast<std::uint8_t*>(name.data()), reinterpret_cast<std::uint8_t*>(value.data()),
                       name.size(), value.size(), NGHTTP2_NV_FLAG_NONE});
    // Never ends by itself: nothing is there to send yet.
    nghttp2_data_provider nothing{{.ptr = nullptr},
                                  [](nghttp2_session*, std::int32_t, std::uint8_t*, std::size_t, std::uint32_t*,
                                     nghttp2_data_source*, void*) -> ssize_t { return NGHTTP2_ERR_DEFERRED; }};
    return nghttp2_submit_request(session_, nullptr, named.data(), named.size(), &nothing, nullptr);
  }
  void reset(std::int32_t stream) { nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream, NGHTTP2_CANCEL); }
  void ping() { nghttp2_submit_ping(session_, NGHTTP2_FLAG_NONE, nullptr); }

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

  [[nodiscard]] bool open() const { return open_; }
  [[nodiscard]] bool settled() const { return settled_; }
  [[nodiscard]] std::optional<std::uint32_t> went_away() const { return went_away_; }
  [[nodiscard]] std::size_t closed_streams() const { return closed_streams_; }
  [[nodiscard]] std::string const& grpc_status() const { return grpc_status_; }

 private:
  static int frame_came(nghttp2_session*, nghttp2_frame const* frame, void* user) {
    auto& self = *static_cast<h2_stranger*>(user);
    if (frame->hd.type == NGHTTP2_SETTINGS) self.settled_ = true;
    if (frame->hd.type == NGHTTP2_GOAWAY) self.went_away_ = frame->goaway.error_code;
    return 0;
  }
  static int header_came(nghttp2_session*, nghttp2_frame const*, std::uint8_t const* name, std::size_t name_size,
                         std::uint8_t const* value, std::size_t value_size, std::uint8_t, void* user) {
    if (std::string_view{reinterpret_cast<char const*>(name), name_size} == "grpc-status")
      static_cast<h2_stranger*>(user)->grpc_status_.assign(reinterpret_cast<char const*>(value), value_size);
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
  std::string grpc_status_;
};

}  // namespace siren
