#include "fanout_bench/plots.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace siren::fanout {
namespace {

constexpr double kWidth = 760.0;
constexpr double kPanel = 220.0;
constexpr double kLeft = 60.0;
constexpr double kPlotWidth = 480.0;
constexpr double kPlotHeight = 150.0;
constexpr double kLeastMs = 0.1;
constexpr double kDecades = 6.0;  // up to 100 s
constexpr std::array kColours{"#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#8c564b"};

std::string escaped(std::string const& text) {
  std::string out;
  for (auto const c : text) {
    if (c == '<')
      out += "&lt;";
    else if (c == '&')
      out += "&amp;";
    else
      out += c;
  }
  return out;
}

double x_of(double ms) {
  return kLeft + kPlotWidth * std::clamp(std::log10(std::max(ms, kLeastMs) / kLeastMs) / kDecades, 0.0, 1.0);
}

std::string text_at(double x, double y, std::string const& words, char const* more = "") {
  return fmt::format("<text x='{:.1f}' y='{:.1f}' {}>{}</text>\n", x, y, more, escaped(words));
}

/// Shares on a scale of nines: 0 %, 90 %, 99 %, 99.9 %, 99.99 %.
double y_of(double share, double top) {
  auto const nines = std::min(-std::log10(std::max(1.0 - share, 1e-5)), 4.0);
  return top + kPlotHeight * (1.0 - nines / 4.0);
}

std::string curve(delay_counts const& delays, double top, char const* colour) {
  std::string points;
  for (double nines = 0.0; nines <= 4.0; nines += 0.1) {
    auto const share = std::max(1.0 - std::pow(10.0, -nines), 1e-3);
    points +=
        fmt::format("{:.1f},{:.1f} ", x_of(static_cast<double>(delays.at(share).count()) / 1'000.0), y_of(share, top));
  }
  return fmt::format("<polyline fill='none' stroke='{}' stroke-width='1.5' points='{}'/>\n", colour, points);
}

std::string frame_of(double top) {
  auto out = fmt::format("<rect x='{}' y='{}' width='{}' height='{}' fill='none' stroke='#999'/>\n", kLeft, top,
                         kPlotWidth, kPlotHeight);
  for (double decade = 0.0; decade <= kDecades; ++decade) {
    auto const ms = kLeastMs * std::pow(10.0, decade);
    out += text_at(x_of(ms), top + kPlotHeight + 14.0,
                   ms < 1'000.0 ? fmt::format("{:g} ms", ms) : fmt::format("{:g} s", ms / 1'000.0),
                   "text-anchor='middle'");
  }
  for (auto const* share : {"0", "0.9", "0.99", "0.999", "0.9999"}) {
    auto const value = std::stod(share);
    out += text_at(kLeft - 4.0, y_of(value, top) + 4.0, fmt::format("{:g} %", value * 100.0), "text-anchor='end'");
  }
  return out;
}

std::string bars(played const& all, double top) {
  std::string out;
  double y = top;
  for (auto const* name : {"alert.cpu_us", "accept_us", "memory_kb"}) {
    auto const words = wording_of(name);
    out += text_at(kLeft, y, words.words + ", " + words.unit, "font-weight='bold'");
    double most = 1e-9;
    for (auto const& [kind, plays] : all.told)
      if (auto const value = plays.front().number(name); std::isfinite(value)) most = std::max(most, value);
    std::size_t colour = 0;
    for (auto const& [kind, plays] : all.told) {
      y += 15.0;
      auto const value = plays.front().number(name);
      if (!std::isfinite(value)) continue;
      out += fmt::format("<rect x='{}' y='{:.1f}' width='{:.1f}' height='11' fill='{}'/>\n", kLeft + 60.0, y - 9.0,
                         360.0 * std::max(value, 0.0) / most, kColours[colour++ % kColours.size()]);
      out += text_at(kLeft, y, name_of(kind));
      out += text_at(kLeft + 430.0, y, bench::shown(value));
    }
    y += 22.0;
  }
  return out;
}

}  // namespace

std::string picture_of(std::vector<played> const& all) {
  std::string out;
  double top = 30.0;
  for (auto const& one : all) {
    auto const& ours = one.told.at(kind_of_server::siren).front();
    out += text_at(kLeft, top - 8.0, one.what.title + fmt::format(", {} phones{}", ours.phones, one.tls ? ", TLS" : ""),
                   "font-weight='bold'");
    out += frame_of(top);
    std::size_t nth = 0;
    auto const legend = [&](std::string const& words, delay_counts const& delays) {
      if (delays.count() == 0) return;
      auto const* colour = kColours[nth % kColours.size()];
      out += curve(delays, top, colour);
      out += text_at(kLeft + kPlotWidth + 8.0, top + 12.0 + 14.0 * static_cast<double>(nth++), words,
                     fmt::format("fill='{}'", colour).c_str());
    };
    for (auto const& [kind, plays] : one.told)
      for (auto const& window : plays.front().windows)
        legend((one.told.size() > 1 ? std::string{name_of(kind)} + " " : std::string{}) + window.name,
               window.heard.delays);
    top += kPanel;
    if (one.told.size() < 2) continue;
    out += bars(one, top);
    top += kPanel;
  }
  return fmt::format(
             "<svg xmlns='http://www.w3.org/2000/svg' width='{}' height='{}' font-family='sans-serif' font-size='11'>\n"
             "<rect width='100%' height='100%' fill='white'/>\n",
             kWidth, top) +
         out + "</svg>\n";
}

}  // namespace siren::fanout
