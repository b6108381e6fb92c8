#include <algorithm>
#include <array>
#include <cmath>

#include "core/plan/ways.h"
#include "core/route/hilbert.h"

namespace siren {
namespace {

/// Google's encoding at 1e-5 of places in 1e-7 degrees, without a detour over doubles.
class line_writer {
 public:
  explicit line_writer(std::string& out) : out_{out} { out_.clear(); }

  void add(place_e7 place) {
    auto const lat = rounded(place.lat);
    auto const lon = rounded(place.lon);
    if (lat == lat_ && lon == lon_ && begun_) return;
    if (size_ + 2 * kLongest > text_.size()) flush();
    number(lat - lat_);
    number(lon - lon_);
    lat_ = lat;
    lon_ = lon;
    begun_ = true;
  }
  void flush() {
    out_.append(text_.data(), size_);
    size_ = 0;
  }

 private:
  static constexpr std::size_t kLongest = 7;  // characters of 32 bits in fives
  static std::int32_t rounded(std::int32_t e7) { return (e7 + (e7 < 0 ? -50 : 50)) / 100; }
  void number(std::int32_t value) {
    auto bits = static_cast<std::uint32_t>(value) << 1;
    if (value < 0) bits = ~bits;
    for (; bits >= 0x20; bits >>= 5) text_[size_++] = static_cast<char>((0x20 | (bits & 0x1F)) + 63);
    text_[size_++] = static_cast<char>(bits + 63);
  }

  std::string& out_;
  std::array<char, 512> text_;  // filled before it is read
  std::size_t size_ = 0;
  std::int32_t lat_ = 0;
  std::int32_t lon_ = 0;
  bool begun_ = false;
};

/// A route's line and length, edge by edge.
class line_of_way {
 public:
  line_of_way(street_graph const& streets, std::string& out) : streets_{streets}, line_{out} {}

  void start(standing const& from) {
    line_.add(to_e7(from.position));
    line_.add(to_e7(from.street));
    cm_ += from.access_cm;
  }
  void walk_edge(edge_index e) {
    auto const& edge = streets_.edge(e);
    add_inner(e, edge, [](auto) { return true; });
    line_.add(streets_.arrays().nodes[edge.target().value]);
    cm_ += edge.length_cm();
  }
  /// Inner points strictly between; the begin is drawn already.
  void walk_part(leg const& part) {
    auto const& edge = streets_.edge(part.edge);
    if (part.to_cm <= part.from_cm) return;
    if (part.from_cm == 0 && part.to_cm == edge.length_cm()) return walk_edge(part.edge);
    cm_ += part.to_cm - part.from_cm;
    auto const begin = streets_.arrays().nodes[streets_.source(part.edge).value];
    auto const end = streets_.arrays().nodes[edge.target().value];
    if (streets_.inner_shape(edge.segment()).empty()) {
      line_.add(between(begin, end, static_cast<double>(part.to_cm) / edge.length_cm()));
      return;
    }
    double const lon_scale = std::cos(begin.lat * 1e-7 * 0.017453292519943295);
    auto const size = [&](place_e7 a, place_e7 b) {
      return std::hypot(static_cast<double>(b.lat) - a.lat, (static_cast<double>(b.lon) - a.lon) * lon_scale);
    };
    double total = 0.0;
    auto last = begin;
    auto const measure = [&](place_e7 p) {
      total += size(last, p);
      last = p;
      return false;
    };
    add_inner(part.edge, edge, measure);
    measure(end);
    double const from = total * part.from_cm / edge.length_cm();
    double const to = total * part.to_cm / edge.length_cm();
    double at = 0.0;
    last = begin;
    bool done = false;
    auto const draw = [&](place_e7 p) {
      double const step = size(last, p);
      if (!done && at + step >= to) {
        double const share = step > 0.0 ? (to - at) / step : 0.0;
        line_.add(between(last, p, share));
        done = true;
      }
      at += step;
      last = p;
      return !done && at > from;
    };
    add_inner(part.edge, edge, draw);
    draw(end);
    if (!done) line_.add(end);  // rounding of the sum
  }
  void finish(anchor const& door, place_e7 at) {
    line_.add(at);
    line_.flush();
    cm_ += door.access_cm;
  }
  [[nodiscard]] std::uint32_t length_cm() const { return cm_; }

