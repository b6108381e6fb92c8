#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace siren::picture_metrics {

struct chart_line {
  std::string name;
  std::vector<std::pair<double, double>> points;  // at least one, in order of x
};

/// Lines over one axis, from zero upwards.
struct line_chart {
  std::string title;
  std::string across;  // what x is, with its unit
  std::string upward;
  std::vector<chart_line> lines;                  // at most six
  std::optional<std::pair<double, double>> band;  // where y should be
};

/// A picture that any browser shows, without script or font of its own.
[[nodiscard]] std::string as_svg(line_chart const& chart);

}  // namespace siren::picture_metrics
