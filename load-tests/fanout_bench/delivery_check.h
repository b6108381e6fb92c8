#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "fanout_bench/phone_news.h"

namespace siren::fanout {

using zone_number = std::uint16_t;

/// Between two places of the log one phone heard so many alerts of its zone, one by one.
struct stretch {
  zone_number zone = 0;
  std::uint32_t from = 0;  // not included; 0: before the log's first entry
  std::uint32_t to = 0;    // included; kToTheEnd: whatever the log's end is
  std::uint32_t heard = 0;
  auto operator<=>(stretch const&) const = default;
};
inline constexpr std::uint32_t kToTheEnd = 0xFFFFFFFF;

/// Stretches of many phones, equal ones counted. Promise "no hole".
class stretches {
 public:
  void add(stretch const& one, std::uint64_t times = 1) { counts_[one] += times; }
  void add(stretches const& more);
  struct verdict {
    std::uint64_t missing = 0;  // alerts of the log that a phone had to hear and did not
    std::uint64_t surplus = 0;  // heard more than the log holds
  };
  /// Against the log: `places[zone]` holds the sequences of the zone's entries, ascending.
  [[nodiscard]] verdict judge(std::vector<std::vector<std::uint32_t>> const& places) const;

  [[nodiscard]] nlohmann::json as_json() const;
  [[nodiscard]] static stretches of_json(nlohmann::json const& from);

 private:
  std::map<stretch, std::uint64_t> counts_;
};

/// One phone's place in the log and whether what it hears follows. Small: there are very many.
class delivery_check {
 public:
  enum class finding : std::uint8_t { fine, out_of_order, hole, other_epoch };
  explicit delivery_check(zone_number zone) : zone_{zone} {}

  /// For servers that say no first word: everything after this place is to come.
  void begin_at(std::uint64_t epoch, std::uint32_t seq);
  /// Snapshot, continuation, alert or heartbeat. `closed` gets what a snapshot ends.
  [[nodiscard]] finding hear(phone_news const& news, stretches& closed);
  /// Heard until now, to be judged up to the log's end.
  [[nodiscard]] stretch open() const { return {zone_, from_, kToTheEnd, heard_}; }
  /// A phone that never had a first word is judged from the log's beginning.
  [[nodiscard]] bool greeted() const { return greeted_; }
  /// Where it would resume; epoch 0: nowhere.
  [[nodiscard]] std::uint64_t epoch() const { return epoch_; }
  [[nodiscard]] std::uint32_t covered() const { return covered_; }
  [[nodiscard]] zone_number zone() const { return zone_; }

 private:
  std::uint64_t epoch_ = 0;
  std::uint32_t from_ = 0;
  std::uint32_t last_ = 0;     // alert or snapshot
  std::uint32_t covered_ = 0;  // or heartbeat
  std::uint32_t heard_ = 0;
  zone_number zone_;
  bool greeted_ = false;
};

}  // namespace siren::fanout
