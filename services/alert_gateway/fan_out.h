#pragma once

#include <deque>
#include <mutex>
#include <unordered_set>
#include <vector>

#include "alert_gateway/phone_registry.h"

namespace siren {

/// Carries news to one loop's streams of a zone, a piece at a time. A zone waits in the queue at most once: streams
/// read the board, so one look brings everything. When a zone's streams have the alert, guidance is asked for.
class fan_out {
 public:
  fan_out(phone_registry const& registry, std::size_t loop) : registry_{registry}, loop_{loop} {}
  /// Any thread.
  void news_in(zone_id const& zone);
  /// On the loop's thread: less than a millisecond of work. True: there is more.
  [[nodiscard]] bool carry_some();

 private:
  [[nodiscard]] bool take_next();

  phone_registry const& registry_;
  std::size_t loop_;
  std::vector<line_ptr> lines_;  // of `zone_`, being carried
  zone_id zone_;
  std::size_t poked_ = 0;
  std::size_t guided_ = 0;

  std::mutex mutex_;
  std::deque<zone_id> zones_;
  std::unordered_set<zone_id> waiting_;
};

}  // namespace siren
