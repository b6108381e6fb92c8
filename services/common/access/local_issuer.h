#pragma once

#include <string>
#include <vector>

#include "common/access/token_verifier.h"
#include "core/base/mode.h"

namespace siren {

inline constexpr char kLocalIssuer[] = "https://local-issuer.invalid";
inline constexpr char kLocalAudience[] = "siren-exercise";
inline constexpr char kLocalAlgorithm[] = "ES256";

/// Signs access tokens for demos and tests. Whoever can read its folder can be anybody: it refuses the live world, and
/// the services refuse it there. Its key is made anew for every folder; none is shipped.
class local_issuer {
 public:
  /// Goes on with the folder's key, or makes one (mode 0600) and jwks.json beside it. Failure: WRONG_MODE in the live
  /// world, FILE_UNREADABLE, MALFORMED.
  [[nodiscard]] static result<local_issuer> open(world serves, std::string const& folder);

  struct wanted {
    std::string name;
    std::vector<std::string> roles;  // "ZONE/ROLE"
    seconds life{3'600};
  };
  [[nodiscard]] std::string token(wanted const& asked, wall_time now) const;
  /// How services are told to believe it.
  [[nodiscard]] sign_in_options options() const;

 private:
  local_issuer(std::string folder, jose_key key) : folder_{std::move(folder)}, key_{std::move(key)} {}
  std::string folder_;
  jose_key key_;
};

}  // namespace siren
