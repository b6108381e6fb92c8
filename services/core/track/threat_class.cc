#include "core/track/threat_class.h"

#include "core/base/verify.h"

namespace siren {
namespace {

constexpr std::array<std::string_view, kThreatClasses> kNames{"unknown",
                                                              "drone",
                                                              "jet_drone",
                                                              "cruise_missile",
                                                              "supersonic_missile",
                                                              "ballistic_missile",
                                                              "aeroballistic_missile",
                                                              "hypersonic_missile",
                                                              "surface_to_air_missile",
                                                              "guided_bomb"};

}  // namespace

std::string_view name_of(threat_class c) {
  auto const index = static_cast<std::size_t>(c);
  verify(index < kThreatClasses, "every threat class has a name");
  return kNames[index];
}

std::optional<threat_class> threat_class_named(std::string_view name) {
  for (std::size_t index = 0; index < kThreatClasses; ++index)
    if (kNames[index] == name) return static_cast<threat_class>(index);
  return std::nullopt;
}

}  // namespace siren
