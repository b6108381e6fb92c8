#include "core/zone/outline.h"

#include <algorithm>
#include <cmath>

#include "core/base/verify.h"

namespace siren {
namespace {

using ring = std::vector<plane_point>;

double cross(plane_point a, plane_point b) {
  return a.east.value * b.north.value - a.north.value * b.east.value;
}
plane_point minus(plane_point a, plane_point b) {
  return {a.east - b.east, a.north - b.north};
}
double length(plane_point a) {
  return std::hypot(a.east.value, a.north.value);
}

plane_point polar(meters away, degrees bearing) {
  return {away * std::sin(to_radians(bearing)), away * std::cos(to_radians(bearing))};
}

double distance_to_segment(plane_point p, plane_point a, plane_point b) {
  auto const along = minus(b, a);
  auto const to_p = minus(p, a);
  auto const squared = along.east.value * along.east.value + along.north.value * along.north.value;
  if (squared <= 0.0) return length(to_p);
  auto const share = (to_p.east.value * along.east.value + to_p.north.value * along.north.value) / squared;
  auto const k = std::clamp(share, 0.0, 1.0);
  return length({to_p.east - along.east * k, to_p.north - along.north * k});
}

/// Douglas-Peucker between two kept vertices, with a stack of its own: rings may hold 100,000 vertices.
void keep_bends(ring const& all, std::size_t first, std::size_t last, double tolerance, std::vector<bool>& keep) {
  std::vector<std::pair<std::size_t, std::size_t>> open{{first, last}};
  while (!open.empty()) {
    auto const [from, to] = open.back();
    open.pop_back();
    double worst = tolerance;
    std::size_t at = 0;
    for (auto i = from + 1; i < to; ++i) {
      auto const off = distance_to_segment(all[i], all[from], all[to % all.size()]);
      if (off > worst) {
        worst = off;
        at = i;
      }
    }
    if (at == 0) continue;
    keep[at] = true;
    open.emplace_back(from, at);
    open.emplace_back(at, to);
  }
}

/// Never fewer than three vertices, so that a small ring keeps an inside.
ring simplified(ring const& all, double tolerance) {
  if (all.size() <= 4) return all;
  std::vector<bool> keep(all.size(), false);
  auto far_from_first = [&](std::size_t a, std::size_t b) {
    return length(minus(all[a], all[0])) < length(minus(all[b], all[0]));
  };
  std::size_t opposite = 1;
  for (std::size_t i = 2; i < all.size(); ++i) {
    if (far_from_first(opposite, i)) opposite = i;
  }
  std::size_t widest = opposite == 1 ? 2 : 1;
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (i != opposite &&
        distance_to_segment(all[i], all[0], all[opposite]) > distance_to_segment(all[widest], all[0], all[opposite])) {
      widest = i;
    }
  }
  keep[0] = keep[opposite] = keep[widest] = true;
  std::size_t from = 0;
  for (auto const to : {std::min(opposite, widest), std::max(opposite, widest), all.size()}) {
    keep_bends(all, from, to, tolerance, keep);
    from = to;
  }
  ring kept;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (keep[i]) kept.push_back(all[i]);
  }
  return kept;
}

square_meters area_of(ring const& r) {
  double twice = 0.0;
  for (std::size_t i = 0; i < r.size(); ++i) twice += cross(r[i], r[(i + 1) % r.size()]);
  return square_meters{std::abs(twice) / 2.0};
}

lat_lon middle_of(std::vector<polygon> const& shape) {
  verify(!shape.empty() && !shape.front().outer.empty(), "an outline is made of checked polygons");
  auto low = shape.front().outer.front();
  auto high = low;
  for (auto const& part : shape) {
    for (auto const& vertex : part.outer) {
      low = {std::min(low.lat, vertex.lat), std::min(low.lon, vertex.lon)};
      high = {std::max(high.lat, vertex.lat), std::max(high.lon, vertex.lon)};
    }
  }
  return {(low.lat + high.lat) / 2.0, (low.lon + high.lon) / 2.0};
}

}  // namespace

sphere_axes::sphere_axes(lat_lon place) {
  auto const lat = to_radians(place.lat);
  auto const lon = to_radians(place.lon);
  up = {std::cos(lat) * std::cos(lon), std::cos(lat) * std::sin(lon), std::sin(lat)};
  east = {-std::sin(lon), std::cos(lon), 0.0};
  north = {-std::sin(lat) * std::cos(lon), -std::sin(lat) * std::sin(lon), std::cos(lat)};
}

outline::outline(std::vector<polygon> const& shape)
    : middle_{middle_of(shape)}, axes_{middle_}, tolerance_{kFirstTolerance} {
  auto project = [&](std::vector<lat_lon> const& vertices) {
    ring out;
    for (auto const& v : vertices) out.push_back(seen_from(v).place);
    return out;
  };
  std::vector<ring> rings;
  double reach = 0.0;
  for (auto const& part : shape) {
    rings.push_back(project(part.outer));
    area_ = area_ + area_of(rings.back());
    for (auto const& v : rings.back()) reach = std::max(reach, length(v));
    for (auto const& hole : part.holes) {
      rings.push_back(project(hole));
      area_ = area_ - area_of(rings.back());
    }
  }
  area_ = std::max(area_, square_meters{});
  std::vector<ring> fitting;
  for (;;) {
    fitting.clear();
    std::size_t vertices = 0;
    for (auto const& r : rings) vertices += fitting.emplace_back(simplified(r, tolerance_.value)).size();
    if (vertices <= std::max(kMostVertices, rings.size() * 4) || tolerance_.value > reach) break;
    tolerance_ = tolerance_ * 2.0;
  }
  for (auto const& r : fitting) {
    for (std::size_t i = 0; i < r.size(); ++i) edges_.push_back({r[i], r[(i + 1) % r.size()]});
  }
  radius_ = meters{reach};
}

outline::view outline::seen_from(lat_lon place) const {
  auto const away = distance(middle_, place);
  if (away.value < 1.0) return {{}, degrees{}};
  auto const out = course(middle_, place);
  auto const back = course(place, middle_);
  return {polar(away, out), degrees{out.value + 180.0 - back.value}};
}

std::optional<meters> outline::entry(plane_point from, direction heading) const {
  auto const [ue, un] = heading;
  auto const side = from.east.value * un - from.north.value * ue;  // of the course, as seen from the middle
  auto const nearest_along = -(from.east.value * ue + from.north.value * un);
  auto const beyond = radius_.value * radius_.value - side * side;
  if (beyond < 0.0 || nearest_along + std::sqrt(beyond) < 0.0) return std::nullopt;
  bool inside = false;
  auto first = HUGE_VAL;
  for (auto const& e : edges_) {
    auto const ae = e.from.east.value - from.east.value;
    auto const an = e.from.north.value - from.north.value;
    auto const be = e.to.east.value - from.east.value;
    auto const bn = e.to.north.value - from.north.value;
    auto const a_side = ae * un - an * ue;
    auto const b_side = be * un - bn * ue;
    if ((a_side > 0.0) == (b_side > 0.0)) continue;
    auto const share = a_side / (a_side - b_side);
    auto const along = (ae * ue + an * un) * (1.0 - share) + (be * ue + bn * un) * share;
    if (along < 0.0) continue;
    inside = !inside;
    first = std::min(first, along);
  }
  if (inside) return meters{0.0};
  if (std::isinf(first)) return std::nullopt;
  return meters{std::max(0.0, first - tolerance_.value)};
}

}  // namespace siren
