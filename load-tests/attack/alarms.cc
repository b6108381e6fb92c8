#include <algorithm>
#include <map>

#include "attack/observing.h"
#include "attack/random_stream.h"
#include "attack/timeline.h"

namespace siren::attack {
namespace {

constexpr seconds kLook{60};          // officers look at the picture about once a minute
constexpr seconds kShortestDelay{8};  // from the report to the declaration: 8-15 s today
constexpr seconds kLongestDelay{15};
constexpr minutes kClearAfter{18};      // quiet this long before an official all-clear
constexpr double kWarningMinutes = 25;  // a drone this far away in flight time raises the alarm
constexpr double kMissileWarningMinutes = 12;
constexpr double kFastMps = 250;
constexpr meters kHeadingTolerance{25e3};  // the straight line ahead passes this near

bool declared_for(zone_kind kind) {
  return kind == zone_kind::raion || kind == zone_kind::city;
}

bool threatens(flight const& object, utc_time at, region const& area) {
  if (at < object.begins() || at >= object.ends()) return false;
  auto const place = object.place_at(at);
  auto const speed = object.speed_at(at);
  auto const reach = meters{speed.value * 60 * (speed.value > kFastMps ? kMissileWarningMinutes : kWarningMinutes)};
  // The bound is cheap, the exact distance is not: most objects are far from most areas.
  if (distance(place, area.centroid()) > reach + area.bounding_radius()) return false;
  auto const away = area.distance_to(place);
  if (away.value == 0) return true;
  if (away > reach) return false;
  auto const ahead = destination(place, object.course_at(at), away + area.bounding_radius() * 0.5);
  return area.distance_to(ahead) < kHeadingTolerance ||
         area.distance_to(destination(place, object.course_at(at), away)) < kHeadingTolerance;
}

struct alarm_span {
  utc_time from;
  utc_time to;
};

std::vector<alarm_span> spans_for(raid const& truth, region const& area) {
  std::vector<alarm_span> spans;
  std::optional<utc_time> since;
  std::optional<utc_time> last;
  for (auto at = truth.begins; at < truth.ends; at += kLook) {
    auto const danger = std::any_of(truth.flights.begin(), truth.flights.end(),
                                    [&](auto const& object) { return threatens(object, at, area); });
    if (danger) {
      if (!since) since = at;
      last = at;
    } else if (since && at - *last > kClearAfter) {
      spans.push_back({*since, at});
      since.reset();
    }
  }
  if (since) spans.push_back({*since, std::min(truth.ends - kLook, *last + kClearAfter)});
  return spans;
}

void put_time(utc_time at, google::protobuf::Timestamp* to) {
  to->set_seconds(at.time_since_epoch().count() / 1'000'000);
}

}  // namespace

void declare_alarms(raid const& truth, zone_map const& zones, std::vector<std::uint32_t> const& feeds,
                    std::vector<feed_info> const& names, std::uint64_t seed, std::vector<timed_record>& out) {
  random_stream random{seed ^ 0xA1A2A3A4ULL};
  for (auto const& z : zones.all()) {
    if (!declared_for(z.kind)) continue;
    std::uint32_t number = 0;
    for (auto const& span : spans_for(truth, zones.region_of(z.id))) {
      ++number;
      for (auto const feed : feeds) {
        for (auto const active : {true, false}) {
          auto const delay =
              kShortestDelay + seconds{static_cast<std::int64_t>(
                                   random.unit() * static_cast<double>((kLongestDelay - kShortestDelay).count()))};
          auto const at = (active ? span.from : span.to) + delay;
          timed_record entry{at, feed, {}};
          auto& alarm = *entry.record.mutable_region_alarm();
          alarm.set_source(names[feed].source);
          alarm.set_native_id(names[feed].source + "-" + z.id.value + "-" + std::to_string(number));
          alarm.set_region_id(z.id.value);
          alarm.set_type(threats::v1::ALARM_TYPE_AIR);
          alarm.set_active(active);
          put_time(at, alarm.mutable_changed_time());
          alarm.set_world(geo::v1::WORLD_EXERCISE);
          out.push_back(std::move(entry));
        }
      }
    }
  }
}

timeline make_timeline(raid const& truth, std::vector<sensor> const& sensors, zone_map const& zones,
                       std::uint64_t seed) {
  timeline made{truth.begins, truth.ends, {}, {}};
  for (auto const& s : sensors) made.feeds.push_back({s.name, false});
  auto const first = static_cast<std::uint32_t>(made.feeds.size());
  made.feeds.push_back({"air_force", true});
  made.feeds.push_back({"oblast_operator", true});
  observe(truth, sensors, seed, made.records);
  declare_alarms(truth, zones, {first, first + 1}, made.feeds, seed, made.records);
  std::stable_sort(made.records.begin(), made.records.end(),
                   [](auto const& a, auto const& b) { return a.send_at < b.send_at; });
  std::erase_if(made.records, [&](auto const& r) { return r.send_at >= truth.ends; });
  std::uint64_t number = 0;
  for (auto& record : made.records) record.record.set_record_number(++number);
  return made;
}

}  // namespace siren::attack
