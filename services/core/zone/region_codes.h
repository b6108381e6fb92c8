#pragma once

#include <string>

#include "core/base/ids.h"

namespace siren {

/// What others call a zone; empty where they have no name for it.
struct region_codes {
  std::string uid;      // of alerts.in.ua and the official app: decimal digits
  std::string katotth;  // the official classifier of Ukraine's territories: UA and 17 digits
  friend bool operator==(region_codes const&, region_codes const&) = default;
};

[[nodiscard]] bool is_uid(std::string const& text);
[[nodiscard]] bool is_katotth(std::string const& text);

/// What the id itself tells: zones bear one of the two, or a name of the bundle's own.
[[nodiscard]] region_codes codes_in(zone_id const& id);

}  // namespace siren
