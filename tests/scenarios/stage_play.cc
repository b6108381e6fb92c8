#include "scenarios/stage_play.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>

#include "core/alert/alert_book.h"
#include "core/alert/wording.h"
#include "core/track/tracker.h"
#include "core/zone/zone_picture.h"

namespace siren::scenario {
namespace {

constexpr seconds kStep{5};
constexpr double kNoiseM = 150.0;
constexpr char kRadar[] = "radar";
constexpr utc_time kStart{seconds{1'769'200'000}};  // 23 January 2026, in the evening

struct flyer {
  threat_class kind = threat_class::unknown;
  lat_lon place;
  double course = 0.0;  // degrees
  double speed = 0.0;   // m/s
  double turn = 0.0;    // degrees a second
  std::vector<source_id> by = {source_id{kRadar}};
};

/// The word after `key` at or after `from`; empty: not there.
std::string word_after(std::vector<std::string> const& words, std::string const& key, std::size_t from = 3) {
  for (auto i = from; i + 1 < words.size(); ++i)
    if (words[i] == key) return words[i + 1];
  return "";
}

std::vector<source_id> sources_in(std::string const& list) {
  std::vector<source_id> sources;
  std::istringstream in{list.empty() ? kRadar : list};
  for (std::string name; std::getline(in, name, ',');) sources.emplace_back(name);
  return sources;
}

/// Noise that is the same in every run: [-1, 1), from the report's number.
double noise(std::uint64_t n) {
  n = (n + 0x9e3779b97f4a7c15ULL) * 0xbf58476d1ce4e5b9ULL;
  n = (n ^ (n >> 27)) * 0x94d049bb133111ebULL;
  return static_cast<double>((n ^ (n >> 31)) >> 11) / 4503599627370496.0 - 1.0;
}

std::string clock_words(seconds at) {
  char text[32];
  auto const s = at.count();
  if (s >= 86400) {
    std::snprintf(text, sizeof text, "+%lldd", static_cast<long long>(s / 86400));
  } else if (s >= 3600) {
    std::snprintf(text, sizeof text, "+%lld:%02lld:%02lld", static_cast<long long>(s / 3600),
                  static_cast<long long>(s / 60 % 60), static_cast<long long>(s % 60));
  } else {
    std::snprintf(text, sizeof text, "+%02lld:%02lld", static_cast<long long>(s / 60), static_cast<long long>(s % 60));
  }
  return text;
}

std::string threat_line(threat const& t, utc_time now) {
  constexpr std::string_view winds[] = {"", " N", " NE", " E", " SE", " S", " SW", " W", " NW"};
  std::string line;
  if (t.by == issuer::official) {
    line = "official " + std::string{name_of(t.alarm)};
  } else if (t.by == issuer::city_operator) {
    line = "order";
  } else {
    line = std::string{name_of(t.kind)} + std::string{winds[static_cast<std::size_t>(t.from)]};
  }
  if (t.arrival) {
    auto const first = std::chrono::floor<minutes>(std::max(t.arrival->earliest - now, microseconds{0})).count();
    auto const last = std::chrono::ceil<minutes>(std::max(t.arrival->latest - now, microseconds{0})).count();
    line += " " + std::to_string(first) + "-" + std::to_string(last) + " min";
  }
  return line + " (" + t.issuer_name + ")";
}

std::string group_of(alert const& a) {
  std::set<std::string> groups;
  for (auto const& t : a.threats) {
    groups.insert(std::string{name_of(t.by)} + t.issuer_name + std::string{name_of(t.kind)} +
                  std::string{name_of(t.alarm)});
  }
  std::string all = std::string{name_of(a.level)} + (a.partly ? " partly" : "");
  for (auto const& g : groups) all += "|" + g;
  return all;
}

class theatre {
 public:
  explicit theatre(story const& s) : story_{s}, zones_{built(s.zones)} {
    zone_event_in(feed_state{source_id{kRadar}, true, time(), source_trust::trusted});
  }

  outcome run() {
    std::size_t next = 0;
    for (;;) {
      while (next < story_.timeline.size() && story_.timeline[next].at <= now_) {
        auto const& words = story_.timeline[next++].words;
        if (words.front() == "end") return std::move(out_);
        perform(words);
      }
      report_all();
      track_event(tick{time()});
      zone_event_in(tick{time()});
      check_floor();
      auto const idle = flying_.empty() && tracker_.tracks.empty() && story_.timeline[next].at - now_ > hours{48};
      auto const step = idle ? seconds{hours{24}} : kStep;
      now_ += step;
      for (auto& [name, f] : flying_) fly(f, static_cast<double>(step.count()));
    }
  }

 private:
  static zone_map built(std::vector<zone> const& zones) {
    auto made = zone_map::build(zones);
    if (!made.ok()) throw std::runtime_error{made.error().message};
    return *made;
  }

  [[nodiscard]] utc_time time() const { return kStart + now_; }

  static void fly(flyer& f, double s) {
    f.place = destination(f.place, degrees{f.course}, meters{f.speed * s});
    f.course = std::fmod(f.course + f.turn * s + 360.0, 360.0);
  }

  void perform(std::vector<std::string> const& w) {
    auto const& verb = w.front();
    if (verb == "track") {
      flying_[w.at(1)] = {kind(w.at(2)), story_.marked(w.at(4)),         std::stod(w.at(6)), std::stod(w.at(8)),
                          0.0,           sources_in(word_after(w, "by"))};
    } else if (verb == "by") {
      flying_.at(w.at(1)).by = sources_in(w.at(2));
    } else if (verb == "turn") {
      auto& f = flying_.at(w.at(1));
      f.course = std::stod(w.at(3));
      f.turn = 0.0;
      if (w.size() > 5) f.speed = std::stod(w.at(5));
    } else if (verb == "circle") {
      auto& f = flying_.at(w.at(1));
      f.turn = f.speed / (std::stod(w.at(3)) * 1000.0) * 180.0 / std::numbers::pi;
    } else if (verb == "destroyed") {
      report(w.at(1), flying_.at(w.at(1)), object_status::destroyed);
      flying_.erase(w.at(1));
    } else if (verb == "silent") {
      flying_.erase(w.at(1));
    } else if (verb == "report") {
      report(w.at(1), {kind(w.at(2)), story_.marked(w.at(4)), 0.0, 0.0, 0.0, sources_in(word_after(w, "by"))},
             object_status::active);
    } else if (verb == "launch" || verb == "over") {
      launch(w);
    } else if (verb == "rezone") {
      rezone();
    } else {
      declare(w);
    }
  }

  void launch(std::vector<std::string> const& w) {
    auto& said = launches_[w.at(1)];
    said.native_id = w.at(1);
    said.over = w.front() == "over";
    said.at = time();
    said.trace = trace();
    if (!said.over) {
      said.source = sources_in(word_after(w, "by")).front();
      said.kind = kind(w.at(2));
      said.from = story_.marked(w.at(4));
      if (auto const course = word_after(w, "course"); !course.empty()) said.course = degrees{std::stod(course)};
    }
    zone_event_in(said);
  }

  /// As a new engine does: from the log, the running alarms and the picture.
  void rezone() {
    zone_memory memory;
    for (auto const& [zone, open] : book_.open) memory.shown.push_back({zone, open.level, open.partly, open.threats});
    for (auto const& [key, holders] : picture_.official.holders)
      for (auto const& [source, since] : holders)
        memory.alarms.push_back({source, "", key.first, key.second, true, since, story_.where, trace(), wall_time{}});
    for (auto const& [zone, by_operator] : picture_.orders)
      for (auto const& [name, order] : by_operator) memory.orders.push_back(order);
    memory.at = time();
    auto const trust = picture_.trust;
    zones_ = built(story_.later_zones);
    picture_ = {};
    restore(picture_, memory, zones_, judging_);
    for (auto const& [source, worth] : trust) zone_event_in(feed_state{source, true, time(), worth});
    for (auto const& t : tracker_.tracks) zone_event_in(track_change{t.now, track_end::none});
    for (auto const& [name, said] : launches_) zone_event_in(said);
    zone_event_in(tick{time()});
    for (auto const& a : end_gone(book_, zones_, time())) tell(a);
  }

  static source_trust worth(std::string const& name) {
    if (name == "trusted") return source_trust::trusted;
    if (name == "counts") return source_trust::counts;
    if (name == "informs") return source_trust::informs;
    throw std::runtime_error{"no such trust: " + name};
  }

  void declare(std::vector<std::string> const& w) {
    auto const& verb = w.front();
    if (verb == "official") {
      zone_event_in(region_alarm{source_id{w.at(1)}, w.at(2), zone_id{w.at(2)}, alarm(w.at(3)), w.at(4) == "on", time(),
                                 story_.where, trace(), wall_time{}});
    } else if (verb == "feed") {
      zone_event_in(feed_state{source_id{w.at(1)}, w.at(2) == "alive", time()});
    } else if (verb == "source") {
      zone_event_in(feed_state{source_id{w.at(1)}, true, time(), worth(w.at(2))});
    } else if (verb == "order") {
      zone_event_in(operator_order{"r" + std::to_string(reports_), w.at(1), zone_id{w.at(2)}, level(w.at(3)), "",
                                   time(), trace()});
    } else if (verb == "text") {
      auto const l = language_named(w.at(2)).value();
      auto const words = words_of(newest_.at(w.at(1)), *zones_.find(zone_id{w.at(1)}), l, story_.where, time());
      out_.lines.push_back(clock_words(now_) + " " + w.at(1) + " says " + words.headline + " | " + words.body);
    } else {
      throw std::runtime_error{"no such act: " + verb};
    }
  }

  static threat_class kind(std::string const& name) {
    auto const found = threat_class_named(name);
    if (!found) throw std::runtime_error{"no such class: " + name};
    return *found;
  }
  static alarm_type alarm(std::string const& name) {
    for (std::size_t i = 0; i < kAlarmTypes; ++i) {
      if (name_of(static_cast<alarm_type>(i)) == name) return static_cast<alarm_type>(i);
    }
    throw std::runtime_error{"no such alarm: " + name};
  }
  static stage level(std::string const& name) {
    if (name == "withdraw") return stage::all_clear;
    for (auto const s : {stage::prepare, stage::go, stage::take_cover}) {
      if (name_of(s) == name) return s;
    }
    throw std::runtime_error{"no such stage: " + name};
  }
  static trace_id trace() { return trace_id{"0123456789abcdef0123456789abcdef"}; }

  void report_all() {
    for (auto const& [name, f] : flying_) report(name, f, object_status::active);
  }

  void report(std::string const& name, flyer const& f, object_status status) {
    for (auto const& source : f.by) report(source, name, f, status);
  }

  void report(source_id const& source, std::string const& name, flyer const& f, object_status status) {
    ++reports_;
    observation seen;
    seen.source = source;
    seen.native_id = name;
    seen.observed_at = time();
    auto const east = kNoiseM * noise(2 * reports_);
    auto const north = kNoiseM * noise(2 * reports_ + 1);
    seen.position = local_plane{f.place}.to_place({meters{east}, meters{north}});
    seen.position_sigma = meters{kNoiseM};
    auto const c = to_radians(degrees{f.course});
    if (f.speed > 0.0) {
      seen.velocity =
          ground_velocity{meters_per_second{f.speed * std::sin(c)}, meters_per_second{f.speed * std::cos(c)}};
      seen.velocity_sigma = meters_per_second{f.speed * 0.05};
    }
    seen.kind = f.kind;
    seen.status = status;
    seen.belongs_to = story_.where;
    seen.trace = trace();
    track_event(seen);
  }

  void track_event(picture_event const& event) {
    for (auto const& change : apply(tracker_, event, tracking_)) zone_event_in(change);
  }

  void zone_event_in(zone_event const& event) {
    for (auto const& change : apply(picture_, event, zones_, judging_)) {
      for (auto const& a : apply(book_, change, alerting_)) tell(a);
    }
  }

  void tell(alert const& a) {
    auto const group = group_of(a);
    auto& last = told_[a.zone.value];
    auto const was = newest_.find(a.zone.value);
    auto const follows = was == newest_.end() || was->second.ended()
                             ? a.rev == 1
                             : a.id == was->second.id && a.rev == was->second.rev + 1;
    if (!follows) out_.broken.push_back("no hole: " + a.id.value + " rev " + std::to_string(a.rev));
    newest_[a.zone.value] = a;
    if (group == last) {
      ++out_.updates[a.zone.value];
      return;
    }
    last = group;
    auto name = std::string{name_of(a.level)};
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char ch) { return std::toupper(ch); });
    auto line = clock_words(now_) + " " + a.zone.value + " " + name + (a.partly ? " partly" : "");
    for (std::size_t i = 0; i < a.threats.size(); ++i)
      line += (i == 0 ? ": " : "; ") + threat_line(a.threats[i], time());
    out_.lines.push_back(line);
  }

  void check_floor() {
    for (auto const& z : zones_.all()) {
      auto floor = stage::all_clear;
      std::vector<zone_id> regions;
      auto places = zones_.ancestors_at(*zones_.position_of(z.id));
      places.push_back(*zones_.position_of(z.id));
      for (auto const at : places) {
        auto const& place = zones_.all()[at];
        regions.push_back(place.id);
        regions.insert(regions.end(), place.replaces.begin(), place.replaces.end());
      }
      for (auto const& r : regions) {
        for (auto const& alarm : alarms_of(picture_.official, r)) {
          floor = std::max(floor, judging_.official_asks[static_cast<std::size_t>(alarm.type)]);
        }
      }
      auto const open = book_.open.find(z.id);
      auto const shown = open == book_.open.end() ? stage::all_clear : open->second.level;
      if (shown < floor) out_.broken.push_back("official floor: " + z.id.value + " at " + clock_words(now_));
    }
  }

  story const& story_;
  zone_map zones_;
  track_policy tracking_;
  zone_policy judging_ = default_zone_policy();
  alert_policy alerting_;
  picture tracker_;
  zone_picture picture_;
  alert_book book_;
  std::map<std::string, flyer> flying_;
  std::map<std::string, launch_report> launches_;
  std::map<std::string, alert> newest_;
  std::map<std::string, std::string> told_;
  seconds now_{0};
  std::uint64_t reports_ = 0;
  outcome out_;
};

}  // namespace

outcome play(story const& s) {
  return theatre{s}.run();
}

}  // namespace siren::scenario
