#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.h"

namespace siren {

enum class role : std::uint8_t {
  viewer,           // exact tracks, counts and the record
  shelter_editor,   // shelters, counters, conditions outside
  alarm_proposer,   // asks for a live alarm; cancels one
  alarm_approver,   // the second person; cancels one
  exercise_leader,  // raises drills; live this role opens nothing
  auditor,          // reads and verifies the record
};
[[nodiscard]] std::string_view name_of(role what);
[[nodiscard]] std::optional<role> role_named(std::string_view name);

/// A role in a zone and everything in it: a city's people have theirs for the city's zone.
struct grant {
  zone_id place;
  role what = role::viewer;
  friend bool operator==(grant const&, grant const&) = default;
};
/// "31/alarm_proposer"; absent: nothing of ours.
[[nodiscard]] std::optional<grant> grant_of(std::string_view text);

/// Who asks.
struct person {
  std::string name;           // the token's subject: the same person has the same name, always
  std::string token_id;       // for the record; may be empty
  bool checked = false;       // false: in an exercise without sign-in, where a name is only said
  std::vector<grant> grants;  // of a checked one

  /// `places`: where it happens, then everything around it.
  [[nodiscard]] bool may(std::initializer_list<role> any_of, std::vector<zone_id> const& places) const;
};

}  // namespace siren
