#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace siren {

/// Who walks. `wheelchair` also stands for prams: no steps, step-free shelters only.
enum class walking_profile : std::uint8_t { average = 1, slow = 2, wheelchair = 3 };
inline constexpr std::size_t kWalkingProfiles = 3;
[[nodiscard]] std::string_view name_of(walking_profile p);
[[nodiscard]] std::optional<walking_profile> walking_profile_named(std::string_view name);

}  // namespace siren
