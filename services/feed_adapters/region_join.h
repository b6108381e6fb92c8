#pragma once

#include <map>
#include <optional>
#include <string>

#include "common/city_bundle/city_bundle.h"

namespace siren {

/// Providers' uids of the bundle's zones. Joined by uid, never by name: names change, repeat and have three kinds of
/// apostrophe.
class region_join {
 public:
  explicit region_join(city_bundle const& city);

  /// Absent: not in this bundle.
  [[nodiscard]] std::optional<zone_id> zone_of(std::string const& uid) const;
  [[nodiscard]] std::optional<std::string> uid_of(zone_id const& zone) const;
  [[nodiscard]] std::size_t size() const { return zone_by_uid_.size(); }

 private:
  std::map<std::string, zone_id> zone_by_uid_;
  std::map<zone_id, std::string> uid_by_zone_;
};

}  // namespace siren
