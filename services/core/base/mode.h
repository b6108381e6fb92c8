#pragma once

#include <cstdint>
#include <string_view>

namespace siren {

/// What world a record belongs to. One instance serves exactly one (promise "drill is another world").
enum class world : std::uint8_t { live = 1, exercise = 2 };

[[nodiscard]] constexpr std::string_view name_of(world w) {
  return w == world::live ? "live" : "exercise";
}

}  // namespace siren
