#include "core/route/snap.h"

#include <algorithm>
#include <array>
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
  cells_per_m_ = 1.0 / cell_m_;
  columns_ = static_cast<std::int64_t>((east - west) / cell_m_) + 1;
  rows_ = static_cast<std::int64_t>((north - south) / cell_m_) + 1;

  place_pieces();
}

void snap_index::place_pieces() {
  verify(pieces_.size() < 1U << 31, "a piece's number leaves a bit");
  auto const cells = static_cast<std::size_t>(columns_ * rows_);
  std::vector<std::uint32_t> filled(cells, 0);
  for (auto const& p : pieces_) cells_of(p, [&](std::size_t cell) { ++filled[cell]; });
  first_in_cell_.assign(cells + 1, 0);
  for (std::size_t c = 0; c < cells; ++c) first_in_cell_[c + 1] = first_in_cell_[c] + (filled[c] + 3) / 4;
  constexpr float kFarOff = 1e9F;
  placed_pieces unused{};
  unused.east += kFarOff;
  in_cells_.assign(first_in_cell_.back(), unused);
  std::fill(filled.begin(), filled.end(), 0);
  for (std::uint32_t i = 0; i < pieces_.size(); ++i) {
    auto const& p = pieces_[i];
    float const to_east = p.east_to - p.east_from;
    float const to_north = p.north_to - p.north_from;
    float const length_squared = to_east * to_east + to_north * to_north;
    cells_of(p, [&](std::size_t cell) {
      auto& among = in_cells_[first_in_cell_[cell] + filled[cell] / 4];
      auto const k = filled[cell]++ % 4;
      auto const row = static_cast<std::int64_t>(cell) / columns_;
      auto const column = static_cast<std::int64_t>(cell) % columns_;
      among.east[k] = static_cast<float>(p.east_from - static_cast<double>(column) * cell_m_);
      among.north[k] = static_cast<float>(p.north_from - static_cast<double>(row) * cell_m_);
      among.to_east[k] = to_east;
      among.to_north[k] = to_north;
      among.per_length_squared[k] = length_squared > 0.0F ? 1.0F / length_squared : 0.0F;
      among.piece[k] = 2 * i + (p.wheels ? 1U : 0U);
    });
  }
}

void snap_index::search_cell(std::int64_t column, std::int64_t row, in_grid const& at, bool wheels, hit& best) const {
  if (column < 0 || row < 0 || column >= columns_ || row >= rows_) return;
  // The cell as a whole may be farther than what is found already.
  double const west = static_cast<double>(column) * cell_m_;
  double const south = static_cast<double>(row) * cell_m_;
  double const to_east = std::max(0.0, std::max(west - at.east, at.east - west - cell_m_));
  double const to_north = std::max(0.0, std::max(south - at.north, at.north - south - cell_m_));
  if (to_east * to_east + to_north * to_north > best.distance_squared) return;
  auto const cell = static_cast<std::size_t>(row * columns_ + column);
  auto const east_of = static_cast<float>(at.east - west);
  auto const north_of = static_cast<float>(at.north - south);
  four const none = {};
  four const whole = none + 1.0F;
  for (auto i = first_in_cell_[cell]; i < first_in_cell_[cell + 1]; ++i) {
    auto const& p = in_cells_[i];
    four const east = east_of - p.east;
    four const north = north_of - p.north;
    four t = (east * p.to_east + north * p.to_north) * p.per_length_squared;
    t = t > none ? t : none;
    t = t < whole ? t : whole;
    four const off_east = east - t * p.to_east;
    four const off_north = north - t * p.to_north;
    four const squared = off_east * off_east + off_north * off_north;
    for (std::size_t k = 0; k < p.piece.size(); ++k) {
      if (squared[k] > best.distance_squared || (wheels && p.piece[k] % 2 == 0)) continue;
      auto const number = p.piece[k] / 2;
      if (squared[k] < best.distance_squared || number < best.piece) best = {squared[k], number, t[k]};
    }
  }
}

/// Rounds down without a call of the C library; nothing lies farther outside than the bias.
std::int64_t snap_index::cell_at(double from_corner_m) const {
  constexpr double kBias = 1 << 20;
  return static_cast<std::int64_t>(from_corner_m * cells_per_m_ + kBias) - static_cast<std::int64_t>(kBias);
}

std::optional<snap_index::in_grid> snap_index::locate(lat_lon place) const {
  auto const at = plane_.to_plane(place);
  double const east = (at.east - corner_.east).value;
  double const north = (at.north - corner_.north).value;
  double const farthest = policy_.farthest.value;
  bool const inside = east >= -farthest && east <= static_cast<double>(columns_) * cell_m_ + farthest &&
                      north >= -farthest && north <= static_cast<double>(rows_) * cell_m_ + farthest;
  if (pieces_.empty() || !inside) return std::nullopt;
  return in_grid{east, north, cell_at(east), cell_at(north)};
}

