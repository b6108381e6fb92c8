#include "common/access/access_options.h"

#include "common/access/local_issuer.h"
#include "common/clock.h"
#include "common/log.h"

namespace siren {

void add_access_options(CLI::App& app, sign_in_options& options) {
  app.add_option("--access-issuer", options.issuer,
                 "whose access tokens are believed (iss); without it operators' doors stay shut in the live world");
  app.add_option("--access-audience", options.audience, "this instance as the issuer calls it (aud)");
  app.add_option("--access-jwks", options.jwks,
                 "file with the issuer's public keys (JWKS); read again when it changes");
  app.add_option("--access-algorithm", options.algorithm, "the one that tokens are signed by: RS256, PS256 or ES256")
      ->capture_default_str();
  app.add_option("--access-roles-claim", options.roles_claim, "the claim with the list of ZONE/ROLE")
      ->capture_default_str();
}

result<void> verify_access(sign_in_options const& options, world serves) {
  if (auto const good = verify_options(options); !good) return good;
  if (serves == world::live && options.issuer == kLocalIssuer)
    return failure{reason::wrong_mode, "the local issuer is for exercises and tests, not for the live world"};
  return {};
}

result<std::unique_ptr<access_guard>> open_guard(sign_in_options const& options, world serves) {
  std::unique_ptr<token_verifier> verifier;
  if (!options.issuer.empty()) {
    auto opened = token_verifier::open(options);
    if (!opened) return opened.error();
    verifier = std::move(*opened);
  } else {
    log(serves == world::live ? log_level::warn : log_level::info, "no_sign_in", {{"world", name_of(serves)}});
  }
  return std::make_unique<access_guard>(serves, std::move(verifier), [] { return wall_now(); });
}

}  // namespace siren
