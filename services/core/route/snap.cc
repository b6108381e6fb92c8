#include "core/route/snap.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace siren {
namespace {

/// Around the middle of the nodes' box, so that the plane's error stays small.
lat_lon middle_of(street_graph const& streets) {
  auto const& nodes = streets.arrays().nodes;
  if (nodes.empty()) return {};
  auto const [south, north] =
      std::minmax_element(nodes.begin(), nodes.end(), [](auto a, auto b) { return a.lat < b.lat; });
  auto const [west, east] =
      std::minmax_element(nodes.begin(), nodes.end(), [](auto a, auto b) { return a.lon < b.lon; });
  return {degrees{(south->lat + 0.5 * (static_cast<double>(north->lat) - south->lat)) * 1e-7},
          degrees{(west->lon + 0.5 * (static_cast<double>(east->lon) - west->lon)) * 1e-7}};
}

}  // namespace

snap_index::snap_index(street_graph const& streets, snap_policy policy)
    : policy_{policy}, graph_{streets.id()}, plane_{middle_of(streets)} {
  verify(policy_.cell.value >= 1.0 && policy_.farthest.value > 0.0 && policy_.max_cells > 0, "a grid has cells");
  collect_pieces(streets);
  fill_cells();
}

void snap_index::collect_pieces(street_graph const& streets) {
  for (std::uint32_t s = 0; s < streets.segment_count(); ++s) {
    auto const edge = streets.segment(segment_index{s}).forward;
    auto const& attributes = streets.edge(edge);
    bool const wheels = (attributes.flags() & (kSteps | kNoWheels)) == 0;
    std::vector<plane_point> line{plane_.to_plane(streets.place(streets.source(edge)))};
    for (auto const p : streets.inner_shape(segment_index{s})) line.push_back(plane_.to_plane(to_lat_lon(p)));
    line.push_back(plane_.to_plane(streets.place(attributes.target())));
    std::vector<double> along{0.0};
    for (std::size_t i = 1; i < line.size(); ++i)
      along.push_back(along.back() +
                      std::hypot((line[i].east - line[i - 1].east).value, (line[i].north - line[i - 1].north).value));
    double const scale = along.back() > 0.0 ? attributes.length_cm() / along.back() : 0.0;
    for (std::size_t i = 1; i < line.size(); ++i)
      pieces_.push_back({static_cast<float>(line[i - 1].east.value), static_cast<float>(line[i - 1].north.value),
                         static_cast<float>(line[i].east.value), static_cast<float>(line[i].north.value),
                         static_cast<std::uint32_t>(std::lround(along[i - 1] * scale)),
                         static_cast<std::uint32_t>(std::lround(along[i] * scale)), edge, wheels});
  }
}

/// Calls visit(cell) for every cell that the piece may touch: row by row, the columns of the part within the row.
template <typename Visit>
void snap_index::cells_of(piece const& p, Visit visit) const {
  constexpr double kSlackM = 0.01;  // rounding of a float at city size
  auto const cell = [&](double at, std::int64_t count) {
    return std::clamp<std::int64_t>(static_cast<std::int64_t>(std::floor(at / cell_m_)), 0, count - 1);
  };
  double const south = std::min(p.north_from, p.north_to);
  double const north = std::max(p.north_from, p.north_to);
  double const east_span = static_cast<double>(p.east_to) - p.east_from;
  double const north_span = static_cast<double>(p.north_to) - p.north_from;
  auto const last = cell(north + kSlackM, rows_);
  for (auto row = cell(south - kSlackM, rows_); row <= last; ++row) {
    double low = 0.0;
    double high = 1.0;
    if (std::abs(north_span) > 1.0) {
      double const a = (static_cast<double>(row) * cell_m_ - kSlackM - p.north_from) / north_span;
      double const b = (static_cast<double>(row + 1) * cell_m_ + kSlackM - p.north_from) / north_span;
      low = std::clamp(std::min(a, b), 0.0, 1.0);
      high = std::clamp(std::max(a, b), 0.0, 1.0);
    }
    double const a = p.east_from + low * east_span;
    double const b = p.east_from + high * east_span;
    auto const last_column = cell(std::max(a, b) + kSlackM, columns_);
    for (auto column = cell(std::min(a, b) - kSlackM, columns_); column <= last_column; ++column)
      visit(static_cast<std::size_t>(row * columns_ + column));
  }
}

