#include "raid_scenario/zone_sets.h"

#include <array>

#include "raid_scenario/draws.h"

namespace siren::raids {
namespace {

constexpr double kCrooked = 0.18;  // of a cell, by which corners and the middles of borders lie off the grid

/// Crossings of a grid, moved a little except on the rim; borders between crossings bend once. Neighbours share all of
/// it, so that nothing is left between them.
class crooked_grid {
 public:
  crooked_grid(plane_point south_west, meters cell, std::uint32_t across, std::uint64_t seed)
      : south_west_{south_west}, cell_{cell}, across_{across}, seed_{seed} {}

  [[nodiscard]] std::vector<lat_lon> cell(std::uint32_t column, std::uint32_t row) const {
    auto const x = 2 * column;
    auto const y = 2 * row;
    std::array<std::array<std::uint32_t, 2>, 8> const ring{
        {{x, y}, {x + 1, y}, {x + 2, y}, {x + 2, y + 1}, {x + 2, y + 2}, {x + 1, y + 2}, {x, y + 2}, {x, y + 1}}};
    std::vector<lat_lon> out;
    for (auto const& [i, j] : ring) out.push_back(local_plane{kRaidCentre}.to_place(point(i, j)));
    return out;
  }

 private:
  /// In half cells.
  [[nodiscard]] plane_point point(std::uint32_t i, std::uint32_t j) const {
    draws random{seed_, 300'000ULL + i * 4'096ULL + j};
    double const off = kCrooked / 2.0;
    double east = i / 2.0;
    double north = j / 2.0;
    if (i > 0 && i < 2 * across_) east += random.between(-off, off);
    if (j > 0 && j < 2 * across_) north += random.between(-off, off);
    return {south_west_.east + cell_ * east, south_west_.north + cell_ * north};
  }

  plane_point south_west_;
  meters cell_;
  std::uint32_t across_;
  std::uint64_t seed_;
};

zone named(std::string const& id, zone_kind kind, std::optional<zone_id> parent) {
  zone made;
  made.id = zone_id{id};
  made.kind = kind;
  made.parent = std::move(parent);
  made.name_uk = made.name_en = id;
  made.population = 10'000;
  return made;
}

}  // namespace

std::vector<zone> make_zones(zone_set_plan const& plan) {
  std::vector<zone> all;
  zone_id const country{"country"};
  all.push_back(named(country.value, zone_kind::country, std::nullopt));
  auto const half = plan.cell * (plan.across / 2.0);
  plane_point const corner{half * -1.0, half * -1.0};
  crooked_grid const cells{corner, plan.cell, plan.across, plan.seed};
  auto const middle = plan.across / 2;
  std::vector<polygon> whole;
  auto const parents = (plan.across + plan.per_parent - 1) / plan.per_parent;
  std::vector<std::vector<polygon>> parts(std::size_t{parents} * parents);
  std::vector<zone> leaves;
  for (std::uint32_t row = 0; row < plan.across; ++row)
    for (std::uint32_t column = 0; column < plan.across; ++column) {
      auto const parent = row / plan.per_parent * parents + column / plan.per_parent;
      auto made = named("r" + std::to_string(row) + "c" + std::to_string(column), zone_kind::raion,
                        zone_id{"o" + std::to_string(parent)});
      made.shape = {{cells.cell(column, row), {}}};
      parts[parent].push_back(made.shape.front());
      whole.push_back(made.shape.front());
      if (row == middle && column == middle && plan.districts > 1) made.kind = zone_kind::city;
      leaves.push_back(std::move(made));
    }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    all.push_back(named("o" + std::to_string(i), zone_kind::oblast, country));
    all.back().shape = parts[i];
  }
  all.front().shape = whole;
  all.insert(all.end(), leaves.begin(), leaves.end());
  if (plan.districts <= 1) return all;
  // The city's own border is crooked; its districts keep to the square inside that is surely the city's.
  auto const inner = plan.cell * (1.0 - kCrooked);
  auto const west = corner.east + plan.cell * (middle + kCrooked / 2.0);
  auto const south = corner.north + plan.cell * (middle + kCrooked / 2.0);
  crooked_grid const blocks{{west, south}, inner / plan.districts, plan.districts, plan.seed + 1};
  zone_id const city{"r" + std::to_string(middle) + "c" + std::to_string(middle)};
  for (std::uint32_t row = 0; row < plan.districts; ++row)
    for (std::uint32_t column = 0; column < plan.districts; ++column) {
      all.push_back(named("d" + std::to_string(row) + std::to_string(column), zone_kind::district, city));
      all.back().shape = {{blocks.cell(column, row), {}}};
    }
  return all;
}

}  // namespace siren::raids
