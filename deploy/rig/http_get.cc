#include "rig/http_get.h"

#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>

namespace siren {

std::string http_get(std::string const& address, std::string const& path) {
  namespace beast = boost::beast;
  namespace http = beast::http;
  auto const colon = address.rfind(':');
  try {
    boost::asio::io_context io;
    beast::tcp_stream stream{io};
    beast::flat_buffer buffer;
    http::response<http::string_body> answer;
    http::request<http::empty_body> asked{http::verb::get, path, 11};
    asked.set(http::field::host, address);
    auto good = false;
    stream.expires_after(std::chrono::seconds{2});
    stream.async_connect({boost::asio::ip::make_address(address.substr(0, colon)),
                          static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1)))},
                         [&](beast::error_code bad) {
                           if (bad) return;
                           http::async_write(stream, asked, [&](beast::error_code unsent, std::size_t) {
                             if (unsent) return;
                             http::async_read(stream, buffer, answer,
                                              [&](beast::error_code unread, std::size_t) { good = !unread; });
                           });
                         });
    io.run();
    return good ? answer.body() : "";
  } catch (std::exception const&) {
    return "";
  }
}

}  // namespace siren
