#include "cli/map/svg_canvas.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

namespace siren {
namespace {

constexpr double kLeastStepPx = 0.5;

lat_lon middle_of(lat_lon_box box) {
  return {(box.south_west.lat + box.north_east.lat) / 2.0, (box.south_west.lon + box.north_east.lon) / 2.0};
}

std::string escaped(std::string_view words) {
  std::string out;
  for (char const c : words) switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20) out += c;
    }
  return out;
}

}  // namespace

page_window::page_window(lat_lon_box frame, page_point corner, double width, double height)
    : plane_{middle_of(frame)}, corner_{corner}, width_{width}, height_{height} {
  auto const edge = plane_.to_plane(frame.north_east);
  scale_ = std::min(width / std::max(2.0 * edge.east.value, 1.0), height / std::max(2.0 * edge.north.value, 1.0));
}

page_point page_window::to_page(lat_lon place) const {
  auto const at = plane_.to_plane(place);
  return {corner_.x + width_ / 2.0 + at.east.value * scale_, corner_.y + height_ / 2.0 - at.north.value * scale_};
}

bool page_window::shows(page_point p) const {
  return p.x >= corner_.x && p.y >= corner_.y && p.x <= corner_.x + width_ && p.y <= corner_.y + height_;
}

svg_canvas::svg_canvas(double width, double height) {
  auto const w = tenths(width);
  auto const h = tenths(height);
  svg_ = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + w +
         "\" height=\"" + h + "\" viewBox=\"0 0 " + w + ' ' + h +
         "\" font-family=\"DejaVu Sans, Liberation Sans, Arial, sans-serif\">\n";
}

void svg_canvas::open(std::string_view element_with_attributes) {
  svg_.append("<").append(element_with_attributes).append(">\n");
}

void svg_canvas::close(std::string_view element) {
  svg_.append("</").append(element).append(">\n");
}

void svg_canvas::empty(std::string_view element_with_attributes) {
  svg_.append("<").append(element_with_attributes).append("/>\n");
}

void svg_canvas::text(page_point at, std::string_view words, double size, std::string_view style) {
  svg_ += "<text x=\"" + tenths(at.x) + "\" y=\"" + tenths(at.y) + "\" font-size=\"" + tenths(size) + "\" ";
  svg_.append(style).append(">").append(escaped(words)).append("</text>\n");
}

std::string svg_canvas::finish() && {
  svg_ += "</svg>\n";
  return std::move(svg_);
}

void append_path(std::string& data, page_window const& window, std::vector<lat_lon> const& line, bool ring) {
  auto const in_tenths = [](double v) { return std::lround(v * 10.0); };
  auto const number = [&](long v) {
    char text[32];
    if (v % 10 == 0)
      std::snprintf(text, sizeof text, "%ld", v / 10);
    else
      std::snprintf(text, sizeof text, "%.1f", static_cast<double>(v) / 10.0);
    data += text;
  };
  long x = 0;
  long y = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    auto const at = window.to_page(line[i]);
    auto const px = in_tenths(at.x);
    auto const py = in_tenths(at.y);
    bool const last = i + 1 == line.size();
    if (i > 0 && !last && std::hypot(px - x, py - y) < kLeastStepPx * 10.0) continue;
    data += i == 0 ? 'M' : 'l';
    number(i == 0 ? px : px - x);
    data += ' ';
    number(i == 0 ? py : py - y);
    x = px;
    y = py;
  }
  if (ring) data += 'z';
}

std::string grouped(std::uint64_t number) {
  auto digits = std::to_string(number);
  for (auto at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, " ");
  return digits;
}

std::string tenths(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", number);
  return text;
}

}  // namespace siren
