#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <unordered_set>
#include <vector>

#include "alert_gateway/phone_registry.h"

namespace siren {

/// Carries news to the streams of a zone, off the threads of bus and log. A zone waits in the queue at most once:
/// streams read the board, so one look brings everything. When a zone's streams have the alert, guidance is asked for.
class fan_out {
 public:
  fan_out(phone_registry const& registry, std::size_t workers);
  ~fan_out();
  void news_in(zone_id const& zone);
  void stop();

 private:
  /// A part of a zone's streams, so that several workers share a big zone.
  struct part {
    std::shared_ptr<std::vector<line_ptr> const> lines;
    std::size_t from = 0;
    std::size_t to = 0;
    zone_id zone;
    std::shared_ptr<std::atomic<std::size_t>> left;  // streams of the zone not yet poked
  };
  void run();
  void split(zone_id const& zone);
  static void carry(part const& work);

  phone_registry const& registry_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::deque<zone_id> zones_;
  std::unordered_set<zone_id> waiting_;
  std::deque<part> parts_;
  std::vector<std::thread> workers_;
};

}  // namespace siren
