#include "picture_metrics/line_chart.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "core/base/verify.h"

namespace siren::picture_metrics {
namespace {

constexpr double kWidth = 760.0;
constexpr double kHeight = 380.0;
constexpr double kLeft = 70.0;
constexpr double kRight = 20.0;
constexpr double kTop = 64.0;
constexpr double kBottom = 48.0;
constexpr std::array<char const*, 6> kColours{"#1f5fa8", "#c4562a", "#3a8f4f", "#8a4fb0", "#7a7a2a", "#555555"};

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

std::string escaped(std::string const& text) {
  std::string out;
  for (char const c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else
      out += c;
  }
  return out;
}

/// 1, 2 or 5 times a power of ten, about a fifth of the range.
double step_of(double range) {
  double const rough = range / 5.0;
  double const power = std::pow(10.0, std::floor(std::log10(rough)));
  double const share = rough / power;
  return power * (share < 1.5 ? 1.0 : share < 3.5 ? 2.0 : share < 7.5 ? 5.0 : 10.0);
}

class drawing {
 public:
  explicit drawing(line_chart const& chart) : chart_{chart} {
    low_x_ = chart.lines[0].points.front().first;
    high_x_ = low_x_;
    for (auto const& line : chart.lines) {
      verify(!line.points.empty(), "a line has points");
      for (auto const& [x, y] : line.points) {
        low_x_ = std::min(low_x_, x);
        high_x_ = std::max(high_x_, x);
        high_y_ = std::max(high_y_, y);
      }
    }
    if (chart.band) high_y_ = std::max(high_y_, chart.band->second);
    if (high_x_ <= low_x_) high_x_ = low_x_ + 1.0;
    if (high_y_ <= 0.0) high_y_ = 1.0;
    high_y_ *= 1.05;
  }

  std::string svg() {
    out_ = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + number(kWidth) + ' ' + number(kHeight) +
           "\" font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n";
    text(kLeft, 20.0, "start", chart_.title, 15);
    band();
    axes();
    for (std::size_t i = 0; i < chart_.lines.size(); ++i) line(i);
    return out_ + "</svg>\n";
  }

 private:
  [[nodiscard]] double at_x(double x) const {
    return kLeft + (x - low_x_) / (high_x_ - low_x_) * (kWidth - kLeft - kRight);
  }
  [[nodiscard]] double at_y(double y) const { return kHeight - kBottom - y / high_y_ * (kHeight - kTop - kBottom); }

  void text(double x, double y, char const* anchor, std::string const& words, int size = 12) {
    out_ += "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" + anchor + "\" font-size=\"" +
            std::to_string(size) + "\">" + escaped(words) + "</text>\n";
  }
  void stroke(double x1, double y1, double x2, double y2, char const* colour) {
    out_ += "<line x1=\"" + number(x1) + "\" y1=\"" + number(y1) + "\" x2=\"" + number(x2) + "\" y2=\"" + number(y2) +
            "\" stroke=\"" + colour + "\"/>\n";
  }

  void band() {
    if (!chart_.band) return;
    auto const [low, high] = *chart_.band;
    out_ += "<rect x=\"" + number(kLeft) + "\" y=\"" + number(at_y(high)) + "\" width=\"" +
            number(kWidth - kLeft - kRight) + "\" height=\"" + number(at_y(low) - at_y(high)) +
            "\" fill=\"#e4efdf\"/>\n";
  }

  void axes() {
    double const step_y = step_of(high_y_);
    for (double y = 0.0; y <= high_y_; y += step_y) {
      stroke(kLeft, at_y(y), kWidth - kRight, at_y(y), y > 0.0 ? "#dddddd" : "#333333");
      text(kLeft - 6.0, at_y(y) + 4.0, "end", number(y));
    }
    double const step_x = step_of(high_x_ - low_x_);
    for (double x = std::ceil(low_x_ / step_x) * step_x; x <= high_x_ + 1e-9 * step_x; x += step_x) {
      stroke(at_x(x), kHeight - kBottom, at_x(x), kHeight - kBottom + 4.0, "#333333");
      text(at_x(x), kHeight - kBottom + 18.0, "middle", number(x));
    }
    text((kLeft + kWidth - kRight) / 2.0, kHeight - 10.0, "middle", chart_.across);
    text(kLeft, 40.0, "start", chart_.upward);
  }

  void line(std::size_t index) {
    auto const& one = chart_.lines[index];
    auto const* colour = kColours[index % kColours.size()];
    std::string points;
    for (auto const& [x, y] : one.points) points += number(at_x(x)) + ',' + number(at_y(y)) + ' ';
    out_ += "<polyline fill=\"none\" stroke-width=\"2\" stroke=\"" + std::string{colour} + "\" points=\"" + points +
            "\"/>\n";
    double const legend = kWidth - kRight - 190.0;
    double const height = 20.0 + 16.0 * static_cast<double>(index);
    stroke(legend, height - 4.0, legend + 22.0, height - 4.0, colour);
    text(legend + 28.0, height, "start", one.name);
  }

  line_chart const& chart_;
  std::string out_;
  double low_x_ = 0.0;
  double high_x_ = 1.0;
  double high_y_ = 0.0;
};

}  // namespace

std::string as_svg(line_chart const& chart) {
  verify(!chart.lines.empty(), "a chart has a line");
  return drawing{chart}.svg();
}

}  // namespace siren::picture_metrics
