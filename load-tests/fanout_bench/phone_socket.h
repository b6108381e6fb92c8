#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

struct ssl_ctx_st;
struct ssl_session_st;
struct ssl_st;

namespace siren::fanout {

/// What phones of one process share for TLS 1.3; no certificate is checked: it is the server that is measured.
class tls_side {
 public:
  /// `alpn`: the protocol's name.
  explicit tls_side(std::string_view alpn);
  ~tls_side();
  tls_side(tls_side const&) = delete;
  tls_side& operator=(tls_side const&) = delete;
  [[nodiscard]] ssl_ctx_st* context() const { return context_; }

 private:
  ssl_ctx_st* context_;
};

/// A phone's connection, plain or TLS, that never blocks. The last session's ticket is kept for the next.
class phone_socket {
 public:
  phone_socket() = default;
  ~phone_socket();
  phone_socket(phone_socket&& other) noexcept;
  phone_socket& operator=(phone_socket&&) = delete;

  /// False: the system refuses. `tls` null: plain.
  [[nodiscard]] bool connect(std::uint32_t from, std::uint16_t port, int receive_buffer, tls_side const* tls);
  enum class outcome : std::uint8_t { done, later, closed };
  /// All of it or nothing: what phones say fits every socket buffer.
  [[nodiscard]] outcome send(std::string_view bytes);
  struct got {
    outcome what = outcome::closed;
    std::size_t bytes = 0;
  };
  [[nodiscard]] got read(std::span<char> into);
  /// `abruptly`: the other side gets a reset, as of a network that is gone; nothing lingers here.
  void close(bool abruptly);
  [[nodiscard]] int descriptor() const { return fd_; }
  [[nodiscard]] bool resumed() const;
  void keep(ssl_session_st* ticket);

 private:
  int fd_ = -1;
  ssl_st* tls_ = nullptr;
  ssl_session_st* ticket_ = nullptr;
};

}  // namespace siren::fanout
