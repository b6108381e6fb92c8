#include "shelter_registry/import_plan.h"

#include <set>

namespace siren {
namespace {

std::vector<std::string> fields_that_differ(shelter const& a, shelter const& b) {
  std::vector<std::string> names;
  auto const compare = [&](char const* name, bool same) {
    if (!same) names.emplace_back(name);
  };
  compare("type", a.type == b.type);
  compare("name_uk", a.name_uk == b.name_uk);
  compare("name_en", a.name_en == b.name_en);
  compare("address", a.address == b.address);
  compare("position", a.place == b.place);
  compare("entrances", a.entrances == b.entrances);
  compare("capacity", a.capacity == b.capacity);
  compare("capacity_assumed", a.capacity_assumed == b.capacity_assumed);
  compare("step_free", a.step_free == b.step_free);
  compare("pets", a.pets == b.pets);
  compare("surface", a.surface == b.surface);
  compare("depth_m", a.depth == b.depth);
  compare("stairs", a.stairs == b.stairs);
  compare("open_hours", a.open_hours == b.open_hours);
  compare("access", a.access == b.access);
  compare("keyholder", a.keyholder == b.keyholder);
  compare("power", a.power == b.power);
  compare("heat", a.heat == b.heat);
  compare("water", a.water == b.water);
  compare("place_doubtful", a.place_doubtful == b.place_doubtful);
  compare("metro_role", a.role == b.role);
  compare("state", a.state == b.state);
  compare("verified_time", a.verified_at == b.verified_at);
  compare("generated", a.generated == b.generated);
  return names;
}

}  // namespace

import_plan plan_import(std::vector<shelter> const& records, std::map<shelter_id, shelter> const& current,
                        utc_time now) {
  import_plan plan;
  std::set<shelter_id> seen;
  for (std::size_t index = 0; index < records.size(); ++index) {
    auto const& record = records[index];
    if (!seen.insert(record.id).second) {
      plan.outcome.refused.push_back({index, {reason::duplicate, "id " + record.id.value + " again"}});
      continue;
    }
    auto const found = current.find(record.id);
    shelter_edit const edit{std::nullopt, put_shelter{record, true}};
    auto next = found == current.end() ? create(edit) : change(found->second, edit, now);
    if (!next) {
      plan.outcome.refused.push_back({index, next.error()});
    } else if (found == current.end()) {
      ++plan.outcome.added;
      plan.writes.push_back(std::move(*next));
    } else if (next->revision != found->second.revision) {
      ++plan.outcome.changed;
      plan.outcome.differences.push_back({record.id, fields_that_differ(found->second, *next)});
      plan.writes.push_back(std::move(*next));
    } else {
      ++plan.outcome.unchanged;
    }
  }
  return plan;
}

}  // namespace siren
