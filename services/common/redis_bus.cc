#include "common/bus.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <thread>

#include <poll.h>

#include "common/log.h"
#include "common/redis_place.h"

namespace siren {
namespace {

constexpr milliseconds kWait{300};   // connecting, asking the role, one publish: together the promise of bus::publish
constexpr int kListenSliceMs = 200;  // how soon a listener notices that it should end
constexpr milliseconds kRetry{500};
constexpr milliseconds kRoleEvery{1'000};    // a publisher left on a former primary hears no error
constexpr milliseconds kPingEvery{1'000};    // a connection that swallows everything looks like a quiet channel
constexpr milliseconds kSilentAfter{3'000};  // three pings unanswered; with coming back within 5 s

class redis_bus final : public bus {
 public:
  explicit redis_bus(std::string const& address) : place_{address} {}

  result<void> publish(std::string const& channel, std::string const& bytes) override {
    std::lock_guard const one_owner{mutex_};
    if (!ready()) return lost();
    redis_reply const reply{static_cast<redisReply*>(
        redisCommand(context_.get(), "PUBLISH %b %b", channel.data(), channel.size(), bytes.data(), bytes.size()))};
    if (!reply || reply->type == REDIS_REPLY_ERROR) return lost();
    return {};
  }

 private:
  bool ready() {
    auto const spot = place_.now();
    if (spot.turn != turn_) {
      context_.reset();
      retry_at_ = {};
      turn_ = spot.turn;
    }
    auto const now = std::chrono::steady_clock::now();
    if (!context_) {
      // While the broker is away, callers must not queue up behind one connection attempt each.
      if (now < retry_at_) return false;
      context_ = place_.connect(spot, kWait);
      role_at_ = now;
      return context_ != nullptr;
    }
    if (!place_.moves() || now - role_at_ < kRoleEvery) return true;
    role_at_ = now;
    return is_primary(*context_);
  }

  failure lost() {
    auto const now = std::chrono::steady_clock::now();
    context_.reset();
    if (now >= retry_at_) retry_at_ = now + kRetry;
    return {reason::bus_unavailable, "the bus does not answer"};
  }

  redis_place place_;
  std::mutex mutex_;
  redis_context context_;
  std::uint64_t turn_ = 0;
  steady_time retry_at_{};
  steady_time role_at_{};
};

class redis_listener final : public bus_listener {
 public:
  redis_listener(std::string const& address, std::vector<std::string> channels, bus_handlers handlers)
      : place_{address}, channels_{std::move(channels)}, handlers_{std::move(handlers)} {
    thread_ = std::thread{[this] { run(); }};
  }

  ~redis_listener() override {
    {
      std::lock_guard const lock{mutex_};
      stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }

  bool connected() const override { return connected_; }

 private:
  bool stopping() {
    std::lock_guard const lock{mutex_};
    return stopping_;
  }

  void run() {
    while (!stopping()) {
      auto const spot = place_.now();
      if (auto const context = place_.connect(spot, kWait); context && subscribe(*context)) {
        connected_ = true;
        handlers_.on_gap();
        listen(*context, spot.turn);
        connected_ = false;
        if (!stopping()) log(log_level::warn, "bus_lost", {{"address", spot.address}});
        if (place_.now().turn != spot.turn) continue;
      }
      std::unique_lock lock{mutex_};
      wake_.wait_for(lock, kRetry, [this] { return stopping_; });
    }
  }

  bool subscribe(redisContext& context) {
    for (auto const& channel : channels_) {
      void* raw = nullptr;
      redisAppendCommand(&context, "SUBSCRIBE %b", channel.data(), channel.size());
      if (redisGetReply(&context, &raw) != REDIS_OK) return false;
      redis_reply const reply{static_cast<redisReply*>(raw)};
      if (!reply || reply->type == REDIS_REPLY_ERROR) return false;
    }
    return true;
  }

  void listen(redisContext& context, std::uint64_t turn) {
    auto heard_at = std::chrono::steady_clock::now();
    auto ping_at = heard_at + kPingEvery;
    while (!stopping() && place_.now().turn == turn) {
      void* raw = nullptr;
      if (redisGetReplyFromReader(&context, &raw) != REDIS_OK) return;
      if (raw != nullptr) {
        redis_reply const reply{static_cast<redisReply*>(raw)};
        deliver(*reply);
        continue;
      }
      auto const now = std::chrono::steady_clock::now();
      if (now - heard_at >= kSilentAfter) return;
      if (now >= ping_at && !ping(context)) return;
      if (now >= ping_at) ping_at = now + kPingEvery;
      pollfd waiting{context.fd, POLLIN, 0};
      auto const ready = ::poll(&waiting, 1, kListenSliceMs);
      if (ready < 0 && errno != EINTR) return;
      if (ready <= 0) continue;
      if (redisBufferRead(&context) != REDIS_OK) return;
      heard_at = std::chrono::steady_clock::now();
    }
  }

  static bool ping(redisContext& context) {
    redisAppendCommand(&context, "PING");
    for (auto done = 0; done == 0;)
      if (redisBufferWrite(&context, &done) != REDIS_OK) return false;
    return true;
  }

  void deliver(redisReply const& reply) {
    if (reply.type != REDIS_REPLY_ARRAY || reply.elements != 3) return;
    auto const text = [&](std::size_t i) { return std::string{reply.element[i]->str, reply.element[i]->len}; };
    if (reply.element[2]->type == REDIS_REPLY_STRING && text(0) == "message") handlers_.on_message(text(1), text(2));
  }

  redis_place place_;
  std::vector<std::string> channels_;
  bus_handlers handlers_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::atomic<bool> connected_{false};
  std::thread thread_;
};

// hiredis writes without MSG_NOSIGNAL: a broker that dies must not take us with it.
void ignore_broken_pipes() {
  std::signal(SIGPIPE, SIG_IGN);
}

}  // namespace

std::unique_ptr<bus> make_redis_bus(std::string const& address) {
  ignore_broken_pipes();
  return std::make_unique<redis_bus>(address);
}

std::unique_ptr<bus_listener> listen_redis(std::string const& address, std::vector<std::string> channels,
                                           bus_handlers handlers) {
  ignore_broken_pipes();
  return std::make_unique<redis_listener>(address, std::move(channels), std::move(handlers));
}

}  // namespace siren
