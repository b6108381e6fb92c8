#pragma once

#include <string>

#include "fanout_bench/delivery_check.h"
#include "siren/alerts/v1/alert.pb.h"

namespace siren::fanout {

/// An alert of the size that people get, with words in two languages. Its moment of publishing travels in
/// observation_received_time.
[[nodiscard]] alerts::v1::Alert make_alert(zone_number zone, std::uint32_t revision, wall_time published);
/// The same as a gateway says it to phones: what peers carry as it is.
[[nodiscard]] std::string make_message(zone_number zone, std::uint32_t seq, std::uint32_t previous_in_zone,
                                       wall_time published);

}  // namespace siren::fanout
