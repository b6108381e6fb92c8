#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/ids.h"
#include "core/base/mode.h"
#include "core/base/result.h"

namespace siren {

/// Names one CAP message for ever: a revision of an alert, or its renewal (see renewals_until).
struct cap_identifier {
  alert_id alert;
  std::uint32_t rev = 1;
  std::uint32_t renewal = 0;
  friend bool operator==(cap_identifier const&, cap_identifier const&) = default;
};

/// "live.31@1769212800000.3", a renewal with ".1" and so on behind, "exercise.…" in a drill: the world is part of the
/// name, so a drill's message can't replace a real one. Letters, digits and - . : @ _ ~ only (CAP forbids blanks,
/// commas, < and &); any other byte of the alert's id, and a dot, is ~ and two hexadecimal digits.
[[nodiscard]] std::string to_text(cap_identifier const& id, world belongs_to);

/// Failure: MALFORMED for what to_text never makes; DRILL_IN_LIVE or LIVE_IN_DRILL for the other world's.
[[nodiscard]] result<cap_identifier> cap_identifier_of(std::string_view text, world serves);

/// The middle part alone.
[[nodiscard]] std::string to_text(alert_id const& id);
[[nodiscard]] result<alert_id> alert_id_of(std::string_view text);

}  // namespace siren
