#include "core/track/joint_association.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

#include "core/base/verify.h"

namespace siren {
namespace {

constexpr std::uint32_t kNobody = 0xFFFFFFFF;
constexpr double kLeastChance = 0.01;

/// A cluster's rows and columns under numbers of its own, ascending, and its pairings under those.
struct cluster {
  std::vector<std::uint32_t> rows;
  std::vector<std::uint32_t> columns;
  std::vector<pairing> pairings;
};

std::uint32_t number_in(std::vector<std::uint32_t> const& names, std::uint32_t name) {
  return static_cast<std::uint32_t>(std::lower_bound(names.begin(), names.end(), name) - names.begin());
}

std::vector<cluster> clusters_of(std::uint32_t rows, std::uint32_t columns, std::span<pairing const> pairings) {
  std::vector<std::uint32_t> parent(rows + columns);
  std::iota(parent.begin(), parent.end(), 0U);
  auto const root = [&](std::uint32_t of) {
    while (parent[of] != of) of = parent[of] = parent[parent[of]];
    return of;
  };
  for (auto const& one : pairings) parent[root(one.row)] = root(rows + one.column);
  std::vector<std::uint32_t> number(rows + columns, kNobody);
  std::vector<cluster> found;
  for (auto const& one : pairings) {
    auto& at = number[root(one.row)];
    if (at == kNobody) at = static_cast<std::uint32_t>(found.size()), found.emplace_back();
    found[at].pairings.push_back(one);
  }
  for (auto& one : found) {
    for (auto const& p : one.pairings) one.rows.push_back(p.row), one.columns.push_back(p.column);
    for (auto* names : {&one.rows, &one.columns}) {
      std::sort(names->begin(), names->end());
      names->erase(std::unique(names->begin(), names->end()), names->end());
    }
    for (auto& p : one.pairings) p.row = number_in(one.rows, p.row), p.column = number_in(one.columns, p.column);
  }
  return found;
}

void assign(cluster const& of, std::vector<claim>& out) {
  auto const column_of = least_cost_assignment(static_cast<std::uint32_t>(of.rows.size()),
                                               static_cast<std::uint32_t>(of.columns.size()), of.pairings, 0.0);
  for (std::size_t row = 0; row < column_of.size(); ++row)
    if (column_of[row]) out.push_back({of.rows[row], of.columns[*column_of[row]], 1.0});
}

/// All feasible joint events of a small cluster: every row takes a free column or none.
class joint_events {
 public:
  explicit joint_events(cluster const& of)
      : rows_{of.rows.size()},
        columns_{of.columns.size()},
        log_odds_(rows_ * columns_),
        allowed_(rows_ * columns_),
        taken_(rows_, kNobody),
        best_(std::size_t{1} << (rows_ + columns_)) {
    for (auto const& p : of.pairings) {
      log_odds_[p.row * columns_ + p.column] = -0.5 * p.cost;
      allowed_[p.row * columns_ + p.column] = true;
    }
    go_on(0, 0, 0, 0.0);
  }

  /// chance[row * columns + column]
  [[nodiscard]] std::vector<double> chances() const {
    double most = 0.0;
    for (auto const& event : best_)
      if (event.feasible) most = std::max(most, event.log_odds);
    std::vector<double> out(rows_ * columns_, 0.0);
    double sum = 0.0;
    for (auto const& event : best_) {
      if (!event.feasible) continue;
      double const weight = std::exp(event.log_odds - most);
      sum += weight;
      for (std::size_t row = 0; row < rows_; ++row)
        if (event.column_of[row] != kNobody) out[row * columns_ + event.column_of[row]] += weight;
    }
    for (double& chance : out) chance /= sum;
    return out;
  }

 private:
  struct joint_event {
    bool feasible = false;
    double log_odds = 0.0;
    std::vector<std::uint32_t> column_of;
  };

  void go_on(std::size_t row, std::size_t used_rows, std::size_t used_columns, double log_odds) {
    if (row == rows_) {
      auto& best = best_[used_columns << rows_ | used_rows];
      if (!best.feasible || log_odds > best.log_odds) best = {true, log_odds, taken_};
      return;
    }
    go_on(row + 1, used_rows, used_columns, log_odds);
    for (std::uint32_t column = 0; column < columns_; ++column) {
      auto const bit = std::size_t{1} << column;
      if (!allowed_[row * columns_ + column] || (used_columns & bit) != 0) continue;
      taken_[row] = column;
      go_on(row + 1, used_rows | std::size_t{1} << row, used_columns | bit,
            log_odds + log_odds_[row * columns_ + column]);
    }
    taken_[row] = kNobody;
  }

  std::size_t rows_;
  std::size_t columns_;
  std::vector<double> log_odds_;
  std::vector<bool> allowed_;
  std::vector<std::uint32_t> taken_;
  std::vector<joint_event> best_;  // by the sets of columns and rows used
};

void share(cluster const& of, std::vector<claim>& out) {
  auto const chances = joint_events{of}.chances();
  for (std::size_t row = 0; row < of.rows.size(); ++row)
    for (std::size_t column = 0; column < of.columns.size(); ++column)
      if (double const chance = chances[row * of.columns.size() + column]; chance >= kLeastChance)
        out.push_back({of.rows[row], of.columns[column], chance >= 1.0 - kLeastChance ? 1.0 : chance});
}

}  // namespace

std::vector<claim> joint_association(std::uint32_t rows, std::uint32_t columns, std::span<pairing const> pairings,
                                     joint_limits const& limits,
                                     std::function<bool(std::span<std::uint32_t const> columns)> const& shared) {
  verify(limits.rows + limits.columns <= 16, "joint events are few");
  std::vector<claim> out;
  std::vector<std::uint32_t> of_row(rows, 0);
  std::vector<std::uint32_t> of_column(columns, 0);
  for (auto const& one : pairings) ++of_row[one.row], ++of_column[one.column];
  std::vector<pairing> tied;
  for (auto const& one : pairings) {
    if (of_row[one.row] > 1 || of_column[one.column] > 1)
      tied.push_back(one);
    else if (one.cost < 0.0)
      out.push_back({one.row, one.column, 1.0});
  }
  for (auto const& one : clusters_of(rows, columns, tied)) {
    bool const small = one.rows.size() <= limits.rows && one.columns.size() <= limits.columns;
    if (small && one.columns.size() > 1 && shared(one.columns))
      share(one, out);
    else
      assign(one, out);
  }
  std::sort(out.begin(), out.end(),
            [](claim const& a, claim const& b) { return std::tie(a.column, a.row) < std::tie(b.column, b.row); });
  return out;
}

}  // namespace siren
