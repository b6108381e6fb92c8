#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "core/base/result.h"

namespace siren {

struct http_content {
  std::string type;
  std::shared_ptr<std::string const> body;  // null: `trouble` tells why
  /// Names this very body; then the content may be kept if it is asked for again each time, and one who has it gets
  /// 304. Empty: nobody keeps it.
  std::string etag = {};
  enum class lack : std::uint8_t { not_ready, not_found };
  lack missing = lack::not_ready;  // 503 with Retry-After, or 404
  std::string trouble = "not ready yet";
};
/// Called on the server's one thread: from memory.
using http_source = std::function<http_content()>;
/// Given the rest of the path behind the prefix, percent-decoded. Called on one of a few threads of its own, several at
/// once: may wait for a database, a few seconds at most.
using http_tree = std::function<http_content(std::string const& rest)>;

struct http_pages {
  std::map<std::string, http_source> paths;
  std::map<std::string, http_tree> trees;  // by prefix, which ends in "/"; a path of `paths` goes first
};

class web_gate;

/// GET and HEAD of fixed paths and of trees, and gRPC-Web below "/siren." where there is a gate (see web_exchange.h).
/// One thread, and four for trees; at most 64 connections, of which 16 may wait for trees (more get 503), 8 KiB of
/// header, no body but a call's, 15 s a request and 15 s an answer. Asks browsers to run nothing but the page's own
/// script. Requests whose Host is not this machine get 421.
class http_server {
 public:
  /// `gate` must outlive the server. Failure: the address is malformed or taken.
  [[nodiscard]] static result<std::unique_ptr<http_server>> start(std::string const& address, http_pages pages,
                                                                  web_gate* gate = nullptr);
  ~http_server();
  /// With the real port when "127.0.0.1:0" was asked for.
  [[nodiscard]] std::string address() const;

 private:
  struct parts;
  explicit http_server(std::unique_ptr<parts> p);
  std::unique_ptr<parts> parts_;
};

}  // namespace siren
