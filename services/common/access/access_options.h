#pragma once

#include "common/access/access_guard.h"
#include "common/service_options.h"

namespace siren {

/// Adds --access-issuer, --access-audience, --access-jwks, --access-algorithm and --access-roles-claim.
void add_access_options(CLI::App& app, sign_in_options& options);
/// Failure: what can't work, or a local issuer in the live world.
[[nodiscard]] result<void> verify_access(sign_in_options const& options, world serves);
/// Failure: the keys can't be read.
[[nodiscard]] result<std::unique_ptr<access_guard>> open_guard(sign_in_options const& options, world serves);

}  // namespace siren
