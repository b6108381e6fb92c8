#pragma once

#include "feed_adapters/cot_event.h"

namespace siren {

/// One Cursor on Target document: <event uid type time start stale how opex> with <point lat lon hae ce le> and, in
/// <detail>, <track course speed>. A document type declaration is refused unread. Course is true, speed in m/s.
/// Failure: message_too_large (over 65,536 bytes); malformed (no XML, another root or a second one, a document type, a
/// number or time that is none); missing_field (point, lat, lon); time_missing.
[[nodiscard]] result<cot_event> parse_cot_xml(std::string_view bytes);

/// Course and speed of the <track> in a fragment of <detail>'s content, into `event`; without one nothing changes.
/// Failure: malformed, also for a document type declaration.
[[nodiscard]] result<void> read_cot_detail(std::string_view fragment, cot_event& event);

}  // namespace siren
