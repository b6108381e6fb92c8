#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "core/zone/region_alarm.h"
#include "core/zone/source_trust.h"

namespace siren {

/// A source went silent or came back. Sources not spoken of are alive.
struct feed_state {
  source_id source;
  bool alive = true;
  utc_time at;
  std::optional<source_trust> trust = {};  // of its reports; absent: not known
};

/// Who holds which official alarm. The rules:
/// - Any live source starts an alarm. An alarm has no maximum age here.
/// - It ends at the moment when a live source that holds it clears it and no other live source holds it. A dead
/// holder's
///   clear is not waited for then; but a holder's death ends nothing, and nobody clears who did not start: with only
///   dead holders left it goes on until one of them comes back and clears, or another source starts and clears it.
/// - What a source says while it is dead counts when it is alive again, its last word only. What it said before was
/// heard
///   and is not repeated: a source that comes back is expected to state its running alarms anew.
/// - A word older than the same source's last one on that alarm changes nothing.
/// Regions are kept as they were named, also after a re-zoning.
struct official_book {
  using alarm_key = std::pair<zone_id, alarm_type>;
  std::map<alarm_key, std::map<source_id, utc_time>> holders;  // since when; no empty inner map
  using word_key = std::tuple<source_id, zone_id, alarm_type>;
  std::map<word_key, utc_time> last_word;
  std::map<word_key, region_alarm> unheard;  // of dead sources
  std::set<source_id> dead;
  std::set<zone_id> carriers;  // regions of `holders` with a carrier's alarm
};

/// The regions whose alarms may have changed.
std::set<zone_id> apply(official_book& book, region_alarm const& said);
std::set<zone_id> apply(official_book& book, feed_state const& feed);
/// Ends carriers' alarms that nobody has said again since `before`.
std::set<zone_id> end_old_carriers(official_book& book, utc_time before);

struct official_alarm {
  zone_id region;
  alarm_type type = alarm_type::air;
  std::string issuer_name;  // the holder of longest standing
  utc_time since;
};
/// Alarms declared for exactly this region, by type.
[[nodiscard]] std::vector<official_alarm> alarms_of(official_book const& book, zone_id const& region);
/// Carriers' alarms, for whatever region they were declared; the regions say nothing about where a missile may go.
[[nodiscard]] std::vector<official_alarm> carriers_of(official_book const& book);

}  // namespace siren
