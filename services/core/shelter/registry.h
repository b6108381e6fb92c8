#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <variant>

#include "core/base/result.h"
#include "core/shelter/shelter.h"

namespace siren {

/// Limits of one shelter's record.
struct shelter_policy {
  std::size_t max_id_bytes = 100;         // registers use KATOTTH codes and numbers of some 20 characters
  std::size_t max_name_bytes = 300;       // our choice: 150 Cyrillic letters
  std::size_t max_address_bytes = 500;    // our choice: 250 Cyrillic letters
  std::size_t max_entrances = 64;         // our choice: more than any station's vestibules
  std::uint32_t max_capacity = 100'000;   // the whole Kyiv metro held 41,000 at its fullest
  meters max_depth{500.0};                // the deepest station in the world lies at about 105 m
  std::uint32_t max_stairs = 1'000;       // the deepest station in the world has some 600 steps in all
  std::size_t max_keyholder_bytes = 200;  // our choice: a name and a telephone number
  std::uint32_t max_occupancy = 200'000;  // an overridden count above this is a slip of the hand
};

/// Import of one record. Creates the shelter, or replaces what describes it; the live occupancy and confidence stay, a
/// record that does not tell state (unknown), role (none), verification, hours, access, keyholder, stairs, power, heat
/// or water leaves the current one, and so does a record verified earlier than the current one (or never) for what an
/// operator sees on the spot (state, role, hours, access, whether the place is right): a list imported again must not
/// undo it. An assumed capacity never replaces one that was told.
struct put_shelter {
  shelter record;
  bool override_limits = false;
};
struct set_state {
  open_state to = open_state::unknown;
};
struct set_role {
  metro_role to = metro_role::none;
};
struct set_capacity {
  std::uint32_t to = 0;
  bool override_limits = false;
};
/// Several fields at once, as an operator edits them; absent ones stay. A state, a role, a checked place or `verified`
/// stamps the verification, and what signs said before counts no more.
struct set_fields {
  std::optional<open_state> state;
  std::optional<metro_role> role;
  std::optional<std::uint32_t> capacity;
  std::optional<bool> step_free;
  std::optional<bool> pets;
  bool verified = false;
  std::optional<access_rule> access{};
  std::optional<daily_hours> open_hours{};
  std::optional<std::string> keyholder{};
  std::optional<bool> power{};
  std::optional<bool> heat{};
  std::optional<bool> water{};
  std::optional<std::uint32_t> stairs{};
  bool place_checked = false;  // the place is right
};
/// Absolute count, or a change of it as a door counter reports.
struct set_occupancy {
  enum class kind : std::uint8_t { absolute = 1, delta = 2 };
  kind how = kind::absolute;
  std::int64_t people = 0;
  bool override_limits = false;  // over capacity is then kept as counted; below zero becomes zero
};

struct shelter_edit {
  std::optional<std::uint64_t> expected_revision;  // absent: whatever the current one is
  std::variant<put_shelter, set_state, set_role, set_capacity, set_fields, set_occupancy> what;
};

/// A record fit to be kept. Failures: missing_field, field_too_long, not_finite, latitude_out_of_range,
/// longitude_out_of_range, capacity_out_of_range, count_out_of_range, malformed (a depth or hours beyond the policy's
/// or the day's; a role or `surface` on what is no station).
[[nodiscard]] result<void> validate(shelter const& s, shelter_policy const& policy = {});

/// A new shelter's first revision. Fails as validate, with malformed when the edit is no put_shelter, with
/// stale_revision when it expects a revision other than 0.
[[nodiscard]] result<shelter> create(shelter_edit const& edit, shelter_policy const& policy = {});

/// `current` after the edit, revision one higher; equal to `current` when the edit changes nothing. A set_state counts
/// as a verification at `now`. Failures: stale_revision (message names the current revision), occupancy_below_zero,
/// occupancy_over_capacity, and those of validate. Pure: the caller holds the lock on the record.
[[nodiscard]] result<shelter> change(shelter const& current, shelter_edit const& edit, utc_time now,
                                     shelter_policy const& policy = {});

/// All shelters of a city in memory, in order of id.
struct shelter_book {
  std::map<shelter_id, shelter> shelters;
};

/// create or change, kept in the book. Adds the failure unknown_shelter; on failure the book is as before.
[[nodiscard]] result<shelter> apply(shelter_book& book, shelter_id const& id, shelter_edit const& edit, utc_time now,
                                    shelter_policy const& policy = {});

}  // namespace siren
