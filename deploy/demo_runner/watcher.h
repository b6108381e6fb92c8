#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "common/bus.h"
#include "siren/alerts/v1/alert.pb.h"
#include "siren/threats/v1/threat.pb.h"

namespace siren::demo {

/// What the demo shows of the threat picture and the zones, heard on the bus like any other listener. Only for showing:
/// the figures in the summary come from the phones and the database.
class watcher {
 public:
  watcher(std::string const& redis, std::string const& picture_topic, std::string const& alert_topic);

  struct view {
    std::vector<threats::v1::Track> tracks;           // alive, confirmed
    std::map<std::string, alerts::v1::Alert> alerts;  // by zone, not ended
    std::uint64_t tracks_ever = 0;                    // confirmed at some time
    std::uint64_t alerts_ever = 0;                    // log entries
    std::vector<alerts::v1::Alert> news;              // since the last call
  };
  [[nodiscard]] view look();

 private:
  void on_picture(std::string const& bytes);
  void on_alert(std::string const& bytes);

  std::mutex mutex_;
  std::map<std::uint64_t, threats::v1::Track> tracks_;
  std::uint64_t tracks_ever_ = 0;
  std::uint64_t alerts_ever_ = 0;
  std::map<std::string, alerts::v1::Alert> alerts_;
  std::vector<alerts::v1::Alert> news_;
  std::unique_ptr<bus_listener> ears_;  // last: stops before what it writes to goes
};

}  // namespace siren::demo