snap_index::hit snap_index::search(in_grid const& at, bool wheels) const {
  double const in_column = at.east - static_cast<double>(at.column) * cell_m_;
  double const in_row = at.north - static_cast<double>(at.row) * cell_m_;
  double const to_border = std::min({in_column, cell_m_ - in_column, in_row, cell_m_ - in_row});
  double const farthest = policy_.farthest.value;
  hit best{static_cast<float>(farthest * farthest), kNoIndex, 0.0F};
  search_cell(at.column, at.row, at, wheels, best);
  for (std::int64_t ring = 1;; ++ring) {
    // Everything nearer than this lies in the rings searched so far.
    double const searched = std::max(0.0, static_cast<double>(ring - 1) * cell_m_ + to_border);
    if (best.distance_squared <= searched * searched) break;
    // Of the ring only what the best found so far leaves in question.
    double const reach = std::sqrt(best.distance_squared);
    auto const west = std::max(at.column - ring, cell_at(at.east - reach));
    auto const east = std::min(at.column + ring, cell_at(at.east + reach));
    auto const south = std::max(at.row - ring, cell_at(at.north - reach));
    auto const north = std::min(at.row + ring, cell_at(at.north + reach));
    for (auto r = south; r <= north; ++r) {
      bool const edge_row = r == at.row - ring || r == at.row + ring;
      for (auto c = west; c <= east; ++c)
        if (edge_row || c == at.column - ring || c == at.column + ring) search_cell(c, r, at, wheels, best);
    }
  }
  return best;
}

snapped snap_index::answer(hit const& best) const {
  auto const& p = pieces_[best.piece];
  // Not lround, which is a call: nothing here is negative.
  auto const rounded = [](double v) {
    return static_cast<std::uint32_t>(v + 0.5);  // NOLINT(bugprone-incorrect-roundings)
  };
  double const along = p.along_from_cm + best.fraction * (static_cast<double>(p.along_to_cm) - p.along_from_cm);
  plane_point const point{
      meters{p.east_from + best.fraction * (static_cast<double>(p.east_to) - p.east_from)} + corner_.east,
      meters{p.north_from + best.fraction * (static_cast<double>(p.north_to) - p.north_from)} + corner_.north};
  return snapped{p.edge, rounded(along), rounded(std::sqrt(best.distance_squared) * 100.0), plane_.to_place(point)};
}

result<snapped> snap_index::nearest(lat_lon place, bool wheels) const {
  if (!std::isfinite(place.lat.value) || !std::isfinite(place.lon.value))
    return failure{reason::not_finite, "the place's coordinates are not finite"};
  auto const at = locate(place);
  auto const best = at ? search(*at, wheels) : hit{};
  if (best.piece == kNoIndex) return failure{reason::too_far_from_street, "no street within reach of the place"};
  return answer(best);
}

void snap_index::nearest_of(std::span<snap_question const> places, std::span<std::optional<snapped>> found) const {
  verify(places.size() == found.size(), "each place gets an answer");
  constexpr std::size_t kAtOnce = 32;  // enough to hide the memory's delay, few enough to stay in the cache
  std::array<std::optional<in_grid>, kAtOnce> at;
  std::array<hit, kAtOnce> best;
  for (; !places.empty(); places = places.subspan(std::min(kAtOnce, places.size()))) {
    auto const count = std::min(kAtOnce, places.size());
    for (std::size_t i = 0; i < count; ++i) {
      at[i] = locate(places[i].place);
      if (!at[i]) continue;
      auto const row = std::clamp<std::int64_t>(at[i]->row, 0, rows_ - 1);
      auto const column = std::clamp<std::int64_t>(at[i]->column, 0, columns_ - 1);
      auto const* pieces = in_cells_.data() + first_in_cell_[static_cast<std::size_t>(row * columns_ + column)];
      for (std::size_t line = 0; line < 4; ++line)
        __builtin_prefetch(reinterpret_cast<char const*>(pieces) + 64 * line);
    }
    for (std::size_t i = 0; i < count; ++i) {
      best[i] = at[i] ? search(*at[i], places[i].wheels) : hit{};
      if (best[i].piece != kNoIndex) __builtin_prefetch(&pieces_[best[i].piece]);
    }
    for (std::size_t i = 0; i < count; ++i)
      found[i] = best[i].piece == kNoIndex ? std::nullopt : std::optional{answer(best[i])};
    found = found.subspan(count);
  }
}

}  // namespace siren
