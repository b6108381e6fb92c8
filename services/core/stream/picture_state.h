#pragma once

#include <cstdint>

namespace siren {

/// How much the analysis sees, as in siren.alerts.v1.PictureState. unknown: nobody could say.
enum class picture_state : std::uint8_t { unknown = 0, live = 1, degraded = 2, lost = 3 };

}  // namespace siren
