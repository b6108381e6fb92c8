#pragma once

#include <array>
#include <memory>

#include "core/route/reach.h"

namespace siren {

using walks_by_node = std::array<std::shared_ptr<reach_choices const>, kGaits>;

/// Both gaits' lists, filled on two threads.
[[nodiscard]] walks_by_node make_walks_by_node(reach const& walks, std::size_t nodes);

}  // namespace siren
