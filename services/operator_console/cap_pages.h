#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "common/alert_log/alert_history.h"
#include "common/alert_log/alert_log.h"
#include "common/cap/atom_feed.h"
#include "common/city_bundle/city_bundle.h"
#include "common/clock.h"
#include "operator_console/http_server.h"

namespace siren {

struct cap_pages_policy {
  cap_policy documents;
  hours recent{24};             // of world time that an ended alert stays in the feed: a day, for pollers of all kinds
  std::size_t most_ended{500};  // of them, the newest; running ones are all shown
  milliseconds engine_silent_after{5'000};  // as gateways judge
};

/// What stands below /cap/: `alerts.atom`, IDENTIFIER.xml for every message ever sent, and newest/ALERT.xml for an
/// alert's newest one. Everything is read from the log at each request (a feed that is still true is not made again).
/// A feed that can't know is not calm: while the log can't be read, the engine is silent or its picture lost, it is 503
/// with the reason, and readers keep what they had. A message of the other world is never told. Thread-safe.
class cap_pages {
 public:
  struct parts {
    alert_log_reader& alerts;
    alert_history& history;
    world_clock const& clock;
    cap_sender sender;
    cap_pages_policy policy = {};
  };
  cap_pages(parts from, city_bundle const& city);

  [[nodiscard]] http_content get(std::string const& rest);

 private:
  struct made_feed {
    cursor at;
    bool degraded = false;
    utc_time from;
    utc_time until;  // then somebody's message is renewed or leaves
    http_content content;
  };
  [[nodiscard]] http_content feed();
  [[nodiscard]] result<made_feed> make_feed(bool degraded, utc_time now);
  [[nodiscard]] result<void> take(alert_entry const& entry, utc_time now, feed_facts& facts, made_feed& made) const;
  [[nodiscard]] http_content message(std::string const& text);
  [[nodiscard]] http_content newest(std::string const& text);
  /// The last of `revisions`.
  [[nodiscard]] http_content tell(std::vector<alert_entry> const& revisions, std::uint32_t renewal) const;
  struct known_alert {
    alert told;
    zone place;
  };
  /// Failure: MALFORMED or MISSING_FIELD when it can't be read, or the other world's.
  [[nodiscard]] result<known_alert> alert_of(alert_entry const& entry) const;

  parts parts_;
  std::map<zone_id, zone> zones_;
  std::map<zone_id, cap_area> areas_;
  utc_time begun_;
  std::mutex mutex_;
  std::optional<made_feed> newest_;
};

}  // namespace siren
