#include "operator_console/http_server.h"

#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <limits>
#include <thread>

#include "operator_console/grpc_web/web_exchange.h"
#include "operator_console/http_answer.h"

namespace siren {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;

constexpr std::size_t kMostConnections = 64;
constexpr std::size_t kMostInTrees = 16;
constexpr std::size_t kTreeThreads = 4;
constexpr std::uint32_t kMostHeaderBytes = 8U << 10U;
constexpr std::chrono::seconds kRequestWithin{15};
constexpr std::chrono::seconds kAnswerWithin{15};
constexpr std::chrono::milliseconds kAcceptAgainAfter{100};
constexpr auto kGatePrefix = "/siren.";
constexpr auto kAnyBody = std::numeric_limits<std::uint64_t>::max();

struct shared_state {
  http_pages pages;
  web_gate* gate = nullptr;
  asio::thread_pool* tree_threads = nullptr;
  // Touched by the one io thread only:
  std::size_t connections = 0;
  std::size_t in_trees = 0;
  web_exchange::everyone exchanges;
};

/// Among the connections.
class place {
 public:
  explicit place(shared_state& state) : state_{state} { ++state_.connections; }
  ~place() { --state_.connections; }
  place(place const&) = delete;
  place& operator=(place const&) = delete;

 private:
  shared_state& state_;
};

struct branch {
  http_tree const* tree = nullptr;
  std::string rest;
};

/// The longest prefix wins.
branch branch_of(std::map<std::string, http_tree> const& trees, std::string const& path) {
  branch found;
  for (auto const& [prefix, tree] : trees)
    if (path.starts_with(prefix)) found = {&tree, path.substr(prefix.size())};
  return found;
}

class session : public std::enable_shared_from_this<session> {
 public:
  session(tcp::socket socket, shared_state& state)
      : stream_{std::move(socket)}, state_{state}, place_{std::make_shared<place>(state)} {}

  void read() {
    parser_ = std::make_unique<http::request_parser<http::empty_body>>();
    parser_->header_limit(kMostHeaderBytes);
    parser_->body_limit(kAnyBody);  // a call's is the gate's to judge
    stream_.expires_after(kRequestWithin);
    http::async_read_header(stream_, buffer_, *parser_,
                            [self = shared_from_this()](beast::error_code bad, std::size_t) {
                              if (!bad) self->look_up();
                            });
  }

 private:
  [[nodiscard]] bool is_call() const {
    auto const& asked = parser_->get();
    return state_.gate != nullptr && asked.target().starts_with(kGatePrefix) && asks_this_machine(asked) &&
           (asked.method() == http::verb::post || asked.method() == http::verb::options);
  }

  void look_up() {
    auto const& asked = parser_->get();
    if (is_call()) {
      std::string const path{asked.target().data(), asked.target().size()};
      return std::make_shared<web_exchange>(
                 web_exchange::parts{std::move(stream_), std::move(buffer_), std::move(parser_), std::move(place_)},
                 path, *state_.gate, state_.exchanges)
          ->begin();
    }
    if (!parser_->is_done()) return;  // a body
    if (auto refusal = refusal_of(asked)) return write(std::move(*refusal));
    auto const path = path_of({asked.target().data(), asked.target().size()});
    if (!path) return write(refused(asked, http::status::bad_request, "no such path"));
    if (auto const page = state_.pages.paths.find(*path); page != state_.pages.paths.end())
      return write(answer_with(asked, page->second()));
    auto const found = branch_of(state_.pages.trees, *path);
    if (found.tree == nullptr) return write(refused(asked, http::status::not_found, "no such page"));
    if (state_.in_trees >= kMostInTrees)
      return write(refused(asked, http::status::service_unavailable, "too many are asking"));
    climb(found);
  }

  void climb(branch const& found) {
    ++state_.in_trees;
    // The session always ends on the io thread: the tree's thread gives its share of it back.
    asio::post(*state_.tree_threads, [self = shared_from_this(), found]() mutable {
      auto content = (*found.tree)(found.rest);
      auto const io = self->stream_.get_executor();
      asio::post(io, [self = std::move(self), content = std::move(content)] {
        --self->state_.in_trees;
        self->write(answer_with(self->parser_->get(), content));
      });
    });
  }

  void write(http_response answer) {
    answer_ = std::move(answer);
    stream_.expires_after(kAnswerWithin);
    http::async_write(stream_, answer_, [self = shared_from_this()](beast::error_code bad, std::size_t) {
      if (!bad && self->answer_.keep_alive()) self->read();
    });
  }

  beast::tcp_stream stream_;
  shared_state& state_;
  std::shared_ptr<place> place_;
  beast::flat_buffer buffer_{kMostHeaderBytes};
  std::unique_ptr<http::request_parser<http::empty_body>> parser_;  // never moves
  http_response answer_;
};

}  // namespace

struct http_server::parts {
  shared_state state;
  asio::io_context io{1};
  tcp::acceptor acceptor{io};
  asio::steady_timer pause{io};  // after a failed accept: without free descriptors it would fail at once again
  asio::thread_pool tree_threads{kTreeThreads};  // goes before io: what waits in it holds sockets of io
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

result<std::unique_ptr<http_server>> http_server::start(std::string const& address, http_pages pages, web_gate* gate) {
  auto made = std::make_unique<parts>();
  made->state.gate = gate;
  made->state.pages = std::move(pages);
  made->state.tree_threads = &made->tree_threads;
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
  parts_->tree_threads.stop();
  parts_->tree_threads.join();
  auto* const gate = parts_->state.gate;
  asio::post(parts_->io, [this] {
    parts_->state.gate = nullptr;                  // no more calls
    auto const running = parts_->state.exchanges;  // one that is dropped may leave at once
    for (auto* each : running) each->drop();
  });
  if (gate != nullptr) gate->wait_until_empty();
  parts_->io.stop();
  parts_->thread.join();
}

std::string http_server::address() const {
  auto const where = parts_->acceptor.local_endpoint();
  return where.address().to_string() + ":" + std::to_string(where.port());
}

}  // namespace siren
