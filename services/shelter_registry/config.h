#pragma once

#include "common/service_options.h"

namespace siren {

struct shelter_registry_config {
  service_options common;
};

void add_flags(CLI::App& app, shelter_registry_config& config);
/// What the flags can't tell by themselves, as one sentence.
[[nodiscard]] result<void> verify(shelter_registry_config const& config);

}  // namespace siren
