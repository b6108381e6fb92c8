// The fault proxy does to a connection what it says.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include <gtest/gtest.h>

#include "fault_rig/tcp_proxy.h"

namespace siren::faults {
namespace {

constexpr int kSoonMs = 10'000;
constexpr int kQuietMs = 150;  // long enough for a loopback to deliver

/// A server that sends back what it gets, on one thread.
class echo {
 public:
  echo() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(listen(listener_, 16), 0);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread{[this] { run(); }};
  }
  ~echo() {
    stopping_ = true;
    thread_.join();
    for (auto const one : clients_) close(one);
    close(listener_);
  }
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  void run() {
    std::array<char, 65'536> buffer;
    while (!stopping_) {
      std::vector<pollfd> waiting{{listener_, POLLIN, 0}};
      for (auto const one : clients_) waiting.push_back({one, POLLIN, 0});
      poll(waiting.data(), waiting.size(), 10);
      if ((waiting[0].revents & POLLIN) != 0) clients_.push_back(accept(listener_, nullptr, nullptr));
      for (std::size_t i = 1; i < waiting.size(); ++i) {
        if (waiting[i].revents == 0) continue;
        auto const got = recv(waiting[i].fd, buffer.data(), buffer.size(), 0);
        if (got > 0) (void)!send(waiting[i].fd, buffer.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL);
        if (got <= 0) std::erase(clients_, waiting[i].fd), close(waiting[i].fd);
      }
    }
  }
  int listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::uint16_t port_ = 0;
  std::vector<int> clients_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

class client {
 public:
  explicit client(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    EXPECT_EQ(connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  ~client() { close(socket_); }
  void say(std::string const& text) { (void)!send(socket_, text.data(), text.size(), MSG_NOSIGNAL); }
  /// What comes until `size` bytes are there or nothing comes for `quiet_ms`; "closed" or "reset" at the end.
  std::string hear(std::size_t size, int quiet_ms) {
    std::string text;
    std::array<char, 65'536> buffer;
    while (text.size() < size) {
      pollfd waiting{socket_, POLLIN, 0};
      if (poll(&waiting, 1, quiet_ms) <= 0) return text;
      auto const got = recv(socket_, buffer.data(), buffer.size(), 0);
      if (got == 0) return "closed";
      if (got < 0) return errno == ECONNRESET ? "reset" : "failed";
      text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return text;
  }

 private:
  int socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
};

class fault_proxy : public testing::Test {
 protected:
  echo server_;
  std::unique_ptr<tcp_proxy> proxy_ =
      tcp_proxy::start(server_.port(), {.delay = milliseconds{300}, .slow_bytes_per_second = 2'000}).value();
};

TEST_F(fault_proxy, without_a_fault_everything_passes) {
  client one{proxy_->port()};
  std::string const much(300'000, 'x');
  one.say(much);
  EXPECT_EQ(one.hear(much.size(), kSoonMs), much);
}

TEST_F(fault_proxy, delayed_bytes_come_later) {
  client one{proxy_->port()};
  proxy_->set(network_fault::delay);
  auto const began = std::chrono::steady_clock::now();
  one.say("ping");
  EXPECT_EQ(one.hear(4, kSoonMs), "ping");
  EXPECT_GE(std::chrono::steady_clock::now() - began, milliseconds{600}) << "there and back";
}

TEST_F(fault_proxy, in_a_black_hole_connections_stay_open_and_nothing_comes) {
  client old{proxy_->port()};
  old.say("a");
  ASSERT_EQ(old.hear(1, kSoonMs), "a");
  proxy_->set(network_fault::blackhole);
  client fresh{proxy_->port()};
  old.say("b");
  fresh.say("c");
  EXPECT_EQ(old.hear(1, kQuietMs), "");
  EXPECT_EQ(fresh.hear(1, kQuietMs), "");
  proxy_->set(network_fault::none);
  EXPECT_EQ(old.hear(1, kSoonMs), "b");
  EXPECT_EQ(fresh.hear(1, kSoonMs), "c");
}

TEST_F(fault_proxy, a_reset_cuts_those_that_are_there_and_those_that_come) {
  client old{proxy_->port()};
  old.say("a");
  ASSERT_EQ(old.hear(1, kSoonMs), "a");
  proxy_->set(network_fault::reset);
  EXPECT_EQ(old.hear(1, kSoonMs), "reset");
  client fresh{proxy_->port()};
  EXPECT_EQ(fresh.hear(1, kSoonMs), "reset");
}

TEST_F(fault_proxy, slow_reading_is_slow) {
  client one{proxy_->port()};
  proxy_->set(network_fault::slow_read);
  auto const began = std::chrono::steady_clock::now();
  std::string const text(400, 'x');
  one.say(text);
  EXPECT_EQ(one.hear(text.size(), kSoonMs), text);
  EXPECT_GE(std::chrono::steady_clock::now() - began, milliseconds{150}) << "400 bytes at 2,000 a second";
}

TEST_F(fault_proxy, a_fault_can_be_for_some_alone) {
  client marked{proxy_->port()};
  client plain{proxy_->port()};
  marked.say("I am sentinel-1.");
  ASSERT_EQ(marked.hear(16, kSoonMs), "I am sentinel-1.");
  proxy_->set(network_fault::blackhole, "sentinel-");
  marked.say("m");
  plain.say("p");
  EXPECT_EQ(plain.hear(1, kSoonMs), "p");
  EXPECT_EQ(marked.hear(1, kQuietMs), "");
}

}  // namespace
}  // namespace siren::faults
