#include "core/route/profile.h"

#include "core/base/verify.h"

namespace siren {

std::string_view name_of(walking_profile p) {
  switch (p) {
    case walking_profile::average:
      return "average";
    case walking_profile::slow:
      return "slow";
    case walking_profile::wheelchair:
      return "wheelchair";
  }
  verify(false, "every profile has a name");
  return "";
}

std::optional<walking_profile> walking_profile_named(std::string_view name) {
  for (auto const p : {walking_profile::average, walking_profile::slow, walking_profile::wheelchair})
    if (name_of(p) == name) return p;
  return std::nullopt;
}

}  // namespace siren
