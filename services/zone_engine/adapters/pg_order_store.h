#pragma once

#include <memory>
#include <string>

#include "zone_engine/ports.h"

namespace siren {

class pg_store;

[[nodiscard]] std::unique_ptr<order_store> make_pg_order_store(pg_store& store, std::string country);

}  // namespace siren
