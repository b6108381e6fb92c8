#include "guidance_bench/osrm_peer.h"

#include <chrono>

#include <fmt/format.h>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include "common/clock.h"

namespace siren::bench {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;

constexpr std::chrono::seconds kAnswer{10};

struct endpoint {
  std::string host;
  std::string port = "5000";
};

result<endpoint> parse(std::string base) {
  constexpr std::string_view kScheme = "http://";
  if (!base.starts_with(kScheme)) return failure{reason::malformed, "--osrm is http://HOST:PORT, got " + base};
  base.erase(0, kScheme.size());
  if (auto const slash = base.find('/'); slash != std::string::npos) base.resize(slash);
  auto const colon = base.rfind(':');
  if (colon == std::string::npos) return endpoint{base};
  return endpoint{base.substr(0, colon), base.substr(colon + 1)};
}

}  // namespace

result<std::vector<double>> osrm_route_ms(std::string const& base,
                                          std::vector<std::pair<lat_lon, lat_lon>> const& pairs) {
  auto const where = parse(base);
  if (!where) return where.error();
  std::vector<double> times;
  try {
    boost::asio::io_context io;
    beast::tcp_stream stream{io};
    boost::asio::ip::tcp::resolver resolver{io};
    stream.expires_after(kAnswer);
    stream.connect(resolver.resolve(where->host, where->port));
    beast::flat_buffer buffer;
    for (auto const& [from, to] : pairs) {
      http::request<http::empty_body> ask{http::verb::get,
                                          fmt::format("/route/v1/foot/{:.6f},{:.6f};{:.6f},{:.6f}?overview=full",
                                                      from.lon.value, from.lat.value, to.lon.value, to.lat.value),
                                          11};
      ask.set(http::field::host, where->host);
      http::response<http::string_body> answer;
      auto const began = steady_now();
      stream.expires_after(kAnswer);
      http::write(stream, ask);
      http::read(stream, buffer, answer);
      std::chrono::duration<double, std::milli> const took = steady_now() - began;
      if (answer.result() != http::status::ok && answer.result() != http::status::bad_request)
        return failure{reason::not_ready, base + " answers " + std::to_string(answer.result_int())};
      times.push_back(took.count());
      if (!answer.keep_alive()) {
        stream.close();
        stream.connect(resolver.resolve(where->host, where->port));
      }
    }
  } catch (std::exception const& bad) {
    return failure{reason::not_ready, base + ": " + bad.what()};
  }
  return times;
}

}  // namespace siren::bench
