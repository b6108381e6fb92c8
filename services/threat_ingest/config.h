#pragma once

#include <string>
#include <vector>

#include "common/service_options.h"
#include "threat_ingest/sources.h"

namespace siren {

struct ingest_config {
  service_options service;
  std::string city;                  // folder of the city bundle, for the list of regions
  std::vector<std::string> sources;  // NAME:official, NAME:trusted, NAME:sensor, NAME:volunteer
  bool any_source = false;           // exercise only: whoever connects is believed
};

void add_ingest_options(CLI::App& app, ingest_config& config);

/// Refuses what can't work, with a sentence. Returns the sources.
[[nodiscard]] result<source_map> verify_config(ingest_config const& config);

}  // namespace siren
