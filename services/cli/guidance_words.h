#pragma once

#include <string>

#include "siren/routing/v1/guidance.pb.h"

namespace siren {

/// A guidance as lines of text for a terminal, in "uk" or "en" (also anything else).
[[nodiscard]] std::string words_of(routing::v1::Guidance const& told, std::string const& language);

}  // namespace siren
