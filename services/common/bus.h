#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace siren {

/// Messages to everyone who listens now: fast, at most once, no memory. Whoever must not miss anything also reads the
/// log.
class bus {
 public:
  virtual ~bus() = default;
  /// Returns after the broker took it (not after anyone heard it), or fails with BUS_UNAVAILABLE within 1 s.
  /// Thread-safe. Order is kept per publisher and channel.
  [[nodiscard]] virtual result<void> publish(std::string const& channel, std::string const& bytes) = 0;
};

/// Hears channels until destroyed. After a broken connection it comes back by itself (at most 1 s between tries) and
/// what was said meanwhile is lost: `on_gap` is called after every (re)connection, so that the owner reads the log.
class bus_listener {
 public:
  virtual ~bus_listener() = default;
  [[nodiscard]] virtual bool connected() const = 0;
};

struct bus_handlers {
  /// Called on the listener's own thread, one at a time, in order per channel. Must not block for long.
  std::function<void(std::string const& channel, std::string const& bytes)> on_message;
  std::function<void()> on_gap;
};

/// The real one: Redis pub/sub. `address` is "unix:/path", "host:port" or "sentinels:NAME@HOST:PORT,…", which follows
/// the primary that the Sentinels name (common/redis_place.h). Makes the process ignore SIGPIPE.
[[nodiscard]] std::unique_ptr<bus> make_redis_bus(std::string const& address);
[[nodiscard]] std::unique_ptr<bus_listener> listen_redis(std::string const& address, std::vector<std::string> channels,
                                                         bus_handlers handlers);

}  // namespace siren
