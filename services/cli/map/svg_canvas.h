#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/geo/position.h"

namespace siren {

/// A point of the page, right and down.
struct page_point {
  double x = 0.0;
  double y = 0.0;
};

/// A window of the page that shows a box of the world, north up, as large as fits, its middle in the middle.
class page_window {
 public:
  page_window(lat_lon_box frame, page_point corner, double width, double height);
  [[nodiscard]] page_point to_page(lat_lon place) const;
  [[nodiscard]] bool shows(page_point p) const;
  [[nodiscard]] double pixels_per_meter() const { return scale_; }
  [[nodiscard]] page_point corner() const { return corner_; }
  [[nodiscard]] double width() const { return width_; }
  [[nodiscard]] double height() const { return height_; }

 private:
  local_plane plane_;
  page_point corner_;
  double width_;
  double height_;
  double scale_;
};

/// Text of an SVG under construction.
class svg_canvas {
 public:
  svg_canvas(double width, double height);
  void open(std::string_view element_with_attributes);  // "g fill=…"
  void close(std::string_view element);
  void empty(std::string_view element_with_attributes);  // closed at once
  /// `style`: further attributes. The text is escaped.
  void text(page_point at, std::string_view words, double size, std::string_view style = {});
  [[nodiscard]] std::string finish() &&;

 private:
  std::string svg_;
};

/// Appends a polyline to path data, in tenths of a pixel, relative; points under half a pixel from the last are left
/// out.
void append_path(std::string& data, page_window const& window, std::vector<lat_lon> const& line, bool ring = false);
/// "1 234 567"
[[nodiscard]] std::string grouped(std::uint64_t number);
[[nodiscard]] std::string tenths(double number);

}  // namespace siren
