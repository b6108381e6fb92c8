#pragma once

#include <algorithm>
#include <map>
#include <mutex>

#include "common/bus.h"

namespace siren {

/// A bus in memory. Handlers run on the publisher's thread, one at a time.
class memory_bus final : public bus {
 public:
  [[nodiscard]] result<void> publish(std::string const& channel, std::string const& bytes) override {
    std::lock_guard const one_at_a_time{mutex_};
    if (!up_) return failure{reason::bus_unavailable, "the bus does not answer"};
    auto const now = ears_;
    for (auto* each : now)
      if (std::count(each->channels.begin(), each->channels.end(), channel) > 0)
        each->handlers.on_message(channel, bytes);
    return {};
  }

  [[nodiscard]] std::unique_ptr<bus_listener> listen(std::vector<std::string> channels, bus_handlers handlers) {
    std::lock_guard const one_at_a_time{mutex_};
    auto made = std::make_unique<ear>(*this, std::move(channels), std::move(handlers));
    ears_.push_back(made.get());
    if (up_) made->handlers.on_gap();
    return made;
  }

  void stop() {
    std::lock_guard const one_at_a_time{mutex_};
    up_ = false;
  }

  void start_again() {
    std::lock_guard const one_at_a_time{mutex_};
    up_ = true;
    for (auto* each : ears_) each->handlers.on_gap();
  }

 private:
  struct ear final : bus_listener {
    ear(memory_bus& to, std::vector<std::string> names, bus_handlers calls)
        : owner{to}, channels{std::move(names)}, handlers{std::move(calls)} {}
    ~ear() override {
      std::lock_guard const one_at_a_time{owner.mutex_};
      std::erase(owner.ears_, this);
    }
    bool connected() const override {
      std::lock_guard const one_at_a_time{owner.mutex_};
      return owner.up_;
    }
    memory_bus& owner;
    std::vector<std::string> channels;
    bus_handlers handlers;
  };

  mutable std::recursive_mutex mutex_;  // a handler may publish
  bool up_ = true;
  std::vector<ear*> ears_;
};

}  // namespace siren
