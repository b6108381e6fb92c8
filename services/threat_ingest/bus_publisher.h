#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

#include "common/bus.h"
#include "threat_ingest/instruments.h"

namespace siren {

/// Publishes on its own thread, in order, so that a broker that hangs (a second per try) holds up no decision. At
/// kMaxWaiting messages the oldest is dropped and counted, and all that wait when the broker fails: whoever misses them
/// reads the log. Thread-safe.
class bus_publisher {
 public:
  static constexpr std::size_t kMaxWaiting = 1'000;  // ten seconds of the most steps that a second can have

  bus_publisher(bus& to, std::string channel, instruments& counts);
  ~bus_publisher();  // what waits is tried until the first failure
  bus_publisher(bus_publisher const&) = delete;
  bus_publisher& operator=(bus_publisher const&) = delete;

  void publish(std::string bytes);

 private:
  void run();
  bus& bus_;
  std::string channel_;
  instruments& counts_;
  std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<std::string> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace siren
