#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/shelter/conditions.h"
#include "core/shelter/confidence.h"
#include "core/shelter/counting.h"
#include "core/shelter/filling.h"
#include "core/shelter/registry.h"

namespace siren {

/// An edit that may be sent twice.
struct shelter_mutation {
  std::string request_id;
  std::string asked;  // bytes that tell what is asked; the same id with others is refused
  shelter_id which;
  shelter_edit edit;
};

struct mutation_outcome {
  shelter record;                       // after the edit; as it stands when refused; the first answer when repeated
  std::optional<failure> refused;       // what core's decision refused with; nothing is changed then
  std::optional<std::uint64_t> change;  // its change number; absent when nothing changed
};

/// As shelter_mutation, of what is true outside.
struct conditions_mutation {
  std::string request_id;
  std::string asked;
  conditions_edit edit;
};

struct conditions_outcome {
  ground_conditions now;  // as mutation_outcome
  std::optional<failure> refused;
  std::optional<std::uint64_t> change;
};

/// Shelters in order of id (bytes), after `after`.
struct by_id {
  shelter_id after;
};
/// Shelters in order of their newest change number, those above `after`.
struct by_change {
  std::uint64_t after = 0;
};

struct shelter_page {
  std::vector<shelter> shelters;
  bool last = true;
  std::uint64_t head = 0;         // the newest change number, read before the shelters
  std::uint64_t last_change = 0;  // of the last shelter on the page; 0 on an empty one
};

struct import_outcome {
  struct refused_record {
    std::size_t index = 0;
    failure because;
  };
  std::size_t added = 0;
  std::size_t changed = 0;
  std::size_t unchanged = 0;
  struct difference {
    shelter_id which;
    std::vector<std::string> fields;  // names as in the contract
  };
  std::vector<refused_record> refused;
  std::vector<difference> differences;  // of the changed ones, in the order given
  std::optional<std::uint64_t> change;  // the newest change number; absent when nothing changed
};

struct counts_outcome {
  count_tally tally;
  std::map<std::string, sensor_place> positions;  // of every sensor named that has counted
  std::optional<std::uint64_t> change;            // the newest change number; absent when nobody's occupancy changed
};

struct occupancy_history {
  shelter record;
  std::vector<occupancy_point> points;  // oldest first
};

/// Where shelters are kept. Change numbers are registry-wide, gapless and in commit order: whoever has seen number n
/// and reads by_change{n} misses nothing. Each mutation is one transaction; what decides is core's `create` and
/// `change`. Thread-safe. Any call fails with STORE_UNAVAILABLE when the store can't be reached; a mutation may then
/// have happened and is to be sent again under its request_id.
class shelter_store {
 public:
  virtual ~shelter_store() = default;

  /// Failure: UNKNOWN_SHELTER.
  [[nodiscard]] virtual result<shelter> get(shelter_id const& id) = 0;
  [[nodiscard]] virtual result<shelter_page> list(std::variant<by_id, by_change> const& from, std::size_t at_most) = 0;
  /// Failure: UNKNOWN_SHELTER, REQUEST_ID_REUSED. A refused edit is not remembered.
  [[nodiscard]] virtual result<mutation_outcome> mutate(shelter_mutation const& what, utc_time now) = 0;
  /// Creates or replaces, with the limits of occupancy overridden (the count stays as counted). A second record of one
  /// shelter is refused with DUPLICATE. A dry run only tells.
  [[nodiscard]] virtual result<import_outcome> put_all(std::vector<shelter> const& records, utc_time now,
                                                       bool dry_run) = 0;

  /// Valid deltas, each shelter's in one transaction and in the order given. Counts take a change number and no
  /// revision. A set_occupancy begins a new sum.
  [[nodiscard]] virtual result<counts_outcome> add_counts(std::vector<count_delta> const& deltas, utc_time now) = 0;
  /// The newest points. Failure: UNKNOWN_SHELTER.
  [[nodiscard]] virtual result<occupancy_history> history(shelter_id const& which, utc_time since,
                                                          std::size_t at_most) = 0;
  /// A valid sign; the shelter's confidence is judged anew and takes a change number when it differs, and no revision.
  /// Failure: UNKNOWN_SHELTER.
  [[nodiscard]] virtual result<mutation_outcome> add_sign(shelter_id const& which, open_sign const& sign,
                                                          utc_time now) = 0;
  /// Signs grow old: judges again where there are or were some. Returns the newest change number.
  [[nodiscard]] virtual result<std::optional<std::uint64_t>> judge_again(utc_time now) = 0;

  [[nodiscard]] virtual result<ground_conditions> conditions() = 0;
  /// Takes a change number when something changes, so that whoever follows shelters hears of it. Failure:
  /// REQUEST_ID_REUSED. A refused edit is not remembered.
  [[nodiscard]] virtual result<conditions_outcome> set_conditions(conditions_mutation const& what, utc_time now) = 0;
};

}  // namespace siren
