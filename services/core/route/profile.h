#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace siren {

/// The geometry of walking: which streets are open and what steps, slopes and surfaces cost. Times of one gait differ
/// from profile to profile by a factor only, so everything that is searched is searched once per gait.
enum class gait : std::uint8_t { foot = 0, wheels = 1 };
inline constexpr std::size_t kGaits = 2;
inline constexpr std::array kAllGaits{gait::foot, gait::wheels};
[[nodiscard]] std::string_view name_of(gait g);

/// Who walks. `wheelchair` also stands for prams; `children` for people with children who walk.
enum class walking_profile : std::uint8_t { average = 1, slow = 2, wheelchair = 3, children = 4, pet = 5 };
inline constexpr std::size_t kWalkingProfiles = 5;
inline constexpr std::array kAllProfiles{walking_profile::average, walking_profile::slow, walking_profile::wheelchair,
                                         walking_profile::children, walking_profile::pet};
[[nodiscard]] constexpr std::size_t index_of(walking_profile p) {
  return static_cast<std::size_t>(p) - 1;
}
[[nodiscard]] std::string_view name_of(walking_profile p);
[[nodiscard]] std::optional<walking_profile> walking_profile_named(std::string_view name);

/// What a shelter must offer to a profile; bits.
enum shelter_need : std::uint8_t { kNeedsStepFree = 1, kNeedsPetsAllowed = 2 };

}  // namespace siren
