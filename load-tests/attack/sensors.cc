#include <algorithm>
#include <cmath>

#include "attack/observing.h"
#include "attack/random_stream.h"
#include "attack/timeline.h"

namespace siren::attack {
namespace {

// How much faster than this an object must be for a network to follow it at its missile rate: no drone flies 250 m/s.
constexpr double kFastMps = 250.0;
constexpr double kDestroyedReported = 0.7;  // chance that someone reports a shoot-down

void put_time(utc_time at, google::protobuf::Timestamp* to) {
  auto const us = at.time_since_epoch().count();
  to->set_seconds(us / 1'000'000);
  to->set_nanos(static_cast<std::int32_t>(us % 1'000'000 * 1000));
}

bool leaves_no_time(threat_class kind) {
  return kind == threat_class::ballistic_missile || kind == threat_class::aeroballistic_missile ||
         kind == threat_class::hypersonic_missile;
}

seconds between(seconds low, seconds high, random_stream& random) {
  return seconds{low.count() +
                 static_cast<std::int64_t>(random.unit() * static_cast<double>((high - low).count() + 1))};
}

lat_lon noisy(lat_lon place, meters sigma, random_stream& random) {
  auto const east = random.normal() * sigma.value;
  auto const north = random.normal() * sigma.value;
  local_plane const around{place};
  return around.to_place({meters{east}, meters{north}});
}

class network {
 public:
  network(sensor const& s, std::uint32_t feed, random_stream& random, std::vector<timed_record>& out)
      : sensor_{s}, feed_{feed}, random_{random}, out_{out} {}

  void watch(flight const& object) {
    auto const fast = object.speed_at(object.begins()).value > kFastMps;
    if (sensor_.missiles_only && !fast) return;
    auto const period = fast ? sensor_.fast_period : sensor_.period;
    auto const first =
        microseconds{static_cast<std::int64_t>(random_.unit() * static_cast<double>(microseconds{period}.count()))};
    for (auto at = object.begins() + first; at < object.ends(); at += period) {
      auto const place = object.place_at(at);
      if (distance(place, sensor_.centre) > sensor_.reach || random_.chance(sensor_.miss)) continue;
      report(object, at, place, threats::v1::OBJECT_STATUS_ACTIVE);
    }
    if (sensor_.tells_launches && leaves_no_time(object.kind)) launched(object);
    auto const end = object.path.back().place;
    if (object.stopped && distance(end, sensor_.centre) < sensor_.reach && random_.chance(kDestroyedReported))
      report(object, object.ends(), end, threats::v1::OBJECT_STATUS_DESTROYED);
  }

  void launched(flight const& object) {
    for (auto const over : {false, true}) {
      auto const at = over ? object.ends() : object.begins();
      timed_record entry{at + between(sensor_.shortest_delay, sensor_.longest_delay, random_), feed_, {}};
      auto& said = *entry.record.mutable_launch();
      said.set_source(sensor_.name);
      said.set_native_id("launch-" + std::to_string(object.number));
      said.set_threat_class(static_cast<threats::v1::ThreatClass>(object.kind));
      auto const where = object.path.front().place;
      said.mutable_position()->set_latitude_deg(where.lat.value);
      said.mutable_position()->set_longitude_deg(where.lon.value);
      said.set_course_deg(object.course_at(object.begins()).value);
      said.set_over(over);
      put_time(at, said.mutable_launched_time());
      said.set_world(geo::v1::WORLD_EXERCISE);
      out_.push_back(std::move(entry));
    }
  }

  void imagine(utc_time from, utc_time to) {
    auto const span = static_cast<double>((to - from).count()) / 3.6e9;
    auto const number = static_cast<int>(sensor_.false_reports_per_hour * span + random_.unit());
    for (int i = 0; i < number; ++i) {
      auto const at =
          from + microseconds{static_cast<std::int64_t>(random_.unit() * static_cast<double>((to - from).count()))};
      auto const place =
          destination(sensor_.centre, degrees{random_.between(0, 360)}, sensor_.reach * std::sqrt(random_.unit()));
      auto& seen = add(at, place);
      seen.set_threat_class(threats::v1::THREAT_CLASS_UNSPECIFIED);
    }
  }

