#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>

#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include "operator_console/grpc_web/web_call.h"
#include "operator_console/grpc_web/web_gate.h"

namespace siren {

/// One gRPC-Web request on a connection whose header has been read, until its last byte; then the connection ends.
/// Every refusal is told: a page of elsewhere is 403 and another content type 415; the rest is a grpc-status. Its
/// service hears of it at once when the browser leaves. Lives on the server's one thread and keeps itself.
class web_exchange : public std::enable_shared_from_this<web_exchange> {
 public:
  using everyone = std::set<web_exchange*>;
  struct parts {
    boost::beast::tcp_stream stream;
    boost::beast::flat_buffer buffer;
    std::unique_ptr<boost::beast::http::request_parser<boost::beast::http::empty_body>> header;
    std::shared_ptr<void> place;  // among the server's connections
  };
  web_exchange(parts with, std::string path, web_gate& gate, everyone& others);
  ~web_exchange() { everyone_.erase(this); }

  void begin();
  /// The browser left, or the server stops.
  void drop();

 private:
  using header = boost::beast::http::response_header<>;
  void read_body();
  void call(std::string_view body);
  void take(std::string message);
  void end(grpc::Status const& status);
  void refuse(grpc::Status const& status);
  void refuse_size();
  void answer(boost::beast::http::status status, std::string const& why, std::string const& counted);
  void send_and_close(header told);
  void write(std::string bytes, void (web_exchange::*then)());
  void ask_next();
  void close();
  void drain();
  void watch_for_leaving();
  [[nodiscard]] header begun(boost::beast::http::status status) const;
  [[nodiscard]] std::string opening();
  [[nodiscard]] std::string field(char const* name) const;

  parts with_;
  std::string path_;
  std::string origin_;
  std::string authorization_;
  milliseconds within_{0};
  web_gate& gate_;
  everyone& everyone_;
  std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> body_;
  std::shared_ptr<web_gate::seat> seat_;
  std::shared_ptr<web_call> call_;
  std::string writing_;
  std::size_t drained_ = 0;
  bool opened_ = false;
  bool dropped_ = false;
};

}  // namespace siren
