#pragma once

#include "feed_adapters/cot_event.h"

namespace siren {

/// One TAK protocol version 1 payload: TakMessage{2: CotEvent{1 type, 4 opex, 5 uid, 6 sendTime, 8 staleTime (unsigned
/// milliseconds since 1970), 9 how, 10 lat, 11 lon, 12 hae, 13 ce (doubles), 15 Detail{1 xmlDetail, 7 Track{1 speed, 2
/// course}}}}. Unknown fields are skipped, the last of a repeated one counts. A track in xmlDetail counts where there
/// is no Track.
/// Failure: message_too_large (over 65,536 bytes); malformed (no protobuf; a known field of another type; a time beyond
/// the year 9999; xmlDetail is no XML); not_a_threat (a control message without an event); missing_field (lat, lon:
/// zeros are not written, and no theatre lies on the equator or in Greenwich); time_missing.
[[nodiscard]] result<cot_event> parse_cot_protobuf(std::string_view bytes);

}  // namespace siren
