#include "feed_adapters/cot_door.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "common/log.h"

namespace siren {
namespace {

constexpr std::size_t kChunk = 16U << 10U;
constexpr int kBacklog = 16;
constexpr milliseconds kLookAround{1'000};  // for silent peers and connections to open again

struct host_and_port {
  std::string host;
  std::string port;
};

result<host_and_port> split_address(std::string const& text) {
  auto const colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == text.size())
    return failure{reason::malformed, "\"" + text + "\" is no HOST:PORT"};
  auto host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  return host_and_port{std::move(host), text.substr(colon + 1)};
}

struct free_addresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using address_list = std::unique_ptr<addrinfo, free_addresses>;

result<address_list> look_up(std::string const& text, int flags) {
  auto const parts = split_address(text);
  if (!parts) return parts.error();
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (auto const bad = getaddrinfo(parts->host.c_str(), parts->port.c_str(), &wanted, &found); bad != 0)
    return failure{reason::malformed, text + ": " + gai_strerror(bad)};
  return address_list{found};
}

/// "HOST:PORT" of this end of a socket.
std::string bound_address(int fd) {
  sockaddr_storage at{};
  socklen_t length = sizeof at;
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&at), &length) != 0 ||
      getnameinfo(reinterpret_cast<sockaddr*>(&at), length, host.data(), host.size(), port.data(), port.size(),
                  NI_NUMERICHOST | NI_NUMERICSERV) != 0)
    return {};
  auto const name = std::string{host.data()};
  return (name.find(':') == std::string::npos ? name : "[" + name + "]") + ":" + port.data();
}

result<int> listen_on(std::string const& text) {
  auto const found = look_up(text, AI_PASSIVE);
  if (!found) return found.error();
  auto const* const at = found->get();
  int const fd = ::socket(at->ai_family, at->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, at->ai_protocol);
  int const yes = 1;
  if (fd >= 0) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (fd < 0 || ::bind(fd, at->ai_addr, at->ai_addrlen) != 0 || ::listen(fd, kBacklog) != 0) {
    std::string const why = std::strerror(errno);
    if (fd >= 0) ::close(fd);
    return failure{reason::file_unreadable, text + " can't be listened on: " + why};
  }
  return fd;
}

/// A half-open peer is noticed by the kernel long before peer_silence, and frees its place.
void keep_alive(int fd) {
  int const yes = 1;
  setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof yes);
}

}  // namespace

struct cot_door::server {
  std::string address;
  steady_time due{};
  milliseconds wait;
  bool open = false;
};

struct cot_door::peer {
  int fd;
  cot_stream stream;
  steady_time heard_at;
  server* of = nullptr;  // null: it came to us
  bool connecting = false;
};

cot_door::cot_door(parts with, cot_door_policy policy) : with_{std::move(with)}, policy_{policy} {
  for (auto const& address : with_.connect) servers_.push_back({address, {}, policy_.first_retry, false});
}

result<std::unique_ptr<cot_door>> cot_door::open(parts with, cot_door_policy policy) {
  for (auto const& address : with.connect)
    if (auto const good = split_address(address); !good) return good.error();
  std::unique_ptr<cot_door> door{new cot_door{std::move(with), policy}};
  door->wake_ = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  verify(door->wake_ >= 0, "the kernel has a descriptor left");
  if (auto const bound = door->bind_all(); !bound) return bound.error();
  door->thread_ = std::thread{[raw = door.get()] { raw->run(); }};
  return door;
}

result<void> cot_door::bind_all() {
  for (auto const& address : with_.listen) {
    auto const fd = listen_on(address);
    if (!fd) return fd.error();
    listeners_.push_back(*fd);
    addresses_.push_back(bound_address(*fd));
  }
  return {};
}

cot_door::~cot_door() {
  stop();
  while (!peers_.empty()) close_peer(peers_.begin());
  for (auto const fd : listeners_) ::close(fd);
  if (wake_ >= 0) ::close(wake_);
}

void cot_door::stop() {
  stopping_ = true;
  std::uint64_t const one = 1;
  if (wake_ >= 0) static_cast<void>(!::write(wake_, &one, sizeof one));
  if (thread_.joinable()) thread_.join();
}

bool cot_door::lives() const {
  steady_time const heard{steady_time::duration{heard_at_.load()}};
  return heard != steady_time{} && steady_now() - heard < policy_.lives_for;
}

