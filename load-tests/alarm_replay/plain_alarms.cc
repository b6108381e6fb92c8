#include "alarm_replay/plain_alarms.h"

#include <algorithm>
#include <optional>
#include <set>

namespace siren::replay {
namespace {

using parents = std::map<zone_id, std::optional<zone_id>>;

parents parents_of(alarm_history const& history) {
  parents all;
  for (auto const& z : history.zones) all[z.id] = z.parent;
  return all;
}

/// The zone itself comes first.
std::vector<zone_id> upwards(parents const& all, zone_id from) {
  std::vector<zone_id> path{from};
  while (auto const& above = all.at(path.back())) path.push_back(*above);
  return path;
}

std::vector<spell> merged(std::vector<spell> all) {
  std::sort(all.begin(), all.end(), [](spell const& a, spell const& b) { return a.from < b.from; });
  std::vector<spell> out;
  for (auto const& s : all) {
    if (out.empty() || s.from > out.back().to)
      out.push_back(s);
    else
      out.back().to = std::max(out.back().to, s.to);
  }
  return out;
}

}  // namespace

std::map<zone_id, zone_spells> plain_spells(alarm_history const& history) {
  auto const above = parents_of(history);
  std::map<zone_id, std::vector<spell>> own;
  for (auto const& row : history.rows) own[row.region].push_back({row.began, row.ended});
  std::map<zone_id, zone_spells> all;
  for (auto const& z : history.zones) {
    auto& here = all[z.id];
    for (auto const& region : upwards(above, z.id))
      here.whole.insert(here.whole.end(), own[region].begin(), own[region].end());
    here.any.insert(here.any.end(), here.whole.begin(), here.whole.end());
  }
  for (auto const& [region, spells] : own)
    for (auto const& around : upwards(above, region))
      all[around].any.insert(all[around].any.end(), spells.begin(), spells.end());
  for (auto& [id, spells] : all) {
    spells.whole = merged(std::move(spells.whole));
    spells.any = merged(std::move(spells.any));
  }
  return all;
}

std::map<zone_id, plain_state> plain_states(alarm_history const& history, utc_time at) {
  auto const above = parents_of(history);
  std::set<zone_id> declared;
  for (auto const& row : history.rows)
    if (row.began <= at && at < row.ended) declared.insert(row.region);
  std::map<zone_id, plain_state> states;
  for (auto const& z : history.zones) {
    auto const path = upwards(above, z.id);
    auto const covered =
        std::any_of(path.begin(), path.end(), [&](zone_id const& id) { return declared.contains(id); });
    states[z.id] = covered ? plain_state::whole : plain_state::clear;
  }
  for (auto const& region : declared)
    for (auto const& around : upwards(above, region))
      if (states[around] == plain_state::clear) states[around] = plain_state::partly;
  return states;
}

}  // namespace siren::replay
