#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/route/guidance.h"

namespace siren {

enum class guidance_language : std::uint8_t { uk = 1, en = 2 };
/// "uk", "en"; anything else is English, which more visitors read.
[[nodiscard]] guidance_language guidance_language_named(std::string_view name);

/// Plain sentences for one person.
struct guidance_words {
  std::string headline;
  std::string why;                 // one sentence; what the promise rests on, or why there is no route
  std::vector<std::string> steps;  // of the route, in order; a start of under 5 m is left out; empty for take_cover
  std::string second_choice;       // one sentence; empty without one
  std::string generated_note;      // empty unless the shelter or the streets are made up
};

/// Taking cover is worded as less dangerous, never as safe (domain facts, "Shelters").
[[nodiscard]] guidance_words describe(guidance const& told, guidance_language language);

}  // namespace siren
