#include "feed_adapters/region_join.h"

#include "core/zone/region_codes.h"

namespace siren {

region_join::region_join(city_bundle const& city) {
  for (auto const& one : city.zones) {
    auto const listed = city.codes.find(one.id);
    auto const uid =
        listed != city.codes.end() && !listed->second.uid.empty() ? listed->second.uid : codes_in(one.id).uid;
    if (uid.empty() || !zone_by_uid_.emplace(uid, one.id).second) continue;
    uid_by_zone_.emplace(one.id, uid);
  }
}

std::optional<zone_id> region_join::zone_of(std::string const& uid) const {
  auto const found = zone_by_uid_.find(uid);
  return found == zone_by_uid_.end() ? std::nullopt : std::optional{found->second};
}

std::optional<std::string> region_join::uid_of(zone_id const& zone) const {
  auto const found = uid_by_zone_.find(zone);
  return found == uid_by_zone_.end() ? std::nullopt : std::optional{found->second};
}

}  // namespace siren
