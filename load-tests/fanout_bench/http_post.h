#pragma once

#include <cstdint>
#include <string>

#include "core/base/result.h"

namespace siren::fanout {

/// POSTs over one connection that stays open. Every wait ends.
class http_poster {
 public:
  http_poster() = default;
  ~http_poster();
  http_poster(http_poster const&) = delete;
  http_poster& operator=(http_poster const&) = delete;

  [[nodiscard]] bool connect(std::uint16_t port);
  /// Failure: BUS_UNAVAILABLE, not answered with 2xx.
  [[nodiscard]] result<void> post(std::string const& path, std::string const& body);

 private:
  int fd_ = -1;
};

}  // namespace siren::fanout
