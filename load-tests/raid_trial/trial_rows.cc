#include "raid_trial/trial_rows.h"

#include <algorithm>
#include <functional>

#include <nlohmann/json.hpp>

#include "core/base/verify.h"
#include "picture_metrics/line_chart.h"

namespace siren::raids {
namespace {

using bench::at_least;
using bench::at_most;
using bench::exactly;
using bench::figure;

constexpr double kMostOfPlain = 0.8;
constexpr double kLeastHeld = 85.0;
constexpr double kMostHeld = 95.0;
constexpr char kTracks[] = "tracks against the truth, mean of raids";
constexpr char kZones[] = "zones against the truth, no official alarm";
constexpr char kCost[] = "cost of a raid on one core";

using of_tracker = std::function<double(tracker_figures const&)>;

double sum_of(std::vector<trial_figures> const& raids, tracker_figures trial_figures::*side, of_tracker const& what) {
  double sum = 0.0;
  for (auto const& raid : raids) sum += what(raid.*side);
  return sum;
}

class table {
 public:
  explicit table(std::vector<trial_figures> const& raids) : raids_{raids} {}

  void mean(char const* part, std::string what, std::string unit, of_tracker const& of, std::string note = {}) {
    add(part, std::move(what), std::move(unit), of, static_cast<double>(raids_.size()), {}, std::move(note));
  }
  void sum(char const* part, std::string what, of_tracker const& of, std::optional<bench::bound> target = {},
           std::string note = {}) {
    add(part, std::move(what), "", of, 1.0, target, std::move(note));
  }
  void add(figure one) { rows_.push_back(std::move(one)); }
  [[nodiscard]] std::vector<figure> rows() && { return std::move(rows_); }

 private:
  void add(char const* part, std::string what, std::string unit, of_tracker const& of, double over,
           std::optional<bench::bound> target, std::string note) {
    rows_.push_back({part,
                     std::move(what),
                     std::move(unit),
                     {sum_of(raids_, &trial_figures::ours, of) / over},
                     target,
                     {{"plain", sum_of(raids_, &trial_figures::plain, of) / over}},
                     std::move(note)});
  }

