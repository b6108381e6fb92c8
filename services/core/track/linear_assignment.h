#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace siren {

/// A row that may have a column, at a finite cost.
struct pairing {
  std::uint32_t row = 0;
  std::uint32_t column = 0;
  double cost = 0.0;
};

/// For every row the column that it gets, absent: none. Each column goes to one row at most; the sum of the chosen
/// costs plus `left_out` for every row without a column is least. Equal sums: the same answer for the same input.
/// Algorithm: connected parts apart, each by successive shortest augmenting paths (Jonker & Volgenant 1987; Crouse
/// 2016, "On implementing 2D rectangular assignment algorithms"); rows² × (rows + columns) of the largest part.
[[nodiscard]] std::vector<std::optional<std::uint32_t>> least_cost_assignment(std::uint32_t rows, std::uint32_t columns,
                                                                              std::span<pairing const> allowed,
                                                                              double left_out);

}  // namespace siren
