#pragma once

#include "common/access/token_verifier.h"
#include "common/service_options.h"
#include "core/base/ids.h"

namespace siren {

struct shelter_registry_config {
  service_options common;
  sign_in_options sign_in;
  zone_id city;  // whose shelters these are: its people's roles count; with sign-in only
};

void add_flags(CLI::App& app, shelter_registry_config& config);
/// What the flags can't tell by themselves, as one sentence.
[[nodiscard]] result<void> verify(shelter_registry_config const& config);

}  // namespace siren
