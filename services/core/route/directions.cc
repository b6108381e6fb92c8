#include "core/route/directions.h"

#include <cmath>
#include <numbers>

namespace siren {
namespace {

double flat_distance(lat_lon a, lat_lon b, double lon_scale) {
  return std::hypot((b.lat - a.lat).value, (b.lon - a.lon).value * lon_scale);
}

lat_lon between(lat_lon a, lat_lon b, double share) {
  return {a.lat + (b.lat - a.lat) * share, a.lon + (b.lon - a.lon) * share};
}

class describer {
 public:
  describer(street_graph const& streets, edge_costs const& costs, directions_policy const& policy, walk const& w)
      : streets_{streets}, costs_{costs}, policy_{policy}, walk_{w}, lon_scale_{std::cos(to_radians(w.from.lat))} {}

  route describe() {
    add_point(walk_.from);
    open(maneuver::depart, 0);
    add_ms(costs_.flat_ms(walk_.access_cm));
    add_cm(walk_.access_cm);
    if (walk_.legs.empty()) add_point(walk_.street);
    for (auto const& part : walk_.legs) add_leg(part);
    open(maneuver::arrive, 0);
    add_ms(costs_.flat_ms(walk_.door_cm) + walk_.inside_ms);
    add_cm(walk_.door_cm);
    add_point(walk_.to);
    finish();
    return std::move(out_);
  }

 private:
  void add_leg(leg const& part) {
    auto const& edge = streets_.edge(part.edge);
    auto const name = streets_.segment(edge.segment()).name;
    bool const steps = (edge.flags() & kSteps) != 0;
    auto const begin = out_.shape.size();
    add_shape(part, edge);
    if (first_ && !steps) {
      name_step(name);
    } else {
      auto const turn = first_ ? 0.0 : turn_at(begin);
      bool const straight = std::abs(turn) < policy_.straight_below.value;
      bool const choice = first_ || streets_.edges_of(streets_.source(part.edge)).size() > 2;
      bool const same = !first_ && steps == on_steps_ && (steps || (name == name_ && (straight || !choice)));
      if (!same) open(steps ? maneuver::steps : named(turn), name);
    }
    first_ = false;
    on_steps_ = steps;
    name_ = name;
    auto const length_cm = part.to_cm - part.from_cm;
    add_cm(length_cm);
    if (length_cm != 0) add_ms(costs_.cost_ms(length_cm, edge.flags()));
  }

  /// Clockwise change of course in degrees, (-180, 180], at the point before `begin`.
  double turn_at(std::size_t begin) const {
    auto const& shape = out_.shape;
    if (begin < 2 || begin >= shape.size()) return 0.0;
    auto const bearing = [&](lat_lon a, lat_lon b) {
      return std::atan2((b.lon - a.lon).value * lon_scale_, (b.lat - a.lat).value);
    };
    double const change = bearing(shape[begin - 1], shape[begin]) - bearing(shape[begin - 2], shape[begin - 1]);
    return from_radians(std::remainder(change, 2.0 * std::numbers::pi)).value;
  }

  maneuver named(double turn) const {
    if (std::abs(turn) < policy_.straight_below.value) return maneuver::straight;
    if (std::abs(turn) > policy_.u_turn_above.value) return maneuver::u_turn;
    return turn > 0.0 ? maneuver::right : maneuver::left;
  }

  void add_shape(leg const& part, street_edge const& edge) {
    line_.clear();
    line_.push_back(streets_.place(streets_.source(part.edge)));
    auto const inner = streets_.inner_shape(edge.segment());
    if (streets_.is_forward(part.edge))
      for (auto const p : inner) line_.push_back(to_lat_lon(p));
    else
      for (auto p = inner.rbegin(); p != inner.rend(); ++p) line_.push_back(to_lat_lon(*p));
    line_.push_back(streets_.place(edge.target()));
    if (part.from_cm == 0 && part.to_cm == edge.length_cm())
      for (auto const place : line_) add_point(place);
    else
      add_part(part, edge.length_cm());
  }

  void add_part(leg const& part, std::uint32_t length_cm) {
    double total = 0.0;
    for (std::size_t i = 1; i < line_.size(); ++i) total += flat_distance(line_[i - 1], line_[i], lon_scale_);
    double const from = total * part.from_cm / length_cm;
    double const to = total * part.to_cm / length_cm;
    double at = 0.0;
    for (std::size_t i = 1; i < line_.size(); ++i) {
      double const size = flat_distance(line_[i - 1], line_[i], lon_scale_);
      if (size <= 0.0) continue;
      if (at <= from && from <= at + size) add_point(between(line_[i - 1], line_[i], (from - at) / size));
      if (at > from && at < to) add_point(line_[i - 1]);
      if (at <= to && to <= at + size) {
        add_point(between(line_[i - 1], line_[i], (to - at) / size));
        return;
      }
      at += size;
    }
    if (part.to_cm == length_cm) add_point(line_.back());  // rounding of the sum
  }

  void add_point(lat_lon place) {
    if (out_.shape.empty() || out_.shape.back() != place) out_.shape.push_back(place);
  }

  void open(maneuver turn, std::uint32_t name) {
    out_.steps.emplace_back().turn = turn;
    steps_ms_.push_back(0);
    steps_cm_.push_back(0);
    name_step(name);
  }
  void name_step(std::uint32_t name) {
    out_.steps.back().street = streets_.name(name);
    out_.steps.back().street_latin = streets_.name_latin(name);
  }
  void add_ms(std::uint32_t ms) { steps_ms_.back() += ms; }
  void add_cm(std::uint32_t cm) { steps_cm_.back() += cm; }

  void finish() {
    std::uint64_t total_cm = 0;
    for (std::size_t i = 0; i < out_.steps.size(); ++i) {
      total_cm += steps_cm_[i];
      out_.steps[i].length = meters{static_cast<double>(steps_cm_[i]) / 100.0};
      out_.steps[i].duration = seconds{static_cast<std::int64_t>((steps_ms_[i] + 999) / 1000)};
    }
    out_.length = meters{static_cast<double>(total_cm) / 100.0};
  }

  street_graph const& streets_;
  edge_costs const& costs_;
  directions_policy const& policy_;
  walk const& walk_;
  double lon_scale_;
  route out_;
  std::vector<lat_lon> line_;
  std::vector<std::uint64_t> steps_ms_;
  std::vector<std::uint64_t> steps_cm_;
  std::uint32_t name_ = 0;
  bool first_ = true;
  bool on_steps_ = false;
};

}  // namespace

route describe_walk(street_graph const& streets, edge_costs const& costs, walk const& w,
                    directions_policy const& policy) {
  return describer{streets, costs, policy, w}.describe();
}

}  // namespace siren
