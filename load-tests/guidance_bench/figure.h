#pragma once

#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace siren::bench {

enum class bound_kind { at_most, at_least, exactly };
struct bound {
  bound_kind kind = bound_kind::at_most;
  double value = 0.0;
  [[nodiscard]] bool holds(double measured) const;
};
[[nodiscard]] inline bound at_most(double value) {
  return {bound_kind::at_most, value};
}
[[nodiscard]] inline bound at_least(double value) {
  return {bound_kind::at_least, value};
}
[[nodiscard]] inline bound exactly(double value) {
  return {bound_kind::exactly, value};
}

/// Somebody else's figure for the same work, measured in the same run.
struct peer_figure {
  std::string who;
  double value = 0.0;
};

/// One measured or counted thing. Its value is the median of the runs; a figure without runs was skipped and says why.
struct figure {
  std::string part;  // rows of one part stand together
  std::string what;
  std::string unit;
  std::vector<double> runs;
  std::optional<bound> target;
  std::vector<peer_figure> peers;
  std::string note;

  [[nodiscard]] bool skipped() const { return runs.empty(); }
  /// Not skipped.
  [[nodiscard]] double value() const;
  /// False only for a figure that was taken and misses its target.
  [[nodiscard]] bool kept() const;
};

/// Middle value; of an even number the mean of the middle two. At least one.
[[nodiscard]] double median(std::vector<double> values);
/// Value at least as large as `share` (0 to 1) of all: nearest rank. At least one.
[[nodiscard]] double percentile(std::vector<double> values, double share);

/// Three significant digits, thousands apart: "12.3", "1 004 512", "0.0251".
[[nodiscard]] std::string shown(double value);

/// The table with targets and peers beside each figure; a ratio is the peer's value over ours.
void print_table(std::ostream& out, std::vector<figure> const& figures);
[[nodiscard]] nlohmann::json as_json(std::vector<figure> const& figures);
[[nodiscard]] bool all_kept(std::vector<figure> const& figures);

}  // namespace siren::bench
