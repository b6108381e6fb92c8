#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace siren {

/// What flies. Families share a treatment; see the policy tables for speeds and holds (design facts: Air Force, press).
enum class threat_class : std::uint8_t {
  unknown = 0,
  drone = 1,                   // Shahed-136 / Geran-2
  jet_drone = 2,               // Geran-3
  cruise_missile = 3,          // Kh-101, Kalibr, Kh-59/69
  supersonic_missile = 4,      // Kh-22/32
  ballistic_missile = 5,       // Iskander-M, KN-23
  aeroballistic_missile = 6,   // Kinzhal
  hypersonic_missile = 7,      // Zircon
  surface_to_air_missile = 8,  // S-300/400 against ground
  guided_bomb = 9,             // KAB/UMPK
};
inline constexpr std::size_t kThreatClasses = 10;

/// Stable lower-case names for configuration, logs, metrics and CSV feeds: "drone", "jet_drone", …
[[nodiscard]] std::string_view name_of(threat_class c);
[[nodiscard]] std::optional<threat_class> threat_class_named(std::string_view name);

}  // namespace siren
