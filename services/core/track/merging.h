#pragma once

#include "core/track/picture_change.h"

namespace siren {

/// Joins tracks that are likely one object, as the contract of apply() says.
void merge_duplicates(picture_change& change, std::size_t tracks, utc_time now);

}  // namespace siren
