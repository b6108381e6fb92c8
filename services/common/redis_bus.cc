#include "common/bus.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <thread>

#include <hiredis/hiredis.h>
#include <poll.h>

#include "common/log.h"

namespace siren {
namespace {

constexpr timeval kWait{1, 0};       // connecting, and one publish: the promise of bus::publish
constexpr int kListenSliceMs = 200;  // how soon a listener notices that it should end
constexpr std::chrono::milliseconds kRetry{500};

struct free_context {
  void operator()(redisContext* context) const { redisFree(context); }
};
struct free_reply {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using context_ptr = std::unique_ptr<redisContext, free_context>;
using reply_ptr = std::unique_ptr<redisReply, free_reply>;

context_ptr connect_to(std::string const& address) {
  context_ptr made;
  if (address.starts_with("unix:")) {
    made.reset(redisConnectUnixWithTimeout(address.c_str() + 5, kWait));
  } else {
    auto const colon = address.rfind(':');
    if (colon == std::string::npos) return nullptr;
    made.reset(
        redisConnectWithTimeout(address.substr(0, colon).c_str(), std::atoi(address.c_str() + colon + 1), kWait));
  }
  if (!made || made->err != 0) return nullptr;
  redisSetTimeout(made.get(), kWait);
  return made;
}

class redis_bus final : public bus {
 public:
  explicit redis_bus(std::string address) : address_{std::move(address)} {}

  result<void> publish(std::string const& channel, std::string const& bytes) override {
    std::lock_guard const one_owner{mutex_};
    if (!context_) {
      // While the broker is away, callers must not queue up behind one connection attempt each.
      if (std::chrono::steady_clock::now() < retry_at_) return away();
      context_ = connect_to(address_);
      if (!context_) return lost();
    }
    reply_ptr const reply{static_cast<redisReply*>(
        redisCommand(context_.get(), "PUBLISH %b %b", channel.data(), channel.size(), bytes.data(), bytes.size()))};
    if (!reply || reply->type == REDIS_REPLY_ERROR) return lost();
    return {};
  }

 private:
  failure lost() {
    context_.reset();
    retry_at_ = std::chrono::steady_clock::now() + kRetry;
    return away();
  }
  static failure away() { return {reason::bus_unavailable, "the bus does not answer"}; }

  std::string address_;
  std::mutex mutex_;
  context_ptr context_;
  std::chrono::steady_clock::time_point retry_at_{};
};

class redis_listener final : public bus_listener {
 public:
  redis_listener(std::string address, std::vector<std::string> channels, bus_handlers handlers)
      : address_{std::move(address)}, channels_{std::move(channels)}, handlers_{std::move(handlers)} {
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
      if (auto const context = connect_to(address_); context && subscribe(*context)) {
        connected_ = true;
        handlers_.on_gap();
        listen(*context);
        connected_ = false;
        if (!stopping()) log(log_level::warn, "bus_lost", {{"address", address_}});
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
      reply_ptr const reply{static_cast<redisReply*>(raw)};
      if (!reply || reply->type == REDIS_REPLY_ERROR) return false;
    }
    return true;
  }

  void listen(redisContext& context) {
    while (!stopping()) {
      void* raw = nullptr;
      if (redisGetReplyFromReader(&context, &raw) != REDIS_OK) return;
      if (raw == nullptr) {
        pollfd waiting{context.fd, POLLIN, 0};
        auto const ready = ::poll(&waiting, 1, kListenSliceMs);
        if (ready < 0 && errno != EINTR) return;
        if (ready > 0 && redisBufferRead(&context) != REDIS_OK) return;
        continue;
      }
      reply_ptr const reply{static_cast<redisReply*>(raw)};
      deliver(*reply);
    }
  }

  void deliver(redisReply const& reply) {
    if (reply.type != REDIS_REPLY_ARRAY || reply.elements != 3) return;
    auto const text = [&](std::size_t i) { return std::string{reply.element[i]->str, reply.element[i]->len}; };
    if (reply.element[2]->type == REDIS_REPLY_STRING && text(0) == "message") handlers_.on_message(text(1), text(2));
  }

  std::string address_;
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
