#include "demo_runner/summary.h"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>

namespace siren::demo {

bool summary::good() const {
  return last.phones.delivered > 0 && delivery.missing == 0 && delivery.out_of_order == 0 &&
         last.phones.routes_past_deadline == 0 && last.phones.closed_stations_used == 0 && plan &&
         plan->overfull_shelters == 0;
}

result<void> write_json(summary const& s, std::string const& file) {
  auto const& phones = s.last.phones;
  nlohmann::ordered_json out;
  out["world"] = "exercise";
  out["city"] = s.city;
  out["generated"] = s.generated;
  out["speed"] = s.speed;
  out["replayed_minutes"] = s.replayed_minutes;
  out["first_alert_seconds"] = s.first_alert_seconds;
  out["observations"] = s.last.feeds.observations;
  out["region_alarms"] = s.last.feeds.region_alarms;
  out["refused"] = s.last.feeds.refused;
  out["tracks"] = s.last.seen.tracks_ever;
  out["alerts"] = s.log_entries;
  out["phones"] = phones.phones;
  out["delivered"] = phones.delivered;
  out["delivered_by_snapshot"] = s.delivery.by_snapshot;
  out["missing"] = s.delivery.missing;
  out["out_of_order"] = s.delivery.out_of_order;
  out["reconnects"] = phones.reconnects;
  out["latency_ms"] = {{"p50", s.last.delay.p50.count()},
                       {"p99", s.last.delay.p99.count()},
                       {"max", s.last.delay.max.count()},
                       {"measured", s.last.delay.measured}};
  out["guidance"] = phones.guidance;
  out["verdicts"] = {
      {"go_shelter", phones.go_shelter}, {"go_metro", phones.go_metro}, {"take_cover", phones.take_cover}};
  out["routes"] = phones.routes;
  out["routes_past_deadline"] = phones.routes_past_deadline;
  out["closed_stations_used"] = phones.closed_stations_used;
  if (s.plan) {
    out["people_planned"] = s.plan->people;
    out["people_in_time"] = s.plan->in_time;
    out["overfull_shelters"] = s.plan->overfull_shelters;
    out["nearest_in_time"] = s.plan->nearest_in_time;
    out["overfull_nearest"] = s.plan->nearest_overfull_shelters;
    out["nearest_over_capacity"] = s.plan->nearest_over_capacity;
    out["zones_with_deadline"] = s.plan->zones_with_deadline;
  }
  out["good"] = s.good();
  std::ofstream to{file};
  to << out.dump(2) << '\n';
  to.close();
  if (!to) return failure{reason::file_unreadable, "can't write " + file};
  return {};
}

namespace {

std::string in_words(planned_night const& night) {
  return fmt::format(
      "  the worst moment, {} zones under a deadline, {} people:\n"
      "    Siren's plan:       {:>9} in time in a shelter with room, {} shelters overfull\n"
      "    nearest shelter:    {:>9} in time in a shelter with room, {} shelters overfull by {} people\n",
      night.zones_with_deadline, night.people, night.in_time, night.overfull_shelters, night.nearest_in_time,
      night.nearest_overfull_shelters, night.nearest_over_capacity);
}

}  // namespace

std::string in_words(summary const& s) {
  auto const& phones = s.last.phones;
  std::string text = fmt::format(
      "\nSummary — EXERCISE, {}{}\n"
      "  {:.1f} minutes at {:.0f} x: {} observations, {} official alarm changes, {} tracks, {} alert log entries\n"
      "  {} phones; {} alerts delivered one by one, {} more inside snapshots; missing {}, out of order {}\n"
      "  observation to phone: p50 {} ms, p99 {} ms, max {} ms over {} deliveries\n"
      "  verdicts: {} go to shelter, {} go to metro, {} take cover; {} routes, {} past their deadline, {} to closed "
      "stations\n",
      s.city, s.generated ? " (streets and shelters are generated)" : "", s.replayed_minutes, s.speed,
      s.last.feeds.observations, s.last.feeds.region_alarms, s.last.seen.tracks_ever, s.log_entries, phones.phones,
      phones.delivered, s.delivery.by_snapshot, s.delivery.missing, s.delivery.out_of_order, s.last.delay.p50.count(),
      s.last.delay.p99.count(), s.last.delay.max.count(), s.last.delay.measured, phones.go_shelter, phones.go_metro,
      phones.take_cover, phones.routes, phones.routes_past_deadline, phones.closed_stations_used);
  text += s.plan ? in_words(*s.plan) : "  the route planner did not tell how good its plans were\n";
  for (auto const& [why, count] : s.last.feeds.refused) text += fmt::format("  refused {}: {}\n", why, count);
  text +=
      s.good() ? "  Every promise that this run can check was kept.\n" : "  A PROMISE BROKE: see the figures above.\n";
  return text;
}

}  // namespace siren::demo
