#pragma once

#include <nlohmann/json.hpp>

#include "operators_bench/duty_room.h"

namespace siren::operators {

/// What a row found; a promise that broke is a sentence in "broken".
using row = nlohmann::ordered_json;

/// One person, or somebody with another's approval, tries to raise an alarm.
[[nodiscard]] row approvals_row(duty_room& room, bench_options const& options);
/// An operator shuts the shelter that most phones are guided to, again and again.
[[nodiscard]] row closing_row(duty_room& room, bench_options const& options);
/// Door counters write at once while the registry is killed.
[[nodiscard]] row writers_row(duty_room& room, bench_options const& options);

}  // namespace siren::operators
