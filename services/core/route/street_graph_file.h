#pragma once

#include "core/route/street_graph.h"

namespace siren {

/// The id of a graph of these arrays: the checksum of its file's body.
[[nodiscard]] graph_id content_id(street_arrays const& arrays);

}  // namespace siren
