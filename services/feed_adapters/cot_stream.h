#pragma once

#include <map>
#include <set>
#include <vector>

#include "feed_adapters/cot_frames.h"

namespace siren {

/// The newest time of every uid over all connections of one source: of an event that is told again or late, by a relay
/// or after a reconnect, the latest counts. Bounded: the uids that were silent the longest are forgotten first.
class cot_memory {
 public:
  static constexpr std::size_t kMaxUids = 20'000;  // twenty times the largest raid, and clutter

  /// Failure: duplicate (the same time), time_too_old (an earlier one).
  [[nodiscard]] result<void> admit(std::string const& uid, utc_time at);
  [[nodiscard]] std::size_t size() const { return newest_.size(); }

 private:
  std::map<std::string, utc_time> newest_;
  std::set<std::pair<utc_time, std::string>> by_time_;
};

/// One connection's bytes as reports.
class cot_stream {
 public:
  cot_stream(source_id source, cot_memory& memory) : source_{std::move(source)}, memory_{memory} {}

  struct outcome {
    std::vector<observation> reports;
    std::vector<failure> refused;
    std::optional<failure> broken;  // what follows can't be read: close the connection
  };
  [[nodiscard]] outcome take(std::string_view bytes, utc_time now);

 private:
  [[nodiscard]] result<observation> report_of(cot_frame const& frame, utc_time now);
  source_id source_;
  cot_memory& memory_;
  cot_cutter cutter_;
};

}  // namespace siren
