#include "core/route/profile.h"

#include "core/base/verify.h"

namespace siren {

std::string_view name_of(gait g) {
  switch (g) {
    case gait::foot:
      return "foot";
    case gait::wheels:
      return "wheels";
  }
  verify(false, "every gait has a name");
  return "";
}

std::string_view name_of(walking_profile p) {
  switch (p) {
    case walking_profile::average:
      return "average";
    case walking_profile::slow:
      return "slow";
    case walking_profile::wheelchair:
      return "wheelchair";
    case walking_profile::children:
      return "children";
    case walking_profile::pet:
      return "pet";
  }
  verify(false, "every profile has a name");
  return "";
}

std::optional<walking_profile> walking_profile_named(std::string_view name) {
  for (auto const p : kAllProfiles)
    if (name_of(p) == name) return p;
  return std::nullopt;
}

}  // namespace siren
