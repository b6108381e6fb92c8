#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "common/access/key_set.h"
#include "common/access/person.h"

namespace siren {

/// Whom to believe. One issuer, one audience, one algorithm: a token says nothing about how it is to be checked.
struct sign_in_options {
  std::string issuer;                 // empty: there is no sign-in
  std::string audience;               // this instance, as the issuer calls it
  std::string jwks;                   // file
  std::string algorithm = "RS256";    // or PS256, ES256; what providers sign with unless told otherwise
  std::string roles_claim = "roles";  // a list of "ZONE/ROLE"; entries of other forms are not for us
  seconds clock_leeway{30};           // between the issuer's clock and ours; NTP keeps both within one
  seconds longest_life{12 * 3'600};   // a shift: a token that was lost opens nothing for longer
};
/// Failure: MISSING_FIELD, MALFORMED.
[[nodiscard]] result<void> verify_options(sign_in_options const& options);

/// OIDC access tokens: JWT (RFC 7519, RFC 9068). Thread-safe.
class token_verifier {
 public:
  static constexpr std::size_t kMostTokenBytes = 8U << 10U;  // as much as a call's headers hold
  static constexpr std::size_t kMostNameBytes = 64;          // alarm_service.proto: operator_name
  static constexpr std::size_t kMostGrants = 256;

  [[nodiscard]] static result<std::unique_ptr<token_verifier>> open(sign_in_options options);
  /// Failure: TOKEN_REFUSED, TOKEN_EXPIRED.
  [[nodiscard]] result<person> check(std::string_view token, wall_time now);

 private:
  token_verifier(sign_in_options options, key_set keys) : options_{std::move(options)}, keys_{std::move(keys)} {}
  /// The payload of a token that its issuer signed.
  [[nodiscard]] result<std::string> signed_payload(std::string_view token, wall_time now);

  sign_in_options options_;
  std::mutex mutex_;
  key_set keys_;
};

}  // namespace siren
