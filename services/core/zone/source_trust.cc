#include "core/zone/source_trust.h"

#include <algorithm>
#include <functional>

namespace siren {
namespace {

void add_origin(backing& to, std::uint64_t origin, trust_policy const& policy) {
  auto const needed = std::clamp<std::size_t>(policy.independent, 1, backing::kMostOrigins);
  auto* const last = to.origins.begin() + to.size;
  if (to.size >= needed || std::find(to.origins.begin(), last, origin) != last) return;
  to.origins[to.size++] = origin;
  to.enough = to.enough || to.size >= needed;
}

}  // namespace

void backing::add(backing const& more, trust_policy const& policy) {
  enough = enough || more.enough;
  for (std::size_t i = 0; i < more.size && !enough; ++i) add_origin(*this, more.origins[i], policy);
}

backing backing_of(std::vector<source_id> const& sources, trust_book const& known, trust_policy const& policy) {
  backing found;
  for (auto const& source : sources) {
    auto const listed = known.find(source);
    auto const trust = listed == known.end() ? policy.unlisted : listed->second;
    if (trust == source_trust::informs) continue;
    found.enough = found.enough || trust == source_trust::trusted;
    add_origin(found, std::hash<source_id>{}(source), policy);
  }
  return found;
}

}  // namespace siren