  std::vector<trial_figures> const& raids_;
  std::vector<figure> rows_;
};

double percent(coverage const& of) {
  return of.share() * 100.0;
}

coverage together(std::vector<trial_figures> const& raids, tracker_figures trial_figures::*side,
                  coverage zone_figures::*what) {
  coverage all;
  for (auto const& raid : raids) all += (raid.*side).zones.*what;
  return all;
}

std::vector<double> leads(std::vector<trial_figures> const& raids, tracker_figures trial_figures::*side) {
  std::vector<double> all;
  for (auto const& raid : raids) {
    auto const& lead = (raid.*side).zones.lead_s;
    all.insert(all.end(), lead.begin(), lead.end());
  }
  return all;
}

void add_track_rows(table& into, std::vector<trial_figures> const& raids) {
  auto const gospa = [](tracker_figures const& t) { return t.picture.gospa_m; };
  into.mean(kTracks, "GOSPA (order 2, cutoff 10 km)", "m", gospa, "in every fifth second, as OSPA");
  double worst = 0.0;
  for (auto const& raid : raids) worst = std::max(worst, raid.ours.picture.gospa_m / raid.plain.picture.gospa_m);
  into.add({kTracks,
            "GOSPA, of the plain tracker's",
            "",
            {sum_of(raids, &trial_figures::ours, gospa) / sum_of(raids, &trial_figures::plain, gospa)},
            at_most(kMostOfPlain),
            {},
            "worst raid " + bench::shown(worst)});
  into.mean(kTracks, "OSPA", "m", [](auto const& t) { return t.picture.ospa_m; });
  into.mean(kTracks, "distance of matched pairs (rms)", "m", [](auto const& t) { return t.picture.localisation_m; });
  into.mean(kTracks, "objects without a track", "", [](auto const& t) { return t.picture.missed; });
  into.mean(kTracks, "tracks without an object", "", [](auto const& t) { return t.picture.false_tracks; });
  into.mean(kTracks, "purity of tracks", "%", [](auto const& t) { return t.picture.purity * 100.0; });
  into.mean(kTracks, "breaks", "per object", [](auto const& t) { return t.picture.breaks; });
  into.mean(kTracks, "wrong class", "% of time", [](auto const& t) { return t.picture.wrong_class * 100.0; });
  into.mean(kTracks, "wrong family", "% of time", [](auto const& t) { return t.picture.wrong_family * 100.0; });
  into.mean(kTracks, "first report to confirmed track", "s", [](auto const& t) { return t.picture.first_track_s; });
  into.sum(kTracks, "objects reported and never tracked, all raids",
           [](auto const& t) { return t.picture.never_tracked; });
}

void add_arrival_rows(table& into, std::vector<trial_figures> const& raids) {
  auto const ours = together(raids, &trial_figures::ours, &zone_figures::arrival);
  auto const plain = together(raids, &trial_figures::plain, &zone_figures::arrival);
  auto const share = [&](std::size_t of) {
    return bench::shown(100.0 * static_cast<double>(of) / static_cast<double>(std::max<std::size_t>(1, ours.all())));
  };
  into.add({kZones,
            "arrivals within p05-p95",
            "%",
            {percent(ours)},
            at_least(kLeastHeld),
            {{"plain", percent(plain)}},
            std::to_string(ours.all()) + " forecasts, sooner " + share(ours.sooner) + " %, later " + share(ours.later) +
                " %"});
  into.add({kZones, "the same, not too wide", "%", {percent(ours)}, at_most(kMostHeld), {}, ""});
  std::map<threat_class, coverage> by_class;
  for (auto const& raid : raids)
    for (auto const& [kind, part] : raid.ours.zones.arrival_by_class) by_class[kind] += part;
  for (auto const& [kind, part] : by_class)
    into.add({kZones, "of them, " + std::string{name_of(kind)}, "%", {percent(part)}, {}, {}, ""});
  into.add({kZones,
            "arrivals within what a zone showed (hull of its memory)",
            "%",
            {percent(together(raids, &trial_figures::ours, &zone_figures::shown))},
            {},
            {{"plain", percent(together(raids, &trial_figures::plain, &zone_figures::shown))}},
            ""});
}

void add_zone_rows(table& into, std::vector<trial_figures> const& raids) {
  into.sum(kZones, "zones entered, all raids", [](auto const& t) { return static_cast<double>(t.zones.visits); });
  into.sum(
      kZones, "missed zones: entered while less than GO was shown, all raids",
      [](auto const& t) { return static_cast<double>(t.zones.missed); }, exactly(0));
  into.sum(kZones, "of them while all clear was shown",
           [](auto const& t) { return static_cast<double>(t.zones.unwarned); });
  into.sum(kZones, "entered while GO, not yet TAKE_COVER, was shown, all raids",
           [](auto const& t) { return static_cast<double>(t.zones.late_cover); });
  into.mean(kZones, "first report of a raid to the first alarm", "s",
            [](auto const& t) { return t.zones.first_alarm_s.value_or(0.0); });
  auto const ours = leads(raids, &trial_figures::ours);
  auto const plain = leads(raids, &trial_figures::plain);
  for (auto const& [name, share] :
       {std::pair{"GO before a visit, p05", 0.05}, std::pair{"GO before a visit, median", 0.5}})
    if (!ours.empty() && !plain.empty())
      into.add({kZones,
                name,
                "min",
                {bench::percentile(ours, share) / 60.0},
                {},
                {{"plain", bench::percentile(plain, share) / 60.0}},
                ""});
  into.mean(kZones, "zone-minutes at GO or above", "min", [](auto const& t) { return t.zones.alarm_minutes; });
  into.mean(
      kZones, "false zone-minutes", "min", [](auto const& t) { return t.zones.false_minutes; },
      "nothing in the zone for 8 min and nothing entering for 30");
}

double mean_at(std::vector<trial_figures> const& raids, tracker_figures trial_figures::*side, std::size_t minute) {
  double sum = 0.0;
  std::size_t count = 0;
  for (auto const& raid : raids) {
    auto const& minutes = (raid.*side).picture.gospa_by_minute;
    if (minute < minutes.size()) sum += minutes[minute], ++count;
  }
  return count == 0 ? 0.0 : sum / static_cast<double>(count);
}

nlohmann::json as_json(coverage const& of) {
  return {{"held", of.held}, {"sooner", of.sooner}, {"later", of.later}};
}

nlohmann::json as_json(tracker_figures const& of) {
  auto const& p = of.picture;
  auto const& z = of.zones;
  nlohmann::json one{{"gospa_m", p.gospa_m},
                     {"ospa_m", p.ospa_m},
                     {"localisation_m", p.localisation_m},
                     {"missed_objects", p.missed},
                     {"false_tracks", p.false_tracks},
                     {"purity", p.purity},
                     {"breaks_per_object", p.breaks},
                     {"wrong_class", p.wrong_class},
                     {"wrong_family", p.wrong_family},
                     {"first_track_s", p.first_track_s},
                     {"never_tracked", p.never_tracked},
                     {"zone_visits", z.visits},
                     {"missed_zones", z.missed},
                     {"unwarned_zones", z.unwarned},
                     {"late_cover", z.late_cover},
                     {"alarm_minutes", z.alarm_minutes},
                     {"false_minutes", z.false_minutes},
                     {"arrival", as_json(z.arrival)},
                     {"shown_arrival", as_json(z.shown)},
                     {"tracking_cpu_s", of.tracking_cpu_s},
                     {"zones_cpu_s", of.zones_cpu_s}};
  if (z.first_alarm_s) one["first_alarm_s"] = *z.first_alarm_s;
  return one;
}

}  // namespace

std::vector<figure> rows_of(std::vector<trial_figures> const& raids) {
  verify(!raids.empty(), "a table is of at least one raid");
  table rows{raids};
  add_track_rows(rows, raids);
  add_zone_rows(rows, raids);
  add_arrival_rows(rows, raids);
  rows.mean(kCost, "tracking", "s", [](auto const& t) { return t.tracking_cpu_s; });
  rows.mean(kCost, "zones", "s", [](auto const& t) { return t.zones_cpu_s; });
  return std::move(rows).rows();
}

nlohmann::json raids_as_json(std::vector<trial_figures> const& raids) {
  auto all = nlohmann::json::array();
  for (auto const& raid : raids)
    all.push_back({{"seed", raid.seed},
                   {"objects", raid.objects},
                   {"reports", raid.reports},
                   {"clutter", raid.clutter},
                   {"refused", raid.refused},
                   {"ours", as_json(raid.ours)},
                   {"plain", as_json(raid.plain)}});
  return all;
}

std::vector<std::pair<std::string, std::string>> plots_of(std::vector<trial_figures> const& raids) {
  picture_metrics::line_chart gospa{"GOSPA over the raid, mean of " + std::to_string(raids.size()) + " raids",
                                    "minutes since the first launch",
                                    "m, cutoff 10 km",
                                    {{"siren", {}}, {"plain", {}}},
                                    {}};
  std::size_t minutes = 0;
  for (auto const& raid : raids) minutes = std::max(minutes, raid.ours.picture.gospa_by_minute.size());
  for (std::size_t minute = 0; minute < minutes; ++minute) {
    gospa.lines[0].points.emplace_back(minute, mean_at(raids, &trial_figures::ours, minute));
    gospa.lines[1].points.emplace_back(minute, mean_at(raids, &trial_figures::plain, minute));
  }
  picture_metrics::line_chart arrivals{"Arrivals within p05-p95, by the time left",
                                       "minutes until the zone was entered",
                                       "% of forecasts",
                                       {},
                                       std::pair{kLeastHeld, kMostHeld}};
  for (auto const& [name, side] :
       {std::pair{"siren", &trial_figures::ours}, std::pair{"plain", &trial_figures::plain}}) {
    std::map<std::int64_t, coverage> by_minutes;
    for (auto const& raid : raids)
      for (auto const& [left, part] : (raid.*side).zones.arrival_by_minutes) by_minutes[left] += part;
    picture_metrics::chart_line line{name, {}};
    for (auto const& [left, part] : by_minutes)
      if (part.all() >= 20) line.points.emplace_back(left, percent(part));
    if (!line.points.empty()) arrivals.lines.push_back(std::move(line));
  }
  std::vector<std::pair<std::string, std::string>> plots;
  if (!gospa.lines[0].points.empty()) plots.emplace_back("gospa", picture_metrics::as_svg(gospa));
  if (!arrivals.lines.empty()) plots.emplace_back("arrivals", picture_metrics::as_svg(arrivals));
  return plots;
}

}  // namespace siren::raids
