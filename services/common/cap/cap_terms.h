#pragma once

#include <string_view>
#include <vector>

#include "common/cap/cap_document.h"

namespace siren {

/// CAP's words for a revision; the table and its reasons stand in cap_document.h.
struct cap_terms {
  std::string_view category;
  std::string_view response;
  std::string_view urgency;
  std::string_view severity;
  std::string_view certainty;
};
[[nodiscard]] cap_terms terms_of(alert const& revision, utc_time sent);

/// The newest revision that named threats: what an all-clear is about.
[[nodiscard]] alert const& event_of(cap_subject const& subject);
/// Never more than a message to be shown and not sounded.
[[nodiscard]] bool only_messages(cap_subject const& subject);

[[nodiscard]] utc_time onset_of(alert const& revision, utc_time sent);

/// "2026-01-23T18:00:00-00:00": CAP wants whole seconds, and UTC as -00:00.
[[nodiscard]] std::string cap_time(utc_time at);

}  // namespace siren
