#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "core/base/result.h"

namespace siren {

struct http_content {
  std::string type;
  std::shared_ptr<std::string const> body;
};
/// Null body: not ready yet (503).
using http_source = std::function<http_content()>;

/// GET and HEAD of a few fixed paths, from memory. One thread; at most 64 connections, 8 KiB of header, no body, 15 s a
/// request. Asks browsers to run nothing but the page's own script. Requests whose Host is not this machine get 421.
class http_server {
 public:
  /// Failure: the address is malformed or taken.
  [[nodiscard]] static result<std::unique_ptr<http_server>> start(std::string const& address,
                                                                  std::map<std::string, http_source> paths);
  ~http_server();
  /// With the real port when "127.0.0.1:0" was asked for.
  [[nodiscard]] std::string address() const;

 private:
  struct parts;
  explicit http_server(std::unique_ptr<parts> p);
  std::unique_ptr<parts> parts_;
};

}  // namespace siren
