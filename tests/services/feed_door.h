#pragma once

#include <set>

#include "common/clock.h"
#include "common/rpc_server.h"
#include "fakes/memory_bus.h"
#include "fakes/memory_picture_log.h"
#include "threat_ingest/handlers.h"

namespace siren::test {

/// threat_ingest's own door, decisions and log writer, over a log in memory. Stopped and made again on the same store
/// and address it is an ingest that was restarted.
class feed_door {
 public:
  struct parts {
    world serves = world::exercise;
    source_map sources;
    std::set<zone_id> regions;
  };

  feed_door(parts what, memory_picture_store& store, world_clock const& clock,
            std::string const& address = "127.0.0.1:0")
      : writer_{store}, publisher_{bus_, "picture", counts_} {
    ingest_policy policy;
    policy.intake.serves = what.serves;
    auto const memory = writer_.open(clock.now() - policy.longest_horizon(), policy.max_recent).value();
    decisions_ = std::make_unique<ingest>(policy, source_book{std::move(what.sources), false}, what.regions);
    decisions_->restore(memory, clock.now(), steady_now());
    records_.start(memory.state.epoch());
    loop_ = std::make_unique<decision_loop>(decision_loop::parts{*decisions_, records_, clock, counts_, [] {}});
    service_ = std::make_unique<threat_feed_service>(*loop_, counts_);
    server_ = rpc_server::start(address, rpc_exposure::feeds, {service_.get()}).value();
  }
  ~feed_door() {
    loop_->stop();
    server_->stop(milliseconds{100});
  }

  [[nodiscard]] std::string const& address() const { return server_->address(); }
  [[nodiscard]] double refused(std::string const& why) {
    return measured_.counter("siren_ingest_refused_total", "Records refused", {{"reason", why}}).Value();
  }
  [[nodiscard]] double accepted(std::string const& kind) {
    return measured_.counter("siren_ingest_accepted_total", "Records accepted", {{"kind", kind}}).Value();
  }

 private:
  memory_picture_log_writer writer_;
  memory_bus bus_;
  metrics measured_;
  instruments counts_{measured_};
  bus_publisher publisher_;
  store_worker worker_;
  recorder records_{writer_, &publisher_, worker_, counts_};
  std::unique_ptr<ingest> decisions_;
  std::unique_ptr<decision_loop> loop_;
  std::unique_ptr<threat_feed_service> service_;
  std::unique_ptr<rpc_server> server_;
};

/// "31" of every alarm that runs in the store, with a comma between.
inline std::string running_in(memory_picture_store& store) {
  std::lock_guard const lock{store.mutex};
  std::string all;
  for (auto const& [key, alarm] : store.alarms)
    if (alarm.alarm().active()) all += (all.empty() ? "" : ",") + alarm.alarm().region_id();
  return all;
}

/// Words on alarms that were ever logged.
inline std::size_t words_in(memory_picture_store& store) {
  std::lock_guard const lock{store.mutex};
  std::size_t words = 0;
  for (auto const& step : store.log) words += static_cast<std::size_t>(step.region_alarms_size());
  return words;
}

}  // namespace siren::test
