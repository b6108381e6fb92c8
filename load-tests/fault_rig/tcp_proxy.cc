#include "fault_rig/tcp_proxy.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace siren::faults {
namespace {

constexpr int kTurnMs = 5;
constexpr std::size_t kReadAtOnce = 16'384;
constexpr std::size_t kFirstBytes = 4'096;  // of a client, to tell who it is

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

void quicken(int socket) {
  int const yes = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK);
}

}  // namespace

result<std::unique_ptr<tcp_proxy>> tcp_proxy::start(std::uint16_t to, proxy_policy policy) {
  auto const listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  auto address = loopback(0);
  socklen_t size = sizeof address;
  auto const up = bind(listener, reinterpret_cast<sockaddr*>(&address), size) == 0 && listen(listener, 1'024) == 0 &&
                  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  if (!up) {
    close(listener);
    return failure{reason::not_ready, "the proxy can't listen"};
  }
  return std::unique_ptr<tcp_proxy>{new tcp_proxy{listener, ntohs(address.sin_port), to, policy}};
}

tcp_proxy::tcp_proxy(int listener, std::uint16_t port, std::uint16_t to, proxy_policy policy)
    : listener_{listener}, port_{port}, to_{to}, policy_{policy}, thread_{[this] { run(); }} {}

tcp_proxy::~tcp_proxy() {
  stopping_ = true;
  thread_.join();
  for (auto const& one : lines_) close_line(*one, false);
  close(listener_);
}

void tcp_proxy::set(network_fault what, std::string only) {
  std::lock_guard const lock{mutex_};
  fault_ = what;
  only_ = std::move(only);
}

network_fault tcp_proxy::fault_of(line const& one) {
  std::lock_guard const lock{mutex_};
  return only_.empty() || one.first_bytes.find(only_) != std::string::npos ? fault_ : network_fault::none;
}

void tcp_proxy::run() {
  while (!stopping_) {
    std::vector<pollfd> waiting{{listener_, POLLIN, 0}};
    for (auto const& one : lines_)
      for (auto const* way : {&one->up, &one->down})
        if (way->held_bytes < policy_.max_held && !way->ended) waiting.push_back({way->from, POLLIN, 0});
    ::poll(waiting.data(), waiting.size(), kTurnMs);
    accept_one();
    std::erase_if(lines_, [this](auto const& one) {
      auto const fault = fault_of(*one);
      auto const goes_on = fault != network_fault::reset && read(*one, one->up, fault) &&
                           read(*one, one->down, fault) && write(one->up, fault) && write(one->down, fault);
      if (!goes_on) close_line(*one, fault == network_fault::reset);
      return !goes_on;
    });
  }
}

void tcp_proxy::accept_one() {
  for (;;) {
    auto const client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (client < 0) return;
    auto const server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto const there = loopback(to_);
    if (connect(server, reinterpret_cast<sockaddr const*>(&there), sizeof there) != 0) {
      close(server);
      close(client);
      continue;
    }
    quicken(client);
    quicken(server);
    lines_.push_back(std::make_unique<line>(line{{}, {client, server, {}}, {server, client, {}}}));
  }
}

bool tcp_proxy::read(line& one, stream& way, network_fault fault) {
  if (fault == network_fault::blackhole || way.ended || way.held_bytes >= policy_.max_held) return true;
  std::array<char, kReadAtOnce> buffer;
  auto const got = recv(way.from, buffer.data(), buffer.size(), 0);
  if (got < 0) return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
  if (got == 0) {
    way.ended = true;
    return true;
  }
  std::string bytes{buffer.data(), static_cast<std::size_t>(got)};
  if (&way == &one.up && one.first_bytes.size() < kFirstBytes) one.first_bytes += bytes;
  auto const due = std::chrono::steady_clock::now() + (fault == network_fault::delay ? policy_.delay : milliseconds{0});
  way.held_bytes += bytes.size();
  way.held.push_back({due, std::move(bytes)});
  return true;
}

bool tcp_proxy::write(stream& way, network_fault fault) {
  if (fault == network_fault::blackhole) return true;
  auto const now = std::chrono::steady_clock::now();
  while (!way.held.empty() && way.held.front().due <= now) {
    auto& bytes = way.held.front().bytes;
    auto size = bytes.size();
    if (fault == network_fault::slow_read) {
      if (now < way.slow_at) return true;
      size = std::min<std::size_t>(size, std::max<std::size_t>(1, policy_.slow_bytes_per_second / 100));
      way.slow_at = now + milliseconds{10};
    }
    auto const put = send(way.to, bytes.data(), size, MSG_NOSIGNAL);
    if (put < 0) return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    way.held_bytes -= static_cast<std::size_t>(put);
    bytes.erase(0, static_cast<std::size_t>(put));
    if (!bytes.empty()) return true;
    way.held.pop_front();
  }
  // A half-closed line is closed when its last bytes are through: none of our protocols lives on with one half.
  return !(way.ended && way.held.empty());
}

void tcp_proxy::close_line(line const& one, bool reset) {
  linger const hard{1, 0};
  for (auto const socket : {one.up.from, one.up.to}) {
    if (reset) setsockopt(socket, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    close(socket);
  }
}

}  // namespace siren::faults
