#pragma once

#include <span>

#include "core/track/picture_change.h"

namespace siren {

/// Takes reports of one source and one time into the picture, as apply() says.
void take_look(picture_change& change, std::span<observation const* const> look);

}  // namespace siren
