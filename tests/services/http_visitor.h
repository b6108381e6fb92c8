#pragma once

#include <array>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

namespace siren::test {

/// One connection, byte for byte.
class visitor {
 public:
  explicit visitor(std::string const& address) : socket_{io_} {
    auto const colon = address.rfind(':');
    socket_.connect({boost::asio::ip::make_address(address.substr(0, colon)),
                     static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1)))});
  }
  visitor& say(std::string const& text) {
    boost::system::error_code closed_meanwhile;
    boost::asio::write(socket_, boost::asio::buffer(text), closed_meanwhile);
    return *this;
  }
  /// All until the server closes.
  std::string rest() {
    std::string heard;
    boost::system::error_code end;
    boost::asio::read(socket_, boost::asio::dynamic_buffer(heard), end);
    return heard;
  }
  /// Header and body of one answer; the connection stays.
  std::string one_answer() {
    std::string heard;
    boost::system::error_code end;
    std::array<char, 4096> part{};
    while (!whole(heard)) {
      auto const count = socket_.read_some(boost::asio::buffer(part), end);
      if (end) break;
      heard.append(part.data(), count);
    }
    return heard;
  }

 private:
  static bool whole(std::string const& heard) {
    auto const header_end = heard.find("\r\n\r\n");
    auto const length = heard.find("Content-Length: ");
    if (header_end == std::string::npos || length == std::string::npos) return false;
    return heard.size() >= header_end + 4 + std::stoul(heard.substr(length + 16));
  }
  boost::asio::io_context io_;
  boost::asio::ip::tcp::socket socket_;
};

inline std::string request(std::string const& line, std::string const& more = "") {
  return line + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + more + "\r\n";
}

}  // namespace siren::test