 private:
  static place_e7 between(place_e7 a, place_e7 b, double share) {
    return {a.lat + static_cast<std::int32_t>((b.lat - a.lat) * share),
            a.lon + static_cast<std::int32_t>((b.lon - a.lon) * share)};
  }
  /// Points for which `wanted` says so, in walking order.
  template <typename Wanted>
  void add_inner(edge_index e, street_edge const& edge, Wanted wanted) {
    auto const inner = streets_.inner_shape(edge.segment());
    if (inner.empty()) return;
    if (streets_.is_forward(e)) {
      for (auto const p : inner)
        if (wanted(p)) line_.add(p);
    } else {
      for (auto p = inner.rbegin(); p != inner.rend(); ++p)
        if (wanted(*p)) line_.add(*p);
    }
  }

  street_graph const& streets_;
  line_writer line_;
  std::uint32_t cm_ = 0;
};

/// Neighbours have near keys: cells of 1/500 degree (some 200 m) along the Hilbert curve. Not finite: 0.
std::uint32_t place_key(lat_lon place) {
  if (!on_earth(place)) return 0;
  auto const cell = [](degrees d) { return static_cast<std::uint16_t>(static_cast<std::int32_t>(d.value * 500.0)); };
  return hilbert_key(cell(place.lon), cell(place.lat));
}

}  // namespace

std::optional<lean_route> route_of(city_view const& view, lat_lon position, walking_profile profile, phone_share share,
                                   judge_policy const& policy, std::string& polyline) {
  if (!usable(view)) return std::nullopt;
  auto from = stand_at(view, position, policy.walking.of(profile).walks);
  if (!from) return std::nullopt;
  auto const to = choose_from(view, *from, profile, share, std::nullopt, policy);
  if (!to) return std::nullopt;
  auto const target = to->walked_to(*view.plan);
  auto const way = best_way(view, *from, target);
  if (!way) return std::nullopt;
  auto const times = times_of(view, profile, way->ms, to->ride, policy);
  if (times.slow > policy.longest_walk) return std::nullopt;

  line_of_way line{view.streets, polyline};
  line.start(*from);
  auto const doors = view.walks->doors(from->g, target);
  auto door = way->door;
  if (way->end == 2) {
    line.walk_part(leg_between(view.streets, doors[door].edge, from->along_cm, doors[door].along_cm));
  } else {
    auto const entries = view.walks->entries(from->g, target);
    auto const& costs = view.walks->costs(from->g);
    line.walk_part(from->ends[way->end].part);
    auto local = way->local;
    for (; entries[local].next != kReachRoot; local = entries[local].next)
      line.walk_edge(reach_edge(view.streets, costs, entries, local));
    door = door_of(view.walks->roots(from->g, target), local);
    line.walk_part(last_leg(view, from->g, doors[door], entries[local].node));
  }
  line.finish(doors[door], to_e7(view.plan->facts[target.value].entrances[door].place));
  return lean_route{*to, door, times.usual, times.slow, line.length_cm()};
}

void routes_of(city_view const& view, std::span<lean_question const> askers, judge_policy const& policy,
               take_route const& take) {
  std::vector<std::uint64_t> order;
  order.reserve(askers.size());
  for (std::uint32_t i = 0; i < askers.size(); ++i)
    order.push_back(std::uint64_t{place_key(askers[i].position)} << 32 | i);
  std::sort(order.begin(), order.end());
  std::string polyline;
  for (auto const keyed : order) {
    auto const i = static_cast<std::uint32_t>(keyed);
    polyline.clear();
    auto const& asker = askers[i];
    take(i, route_of(view, asker.position, asker.profile, asker.share, policy, polyline), polyline);
  }
}

}  // namespace siren
