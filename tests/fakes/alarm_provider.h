#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/base/verify.h"

namespace siren {

/// An alarm provider on a loopback port, of both kinds: keys, If-Modified-Since, an action index, and every way to
/// answer badly. One connection at a time.
class fake_alarm_provider {
 public:
  explicit fake_alarm_provider(std::string authorization) : authorization_{std::move(authorization)} {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof at;
    verify(::bind(listener_, reinterpret_cast<sockaddr*>(&at), length) == 0 && ::listen(listener_, 8) == 0,
           "the loopback has a free port");
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &length);
    port_ = ntohs(at.sin_port);
    wake_ = ::eventfd(0, EFD_CLOEXEC);
    thread_ = std::thread{[this] { run(); }};
  }
  ~fake_alarm_provider() {
    std::uint64_t const one = 1;
    static_cast<void>(!::write(wake_, &one, sizeof one));
    thread_.join();
    ::close(listener_);
    ::close(wake_);
  }
  fake_alarm_provider(fake_alarm_provider const&) = delete;
  fake_alarm_provider& operator=(fake_alarm_provider const&) = delete;

  [[nodiscard]] std::string base() const { return "http://127.0.0.1:" + std::to_string(port_); }

  /// What it lists from now on.
  void list(std::string body) {
    std::lock_guard const lock{mutex_};
    body_ = std::move(body);
    ++version_;
  }
  /// These bytes are the whole answer to the next request, and then the connection ends.
  void next(std::string raw) {
    std::lock_guard const lock{mutex_};
    raw_.push_back(std::move(raw));
  }
  /// The next request is never answered.
  void hang_next() { next(kHang); }
  /// From now on every request is answered with this status and no body; 0: as it should be.
  void fail(int status) {
    std::lock_guard const lock{mutex_};
    status_ = status;
  }

  struct request {
    std::string path;
    std::map<std::string, std::string> headers;  // names in lower case
  };
  [[nodiscard]] std::vector<request> requests() {
    std::lock_guard const lock{mutex_};
    return requests_;
  }
  [[nodiscard]] std::size_t request_count() {
    std::lock_guard const lock{mutex_};
    return requests_.size();
  }

 private:
  static inline std::string const kHang = "hang";

  /// False: stopping.
  bool wait_readable(int fd) {
    std::array<pollfd, 2> watched{{{wake_, POLLIN, 0}, {fd, POLLIN, 0}}};
    return ::poll(watched.data(), watched.size(), -1) > 0 && watched[0].revents == 0;
  }

  void run() {
    while (wait_readable(listener_)) {
      int const fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) continue;
      for (std::string held; answer_one(fd, held);) continue;
      ::close(fd);
    }
  }

  bool answer_one(int fd, std::string& held) {
    auto end = held.find("\r\n\r\n");
    while (end == std::string::npos) {
      std::array<char, 4'096> bytes;
      if (!wait_readable(fd)) return false;
      auto const got = ::recv(fd, bytes.data(), bytes.size(), 0);
      if (got <= 0) return false;
      held.append(bytes.data(), static_cast<std::size_t>(got));
      end = held.find("\r\n\r\n");
    }
    auto const [bytes, last] = answer_to(parse(held.substr(0, end)));
    held.erase(0, end + 4);
    if (bytes == kHang) {
      wait_readable(fd);  // until the client gives up
      return false;
    }
    for (std::size_t sent = 0; sent < bytes.size();) {
      auto const wrote = ::send(fd, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (wrote <= 0) return false;
      sent += static_cast<std::size_t>(wrote);
    }
    return !last;
  }

  static request parse(std::string const& head) {
    request read;
    read.path = head.substr(head.find(' ') + 1, head.find(' ', head.find(' ') + 1) - head.find(' ') - 1);
    for (auto at = head.find("\r\n"); at != std::string::npos; at = head.find("\r\n", at + 2)) {
      auto const line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
      auto const colon = line.find(": ");
      if (colon == std::string::npos) continue;
      auto name = line.substr(0, colon);
      for (auto& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      read.headers[name] = line.substr(colon + 2);
    }
    return read;
  }

  static std::string whole(int status, std::string const& body, std::string const& more = "") {
    return "HTTP/1.1 " + std::to_string(status) + " Said\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
           more + "\r\n" + body;
  }

  /// The bytes, and whether the connection then ends.
  std::pair<std::string, bool> answer_to(request const& asked) {
    std::lock_guard const lock{mutex_};
    requests_.push_back(asked);
    if (!raw_.empty()) {
      auto bytes = std::move(raw_.front());
      raw_.pop_front();
      return {bytes, true};
    }
    auto const header = [&](char const* name) {
      auto const found = asked.headers.find(name);
      return found == asked.headers.end() ? std::string{} : found->second;
    };
    if (header("authorization") != authorization_) return {whole(401, ""), false};
    if (status_ != 0) return {whole(status_, ""), false};
    if (asked.path == "/api/v3/alerts/status")
      return {whole(200, "{\"lastActionIndex\":" + std::to_string(version_) + "}"), false};
    if (asked.path != "/api/v3/alerts" && asked.path != "/v1/alerts/active.json") return {whole(404, ""), false};
    auto const modified = "Fri, 23 Jan 2026 18:00:" + std::to_string(10 + version_) + " GMT";
    if (header("if-modified-since") == modified) return {whole(304, ""), false};
    return {whole(200, body_, "Last-Modified: " + modified + "\r\n"), false};
  }

  std::string authorization_;
  int listener_ = -1;
  int wake_ = -1;
  int port_ = 0;
  std::mutex mutex_;
  std::string body_ = "{}";
  int version_ = 0;
  int status_ = 0;
  std::deque<std::string> raw_;
  std::vector<request> requests_;
  std::thread thread_;
};

}  // namespace siren
