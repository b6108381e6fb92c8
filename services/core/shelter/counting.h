#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/base/ids.h"
#include "core/shelter/registry.h"

namespace siren {

/// What a door counter says: `people` came in since its last word (negative: left). Sequences begin at 1 and have no
/// holes; a sensor that forgot where it was begins a later run, again at 1.
struct count_delta {
  shelter_id shelter;
  std::string sensor;
  std::uint64_t run = 0;
  std::uint64_t sequence = 0;
  std::int32_t people = 0;
};

/// The last word of a sensor that counted.
struct sensor_place {
  shelter_id shelter;
  std::uint64_t run = 0;
  std::uint64_t sequence = 0;
  friend bool operator==(sensor_place const&, sensor_place const&) = default;
};

/// What is known of the shelters and sensors that deltas name. Shelters are known by their sums.
struct count_book {
  std::map<shelter_id, std::int64_t> sums;  // people inside, as counted; may leave [0, capacity]: doors miscount
  std::map<std::string, sensor_place> sensors;
};

struct count_tally {
  std::uint32_t applied = 0;
  std::uint32_t repeated = 0;   // counted before
  std::uint32_t left = 0;       // skipped a sequence, or of an earlier run: to be sent again, or never
  std::uint32_t misplaced = 0;  // of an unknown shelter, or of a sensor that counts for another one
  count_tally& operator+=(count_tally const& more);
  friend bool operator==(count_tally const&, count_tally const&) = default;
};

struct counting_policy {
  std::size_t most_deltas = 10'000;                       // contract of ReportCounts
  std::size_t most_sensor_bytes = 100;                    // as a shelter's id
  std::uint64_t most_sequence = std::uint64_t{1} << 62U;  // of runs too; stores keep signed numbers
  std::int32_t most_people = 10'000;                      // in one delta; a crowd through one door in some hours
};

/// Failures: count_out_of_range, field_too_long, missing_field (of a sensor or a sequence; a run of 0 is one).
[[nodiscard]] result<void> validate(std::vector<count_delta> const& deltas, counting_policy const& policy = {});

/// Adds the deltas in the order given, each once however often it comes. Pure.
count_tally apply(count_book& book, std::vector<count_delta> const& deltas);

/// What is shown of a sum: held within [0, capacity]; a capacity of 0 is unknown and bounds nothing.
[[nodiscard]] std::uint32_t people_shown(std::int64_t sum, std::uint32_t capacity, shelter_policy const& policy = {});

}  // namespace siren
