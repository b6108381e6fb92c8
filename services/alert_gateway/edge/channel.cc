#include "alert_gateway/edge/channel.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace siren::edge {
namespace {

constexpr int kBacklog = 4'096;  // a burst of reconnections while the loop is busy; the kernel caps it at somaxconn
constexpr std::string_view kUnix = "unix:";

failure cannot(std::string const& address, std::string const& why) {
  return {reason::not_ready, "can't listen on " + address + ": " + why};
}

result<listening> listen_on_path(std::string const& address) {
  auto const path = address.substr(kUnix.size());
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof to.sun_path) return cannot(address, "a socket's path has 1 to 107 bytes");
  std::memcpy(to.sun_path, path.c_str(), path.size());
  unique_fd socket{::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  ::unlink(path.c_str());
  if (::bind(socket.get(), reinterpret_cast<sockaddr const*>(&to), sizeof to) != 0 ||
      ::listen(socket.get(), kBacklog) != 0)
    return cannot(address, std::strerror(errno));
  return listening{std::move(socket), address};
}

std::string with_port_of(int socket, std::string const& host) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&bound), &size);
  std::array<char, NI_MAXSERV> port{};
  ::getnameinfo(reinterpret_cast<sockaddr const*>(&bound), size, nullptr, 0, port.data(), port.size(), NI_NUMERICSERV);
  return host + ":" + port.data();
}

/// Only h2 is spoken here.
int choose_h2(SSL*, unsigned char const** chosen, unsigned char* length, unsigned char const* offered,
              unsigned offered_length, void*) {
  static constexpr std::array<unsigned char, 3> kH2{2, 'h', '2'};
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, length, kH2.data(), kH2.size(), offered, offered_length) != OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

moved told_by(SSL* tls, int returned) {
  auto const why = SSL_get_error(tls, returned);
  if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) return {moved::how::later, 0};
  ERR_clear_error();
  return {moved::how::closed, 0};
}

moved told_by_errno() {
  return {errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? moved::how::later : moved::how::closed, 0};
}

}  // namespace

unique_fd::~unique_fd() {
  if (fd_ >= 0) ::close(fd_);
}
unique_fd& unique_fd::operator=(unique_fd&& other) noexcept {
  if (this == &other) return *this;
  if (fd_ >= 0) ::close(fd_);
  fd_ = other.release();
  return *this;
}
int unique_fd::release() {
  return std::exchange(fd_, -1);
}

result<std::shared_ptr<tls_identity const>> tls_identity::load(std::string const& certificate_file,
                                                               std::string const& key_file) {
  auto* context = SSL_CTX_new(TLS_server_method());
  std::shared_ptr<tls_identity const> const made{new tls_identity{context}};
  SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
  SSL_CTX_set_mode(context,
                   SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);  // tickets are enough, and cost no memory
  SSL_CTX_set_num_tickets(context, 1);
  SSL_CTX_set_alpn_select_cb(context, choose_h2, nullptr);
  auto const loaded = SSL_CTX_use_certificate_chain_file(context, certificate_file.c_str()) == 1 &&
                      SSL_CTX_use_PrivateKey_file(context, key_file.c_str(), SSL_FILETYPE_PEM) == 1 &&
                      SSL_CTX_check_private_key(context) == 1;
  if (loaded) return made;
  std::array<char, 256> why{};
  ERR_error_string_n(ERR_peek_last_error(), why.data(), why.size());
  ERR_clear_error();
  return failure{reason::file_unreadable,
                 "certificate " + certificate_file + " and key " + key_file + " can't be used: " + why.data()};
}

tls_identity::~tls_identity() {
  SSL_CTX_free(context_);
}

channel::channel(unique_fd socket, tls_identity const* identity) : socket_{std::move(socket)} {
  if (identity == nullptr) return;
  tls_ = SSL_new(identity->context());
  SSL_set_fd(tls_, socket_.get());
  SSL_set_accept_state(tls_);
}

channel::~channel() {
  SSL_free(tls_);
}

moved channel::read(std::span<char> into) {
  if (tls_ != nullptr) {
    ERR_clear_error();
    auto const got = SSL_read(tls_, into.data(), static_cast<int>(into.size()));
    return got > 0 ? moved{moved::how::some, static_cast<std::size_t>(got)} : told_by(tls_, got);
  }
  auto const got = ::recv(socket_.get(), into.data(), into.size(), 0);
  if (got > 0) return {moved::how::some, static_cast<std::size_t>(got)};
  return got == 0 ? moved{} : told_by_errno();
}

moved channel::write(std::span<char const> from) {
  if (tls_ != nullptr) {
    ERR_clear_error();
    auto const put = SSL_write(tls_, from.data(), static_cast<int>(from.size()));
    return put > 0 ? moved{moved::how::some, static_cast<std::size_t>(put)} : told_by(tls_, put);
  }
  auto const put = ::send(socket_.get(), from.data(), from.size(), MSG_NOSIGNAL);
  return put >= 0 ? moved{moved::how::some, static_cast<std::size_t>(put)} : told_by_errno();
}

void channel::end_writing() {
  if (tls_ != nullptr && SSL_is_init_finished(tls_) == 1) {
    ERR_clear_error();
    (void)SSL_shutdown(tls_);
  }
  (void)::shutdown(socket_.get(), SHUT_WR);
}

result<listening> listen_on(std::string const& address) {
  if (address.starts_with(kUnix)) return listen_on_path(address);
  auto const colon = address.rfind(':');
  if (colon == std::string::npos) return cannot(address, "it is not host:port");
  auto host = address.substr(0, colon);
  auto const bare = host.starts_with('[') && host.ends_with(']') ? host.substr(1, host.size() - 2) : host;
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  auto const port = address.substr(colon + 1);
  if (auto const bad = ::getaddrinfo(bare.empty() ? nullptr : bare.c_str(), port.c_str(), &hints, &found); bad != 0)
    return cannot(address, ::gai_strerror(bad));
  std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> const held{found, &::freeaddrinfo};
  unique_fd socket{::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  int const yes = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (::bind(socket.get(), found->ai_addr, found->ai_addrlen) != 0 || ::listen(socket.get(), kBacklog) != 0)
    return cannot(address, std::strerror(errno));
  auto bound = with_port_of(socket.get(), host);
  return listening{std::move(socket), std::move(bound)};
}

accepted accept_from(int listener, int send_buffer_bytes, int dead_after_ms) {
  unique_fd socket{::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
  if (!socket.open()) return {unique_fd{}, errno};
  int const yes = 1;
  // On a unix socket the TCP options fail, which does no harm.
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_USER_TIMEOUT, &dead_after_ms, sizeof dead_after_ms);
  ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDBUF, &send_buffer_bytes, sizeof send_buffer_bytes);
  return {std::move(socket), 0};
}

}  // namespace siren::edge
