#include "core/track/linear_assignment.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/base/verify.h"

namespace siren {
namespace {

constexpr double kBarred = std::numeric_limits<double>::infinity();
constexpr std::uint32_t kNobody = 0xFFFFFFFF;

/// Union-find over rows, then columns.
class connected_parts {
 public:
  explicit connected_parts(std::size_t members) : parent_(members) { std::iota(parent_.begin(), parent_.end(), 0U); }
  std::uint32_t root(std::uint32_t of) {
    while (parent_[of] != of) of = parent_[of] = parent_[parent_[of]];
    return of;
  }
  void join(std::uint32_t a, std::uint32_t b) { parent_[root(a)] = root(b); }

 private:
  std::vector<std::uint32_t> parent_;
};

/// A dense problem: as many columns of its own as rows, so that leaving a row out is one more column.
class dense_part {
 public:
  dense_part(std::size_t rows, std::size_t columns, double left_out)
      : rows_{rows}, wide_{columns + rows}, cost_(rows * wide_, kBarred) {
    for (std::size_t row = 0; row < rows; ++row) at(row, columns + row) = left_out;
  }
  double& at(std::size_t row, std::size_t column) { return cost_[row * wide_ + column]; }

  /// The column of every row; a number of columns or more means left out.
  std::vector<std::uint32_t> solve() {
    owner_.assign(wide_, kNobody);
    column_of_.assign(rows_, kNobody);
    row_price_.assign(rows_, 0.0);
    column_price_.assign(wide_, 0.0);
    for (std::uint32_t row = 0; row < rows_; ++row) augment_from(row);
    return column_of_;
  }

 private:
  /// Dijkstra over reduced costs until a free column, which every row's own one guarantees.
  void augment_from(std::uint32_t first) {
    std::vector<double> distance(wide_, kBarred);
    std::vector<std::uint32_t> from(wide_, kNobody);
    std::vector<bool> settled(wide_, false);
    double so_far = 0.0;
    std::uint32_t row = first;
    std::uint32_t end = kNobody;
    while (end == kNobody) {
      std::uint32_t nearest = kNobody;
      for (std::uint32_t column = 0; column < wide_; ++column) {
        if (settled[column]) continue;
        double const through = so_far + at(row, column) - row_price_[row] - column_price_[column];
        if (through < distance[column]) distance[column] = through, from[column] = row;
        if (nearest == kNobody || distance[column] < distance[nearest]) nearest = column;
      }
      verify(nearest != kNobody && std::isfinite(distance[nearest]), "a row can always be left out");
      so_far = distance[nearest];
      settled[nearest] = true;
      if (owner_[nearest] == kNobody)
        end = nearest;
      else
        row = owner_[nearest];
    }
    for (std::uint32_t column = 0; column < wide_; ++column) {
      if (!settled[column] || column == end) continue;
      row_price_[owner_[column]] += so_far - distance[column];
      column_price_[column] -= so_far - distance[column];
    }
    row_price_[first] += so_far;
    for (std::uint32_t column = end; column != kNobody;) {
      auto const taker = from[column];
      owner_[column] = taker;
      std::swap(column_of_[taker], column);  // goes on with the column that the taker gives up; `first` had none
    }
  }

  std::size_t rows_;
  std::size_t wide_;
  std::vector<double> cost_;
  std::vector<std::uint32_t> owner_;      // of every column
  std::vector<std::uint32_t> column_of_;  // of every row
  std::vector<double> row_price_;
  std::vector<double> column_price_;
};

}  // namespace

std::vector<std::optional<std::uint32_t>> least_cost_assignment(std::uint32_t rows, std::uint32_t columns,
                                                                std::span<pairing const> allowed, double left_out) {
  verify(std::isfinite(left_out), "leaving a row out has a finite cost");
  connected_parts parts{std::size_t{rows} + columns};
  for (auto const& one : allowed) {
    verify(one.row < rows && one.column < columns && std::isfinite(one.cost), "a pairing lies in the problem");
    parts.join(one.row, rows + one.column);
  }
  std::vector<std::uint32_t> part_of(rows + columns);
  for (std::uint32_t i = 0; i < part_of.size(); ++i) part_of[i] = parts.root(i);
  std::vector<pairing> sorted{allowed.begin(), allowed.end()};
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](pairing const& a, pairing const& b) { return part_of[a.row] < part_of[b.row]; });

  std::vector<std::optional<std::uint32_t>> chosen(rows);
  std::vector<std::uint32_t> place(rows + columns, kNobody);  // of a member within its part
  for (auto begin = sorted.begin(); begin != sorted.end();) {
    auto const end =
        std::find_if(begin, sorted.end(), [&](pairing const& one) { return part_of[one.row] != part_of[begin->row]; });
    std::vector<std::uint32_t> row_names;
    std::vector<std::uint32_t> column_names;
    for (auto one = begin; one != end; ++one) {
      if (place[one->row] == kNobody)
        place[one->row] = static_cast<std::uint32_t>(row_names.size()), row_names.push_back(one->row);
      if (auto& at = place[rows + one->column]; at == kNobody)
        at = static_cast<std::uint32_t>(column_names.size()), column_names.push_back(one->column);
    }
    dense_part part{row_names.size(), column_names.size(), left_out};
    for (auto one = begin; one != end; ++one) {
      auto& cost = part.at(place[one->row], place[rows + one->column]);
      cost = std::min(cost, one->cost);
    }
    auto const column_of = part.solve();
    for (std::size_t row = 0; row < row_names.size(); ++row)
      if (column_of[row] < column_names.size()) chosen[row_names[row]] = column_names[column_of[row]];
    begin = end;
  }
  return chosen;
}

}  // namespace siren