void snap_index::fill_cells() {
  if (pieces_.empty()) return;
  float west = pieces_[0].east_from;
  float south = pieces_[0].north_from;
  float east = west;
  float north = south;
  for (auto const& p : pieces_) {
    west = std::min({west, p.east_from, p.east_to});
    east = std::max({east, p.east_from, p.east_to});
    south = std::min({south, p.north_from, p.north_to});
    north = std::max({north, p.north_from, p.north_to});
  }
  corner_ = {meters{west}, meters{south}};
  for (auto& p : pieces_) {
    p.east_from -= west, p.east_to -= west;
    p.north_from -= south, p.north_to -= south;
  }
  double const area = (static_cast<double>(east) - west + 1.0) * (static_cast<double>(north) - south + 1.0);
  cell_m_ = std::max(policy_.cell.value, std::sqrt(area / policy_.max_cells));
  columns_ = static_cast<std::int64_t>((east - west) / cell_m_) + 1;
  rows_ = static_cast<std::int64_t>((north - south) / cell_m_) + 1;

  first_in_cell_.assign(static_cast<std::size_t>(columns_ * rows_) + 1, 0);
  for (auto const& p : pieces_) cells_of(p, [&](std::size_t cell) { ++first_in_cell_[cell + 1]; });
  std::partial_sum(first_in_cell_.begin(), first_in_cell_.end(), first_in_cell_.begin());
  in_cells_.resize(first_in_cell_.back());
  auto next = first_in_cell_;
  verify(pieces_.size() < 1U << 31, "a piece's number leaves a bit");
  for (std::uint32_t i = 0; i < pieces_.size(); ++i) {
    auto const& p = pieces_[i];
    placed_piece placed{p.east_from, p.north_from, p.east_to - p.east_from, p.north_to - p.north_from, 0.0F,
                        i,           p.wheels};
    auto const length_squared = placed.to_east * placed.to_east + placed.to_north * placed.to_north;
    if (length_squared > 0.0F) placed.per_length_squared = 1.0F / length_squared;
    cells_of(p, [&](std::size_t cell) { in_cells_[next[cell]++] = placed; });
  }
}

void snap_index::search_cell(std::int64_t column, std::int64_t row, plane_point at, bool wheels, hit& best) const {
  if (column < 0 || row < 0 || column >= columns_ || row >= rows_) return;
  // The cell as a whole may be farther than what is found already.
  double const west = static_cast<double>(column) * cell_m_;
  double const south = static_cast<double>(row) * cell_m_;
  double const to_east = std::max({0.0, west - at.east.value, at.east.value - west - cell_m_});
  double const to_north = std::max({0.0, south - at.north.value, at.north.value - south - cell_m_});
  if (to_east * to_east + to_north * to_north > best.distance_squared) return;
  auto const cell = static_cast<std::size_t>(row * columns_ + column);
  for (auto i = first_in_cell_[cell]; i < first_in_cell_[cell + 1]; ++i) {
    auto const& p = in_cells_[i];
    if (wheels && p.wheels == 0) continue;
    double const east = at.east.value - p.east;
    double const north = at.north.value - p.north;
    double const t = std::clamp((east * p.to_east + north * p.to_north) * p.per_length_squared, 0.0, 1.0);
    double const off_east = east - t * p.to_east;
    double const off_north = north - t * p.to_north;
    double const squared = off_east * off_east + off_north * off_north;
    if (squared < best.distance_squared || (squared == best.distance_squared && p.piece < best.piece))
      best = {squared, p.piece, t};
  }
}

result<snapped> snap_index::nearest(lat_lon place, bool wheels) const {
  if (!std::isfinite(place.lat.value) || !std::isfinite(place.lon.value))
    return failure{reason::not_finite, "the place's coordinates are not finite"};
  auto const far = [] { return failure{reason::too_far_from_street, "no street within reach of the place"}; };
  auto const at = plane_.to_plane(place);
  plane_point const in_grid{at.east - corner_.east, at.north - corner_.north};
  double const farthest = policy_.farthest.value;
  double const width = static_cast<double>(columns_) * cell_m_;
  double const height = static_cast<double>(rows_) * cell_m_;
  bool const outside = in_grid.east.value < -farthest || in_grid.east.value > width + farthest ||
                       in_grid.north.value < -farthest || in_grid.north.value > height + farthest;
  if (pieces_.empty() || outside) return far();

  auto const column = static_cast<std::int64_t>(std::floor(in_grid.east.value / cell_m_));
  auto const row = static_cast<std::int64_t>(std::floor(in_grid.north.value / cell_m_));
  double const in_column = in_grid.east.value - static_cast<double>(column) * cell_m_;
  double const in_row = in_grid.north.value - static_cast<double>(row) * cell_m_;
  double const to_border = std::min({in_column, cell_m_ - in_column, in_row, cell_m_ - in_row});
  hit best{farthest * farthest, kNoIndex, 0.0};
  for (std::int64_t ring = 0;; ++ring) {
    // Everything nearer than this lies in the rings searched so far.
    double const searched = static_cast<double>(ring - 1) * cell_m_ + to_border;
    if (ring > 0 && best.distance_squared <= searched * searched) break;
    for (auto r = row - ring; r <= row + ring; ++r) {
      bool const edge_row = r == row - ring || r == row + ring;
      for (auto c = column - ring; c <= column + ring; c += edge_row || ring == 0 ? 1 : 2 * ring)
        search_cell(c, r, in_grid, wheels, best);
    }
  }
  if (best.piece == kNoIndex) return far();
  auto const& p = pieces_[best.piece];
  double const along = p.along_from_cm + best.fraction * (static_cast<double>(p.along_to_cm) - p.along_from_cm);
  plane_point const point{
      meters{p.east_from + best.fraction * (static_cast<double>(p.east_to) - p.east_from)} + corner_.east,
      meters{p.north_from + best.fraction * (static_cast<double>(p.north_to) - p.north_from)} + corner_.north};
  return snapped{p.edge, static_cast<std::uint32_t>(std::lround(along)),
                 static_cast<std::uint32_t>(std::lround(std::sqrt(best.distance_squared) * 100.0)),
                 plane_.to_place(point)};
}

}  // namespace siren
