#include "core/zone/official.h"

#include <algorithm>

namespace siren {
namespace {

void heed(official_book& book, region_alarm const& said) {
  official_book::alarm_key const key{said.region, said.type};
  if (said.active) {
    book.holders[key].try_emplace(said.source, said.changed_at);
    if (said.type == alarm_type::carrier) book.carriers.insert(said.region);
    return;
  }
  auto const alarm = book.holders.find(key);
  if (alarm == book.holders.end() || alarm->second.erase(said.source) == 0) return;
  auto const live = [&](auto const& holder) { return !book.dead.contains(holder.first); };
  if (std::any_of(alarm->second.begin(), alarm->second.end(), live)) return;
  if (said.type == alarm_type::carrier) book.carriers.erase(said.region);
  book.holders.erase(alarm);
}

}  // namespace

std::set<zone_id> apply(official_book& book, region_alarm const& said) {
  official_book::word_key const key{said.source, said.region, said.type};
  auto const [word, first] = book.last_word.try_emplace(key, said.changed_at);
  if (said.changed_at < word->second) return {};
  word->second = said.changed_at;
  if (book.dead.contains(said.source)) {
    book.unheard[key] = said;
    return {};
  }
  heed(book, said);
  return {said.region};
}

std::set<zone_id> apply(official_book& book, feed_state const& feed) {
  if (!feed.alive) {
    book.dead.insert(feed.source);
    return {};
  }
  book.dead.erase(feed.source);
  std::set<zone_id> touched;
  std::erase_if(book.unheard, [&](auto const& said) {
    if (std::get<source_id>(said.first) != feed.source) return false;
    heed(book, said.second);
    touched.insert(said.second.region);
    return true;
  });
  return touched;
}

std::set<zone_id> end_old_carriers(official_book& book, utc_time before) {
  std::set<zone_id> ended;
  for (auto const& region : book.carriers) {
    auto const& holders = book.holders.at({region, alarm_type::carrier});
    auto const old = [&](auto const& holder) {
      auto const word = book.last_word.find({holder.first, region, alarm_type::carrier});
      return (word == book.last_word.end() ? holder.second : word->second) < before;
    };
    if (std::all_of(holders.begin(), holders.end(), old)) ended.insert(region);
  }
  for (auto const& region : ended) {
    book.holders.erase({region, alarm_type::carrier});
    book.carriers.erase(region);
  }
  return ended;
}

namespace {

official_alarm alarm_of(official_book::alarm_key const& key, std::map<source_id, utc_time> const& holders) {
  auto const oldest = std::min_element(holders.begin(), holders.end(),
                                       [](auto const& a, auto const& b) { return a.second < b.second; });
  return {key.first, key.second, oldest->first.value, oldest->second};
}

}  // namespace

std::vector<official_alarm> alarms_of(official_book const& book, zone_id const& region) {
  std::vector<official_alarm> found;
  auto at = book.holders.lower_bound({region, alarm_type::unknown});
  for (; at != book.holders.end() && at->first.first == region; ++at) found.push_back(alarm_of(at->first, at->second));
  return found;
}

std::vector<official_alarm> carriers_of(official_book const& book) {
  std::vector<official_alarm> found;
  for (auto const& region : book.carriers) {
    auto const at = book.holders.find({region, alarm_type::carrier});
    found.push_back(alarm_of(at->first, at->second));
  }
  return found;
}

}  // namespace siren
