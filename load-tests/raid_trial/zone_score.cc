#include "raid_trial/zone_score.h"

#include <algorithm>

namespace siren::raids {

std::vector<visit> visits_of(std::vector<true_object> const& truth, zone_map const& zones) {
  std::map<zone_id, std::size_t> number_of;
  for (std::size_t i = 0; i < zones.leaves().size(); ++i) number_of.emplace(zones.leaves()[i], i);
  local_plane const plane{kRaidCentre};
  std::vector<visit> all;
  for (std::size_t object = 0; object < truth.size(); ++object) {
    std::map<std::size_t, visit> of_zone;
    std::optional<std::size_t> in;
    for (auto second = truth[object].first_second; second <= truth[object].end_second(); ++second) {
      auto const place = truth[object].at(static_cast<double>(second)).place;
      auto const leaf = zones.leaf_at(plane.to_place(place));
      // Between a city's border and its districts lies no leaf.
      auto const number = leaf ? number_of.find(*leaf) : number_of.end();
      auto const now = number == number_of.end() ? std::nullopt : std::optional{number->second};
      if (now) {
        auto const [known, first] = of_zone.try_emplace(*now, visit{object, *now, second, second + 1});
        if (!first && in == now && known->second.left == second) known->second.left = second + 1;
      }
      in = now;
    }
    for (auto const& [zone, stay] : of_zone) all.push_back(stay);
  }
  std::stable_sort(all.begin(), all.end(), [](visit const& a, visit const& b) { return a.entered < b.entered; });
  return all;
}

coverage& coverage::operator+=(coverage const& more) {
  held += more.held;
  sooner += more.sooner;
  later += more.later;
  return *this;
}

zone_score::zone_score(std::vector<true_object> const& truth, std::vector<visit> const& visits, zone_map const& zones,
                       zone_policy const& policy, utc_time begins)
    : truth_{truth},
      visits_{visits},
      zones_{zones},
      policy_{policy},
      begins_{begins},
      level_(zones.leaves().size(), stage::all_clear),
      going_since_(zones.leaves().size()),
      visits_in_(zones.leaves().size()) {
  for (std::size_t i = 0; i < zones.leaves().size(); ++i) number_of_.emplace(zones.leaves()[i], i);
  for (std::size_t i = 0; i < visits.size(); ++i) {
    visits_in_[visits[i].zone].push_back(i);
    entered_.emplace(std::pair{visits[i].object, visits[i].zone}, visits[i].entered);
  }
}

void zone_score::take(std::span<danger_change const> changes) {
  for (auto const& change : changes)
    if (auto const zone = number_of_.find(change.now.zone); zone != number_of_.end())
      level_[zone->second] = change.now.level;
}

void zone_score::judge_visits(std::int64_t second) {
  for (; next_visit_ < visits_.size() && visits_[next_visit_].entered <= second; ++next_visit_) {
    auto const& one = visits_[next_visit_];
    ++out_.visits;
    auto const level = level_[one.zone];
    if (level == stage::all_clear) ++out_.unwarned;
    if (level < stage::go) ++out_.missed;
    if (level == stage::go) ++out_.late_cover;
    auto const since = going_since_[one.zone];
    out_.lead_s.push_back(since ? static_cast<double>(second - *since) : 0.0);
  }
}

void zone_score::add(std::int64_t second, bool reported) {
  if (reported && !first_report_) first_report_ = second;
  for (std::size_t zone = 0; zone < level_.size(); ++zone) {
    if (level_[zone] >= stage::prepare && first_report_ && !out_.first_alarm_s)
      out_.first_alarm_s = static_cast<double>(second - *first_report_);
    if (level_[zone] < stage::go) {
      going_since_[zone].reset();
      continue;
    }
    if (!going_since_[zone]) going_since_[zone] = second;
    out_.alarm_minutes += 1.0 / 60.0;
    bool const meant = std::any_of(visits_in_[zone].begin(), visits_in_[zone].end(), [&](std::size_t i) {
      return visits_[i].entered <= second + kAfter && visits_[i].left + kBefore >= second;
    });
    if (!meant) out_.false_minutes += 1.0 / 60.0;
  }
  judge_visits(second);
}

void zone_score::judge_arrivals(std::int64_t second, zone_picture const& picture,
                                std::map<track_id, std::size_t> const& object_of) {
  auto const now = begins_ + seconds{second};
  auto const note = [](coverage& into, utc_time truly, utc_time earliest, utc_time latest) {
    if (truly < earliest)
      ++into.sooner;
    else if (truly > latest)
      ++into.later;
    else
      ++into.held;
  };
  for (std::size_t zone = 0; zone < level_.size(); ++zone) {
    auto const state = picture.zones.find(zones_.leaves()[zone]);
    if (state == picture.zones.end()) continue;
    auto const& sightings = state->second.sightings;
    for (std::size_t i = 0; i < sightings.size(); ++i) {
      auto const& seen = sightings.all()[i];
      auto const object = object_of.find(sightings.ids()[i]);
      if (object == object_of.end() || now - seen.seen_at > seconds{kFreshly}) continue;
      auto const& asks = policy_.of(seen.kind).prepare;
      if (seen.newest.entering < asks.at_least || seen.newest.when.earliest - now > asks.earliest_within) continue;
      auto const entered = entered_.find({object->second, zone});
      if (entered == entered_.end() || entered->second <= second) continue;
      auto const truly = begins_ + seconds{entered->second};
      coverage one;
      note(one, truly, seen.newest.when.earliest, seen.newest.when.latest);
      out_.arrival += one;
      out_.arrival_by_minutes[(entered->second - second) / 60] += one;
      out_.arrival_by_class[truth_[object->second].kind] += one;
      auto const earliest =
          seen.previous ? std::min(seen.recent.earliest, seen.previous->earliest) : seen.recent.earliest;
      auto const latest = seen.previous ? std::max(seen.recent.latest, seen.previous->latest) : seen.recent.latest;
      note(out_.shown, truly, earliest, latest);
    }
  }
}

}  // namespace siren::raids
