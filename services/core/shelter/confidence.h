#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"

namespace siren {

/// Who tells that a shelter is open or shut.
enum class sign_kind : std::uint8_t { door = 1, keeper = 2, person = 3 };

/// The newest word of one source.
struct open_sign {
  sign_kind kind = sign_kind::person;
  std::string source;
  bool open = false;
  utc_time at;
  friend bool operator==(open_sign const&, open_sign const&) = default;
};

/// Odds are how many times likelier one is to hear this when it is open than when it is not. No measured figures exist;
/// these say what a sensor, a keeper and strangers are worth beside each other, and are to be learned from inspections.
struct confidence_policy {
  // A list's own word. Ukraine's State Emergency Service, 10 June 2023: of 62,912 shelters 23.6 % unfit, 9.3 % closed.
  double never_inspected = 0.6;
  double just_inspected = 0.95;          // somebody stood there
  hours inspection_half_life{24 * 180};  // assumed: locks, owners and water change with the seasons
  double door_odds = 40.0;  // a contact on the door fails seldom, but an open door may lead to a locked one
  minutes door_lasts{10};   // it speaks every minute; silence is no sign
  double keeper_odds = 50.0;
  minutes keeper_lasts{30};
  double person_odds = 3.0;        // each; three agreeing ones are worth a door sensor
  std::size_t persons_needed = 3;  // independent ones that agree: one can err, or lie
  minutes person_lasts{60};
  std::uint32_t step_percent = 5;  // coarse, so that it seldom changes
  std::size_t most_source_bytes = 100;
};

/// How sure we are that it is open, per cent: the inspection's age, then each live sign that came after the inspection.
/// Absent: no such sign. Strangers count from `persons_needed` independent ones on, the larger side alone. Pure.
[[nodiscard]] std::optional<std::uint32_t> confidence_of(std::optional<utc_time> inspected,
                                                         std::vector<open_sign> const& signs, utc_time now,
                                                         confidence_policy const& policy = {});

/// How long a sign of this kind counts.
[[nodiscard]] minutes lasts(sign_kind kind, confidence_policy const& policy = {});

/// Failures: missing_field, field_too_long.
[[nodiscard]] result<void> validate(open_sign const& sign, confidence_policy const& policy = {});

}  // namespace siren
