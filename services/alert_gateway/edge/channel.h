#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "core/base/result.h"

struct ssl_ctx_st;
struct ssl_st;

namespace siren::edge {

/// A file descriptor that closes itself.
class unique_fd {
 public:
  unique_fd() = default;
  explicit unique_fd(int fd) : fd_{fd} {}
  ~unique_fd();
  unique_fd(unique_fd&& other) noexcept : fd_{other.release()} {}
  unique_fd& operator=(unique_fd&& other) noexcept;
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool open() const { return fd_ >= 0; }
  int release();

 private:
  int fd_ = -1;
};

/// Certificate chain and key, PEM files. TLS 1.3 only, HTTP/2 by ALPN, session tickets kept by the clients.
class tls_identity {
 public:
  /// Failure: FILE_UNREADABLE, with OpenSSL's reason.
  [[nodiscard]] static result<std::shared_ptr<tls_identity const>> load(std::string const& certificate_file,
                                                                        std::string const& key_file);
  ~tls_identity();
  [[nodiscard]] ssl_ctx_st* context() const { return context_; }

 private:
  explicit tls_identity(ssl_ctx_st* context) : context_{context} {}
  ssl_ctx_st* context_;
};

struct moved {
  enum class how : unsigned char { some, later, closed };
  how what = how::closed;
  std::size_t bytes = 0;
};

/// A connected socket that never blocks, plain or under TLS.
class channel {
 public:
  /// `identity` null: plain.
  channel(unique_fd socket, tls_identity const* identity);
  ~channel();
  channel(channel const&) = delete;
  channel& operator=(channel const&) = delete;

  [[nodiscard]] int descriptor() const { return socket_.get(); }
  [[nodiscard]] moved read(std::span<char> into);
  [[nodiscard]] moved write(std::span<char const> from);
  /// The other side reads an end after what was written.
  void end_writing();

 private:
  unique_fd socket_;
  ssl_st* tls_ = nullptr;
};

/// "host:port" (port 0: any) or "unix:/path". Failure: NOT_READY, the address is malformed or taken.
struct listening {
  unique_fd socket;
  std::string address;  // with the real port
};
[[nodiscard]] result<listening> listen_on(std::string const& address);
/// Absent when nobody waits; nonblocking, without Nagle's delay, and cut by the kernel when nothing is acknowledged for
/// `dead_after`.
struct accepted {
  unique_fd socket;
  int error = 0;  // errno when there is none
};
[[nodiscard]] accepted accept_from(int listener, int send_buffer_bytes, int dead_after_ms);

}  // namespace siren::edge
