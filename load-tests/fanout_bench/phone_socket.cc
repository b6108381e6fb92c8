#include "fanout_bench/phone_socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>

#include "core/base/verify.h"

namespace siren::fanout {
namespace {

/// One ticket comes after each handshake. Returns 1: the session is ours now.
int keep_ticket(SSL* tls, SSL_SESSION* ticket) {
  static_cast<phone_socket*>(SSL_get_app_data(tls))->keep(ticket);
  return 1;
}

bool later(SSL* tls, int returned) {
  auto const why = SSL_get_error(tls, returned);
  ERR_clear_error();
  return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE;
}

}  // namespace

tls_side::tls_side(std::string_view alpn) : context_{SSL_CTX_new(TLS_client_method())} {
  std::string wanted{static_cast<char>(alpn.size())};
  wanted += alpn;
  SSL_CTX_set_min_proto_version(context_, TLS1_3_VERSION);
  SSL_CTX_set_mode(context_, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(context_, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context_, keep_ticket);
  auto const taken = SSL_CTX_set_alpn_protos(context_, reinterpret_cast<unsigned char const*>(wanted.data()),
                                             static_cast<unsigned>(wanted.size()));
  verify(taken == 0, "a protocol can be named");
}

tls_side::~tls_side() {
  SSL_CTX_free(context_);
}

phone_socket::phone_socket(phone_socket&& other) noexcept
    : fd_{std::exchange(other.fd_, -1)},
      tls_{std::exchange(other.tls_, nullptr)},
      ticket_{std::exchange(other.ticket_, nullptr)} {}

phone_socket::~phone_socket() {
  close(true);
  SSL_SESSION_free(ticket_);
}

bool phone_socket::connect(std::uint32_t from, std::uint16_t port, int receive_buffer, tls_side const* tls) {
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd_ < 0) return false;
  int const yes = 1;
  // The port is chosen with the destination known, so that each destination has all of them.
  ::setsockopt(fd_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (receive_buffer > 0) ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  sockaddr_in own{};
  own.sin_family = AF_INET;
  own.sin_addr.s_addr = htonl(from);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto const bound = ::bind(fd_, reinterpret_cast<sockaddr const*>(&own), sizeof own) == 0;
  if (!bound || (::connect(fd_, reinterpret_cast<sockaddr const*>(&to), sizeof to) != 0 && errno != EINPROGRESS)) {
    close(true);
    return false;
  }
  if (tls == nullptr) return true;
  tls_ = SSL_new(tls->context());
  SSL_set_fd(tls_, fd_);
  SSL_set_app_data(tls_, this);
  SSL_set_connect_state(tls_);
  if (ticket_ != nullptr) SSL_set_session(tls_, ticket_);
  return true;
}

phone_socket::outcome phone_socket::send(std::string_view bytes) {
  if (tls_ != nullptr) {
    auto const put = SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()));
    if (put > 0) return outcome::done;
    return later(tls_, put) ? outcome::later : outcome::closed;
  }
  auto const put = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (put == static_cast<ssize_t>(bytes.size())) return outcome::done;
  return put < 0 && (errno == EAGAIN || errno == EINTR) ? outcome::later : outcome::closed;
}

phone_socket::got phone_socket::read(std::span<char> into) {
  if (tls_ != nullptr) {
    auto const size = SSL_read(tls_, into.data(), static_cast<int>(into.size()));
    if (size > 0) return {outcome::done, static_cast<std::size_t>(size)};
    return {later(tls_, size) ? outcome::later : outcome::closed, 0};
  }
  auto const size = ::recv(fd_, into.data(), into.size(), 0);
  if (size > 0) return {outcome::done, static_cast<std::size_t>(size)};
  return {size < 0 && (errno == EAGAIN || errno == EINTR) ? outcome::later : outcome::closed, 0};
}

void phone_socket::close(bool abruptly) {
  SSL_free(std::exchange(tls_, nullptr));
  if (fd_ < 0) return;
  if (abruptly) {
    linger const none{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &none, sizeof none);
  }
  ::close(std::exchange(fd_, -1));
}

bool phone_socket::resumed() const {
  return tls_ != nullptr && SSL_session_reused(tls_) == 1;
}

void phone_socket::keep(ssl_session_st* ticket) {
  SSL_SESSION_free(std::exchange(ticket_, ticket));
}

}  // namespace siren::fanout
