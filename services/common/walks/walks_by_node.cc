#include "common/walks/walks_by_node.h"

#include <future>

namespace siren {

walks_by_node make_walks_by_node(reach const& walks, std::size_t nodes) {
  walks_by_node made;
  auto const middle = static_cast<std::uint32_t>(nodes / 2);
  auto const last = static_cast<std::uint32_t>(nodes);
  for (auto const g : kAllGaits) {
    auto choices = std::make_shared<reach_choices>(walks, g, nodes);
    auto second = std::async(std::launch::async, [&] { choices->fill(walks, node_index{middle}, node_index{last}); });
    choices->fill(walks, node_index{0}, node_index{middle});
    second.get();
    made[static_cast<std::size_t>(g)] = std::move(choices);
  }
  return made;
}

}  // namespace siren
