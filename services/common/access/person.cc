#include "common/access/person.h"

#include <algorithm>
#include <array>
#include <utility>

namespace siren {
namespace {

constexpr std::array<std::pair<role, std::string_view>, 6> kNames{{{role::viewer, "viewer"},
                                                                   {role::shelter_editor, "shelter_editor"},
                                                                   {role::alarm_proposer, "alarm_proposer"},
                                                                   {role::alarm_approver, "alarm_approver"},
                                                                   {role::exercise_leader, "exercise_leader"},
                                                                   {role::auditor, "auditor"}}};

}  // namespace

std::string_view name_of(role what) {
  for (auto const& [known, name] : kNames)
    if (known == what) return name;
  return "?";
}

std::optional<role> role_named(std::string_view name) {
  for (auto const& [known, its_name] : kNames)
    if (its_name == name) return known;
  return std::nullopt;
}

std::optional<grant> grant_of(std::string_view text) {
  auto const slash = text.rfind('/');
  if (slash == std::string_view::npos || slash == 0) return std::nullopt;
  auto const what = role_named(text.substr(slash + 1));
  if (!what) return std::nullopt;
  return grant{zone_id{std::string{text.substr(0, slash)}}, *what};
}

bool person::may(std::initializer_list<role> any_of, std::vector<zone_id> const& places) const {
  if (!checked) return true;
  return std::any_of(grants.begin(), grants.end(), [&](grant const& given) {
    return std::find(any_of.begin(), any_of.end(), given.what) != any_of.end() &&
           std::find(places.begin(), places.end(), given.place) != places.end();
  });
}

}  // namespace siren
