#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <hiredis/hiredis.h>

#include "core/base/result.h"
#include "core/base/time.h"

namespace siren {

struct free_redis_context {
  void operator()(redisContext* context) const { redisFree(context); }
};
struct free_redis_reply {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using redis_context = std::unique_ptr<redisContext, free_redis_context>;
using redis_reply = std::unique_ptr<redisReply, free_redis_reply>;

/// To "unix:/path" or "host:port"; null when it can't be had within `wait`, which then also limits every command.
[[nodiscard]] redis_context connect_redis(std::string const& address, milliseconds wait);
/// One command of plain words; null when the connection broke or the answer is an error.
[[nodiscard]] redis_reply ask_redis(redisContext& context, std::vector<std::string> const& words);

/// "sentinels:NAME@HOST:PORT,…": who to ask where the primary is.
struct sentinel_address {
  std::string master;
  std::vector<std::string> sentinels;
};
/// Absent: a plain address. Failure: MALFORMED.
[[nodiscard]] result<std::optional<sentinel_address>> parse_redis_address(std::string_view address);

struct redis_place_policy {
  milliseconds ask_interval{250};  // with Sentinel's own decision a failover stays well within 5 s
  milliseconds answer_within{200};
};

/// Where Redis is now. A plain address stays. With Sentinels it follows the primary that most of them name: they are
/// asked four times a second and at once on "+switch-master". `turn` counts the changes, so that whoever is connected
/// to a former primary leaves it: there every PUBLISH is accepted and nobody hears it. While no Sentinel answers, the
/// last primary stays. Thread-safe.
class redis_place {
 public:
  /// Failure to parse is a bug: options are verified before.
  explicit redis_place(std::string const& address, redis_place_policy policy = {});
  ~redis_place();
  redis_place(redis_place const&) = delete;
  redis_place& operator=(redis_place const&) = delete;

  struct spot {
    std::string address;  // empty: no Sentinel has named a primary yet
    std::uint64_t turn = 0;
  };
  [[nodiscard]] spot now() const;
  /// Whether the address may change.
  [[nodiscard]] bool moves() const { return sentinels_.has_value(); }
  /// A connection there, with Sentinels to a server that says itself that it is the primary; null when there is none.
  [[nodiscard]] redis_context connect(spot const& to, milliseconds wait) const;

 private:
  void run();
  void ask_all();
  /// Until the next round, or until a Sentinel tells of a change.
  void wait_round();
  void hear_at_one();
  [[nodiscard]] std::string ask(std::size_t which);

  std::optional<sentinel_address> sentinels_;
  redis_place_policy policy_;
  mutable std::mutex mutex_;
  spot spot_;
  std::atomic<bool> stopping_{false};
  // The thread's alone.
  std::vector<redis_context> asked_;
  redis_context ear_;
  std::size_t ear_at_ = 0;
  std::thread thread_;
};

/// Whether the server says that it is a primary.
[[nodiscard]] bool is_primary(redisContext& context);

}  // namespace siren
