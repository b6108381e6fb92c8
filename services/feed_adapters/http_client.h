#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "feed_adapters/http_exchange.h"

namespace siren {

/// Asks one provider. One owner at a time; blocks until the answer or its own time limit.
class http_getter {
 public:
  virtual ~http_getter() = default;
  [[nodiscard]] virtual http_answer get(http_request const& request) = 0;
};

struct http_provider {
  std::string base;           // "https://api.alerts.in.ua"; see check_provider
  std::string authorization;  // the whole value of that header
  std::string ca_file;        // trust only certificates signed by these; empty: the system's
  milliseconds connect_limit{5'000};
  milliseconds answer_limit{10'000};       // for all of it: a slow body costs a poll, not the feed
  std::size_t max_body_bytes = 4U << 20U;  // unpacked; four times all regions in alarm
};

/// Failure: malformed (no http or https address, a user, query or fragment in it; a control character in the key),
/// wrong_mode (http to another machine: it would give the key away), missing_field (no key).
[[nodiscard]] result<void> check_provider(http_provider const& provider);

/// By libcurl: no redirects, no proxy of the environment, TLS 1.2 or later with the certificate checked. A request
/// ends early once `stopping`.
[[nodiscard]] std::unique_ptr<http_getter> make_http_client(http_provider provider, std::atomic<bool> const& stopping);

}  // namespace siren
