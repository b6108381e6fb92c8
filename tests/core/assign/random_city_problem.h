#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "core/assign/assignment_problem.h"

namespace siren {

/// How a made-up city looks. Shapes follow what was measured for a city of Kyiv's size: 30 shelters in reach of a
/// street node, a third of the people beyond their nearest shelter's room though there is room for 120 %.
struct random_city_shape {
  std::uint64_t seed = 1;
  std::uint32_t nodes = 146'000;
  std::uint32_t people = 1'000'000;
  std::uint32_t targets = 5'000;
  std::uint32_t room_percent = 120;  // of people
  std::uint32_t nearest = 30;        // choices of a node
  std::uint32_t profiles = 1;        // lots a node: average, slow (pace 1.5), wheelchair (pace 1.3, needs 1)
  double side_m = 29'000.0;          // at 146,000 nodes; shrinks with the root of their number
};

namespace random_city {

struct place {
  double x = 0;
  double y = 0;
};

/// Position along a Z-order curve: neighbours in a list lie near each other, as in a street graph.
inline std::uint64_t z_order(place const& p, double side_m) {
  std::uint64_t code = 0;
  auto const x = static_cast<std::uint32_t>(p.x / side_m * 65'535.0);
  auto const y = static_cast<std::uint32_t>(p.y / side_m * 65'535.0);
  for (std::uint32_t bit = 0; bit < 16; ++bit)
    code |= std::uint64_t{(x >> bit) & 1} << (2 * bit) | std::uint64_t{(y >> bit) & 1} << (2 * bit + 1);
  return code;
}

class scatter {
 public:
  scatter(std::mt19937_64& dice, double side_m) : dice_{dice}, side_m_{side_m} {
    for (int i = 0; i < 40; ++i) centres_.push_back(uniform());
  }
  place uniform() {
    std::uniform_real_distribution<double> at{0.0, side_m_};
    double const x = at(dice_);
    return {x, at(dice_)};
  }
  /// `clustered_percent` of places lie about a centre of the city's parts.
  place any(std::uint32_t clustered_percent) {
    if (dice_() % 100 >= clustered_percent) return uniform();
    auto const& c = centres_[dice_() % centres_.size()];
    std::normal_distribution<double> off{0.0, side_m_ / 25.0};
    double const x = c.x + off(dice_);
    return {std::clamp(x, 0.0, side_m_), std::clamp(c.y + off(dice_), 0.0, side_m_)};
  }

 private:
  std::mt19937_64& dice_;
  double side_m_;
  std::vector<place> centres_;
};

/// Targets by square, to find the nearest.
class target_grid {
 public:
  target_grid(std::vector<place> const& targets, double side_m, double reach_m)
      : targets_{targets}, cell_m_{reach_m}, width_{static_cast<int>(side_m / reach_m) + 1} {
    cells_.resize(static_cast<std::size_t>(width_) * static_cast<std::size_t>(width_));
    for (std::uint32_t t = 0; t < targets.size(); ++t)
      cells_[cell(column(targets[t].x), column(targets[t].y))].push_back(t);
  }
  /// Choices by cost: 1.3 times the straight line at 1.22 m/s.
  void nearest(place const& from, std::uint32_t count, std::vector<target_choice>& choices) const {
    choices.clear();
    for (int y = column(from.y) - 1; y <= column(from.y) + 1; ++y) {
      for (int x = column(from.x) - 1; x <= column(from.x) + 1; ++x) {
        if (x < 0 || y < 0 || x >= width_ || y >= width_) continue;
        for (auto const t : cells_[cell(x, y)]) {
          double const d = std::hypot(targets_[t].x - from.x, targets_[t].y - from.y);
          if (d > cell_m_) continue;
          choices.push_back({target_index{t}, static_cast<std::uint32_t>(d * 1.3 / 1.22 * 10.0)});
        }
      }
    }
    std::sort(choices.begin(), choices.end(), [](target_choice const& a, target_choice const& b) {
      return a.cost_ds != b.cost_ds ? a.cost_ds < b.cost_ds : a.target < b.target;
    });
    if (choices.size() > count) choices.resize(count);
  }

 private:
  [[nodiscard]] int column(double at) const { return std::min(static_cast<int>(at / cell_m_), width_ - 1); }
  [[nodiscard]] std::size_t cell(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x);
  }
  std::vector<place> const& targets_;
  double cell_m_;
  int width_;
  std::vector<std::vector<std::uint32_t>> cells_;
};

inline void add_lots(assignment_problem& problem, random_city_shape const& shape, std::mt19937_64& dice,
                     std::uint32_t list) {
  static constexpr std::uint32_t kPaces[] = {kPaceOne, kPaceOne * 3 / 2, kPaceOne * 13 / 10};
  static constexpr std::uint32_t kParts[] = {70, 25, 5};  // per cent
  double const mean = static_cast<double>(shape.people) / static_cast<double>(shape.nodes);
  std::geometric_distribution<std::uint32_t> size{1.0 / std::max(1.0, mean)};
  auto const people = 1 + size(dice);
  for (std::uint32_t profile = 0; profile < shape.profiles; ++profile) {
    auto const part =
        shape.profiles == 1 ? people : static_cast<std::uint32_t>((people * kParts[profile % 3] + dice() % 100) / 100);
    if (part == 0) continue;
    problem.lots.push_back(
        {list, part, kPaces[profile % 3], kNoBudget, static_cast<std::uint8_t>(profile == 2 ? 1 : 0)});
  }
}

}  // namespace random_city

/// The same problem for the same shape, on every machine with the same standard library.
[[nodiscard]] inline assignment_problem random_city_problem(random_city_shape const& shape) {
  using random_city::place;
  std::mt19937_64 dice{shape.seed};
  double const side_m = shape.side_m * std::sqrt(static_cast<double>(shape.nodes) / 146'000.0);
  random_city::scatter scatter{dice, side_m};
  std::vector<place> nodes;
  std::vector<place> targets;
  for (std::uint32_t i = 0; i < shape.nodes; ++i) nodes.push_back(scatter.any(50));
  for (std::uint32_t i = 0; i < shape.targets; ++i) targets.push_back(scatter.any(40));
  std::sort(nodes.begin(), nodes.end(), [&](place const& a, place const& b) {
    return random_city::z_order(a, side_m) < random_city::z_order(b, side_m);
  });

  assignment_problem problem;
  random_city::target_grid const grid{targets, side_m, 1'650.0};  // 1,758 s: below the cost of staying
  problem.first_choice.push_back(0);
  std::vector<target_choice> choices;
  for (std::uint32_t list = 0; list < nodes.size(); ++list) {
    grid.nearest(nodes[list], shape.nearest, choices);
    problem.choices.insert(problem.choices.end(), choices.begin(), choices.end());
    problem.first_choice.push_back(static_cast<std::uint32_t>(problem.choices.size()));
    random_city::add_lots(problem, shape, dice, list);
  }

  std::uint64_t people = 0;
  for (auto const& lot : problem.lots) people += lot.people;
  std::lognormal_distribution<double> room{0.0, 0.9};
  std::vector<double> shares;
  double sum = 0;
  for (std::uint32_t t = 0; t < shape.targets; ++t) sum += shares.emplace_back(room(dice));
  for (auto const share : shares) {
    auto const places = share / sum * static_cast<double>(people) * shape.room_percent / 100.0;
    problem.targets.push_back(
        {static_cast<std::uint32_t>(places) + 1, 0, static_cast<std::uint8_t>(dice() % 3 == 0 ? 1 : 0)});
  }
  return problem;
}

}  // namespace siren
