#include "alert_gateway/bus_ear.h"

#include <charconv>

#include "common/clock.h"
#include "common/log.h"

namespace siren {

bus_ear::bus_ear(bus& speaker, start_listening start, bus_channels channels, bus_ear_handlers handlers,
                 gateway_metrics& measured, bus_probe_policy policy)
    : speaker_{speaker},
      start_{std::move(start)},
      channels_{std::move(channels)},
      handlers_{std::move(handlers)},
      measured_{measured},
      policy_{policy},
      probe_{steady_now(), policy},
      listener_{listen()} {
  thread_ = std::thread{[this] { run(); }};
}

bus_ear::~bus_ear() {
  stop();
}

void bus_ear::stop() {
  {
    std::lock_guard const lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  listener_.reset();
}

std::unique_ptr<bus_listener> bus_ear::listen() {
  bus_handlers to;
  to.on_gap = [this] { handlers_.on_gap(); };
  to.on_message = [this](std::string const& channel, std::string const& bytes) {
    if (channel == channels_.alert) return handlers_.on_alert(bytes);
    if (channel == channels_.provisional) return handlers_.on_provisional(bytes);
    if (channel == channels_.plan) return handlers_.on_plan();
    std::uint64_t number = 0;
    std::from_chars(bytes.data(), bytes.data() + bytes.size(), number);
    std::lock_guard const lock{mutex_};
    probe_.on_heard(number, steady_now());
  };
  return start_({channels_.alert, channels_.provisional, channels_.plan, channels_.probe}, std::move(to));
}

bool bus_ear::hears() const {
  std::lock_guard const lock{mutex_};
  return probe_.hears(steady_now());
}

void bus_ear::run() {
  std::unique_lock lock{mutex_};
  while (!stopping_) {
    lock.unlock();
    probe();
    lock.lock();
    wake_.wait_for(lock, policy_.interval / 4, [this] { return stopping_; });
  }
}

void bus_ear::probe() {
  std::optional<std::uint64_t> number;
  bool reset = false;
  {
    std::lock_guard const lock{mutex_};
    auto const now = steady_now();
    number = probe_.due(now);
    reset = probe_.should_reset(now);
  }
  if (number) (void)speaker_.publish(channels_.probe, std::to_string(*number));  // a failure shows as not heard
  measured_.bus_heard.Set(hears() ? 1 : 0);
  if (!reset) return;
  log(log_level::warn, "bus_deaf");
  listener_.reset();
  listener_ = listen();
}

}  // namespace siren