 private:
  threats::v1::Observation& add(utc_time at, lat_lon place) {
    timed_record entry{at + between(sensor_.shortest_delay, sensor_.longest_delay, random_), feed_, {}};
    auto& seen = *entry.record.mutable_observation();
    seen.set_source(sensor_.name);
    seen.set_native_id(sensor_.name + "-" + std::to_string(++reports_));
    put_time(at, seen.mutable_observed_time());
    auto const where = noisy(place, sensor_.position_sigma, random_);
    seen.mutable_position()->set_latitude_deg(where.lat.value);
    seen.mutable_position()->set_longitude_deg(where.lon.value);
    seen.set_position_sigma_m(sensor_.position_sigma.value);
    seen.set_count(1);
    seen.set_status(threats::v1::OBJECT_STATUS_ACTIVE);
    seen.set_world(geo::v1::WORLD_EXERCISE);
    out_.push_back(std::move(entry));
    return *out_.back().record.mutable_observation();
  }

  void report(flight const& object, utc_time at, lat_lon place, threats::v1::ObjectStatus status) {
    auto& seen = add(at, place);
    seen.set_status(status);
    if (random_.chance(sensor_.tells_class)) seen.set_threat_class(static_cast<threats::v1::ThreatClass>(object.kind));
    if (!sensor_.velocity_sigma) return;
    auto const speed = object.speed_at(at).value;
    auto const heading = to_radians(object.course_at(at));
    auto const sigma = sensor_.velocity_sigma->value;
    seen.mutable_velocity()->set_east_mps(speed * std::sin(heading) + random_.normal() * sigma);
    seen.mutable_velocity()->set_north_mps(speed * std::cos(heading) + random_.normal() * sigma);
    seen.set_velocity_sigma_mps(sigma);
  }

  sensor const& sensor_;
  std::uint32_t feed_;
  random_stream& random_;
  std::vector<timed_record>& out_;
  std::uint64_t reports_ = 0;
};

lat_lon near_kyiv(double lat, double lon, lat_lon city_centre) {
  return moved_to({degrees{lat}, degrees{lon}}, city_centre);
}

}  // namespace

std::vector<sensor> sensors_around(lat_lon city_centre) {
  auto const at = [&](double lat, double lon) { return near_kyiv(lat, lon, city_centre); };
  auto const speed = [](double mps) { return std::optional{meters_per_second{mps}}; };
  return {
      {"radar_north", at(51.3, 31.4), meters{260e3}, meters{300}, speed(8), seconds{60}, seconds{8}, 0.12, 0.7,
       seconds{1}, seconds{4}, 1.5},
      {"radar_east", at(50.2, 35.4), meters{280e3}, meters{350}, speed(8), seconds{60}, seconds{8}, 0.12, 0.7,
       seconds{1}, seconds{4}, 1.5},
      {"radar_south", at(48.2, 34.6), meters{280e3}, meters{350}, speed(8), seconds{60}, seconds{8}, 0.12, 0.7,
       seconds{1}, seconds{4}, 1.0},
      {"acoustic_city", at(50.6, 30.8), meters{120e3}, meters{700}, std::nullopt, seconds{75}, seconds{60}, 0.25, 0.9,
       seconds{2}, seconds{6}, 2.0},
      {kTrustedSensor, at(50.45, 32.0), meters{700e3}, meters{1'500}, speed(40), seconds{60}, seconds{6}, 0.05, 1.0,
       seconds{4}, seconds{9}, 0.0, true, true},
  };
}

void observe(raid const& truth, std::vector<sensor> const& sensors, std::uint64_t seed,
             std::vector<timed_record>& out) {
  for (std::uint32_t i = 0; i < sensors.size(); ++i) {
    random_stream random{seed * 1'000 + i};  // its own stream: one network more or less doesn't change the others
    network eyes{sensors[i], i, random, out};
    for (auto const& object : truth.flights) eyes.watch(object);
    eyes.imagine(truth.begins, truth.ends);
  }
}

}  // namespace siren::attack