int cot_door::wait_for(std::vector<pollfd>& watched, steady_time now) const {
  auto wait = kLookAround;
  for (auto const& one : servers_)
    if (!one.open) wait = std::clamp(std::chrono::ceil<milliseconds>(one.due - now), milliseconds{0}, wait);
  return ::poll(watched.data(), watched.size(), static_cast<int>(wait.count()));
}

void cot_door::run() {
  while (!stopping_) {
    auto const now = steady_now();
    connect_due(now);
    with_.counts.peers.Set(static_cast<double>(peers_.size()));
    std::vector<pollfd> watched{{wake_, POLLIN, 0}};
    for (auto const fd : listeners_) watched.push_back({fd, POLLIN, 0});
    for (auto const& one : peers_)
      watched.push_back({one.fd, static_cast<short>(one.connecting ? POLLOUT : POLLIN), 0});
    if (wait_for(watched, now) > 0) serve(watched);
    drop_silent(now);  // as of before the reading, which may have waited for ingest
  }
}

void cot_door::serve(std::vector<pollfd> const& watched) {
  auto at = peers_.begin();
  for (std::size_t i = 1 + listeners_.size(); i < watched.size(); ++i) {
    auto const one = at++;
    if (watched[i].revents != 0 && !read_from(*one)) close_peer(one);
  }
  for (std::size_t i = 0; i < listeners_.size(); ++i)
    if (watched[1 + i].revents != 0) accept_peer(listeners_[i]);
}

void cot_door::accept_peer(int listener) {
  int const fd = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) return;
  if (peers_.size() >= policy_.max_peers + servers_.size()) {
    with_.counts.refused({reason::too_many_streams, "more than " + std::to_string(policy_.max_peers) + " peers"},
                         steady_now());
    ::close(fd);
    return;
  }
  keep_alive(fd);
  peers_.push_back({fd, cot_stream{with_.source, memory_}, steady_now()});
}

void cot_door::connect_due(steady_time now) {
  for (auto& one : servers_) {
    if (one.open || one.due > now) continue;
    one.due = now + one.wait;
    one.wait = std::min(one.wait * 2, policy_.longest_retry);
    auto const found = look_up(one.address, 0);
    if (!found) {
      with_.counts.refused({reason::provider_unavailable, found.error().message}, now);
      continue;
    }
    auto const* const at = found->get();
    int const fd = ::socket(at->ai_family, at->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, at->ai_protocol);
    if (fd < 0 || (::connect(fd, at->ai_addr, at->ai_addrlen) != 0 && errno != EINPROGRESS)) {
      with_.counts.refused({reason::provider_unavailable, one.address + ": " + std::strerror(errno)}, now);
      if (fd >= 0) ::close(fd);
      continue;
    }
    keep_alive(fd);
    one.open = true;
    peers_.push_back({fd, cot_stream{with_.source, memory_}, now, &one, true});
  }
}

void cot_door::drop_silent(steady_time now) {
  for (auto at = peers_.begin(); at != peers_.end();) {
    auto const one = at++;
    auto const limit = one->connecting ? policy_.connect_limit : milliseconds{policy_.peer_silence};
    if (now - one->heard_at < limit) continue;
    with_.counts.refused({reason::provider_unavailable, "a peer is silent"}, now);
    close_peer(one);
  }
}

bool cot_door::read_from(peer& one) {
  auto const now = steady_now();
  if (one.connecting) {
    int error = 0;
    socklen_t length = sizeof error;
    getsockopt(one.fd, SOL_SOCKET, SO_ERROR, &error, &length);
    if (error != 0) {
      with_.counts.refused({reason::provider_unavailable, one.of->address + ": " + std::strerror(error)}, now);
      return false;
    }
    one.connecting = false;
    one.heard_at = now;
    return true;
  }
  std::array<char, kChunk> bytes;
  auto const got = ::recv(one.fd, bytes.data(), bytes.size(), 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return true;
  if (got <= 0) return false;
  one.heard_at = now;
  heard_at_ = now.time_since_epoch().count();
  if (one.of != nullptr) one.of->wait = policy_.first_retry;
  auto const out = one.stream.take({bytes.data(), static_cast<std::size_t>(got)}, with_.clock.now());
  for (auto const& why : out.refused) with_.counts.refused(why, now);
  for (auto const& report : out.reports) with_.take(report);
  if (!out.broken) return true;
  with_.counts.refused(*out.broken, now);
  return false;
}

void cot_door::close_peer(std::list<peer>::iterator which) {
  ::close(which->fd);
  if (which->of != nullptr) which->of->open = false;
  peers_.erase(which);
}

}  // namespace siren
