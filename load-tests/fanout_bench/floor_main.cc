// The floor: what epoll and send() cost with nothing above them. It hears one Redis channel a zone and says each
// message to everybody of that zone; no protocol, no cursor, no state.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>
#include <unordered_map>
#include <vector>

#include <hiredis/hiredis.h>
#include <CLI/CLI.hpp>

#include "core/base/verify.h"

namespace siren::fanout {
namespace {

constexpr int kEventsAtOnce = 256;
constexpr int kBacklog = 4'096;
constexpr std::uint64_t kListener = ~0ULL;
constexpr std::uint64_t kBus = ~0ULL - 1;

class floor_server {
 public:
  floor_server(std::uint16_t port, std::string const& redis) : poll_{::epoll_create1(EPOLL_CLOEXEC)} {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int const yes = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    verify(
        ::bind(listener_, reinterpret_cast<sockaddr const*>(&at), sizeof at) == 0 && ::listen(listener_, kBacklog) == 0,
        "the port is free");
    bus_ = redisConnectUnix(redis.c_str());
    verify(bus_ != nullptr && bus_->err == 0, "Redis is there");
    redisAppendCommand(bus_, "PSUBSCRIBE floor.*");
    int done = 0;
    while (done == 0) verify(redisBufferWrite(bus_, &done) == REDIS_OK, "Redis takes a subscription");
    watch(listener_, EPOLLIN, kListener);
    watch(bus_->fd, EPOLLIN, kBus);
  }

  void run() {
    std::array<epoll_event, kEventsAtOnce> events{};
    for (;;) {
      auto const came = ::epoll_wait(poll_, events.data(), kEventsAtOnce, -1);
      for (int i = 0; i < came; ++i) {
        auto const& event = events[static_cast<std::size_t>(i)];
        if (event.data.u64 == kListener)
          accept_some();
        else if (event.data.u64 == kBus)
          hear();
        else
          from_phone(static_cast<int>(event.data.u64));
      }
    }
  }

 private:
  void watch(int fd, std::uint32_t events, std::uint64_t key) const {
    epoll_event event{.events = events, .data = {.u64 = key}};
    verify(::epoll_ctl(poll_, EPOLL_CTL_ADD, fd, &event) == 0, "epoll takes it");
  }

  void accept_some() {
    for (int i = 0; i < 64; ++i) {
      auto const fd = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd < 0) return;
      int const yes = 1;
      ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
      watch(fd, EPOLLIN | EPOLLRDHUP | EPOLLET, static_cast<std::uint64_t>(fd));
    }
  }

  void from_phone(int fd) {
    char bytes[256];
    auto const got = ::recv(fd, bytes, sizeof bytes, 0);
    if (got < 0 && errno == EAGAIN) return;
    auto const line = got > 0 && bytes[got - 1] == '\n';
    if (!line) {
      if (auto const known = zone_of_.find(fd); known != zone_of_.end()) {
        std::erase(phones_[known->second], fd);
        zone_of_.erase(known);
      }
      ::close(fd);
      return;
    }
    std::string const zone(bytes, static_cast<std::size_t>(got) - 1);
    phones_[zone].push_back(fd);
    zone_of_[fd] = zone;
    say(fd, std::string(4, '\0'));
  }

  void hear() {
    verify(redisBufferRead(bus_) == REDIS_OK, "Redis is there");
    for (;;) {
      void* raw = nullptr;
      verify(redisGetReplyFromReader(bus_, &raw) == REDIS_OK, "Redis is understood");
      if (raw == nullptr) return;
      auto* const reply = static_cast<redisReply*>(raw);
      if (reply->type == REDIS_REPLY_ARRAY && reply->elements == 4) {
        std::string const channel{reply->element[2]->str, reply->element[2]->len};
        std::string_view const message{reply->element[3]->str, reply->element[3]->len};
        auto const size = message.size();
        std::string framed;
        for (auto const shift : {24U, 16U, 8U, 0U}) framed += static_cast<char>((size >> shift) & 0xFFU);
        framed += message;
        if (auto const of = phones_.find(channel.substr(std::strlen("floor."))); of != phones_.end())
          for (auto const fd : of->second) say(fd, framed);
      }
      freeReplyObject(reply);
    }
  }

  static void say(int fd, std::string const& bytes) { (void)::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL); }

  int poll_;
  int listener_;
  redisContext* bus_;
  std::unordered_map<std::string, std::vector<int>> phones_;
  std::unordered_map<int, std::string> zone_of_;
};

}  // namespace
}  // namespace siren::fanout

int main(int argc, char** argv) {
  std::uint16_t port = 0;
  std::string redis;
  CLI::App app{"The floor of a load test", "siren_fanout_floor"};
  app.add_option("--port", port)->required();
  app.add_option("--redis", redis)->required();
  CLI11_PARSE(app, argc, argv);
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  siren::fanout::floor_server{port, redis}.run();
}
