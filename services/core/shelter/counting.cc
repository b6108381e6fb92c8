#include "core/shelter/counting.h"

#include <algorithm>

namespace siren {

result<void> validate(std::vector<count_delta> const& deltas, counting_policy const& policy) {
  if (deltas.size() > policy.most_deltas)
    return failure{reason::count_out_of_range, "more than " + std::to_string(policy.most_deltas) + " deltas"};
  for (auto const& delta : deltas) {
    if (delta.sensor.empty()) return failure{reason::missing_field, "a delta without its sensor"};
    if (delta.sequence == 0) return failure{reason::missing_field, "sensor " + delta.sensor + ": sequences begin at 1"};
    if (delta.sensor.size() > policy.most_sensor_bytes)
      return failure{reason::field_too_long, "a sensor's id is too long"};
    if (std::max(delta.run, delta.sequence) > policy.most_sequence)
      return failure{reason::count_out_of_range, "sensor " + delta.sensor + ": run or sequence too large"};
    if (delta.people > policy.most_people || delta.people < -policy.most_people)
      return failure{reason::count_out_of_range, "sensor " + delta.sensor + ": " + std::to_string(delta.people)};
  }
  return {};
}

count_tally& count_tally::operator+=(count_tally const& more) {
  applied += more.applied;
  repeated += more.repeated;
  left += more.left;
  misplaced += more.misplaced;
  return *this;
}

count_tally apply(count_book& book, std::vector<count_delta> const& deltas) {
  count_tally tally;
  for (auto const& delta : deltas) {
    auto const sum = book.sums.find(delta.shelter);
    auto const known = book.sensors.find(delta.sensor);
    bool const fresh = known == book.sensors.end();
    if (sum == book.sums.end() || (!fresh && known->second.shelter != delta.shelter)) {
      ++tally.misplaced;
      continue;
    }
    auto const stands = fresh ? sensor_place{delta.shelter, delta.run, 0} : known->second;
    bool const same_run = delta.run == stands.run;
    if (same_run && delta.sequence <= stands.sequence) {
      ++tally.repeated;
      continue;
    }
    auto const next = same_run ? stands.sequence + 1 : 1;
    if (delta.run < stands.run || delta.sequence != next) {
      ++tally.left;
      continue;
    }
    sum->second += delta.people;
    book.sensors[delta.sensor] = {delta.shelter, delta.run, delta.sequence};
    ++tally.applied;
  }
  return tally;
}

std::uint32_t people_shown(std::int64_t sum, std::uint32_t capacity, shelter_policy const& policy) {
  std::int64_t const most = capacity == 0 ? policy.max_occupancy : capacity;
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(sum, 0, most));
}

}  // namespace siren
