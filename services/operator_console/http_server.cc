#include "operator_console/http_server.h"

#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <thread>

namespace siren {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;

constexpr std::size_t kMostConnections = 64;
constexpr std::uint32_t kMostHeaderBytes = 8U << 10U;
constexpr std::chrono::seconds kRequestWithin{15};
constexpr std::chrono::milliseconds kAcceptAgainAfter{100};

struct shared_state {
  std::map<std::string, http_source> paths;
  std::size_t connections = 0;  // touched by the one io thread only
};

using answer_type = http::response<http::string_body>;

/// A page elsewhere can give its own name our address and have the browser read from us; the name then gives it away.
bool asks_this_machine(beast::string_view host) {
  auto const name = host.substr(0, host.find(':'));
  return name == "127.0.0.1" || name == "localhost";
}

answer_type answer_to(http::request<http::empty_body> const& asked, shared_state const& state) {
  answer_type answer{http::status::ok, asked.version()};
  answer.keep_alive(asked.keep_alive());
  answer.set(http::field::content_type, "text/plain; charset=utf-8");
  answer.set("Content-Security-Policy", "default-src 'self'; style-src 'self' 'unsafe-inline'");
  answer.set("X-Content-Type-Options", "nosniff");
  answer.set(http::field::cache_control, "no-store");
  auto const refuse = [&](http::status status, char const* why) {
    answer.result(status);
    answer.body() = why;
  };
  auto const target = std::string{asked.target().substr(0, asked.target().find('?'))};
  auto const found = state.paths.find(target);
  if (!asks_this_machine(asked[http::field::host])) {
    refuse(http::status::misdirected_request, "only for this machine\n");
  } else if (asked.method() != http::verb::get && asked.method() != http::verb::head) {
    refuse(http::status::method_not_allowed, "only GET\n");
  } else if (found == state.paths.end()) {
    refuse(http::status::not_found, "no such page\n");
  } else if (auto const content = found->second(); content.body == nullptr) {
    refuse(http::status::service_unavailable, "not ready yet\n");
  } else {
    answer.set(http::field::content_type, content.type);
    answer.body() = *content.body;
  }
  auto const size = answer.body().size();
  if (asked.method() == http::verb::head) answer.body().clear();
  answer.content_length(size);
  return answer;
}

class session : public std::enable_shared_from_this<session> {
 public:
  session(tcp::socket socket, shared_state& state) : stream_{std::move(socket)}, state_{state} { ++state_.connections; }
  ~session() { --state_.connections; }

  void read() {
    parser_.emplace();
    parser_->header_limit(kMostHeaderBytes);
    parser_->body_limit(0);
    stream_.expires_after(kRequestWithin);
    http::async_read(stream_, buffer_, *parser_, [self = shared_from_this()](beast::error_code bad, std::size_t) {
      if (!bad) self->write();
    });
  }

 private:
  void write() {
    answer_ = answer_to(parser_->get(), state_);
    http::async_write(stream_, answer_, [self = shared_from_this()](beast::error_code bad, std::size_t) {
      if (!bad && self->answer_.keep_alive()) self->read();
    });
  }

  beast::tcp_stream stream_;
  shared_state& state_;
  beast::flat_buffer buffer_{kMostHeaderBytes};
  std::optional<http::request_parser<http::empty_body>> parser_;
  answer_type answer_;
};

}  // namespace

struct http_server::parts {
  shared_state state;
  asio::io_context io{1};
  tcp::acceptor acceptor{io};
  asio::steady_timer pause{io};  // after a failed accept: without free descriptors it would fail at once again
  std::thread thread;

  void accept() {
    acceptor.async_accept([this](beast::error_code bad, tcp::socket socket) {
      if (bad == asio::error::operation_aborted) return;
      if (bad) {
        pause.expires_after(kAcceptAgainAfter);
        pause.async_wait([this](beast::error_code) { accept(); });
        return;
      }
      if (state.connections < kMostConnections) std::make_shared<session>(std::move(socket), state)->read();
      accept();
    });
  }
};

http_server::http_server(std::unique_ptr<parts> p) : parts_{std::move(p)} {}

result<std::unique_ptr<http_server>> http_server::start(std::string const& address,
                                                        std::map<std::string, http_source> paths) {
  auto made = std::make_unique<parts>();
  made->state.paths = std::move(paths);
  try {
    auto const colon = address.rfind(':');
    if (colon == std::string::npos) return failure{reason::malformed, address + " is not host:port"};
    auto const port = std::stoul(address.substr(colon + 1));
    if (port > 65'535) return failure{reason::malformed, address + " has no such port"};
    tcp::endpoint const where{asio::ip::make_address(address.substr(0, colon)), static_cast<std::uint16_t>(port)};
    made->acceptor.open(where.protocol());
    made->acceptor.set_option(asio::socket_base::reuse_address{true});
    made->acceptor.bind(where);
    made->acceptor.listen();
  } catch (std::exception const& bad) {
    return failure{reason::not_ready, "can't listen on " + address + ": " + bad.what()};
  }
  made->accept();
  made->thread = std::thread{[&io = made->io] { io.run(); }};
  return std::unique_ptr<http_server>{new http_server{std::move(made)}};
}

http_server::~http_server() {
  parts_->io.stop();
  parts_->thread.join();
}

std::string http_server::address() const {
  auto const where = parts_->acceptor.local_endpoint();
  return where.address().to_string() + ":" + std::to_string(where.port());
}

}  // namespace siren
