#pragma once

#include <source_location>

namespace siren {

/// Aborts, in release too, when a fact that only a bug could break does not hold. Never for outside input.
void verify(bool condition, char const* what, std::source_location where = std::source_location::current());

}  // namespace siren
