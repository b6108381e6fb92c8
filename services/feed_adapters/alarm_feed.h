#pragma once

#include <atomic>
#include <filesystem>
#include <memory>

#include "core/base/mode.h"
#include "feed_adapters/alarm_poller.h"
#include "feed_adapters/feed_line.h"
#include "feed_adapters/http_client.h"
#include "feed_adapters/region_join.h"

namespace siren {

/// One alarm provider, polled on a thread of its own, and its line to ingest. What was told and answered is kept in a
/// file. Alarms of regions that the bundle does not have are counted as UNKNOWN_REGION and not sent.
class alarm_feed {
 public:
  struct parts {
    std::unique_ptr<http_getter> provider;
    alarm_poller poller;
    region_join regions;
    source_id source;
    world serves = world::live;
    std::filesystem::path told;  // empty: nothing is kept
    std::string ingest;
    world_clock const& clock;
    feed_metrics& counts;
    std::atomic<bool>& stopping;  // also ends the provider's request
    feed_line_policy line = {};
  };

  explicit alarm_feed(parts with);
  ~alarm_feed();
  void stop();

 private:
  using key = std::pair<zone_id, alarm_type>;
  using record = feed_line::record;

  void recall();
  void run();
  void poll();
  void say(told_alarm const& change);
  void say_again();
  void take_answer(record const& said, feed_line::response const& answer);
  [[nodiscard]] std::vector<record> standing();
  [[nodiscard]] bool lives();
  void keep();

  parts with_;
  std::mutex mutex_;
  std::condition_variable woken_;
  std::map<key, told_alarm> words_;     // the newest of every region of the bundle
  std::map<key, told_alarm> answered_;  // of those, what ingest has
  std::vector<key> lost_;               // words that lost against an earlier one of ours with a later time
  steady_time lives_until_{};
  bool unkept_ = false;
  std::unique_ptr<feed_line> line_;
  std::thread thread_;
};

}  // namespace siren
