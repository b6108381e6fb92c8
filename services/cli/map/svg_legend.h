#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "cli/map/drawing.h"
#include "cli/map/svg_canvas.h"

namespace siren {

/// A column of numbers for each plan.
[[nodiscard]] double legend_width(drawn_city const& city);
inline constexpr std::string_view kWaterColour = "#dbe9f4";
inline constexpr std::string_view kClosedColour = "#8a8a8a";
/// By street_fate; a sheltered street has its catchment's colour.
inline constexpr std::array<std::string_view, kStreetFates> kFateColours{"#cfcfcf", "", "#e01e37", "#ff8c00",
                                                                         "#2b0a3d"};

/// From white (empty) to dark blue (full).
[[nodiscard]] std::string load_colour(std::uint32_t load, std::uint32_t room);

/// Totals of every plan in columns, and what the signs mean.
void draw_legend(svg_canvas& svg, drawn_city const& city, page_point corner,
                 std::vector<std::string_view> const& catchment_colours);

}  // namespace siren
