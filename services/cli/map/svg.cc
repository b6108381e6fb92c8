#include <algorithm>
#include <cmath>

#include "cli/map/drawing.h"
#include "cli/map/svg_canvas.h"
#include "cli/map/svg_legend.h"

namespace siren {
namespace {

constexpr double kMapHeight = 1'500.0;
constexpr double kMapWidth = 1'500.0;
constexpr double kMapWidthOfTwo = 1'120.0;
constexpr double kMargin = 24.0;
constexpr double kHead = 96.0;
constexpr double kCaption = 44.0;
constexpr double kFoot = 44.0;
constexpr double kLabelWidth = 780.0;

/// Pastels that can be told apart and none of which looks like the colours of people without a place.
constexpr std::array kCatchmentColours{"#7fb2d9", "#8cc98f", "#c9b757", "#b49bdc",
                                       "#6fc3b8", "#d8a878", "#9aa5e0", "#a9c45a"};

/// Wider streets when little ground is shown, so that a map of a village is no cobweb.
double street_width(page_window const& window) {
  return std::clamp(window.pixels_per_meter() * 26.0, 1.1, 9.0);
}

/// Places, as area; a shelter for few people must still be seen.
double radius_of(drawn_shelter const& s, page_window const& window) {
  double const zoom = std::clamp(window.pixels_per_meter() * 9.0, 0.75, 3.0);
  return zoom * std::clamp(std::sqrt(static_cast<double>(s.room)) / 12.0, 1.3, 7.0);
}

void draw_water(svg_canvas& svg, page_window const& window, std::vector<polygon> const& water) {
  std::string data;
  for (auto const& area : water) {
    append_path(data, window, area.outer, true);
    for (auto const& hole : area.holes) append_path(data, window, hole, true);
  }
  if (!data.empty())
    svg.empty("path fill=\"" + std::string{kWaterColour} + "\" fill-rule=\"evenodd\" d=\"" + data + '"');
}

bool in_sight(page_window const& window, std::vector<lat_lon> const& line) {
  return std::any_of(line.begin(), line.end(), [&](lat_lon p) { return window.shows(window.to_page(p)); });
}

/// Streets that are faded, or those that are not.
void draw_streets(svg_canvas& svg, page_window const& window, drawn_plan const& plan,
                  std::vector<std::uint8_t> const& colours, bool faded) {
  std::vector<std::string> by_colour(kCatchmentColours.size());
  std::array<std::string, kStreetFates> by_fate;
  for (auto const& street : plan.streets) {
    if (street.faded != faded || !in_sight(window, street.line)) continue;
    append_path(street.fate == street_fate::sheltered ? by_colour[colours[street.shelter]]
                                                      : by_fate[static_cast<std::size_t>(street.fate)],
                window, street.line);
  }
  auto const stroke = [&](std::string const& data, std::string const& colour, double width) {
    if (!data.empty())
      svg.empty("path stroke=\"" + colour + "\" stroke-width=\"" + tenths(width) + "\" d=\"" + data + '"');
  };
  auto const width = street_width(window);
  svg.open(std::string{"g fill=\"none\" stroke-linecap=\"round\" stroke-linejoin=\"round\""} +
           (faded ? " opacity=\"0.28\"" : ""));
  stroke(by_fate[0], std::string{kFateColours[0]}, std::max(0.5, width * 0.35));
  for (std::size_t c = 0; c < by_colour.size(); ++c) stroke(by_colour[c], kCatchmentColours[c], width);
  for (std::size_t f = 2; f < kStreetFates; ++f) stroke(by_fate[f], std::string{kFateColours[f]}, width * 1.15);
  svg.close("g");
}

void draw_shelter(svg_canvas& svg, page_window const& window, drawn_shelter const& s, bool changed) {
  auto const at = window.to_page(s.place);
  if (!window.shows(at)) return;
  auto const r = radius_of(s, window);
  auto const place = "cx=\"" + tenths(at.x) + "\" cy=\"" + tenths(at.y) + '"';
  if (changed)
    svg.empty("circle " + place + " r=\"" + tenths(r + 9.0) + "\" fill=\"none\" stroke=\"#d00070\" stroke-width=\"4\"");
  if (!s.open) {
    auto const k = std::max(1.6, r * 0.6);
    svg.empty("path stroke=\"" + std::string{kClosedColour} + "\" stroke-width=\"" + tenths(std::max(0.8, r * 0.3)) +
              "\" d=\"M" + tenths(at.x - k) + ' ' + tenths(at.y - k) + 'l' + tenths(2 * k) + ' ' + tenths(2 * k) +
              "m0 " + tenths(-2 * k) + 'l' + tenths(-2 * k) + ' ' + tenths(2 * k) + '"');
    return;
  }
  if (s.type == shelter_type::metro_station) {
    auto const half = std::max(r, 3.2);
    svg.empty("rect x=\"" + tenths(at.x - half) + "\" y=\"" + tenths(at.y - half) + "\" width=\"" + tenths(2.0 * half) +
              "\" height=\"" + tenths(2.0 * half) + "\" rx=\"1.5\" fill=\"" + load_colour(s.load, s.room) +
              "\" stroke=\"" + (s.load > s.room ? "#d00000" : "#111111") + "\" stroke-width=\"1.4\"");
    return;
  }
  bool const over = s.load > s.room;
  auto const ring = over ? "stroke=\"#d00000\" stroke-width=\"3\"" : "stroke=\"#ffffff\" stroke-width=\"0.7\"";
  svg.empty("circle " + place + " r=\"" + tenths(r) + "\" fill=\"" + load_colour(s.load, s.room) + "\" " + ring);
}

void draw_routes(svg_canvas& svg, page_window const& window, drawn_plan const& plan) {
  svg.open("g fill=\"none\" stroke-linecap=\"round\" stroke-linejoin=\"round\"");
  for (auto const& route : plan.routes) {
    if (!in_sight(window, route.line)) continue;
    std::string data;
    append_path(data, window, route.line);
    svg.empty("path stroke=\"#ffffff\" stroke-width=\"5\" d=\"" + data + '"');
    svg.empty("path stroke=\"#111111\" stroke-width=\"2.2\" d=\"" + data + '"');
    auto const home = window.to_page(route.line.front());
    svg.empty("circle cx=\"" + tenths(home.x) + "\" cy=\"" + tenths(home.y) +
              "\" r=\"3.6\" fill=\"#ffffff\" stroke=\"#111111\" stroke-width=\"1.8\"");
  }
  svg.close("g");
}

void draw_scale(svg_canvas& svg, page_window const& window) {
  double length_m = 10'000.0;
  for (double const tried : {5'000.0, 2'000.0, 1'000.0, 500.0, 200.0, 100.0})
    if (length_m * window.pixels_per_meter() > window.width() / 5.0) length_m = tried;
  auto const px = length_m * window.pixels_per_meter();
  auto const left = window.corner().x + 16.0;
  auto const bottom = window.corner().y + window.height() - 16.0;
  svg.empty("path fill=\"none\" stroke=\"#222\" stroke-width=\"2\" d=\"M" + tenths(left) + ' ' + tenths(bottom - 7) +
            "v7h" + tenths(px) + "v-7\"");
  auto const words = length_m >= 1'000.0 ? grouped(static_cast<std::uint64_t>(length_m / 1'000.0)) + " км / km"
                                         : grouped(static_cast<std::uint64_t>(length_m)) + " м / m";
  svg.text({left + 6.0, bottom - 7.0}, words, 15.0, "fill=\"#222\"");
}

void draw_map(svg_canvas& svg, page_window const& window, drawn_city const& city, drawn_plan const& plan,
              std::vector<std::uint8_t> const& colours, std::size_t number) {
  auto const corner = window.corner();
  auto const frame = "x=\"" + tenths(corner.x) + "\" y=\"" + tenths(corner.y) + "\" width=\"" + tenths(window.width()) +
                     "\" height=\"" + tenths(window.height()) + '"';
  auto const clip = "map" + std::to_string(number);
  svg.open("clipPath id=\"" + clip + '"');
  svg.empty("rect " + frame);
  svg.close("clipPath");
  svg.empty("rect " + frame + " fill=\"#fbfaf7\"");
  svg.open("g clip-path=\"url(#" + clip + ")\"");
  draw_water(svg, window, city.water);
  draw_streets(svg, window, plan, colours, true);
  draw_streets(svg, window, plan, colours, false);
  for (std::uint32_t i = 0; i < plan.shelters.size(); ++i) draw_shelter(svg, window, plan.shelters[i], false);
  draw_routes(svg, window, plan);
  for (auto const changed : city.highlight) draw_shelter(svg, window, plan.shelters[changed], true);
  draw_scale(svg, window);
  svg.close("g");
  svg.empty("rect " + frame + " fill=\"none\" stroke=\"#999\"");
  svg.text({corner.x + 4.0, corner.y - 24.0}, plan.title_uk, 21.0, "font-weight=\"bold\"");
  svg.text({corner.x + 4.0, corner.y - 6.0}, plan.title_en, 15.0, "fill=\"#555\"");
}

void draw_head(svg_canvas& svg, drawn_city const& city, double width) {
  svg.text({kMargin, 46.0}, city.name_uk + ": хто куди йде за тривоги", 32.0, "font-weight=\"bold\"");
  auto english = city.name_en + ": who goes where in an alarm";
  svg.text({kMargin, 76.0}, english, 20.0, "fill=\"#555\"");
  if (city.generated_label_uk.empty()) return;
  auto const label = city.generated_label_uk + " · " + city.generated_label_en;
  auto const left = width - kMargin - kLabelWidth;
  svg.empty("rect x=\"" + tenths(left) + "\" y=\"22\" width=\"" + tenths(kLabelWidth) +
            "\" height=\"46\" rx=\"6\" fill=\"#ffe08a\" stroke=\"#8a6d00\"");
  svg.text({left + kLabelWidth / 2.0, 51.0}, label, 18.0,
           "text-anchor=\"middle\" fill=\"#4a3a00\" font-weight=\"bold\"");
}

std::vector<std::pair<std::uint32_t, std::uint32_t>> touching(drawn_city const& city) {
  // Streets are cut where catchments meet, so catchments that touch share an end of a stretch.
  std::vector<std::pair<std::pair<double, double>, std::uint32_t>> ends;
  for (auto const& plan : city.plans)
    for (auto const& s : plan.streets) {
      if (s.fate != street_fate::sheltered) continue;
      for (auto const& p : {s.line.front(), s.line.back()}) ends.push_back({{p.lat.value, p.lon.value}, s.shelter});
    }
  std::sort(ends.begin(), ends.end());
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  for (std::size_t i = 1; i < ends.size(); ++i)
    if (ends[i - 1].first == ends[i].first && ends[i - 1].second != ends[i].second)
      pairs.emplace_back(ends[i - 1].second, ends[i].second);
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  return pairs;
}

}  // namespace

std::string draw_svg(drawn_city const& city) {
  bool const two = city.plans.size() > 1;
  auto const map_width = two ? kMapWidthOfTwo : kMapWidth;
  auto const maps = static_cast<double>(city.plans.size());
  auto const width = kMargin + maps * (map_width + kMargin) + legend_width(city) + kMargin;
  auto const height = kHead + kCaption + kMapHeight + kFoot;
  svg_canvas svg{width, height};
  svg.empty("rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"");
  draw_head(svg, city, width);
  auto const colours = colour_catchments(city.plans.front().shelters.size(), touching(city),
                                         static_cast<std::uint8_t>(kCatchmentColours.size()));
  for (std::size_t i = 0; i < city.plans.size(); ++i) {
    page_point const corner{kMargin + static_cast<double>(i) * (map_width + kMargin), kHead + kCaption};
    draw_map(svg, page_window{city.frame, corner, map_width, kMapHeight}, city, city.plans[i], colours, i);
  }
  draw_legend(svg, city, {width - kMargin - legend_width(city), kHead + kCaption},
              {kCatchmentColours.begin(), kCatchmentColours.end()});
  std::string sources;
  for (auto const& line : city.attribution) sources += (sources.empty() ? "" : " · ") + line;
  svg.text({kMargin, height - 16.0}, sources, 12.0, "fill=\"#777\"");
  return std::move(svg).finish();
}

}  // namespace siren
