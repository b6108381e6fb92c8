#include "fanout_bench/http_post.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>

namespace siren::fanout {

http_poster::~http_poster() {
  if (fd_ >= 0) ::close(fd_);
}

bool http_poster::connect(std::uint16_t port) {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  auto const fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  timeval const most{5, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &most, sizeof most);
  int const yes = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd, reinterpret_cast<sockaddr const*>(&to), sizeof to) != 0) {
    ::close(fd);
    return false;
  }
  fd_ = fd;
  return true;
}

result<void> http_poster::post(std::string const& path, std::string const& body) {
  static constexpr std::string_view kEnd = "\r\n\r\n";
  static constexpr std::string_view kLength = "Content-Length: ";
  auto const request = "POST " + path +
                       " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\nContent-Length: " +
                       std::to_string(body.size()) + "\r\n\r\n" + body;
  failure const lost{reason::bus_unavailable, "nginx does not take a message"};
  if (::send(fd_, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size())) return lost;
  std::string answer;
  for (;;) {
    auto const head = answer.find(kEnd);
    auto const length = answer.find(kLength);
    if (head != std::string::npos && length < head) {
      auto const due = std::strtoul(answer.c_str() + length + kLength.size(), nullptr, 10);
      if (answer.size() >= head + kEnd.size() + due) break;
    } else if (head != std::string::npos) {
      break;
    }
    char bytes[2'048];
    auto const got = ::recv(fd_, bytes, sizeof bytes, 0);
    if (got <= 0) return lost;
    answer.append(bytes, static_cast<std::size_t>(got));
  }
  return answer.starts_with("HTTP/1.1 2") ? result<void>{} : lost;
}

}  // namespace siren::fanout
