#include "zone_engine/decider.h"

#include <tuple>

namespace siren {

decider::decider(zone_map zones, decider_policy policy) : zones_{std::move(zones)}, policy_{std::move(policy)} {}

std::vector<alert> decider::restore(std::vector<alert> const& logged, std::vector<operator_order> const& orders,
                                    picture_snapshot const& picture, utc_time now) {
  siren::restore(book_, logged);
  zone_memory memory;
  for (auto const& [zone, open] : book_.open) memory.shown.push_back({zone, open.level, open.partly, open.threats});
  for (auto const& alarm : picture.alarms)
    if (alarm.active && admit(alarm)) memory.alarms.push_back(alarm);
  memory.orders = orders;
  memory.at = now;
  siren::restore(picture_, memory, zones_, policy_.zones);

  std::vector<alert> out;
  for (auto const& feed : picture.feeds) decide(feed, out);
  for (auto const& launch : picture.launches)
    if (admit(launch.belongs_to)) decide(launch, out);
  for (auto const& track : picture.tracks) decide(track, out);
  decide(tick{now}, out);
  for (auto& gone : end_gone(book_, zones_, now)) out.push_back(std::move(gone));
  return out;
}

result<std::vector<alert>> decider::take(zone_event const& event) {
  if (auto const* alarm = std::get_if<region_alarm>(&event)) {
    auto const admitted = admit(*alarm);
    if (!admitted) return admitted.error();
  }
  if (auto const* launch = std::get_if<launch_report>(&event)) {
    auto const admitted = admit(launch->belongs_to);
    if (!admitted) return admitted.error();
  }
  std::vector<alert> out;
  decide(event, out);
  return out;
}

std::vector<alert> decider::replace(picture_snapshot const& picture, utc_time now) {
  std::vector<alert> out;
  for (auto const& feed : picture.feeds) decide(feed, out);
  // What runs comes before what ended, so that a zone that stays in alarm never hears an all clear in between.
  for (auto const& alarm : picture.alarms)
    if (admit(alarm)) decide(alarm, out);
  for (auto const& launch : picture.launches)
    if (admit(launch.belongs_to)) decide(launch, out);
  for (auto const& track : picture.tracks) decide(track, out);
  end_missing(picture, now, out);
  return out;
}

void decider::end_missing(picture_snapshot const& picture, utc_time now, std::vector<alert>& out) {
  std::set<track_id> alive;
  for (auto const& track : picture.tracks) alive.insert(track.now.id);
  std::vector<track_change> lost;
  for (auto const& [id, followed] : picture_.tracks)
    if (!alive.contains(id)) lost.push_back({followed.last, track_end::coasted_out});
  for (auto const& gone : lost) decide(gone, out);

  std::set<std::pair<source_id, std::string>> flying;
  for (auto const& launch : picture.launches) flying.emplace(launch.source, launch.native_id);
  std::vector<launch_report> over;
  for (auto const& [key, followed] : picture_.launches)
    if (!flying.contains(key)) over.push_back(followed.last);
  for (auto& launch : over) {
    launch.over = true;
    launch.at = std::max(now, launch.at);
    decide(launch, out);
  }

  std::set<std::tuple<zone_id, alarm_type, source_id>> running;
  for (auto const& alarm : picture.alarms)
    if (alarm.active) running.emplace(alarm.region, alarm.type, alarm.source);
  std::vector<region_alarm> ended;
  for (auto const& [key, holders] : picture_.official.holders)
    for (auto const& [source, since] : holders)
      if (!running.contains({key.first, key.second, source}))
        ended.push_back({.source = source,
                         .native_id = {},
                         .region = key.first,
                         .type = key.second,
                         .active = false,
                         .changed_at = std::max(now, since),
                         .belongs_to = policy_.serves,
                         .trace = {},
                         .received_at = {}});
  for (auto const& alarm : ended) decide(alarm, out);
}

std::vector<std::string> decider::texts_for(zone_id const& zone) const {
  std::vector<std::string> texts;
  auto const add = [&](zone_id const& id) {
    auto const orders = picture_.orders.find(id);
    if (orders == picture_.orders.end()) return;
    for (auto const& [name, order] : orders->second)
      if (order.level != stage::all_clear && !order.text.empty()) texts.push_back(order.text);
  };
  auto const add_place = [&](std::size_t at) {
    add(zones_.all()[at].id);
    for (auto const& gone : zones_.all()[at].replaces) add(gone);
  };
  auto const at = zones_.position_of(zone);
  if (!at) return texts;
  add_place(*at);
  for (auto const above : zones_.ancestors_at(*at)) add_place(above);
  return texts;
}

operator_order const* decider::order_of(zone_id const& zone, std::string const& operator_name) const {
  auto const here = picture_.orders.find(zone);
  if (here == picture_.orders.end()) return nullptr;
  auto const found = here->second.find(operator_name);
  return found == here->second.end() ? nullptr : &found->second;
}

std::vector<operator_order> decider::orders() const {
  std::vector<operator_order> all;
  for (auto const& [zone, by_operator] : picture_.orders)
    for (auto const& [name, order] : by_operator) all.push_back(order);
  return all;
}

result<void> decider::admit(world belongs_to) const {
  if (belongs_to == policy_.serves) return {};
  return policy_.serves == world::live ? failure{reason::drill_in_live, "an exercise's word in the live world"}
                                       : failure{reason::live_in_drill, "a live word in an exercise"};
}

result<void> decider::admit(region_alarm const& alarm) const {
  if (auto const ours = admit(alarm.belongs_to); !ours) return ours;
  if (zones_.meant_by(alarm.region).empty())
    return failure{reason::unknown_region, "no zone stands for region \"" + alarm.region.value + "\""};
  return {};
}

void decider::decide(zone_event const& event, std::vector<alert>& out) {
  for (auto const& change : apply(picture_, event, zones_, policy_.zones))
    for (auto& decided : apply(book_, change, policy_.alerts)) out.push_back(std::move(decided));
}

}  // namespace siren
