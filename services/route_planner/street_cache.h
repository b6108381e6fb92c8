#pragma once

#include <memory>
#include <string>

#include "common/mapped_file.h"
#include "core/route/street_graph.h"

namespace siren {

/// The streets of an OpenStreetMap extract: from the cache when this very program imported this very file before,
/// otherwise imported, told in the log, and kept. Failure: as import_osm_streets.
[[nodiscard]] result<std::shared_ptr<street_graph const>> load_streets(std::string const& file, bool generated,
                                                                       file_cache const& cache);

}  // namespace siren
