#include "swarm/ledger.h"

#include <algorithm>

namespace siren::swarm {
namespace {

/// What a phone heard from one snapshot up to the next.
struct stretch {
  heard_snapshot from;
  std::vector<heard_alert> alerts;
};

std::vector<stretch> stretches_of(std::vector<heard> const& by_phone, std::uint64_t& before_any_snapshot) {
  std::vector<stretch> all;
  for (auto const& one : by_phone) {
    if (auto const* snapshot = std::get_if<heard_snapshot>(&one))
      all.push_back({*snapshot, {}});
    else if (all.empty())
      ++before_any_snapshot;
    else
      all.back().alerts.push_back(std::get<heard_alert>(one));
  }
  return all;
}

std::uint64_t between(std::vector<std::uint64_t> const& seqs, std::uint64_t after, std::uint64_t up_to) {
  auto const first = std::upper_bound(seqs.begin(), seqs.end(), after);
  auto const last = std::upper_bound(seqs.begin(), seqs.end(), up_to);
  return first < last ? static_cast<std::uint64_t>(last - first) : 0;
}

}  // namespace

verdict_on_delivery& verdict_on_delivery::operator+=(verdict_on_delivery const& other) {
  delivered += other.delivered;
  by_snapshot += other.by_snapshot;
  missing += other.missing;
  out_of_order += other.out_of_order;
  return *this;
}

verdict_on_delivery judge_delivery(std::vector<heard> const& by_phone, logged const& log) {
  verdict_on_delivery told;
  auto const all = stretches_of(by_phone, told.out_of_order);
  if (all.empty()) {
    for (auto const& [zone, seqs] : log.by_zone) told.missing += seqs.size();
    return told;
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto const& [from, alerts] = all[i];
    std::map<zone_id, std::vector<std::uint64_t>> seqs;
    auto last = from.at.seq;
    for (auto const& alert : alerts) {
      if (alert.at.seq <= last) ++told.out_of_order;
      last = std::max(last, alert.at.seq);
      seqs[alert.zone].push_back(alert.at.seq);
      ++told.delivered;
    }
    auto const final_one = i + 1 == all.size();
    // Up to the last entry heard nothing may be left out; after it only the final stretch must reach the head.
    auto const must_reach = final_one ? log.head.seq : last;
    auto const covered_to = final_one ? log.head.seq : std::max(last, all[i + 1].from.at.seq);
    for (auto const& zone : from.zones) {
      auto const logged_here = log.by_zone.find(zone);
      if (logged_here == log.by_zone.end()) continue;
      auto const due = between(logged_here->second, from.at.seq, must_reach);
      auto const later = between(logged_here->second, must_reach, covered_to);
      std::sort(seqs[zone].begin(), seqs[zone].end());
      auto const distinct =
          static_cast<std::uint64_t>(std::unique(seqs[zone].begin(), seqs[zone].end()) - seqs[zone].begin());
      if (distinct < due) told.missing += due - distinct;
      told.by_snapshot += later;
    }
  }
  return told;
}

}  // namespace siren::swarm
