#include "fanout_bench/attacks.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <utility>

#include "common/clock.h"
#include "fanout_bench/wire.h"

namespace siren::fanout {
namespace {

constexpr std::uint32_t kAttackersAddress = 127U << 24U | 250U << 16U | 1U;
constexpr auto kNoMore = MSG_NOSIGNAL;
constexpr std::size_t kBatch = 64;

class stranger {
 public:
  /// `nth` of those that share a port: an address for each 10,000.
  explicit stranger(std::uint16_t port, std::size_t nth = 0) : fd_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    int const yes = 1;
    ::setsockopt(fd_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
    timeval const most{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &most, sizeof most);
    sockaddr_in own{};
    own.sin_family = AF_INET;
    own.sin_addr.s_addr = htonl(kAttackersAddress + static_cast<std::uint32_t>(nth / 10'000));
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    open_ = ::bind(fd_, reinterpret_cast<sockaddr const*>(&own), sizeof own) == 0 &&
            ::connect(fd_, reinterpret_cast<sockaddr const*>(&to), sizeof to) == 0;
  }
  ~stranger() {
    if (fd_ < 0) return;
    linger const none{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    ::close(fd_);
  }
  stranger(stranger const&) = delete;
  stranger& operator=(stranger const&) = delete;

  bool say(std::string_view bytes) {
    while (open_ && !bytes.empty()) {
      auto const put = ::send(fd_, bytes.data(), bytes.size(), kNoMore);
      if (put <= 0) open_ = false;
      if (put > 0) bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return open_;
  }
  /// Whatever came is thrown away, so that the server can't be stopped by us not reading; false at the end.
  bool drain() {
    char bytes[16'384];
    for (;;) {
      auto const got = ::recv(fd_, bytes, sizeof bytes, MSG_DONTWAIT);
      if (got == 0 || (got < 0 && errno != EAGAIN)) return open_ = false;
      if (got < 0) return open_;
    }
  }
  [[nodiscard]] bool open() const { return open_; }
  [[nodiscard]] int descriptor() const { return fd_; }
  [[nodiscard]] int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
  bool open_ = false;
};

std::string frame(std::uint8_t type, std::uint8_t flags, std::uint32_t stream, std::string_view payload) {
  std::string bytes;
  for (auto const shift : {16U, 8U, 0U}) bytes += static_cast<char>((payload.size() >> shift) & 0xFFU);
  bytes += static_cast<char>(type);
  bytes += static_cast<char>(flags);
  for (auto const shift : {24U, 16U, 8U, 0U}) bytes += static_cast<char>((stream >> shift) & 0xFFU);
  return bytes.append(payload);
}

std::string const kOpening = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, "");

std::string header(std::string const& name, std::string const& value) {
  return std::string{'\0', static_cast<char>(name.size())} + name + static_cast<char>(value.size()) + value;
}

std::string request() {
  return header(":method", "POST") + header(":scheme", "http") +
         header(":path", "/siren.alerts.v1.AlertService/WatchAlerts") + header(":authority", "siren") +
         header("content-type", "application/grpc");
}

/// `more(nth)` gives the next bytes of a connection and adds to `done` what they are worth.
template <typename More>
attack_told again_and_again(std::uint16_t port, std::uint64_t enough, milliseconds at_most, More const& more) {
  attack_told told;
  auto const until = steady_now() + at_most;
  while (told.done < enough && steady_now() < until) {
    stranger one{port};
    ++told.times;
    one.say(kOpening);
    for (std::uint32_t nth = 0; told.done < enough && one.open() && steady_now() < until; ++nth) {
      std::uint64_t worth = 0;
      if (!one.say(more(nth, worth)) || !one.drain()) break;
      told.done += worth;
    }
  }
  return told;
}

/// Counts the first word of a phone.
class first_word final : public wire_ear {
 public:
  explicit first_word(stranger& on) : on_{on} {}
  void on_message(std::string_view) override { came = true; }
  void on_ready() override {}
  void on_end() override {}
  void reply(std::string_view bytes) override { on_.say(bytes); }
  bool came = false;

 private:
  stranger& on_;
};

bool hears_first_word(std::uint16_t port, std::string const& zone, steady_time until) {
  auto const spoken = make_siren_wire();
  stranger one{port};
  first_word ear{one};
  std::unique_ptr<wire_rest> rest;
  hello says;
  says.zone = zone;
  one.say(spoken->greeting(says));
  char bytes[16'384];
  while (one.open() && steady_now() < until) {
    pollfd waits{one.descriptor(), POLLIN, 0};
    if (::poll(&waits, 1, 20) <= 0) continue;
    auto const got = ::recv(one.descriptor(), bytes, sizeof bytes, 0);
    if (got <= 0 || !spoken->take({bytes, static_cast<std::size_t>(got)}, rest, ear)) return false;
    if (ear.came) return true;
  }
  return false;
}

}  // namespace

attack_told reset_streams(std::uint16_t port, std::uint64_t count, milliseconds at_most) {
  auto const asked = request();
  return again_and_again(port, count, at_most, [&](std::uint32_t nth, std::uint64_t& worth) {
    std::string bytes;
    for (std::uint32_t i = 0; i < kBatch; ++i) {
      auto const stream = 1 + 2 * (nth * static_cast<std::uint32_t>(kBatch) + i);
      bytes += frame(1, 4, stream, asked) + frame(3, 0, stream, std::string{"\0\0\0\x08", 4});
    }
    worth = kBatch;
    return bytes;
  });
}

attack_told pad_headers(std::uint16_t port, std::uint64_t bytes, milliseconds at_most) {
  std::string padding;
  while (padding.size() < 15'000) padding += header("x-padding", std::string(100, 'a'));
  return again_and_again(port, bytes, at_most, [&](std::uint32_t nth, std::uint64_t& worth) {
    worth = padding.size();
    return nth == 0 ? frame(1, 0, 1, request() + padding) : frame(9, 0, 1, padding);
  });
}

attack_told flood_pings(std::uint16_t port, std::uint64_t count, milliseconds at_most) {
  return again_and_again(port, count, at_most, [&](std::uint32_t, std::uint64_t& worth) {
    std::string bytes;
    for (std::size_t i = 0; i < kBatch; ++i) bytes += frame(6, 0, 0, "01234567");
    worth = kBatch;
    return bytes;
  });
}

silent_crowd::silent_crowd(std::uint16_t port, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    stranger one{port, i};
    if (one.open()) sockets_.push_back(one.release());
  }
}

silent_crowd::~silent_crowd() {
  linger const none{1, 0};
  for (auto const fd : sockets_) {
    ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    ::close(fd);
  }
}

std::optional<milliseconds> first_word_after(std::uint16_t port, std::string const& zone, milliseconds at_most) {
  auto const began = steady_now();
  while (steady_now() < began + at_most)
    if (hears_first_word(port, zone, began + at_most))
      return std::chrono::duration_cast<milliseconds>(steady_now() - began);
  return std::nullopt;
}

}  // namespace siren::fanout
