#include "shelter_registry/import_plan.h"

#include <set>

namespace siren {

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
      plan.writes.push_back(std::move(*next));
    } else {
      ++plan.outcome.unchanged;
    }
  }
  return plan;
}

}  // namespace siren
