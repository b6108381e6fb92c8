#include "cli/map/svg_legend.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace siren {
namespace {

constexpr double kRow = 42.0;
constexpr double kWords = 350.0;
constexpr double kNumbers = 122.0;  // width of a column of numbers

/// A column of text that grows downwards.
struct column {
  svg_canvas& svg;
  page_point at;

  void heading(std::string const& uk, std::string const& en) {
    svg.text(at, uk, 18.0, "font-weight=\"bold\"");
    svg.text({at.x, at.y + 18.0}, en, 13.0, "fill=\"#666\"");
    at.y += 52.0;
  }
  void words(std::string const& uk, std::string const& en, double indent) {
    svg.text({at.x + indent, at.y}, uk, 16.0);
    svg.text({at.x + indent, at.y + 16.0}, en, 12.0, "fill=\"#666\"");
  }
};

void number(column const& rows, std::size_t which, std::string const& words, bool alarming) {
  auto const right = rows.at.x + kWords + static_cast<double>(which + 1) * kNumbers;
  rows.svg.text({right, rows.at.y + 5.0}, words, 18.0,
                alarming ? "text-anchor=\"end\" font-weight=\"bold\" fill=\"#c00020\""
                         : "text-anchor=\"end\" font-weight=\"bold\"");
}

std::string percent(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "";
  return ", " + tenths(100.0 * static_cast<double>(part) / static_cast<double>(whole)) + " %";
}

void totals(column& rows, drawn_city const& city) {
  auto const columns = city.plans.size();
  auto const line = [&](std::string const& uk, std::string const& en, auto value, bool alarming) {
    rows.words(uk, en, 0.0);
    for (std::size_t i = 0; i < columns; ++i) {
      std::string const shown = value(city.plans[i].totals);
      number(rows, i, shown, alarming && shown != "0");
    }
    rows.at.y += kRow;
  };
  auto const fate = [](street_fate f) {
    return [f](drawn_totals const& t) { return grouped(t.by_fate[static_cast<std::size_t>(f)]); };
  };
  auto const& now = city.plans.back().totals;
  auto const share = percent(now.by_fate[static_cast<std::size_t>(street_fate::sheltered)], now.people);
  line(
      "Людей у місті", "People in the city", [](drawn_totals const& t) { return grouped(t.people); }, false);
  line("Мають місце в укритті", "Have a place in a shelter" + share, fate(street_fate::sheltered), false);
  line("Укриття на місці: немає місць", "Take cover: all in reach is full", fate(street_fate::no_room), true);
  if (!city.deadline_uk.empty())
    line("Укриття на місці: не встигнуть", "Take cover: too far for the deadline", fate(street_fate::too_far), true);
  line("Немає шляху до укриття", "No way to an open shelter", fate(street_fate::unreachable), true);
  line(
      "Понад місткість укриттів", "Beyond a shelter's capacity",
      [](drawn_totals const& t) { return grouped(t.overload); }, true);
  line(
      "Середній шлях, хв", "Mean walk, minutes", [](drawn_totals const& t) { return tenths(t.mean_walk_minutes); },
      false);
  line(
      "Відкритих укриттів", "Open shelters", [](drawn_totals const& t) { return grouped(t.open_shelters); }, false);
  line(
      "Місць у них", "Places in them", [](drawn_totals const& t) { return grouped(t.places); }, false);
  if (city.redirected) {
    rows.words("Людей перенаправлено", "People sent elsewhere by the change", 0.0);
    number(rows, columns - 1, grouped(*city.redirected), false);
    rows.at.y += kRow;
  }
}

void street_signs(column& rows, std::vector<std::string_view> const& catchment_colours) {
  auto const stroke = [&](double from, double to, std::string_view colour) {
    rows.svg.empty("path fill=\"none\" stroke=\"" + std::string{colour} +
                   "\" stroke-width=\"6\" stroke-linecap=\"round\" d=\"M" + tenths(rows.at.x + from) + ' ' +
                   tenths(rows.at.y) + 'h' + tenths(to - from) + '"');
  };
  auto const step = 56.0 / static_cast<double>(catchment_colours.size());
  for (std::size_t i = 0; i < catchment_colours.size(); ++i)
    stroke(4.0 + step * static_cast<double>(i), 4.0 + step * static_cast<double>(i + 1), catchment_colours[i]);
  rows.words("Вулиці одного укриття мають один колір", "Streets of one shelter share a colour", 76.0);
  rows.at.y += kRow;
  struct row {
    street_fate fate;
    char const* uk;
    char const* en;
  };
  for (auto const& r :
       {row{street_fate::no_room, "Немає місць: укриття на місці", "No room in reach: take cover there"},
        row{street_fate::too_far, "Не встигнути: укриття на місці", "Too far for the deadline: take cover there"},
        row{street_fate::unreachable, "Немає шляху до укриття", "No way to an open shelter"},
        row{street_fate::empty, "Ніхто не живе", "Nobody lives here"}}) {
    stroke(4.0, 60.0, kFateColours[static_cast<std::size_t>(r.fate)]);
    rows.words(r.uk, r.en, 76.0);
    rows.at.y += kRow;
  }
}

void shelter_signs(column& rows, bool changed) {
  auto& svg = rows.svg;
  auto const circle = [&](double x, double r, std::string const& style) {
    svg.empty("circle cx=\"" + tenths(rows.at.x + x) + "\" cy=\"" + tenths(rows.at.y) + "\" r=\"" + tenths(r) + "\" " +
              style);
  };
  for (std::uint32_t i = 0; i < 4; ++i)
    circle(10.0 + 15.0 * i, 6.0, "fill=\"" + load_colour(i, 3) + "\" stroke=\"#888\" stroke-width=\"0.7\"");
  rows.words("Укриття: порожнє … повне", "Shelter: empty … full; size: its places", 76.0);
  rows.at.y += kRow;
  svg.empty("rect x=\"" + tenths(rows.at.x + 25.0) + "\" y=\"" + tenths(rows.at.y - 7.0) +
            "\" width=\"14\" height=\"14\" rx=\"1.5\" fill=\"" + load_colour(2, 3) +
            "\" stroke=\"#111111\" stroke-width=\"1.4\"");
  rows.words("Станція метро", "Metro station", 76.0);
  rows.at.y += kRow;
  circle(32.0, 7.0, "fill=\"" + load_colour(1, 1) + "\" stroke=\"#d00000\" stroke-width=\"3\"");
  rows.words("Понад місткість", "Over capacity", 76.0);
  rows.at.y += kRow;
  svg.empty("path stroke=\"" + std::string{kClosedColour} + "\" stroke-width=\"2.4\" d=\"M" + tenths(rows.at.x + 27.0) +
            ' ' + tenths(rows.at.y - 5.0) + "l10 10m0 -10l-10 10\"");
  rows.words("Зачинене або невідоме", "Closed, full already or not known to be open", 76.0);
  rows.at.y += kRow;
  svg.empty("path fill=\"none\" stroke=\"#111\" stroke-width=\"2.2\" d=\"M" + tenths(rows.at.x + 10.0) + ' ' +
            tenths(rows.at.y) + "h20l10 -5h18\"");
  circle(10.0, 3.6, "fill=\"#fff\" stroke=\"#111\" stroke-width=\"1.8\"");
  rows.words("Шлях від дому (коло) до укриття", "A way from home (ring) to its shelter", 76.0);
  rows.at.y += kRow;
  if (!changed) return;
  circle(32.0, 11.0, "fill=\"none\" stroke=\"#d00070\" stroke-width=\"4\"");
  rows.words("Зачинено цією зміною", "Closed by this change", 76.0);
  rows.at.y += kRow;
  for (bool const faded : {true, false})
    svg.empty("path fill=\"none\" stroke=\"#7fb2d9\" stroke-width=\"6\" stroke-linecap=\"round\" d=\"M" +
              tenths(rows.at.x + (faded ? 4.0 : 38.0)) + ' ' + tenths(rows.at.y) + "h22\"" +
              (faded ? " opacity=\"0.28\"" : ""));
  rows.words("Бліді вулиці: як було", "Pale streets: as before", 76.0);
  rows.at.y += kRow;
}

}  // namespace

double legend_width(drawn_city const& city) {
  return kWords + static_cast<double>(city.plans.size()) * kNumbers;
}

std::string load_colour(std::uint32_t load, std::uint32_t room) {
  double const share = room == 0 ? 1.0 : std::clamp(static_cast<double>(load) / room, 0.0, 1.0);
  auto const mix = [&](int empty, int full) { return static_cast<int>(std::lround(empty + (full - empty) * share)); };
  char text[16];
  std::snprintf(text, sizeof text, "#%02x%02x%02x", mix(255, 16), mix(255, 42), mix(255, 92));
  return text;
}

void draw_legend(svg_canvas& svg, drawn_city const& city, page_point corner,
                 std::vector<std::string_view> const& catchment_colours) {
  column rows{svg, {corner.x, corner.y + 12.0}};
  auto const columns = city.plans.size();
  if (!city.deadline_uk.empty()) rows.heading(city.deadline_uk, city.deadline_en);
  rows.heading("Підсумок", "Totals");
  if (columns > 1) {
    for (std::size_t i = 0; i < columns; ++i) {
      page_point const at{rows.at.x + kWords + static_cast<double>(i + 1) * kNumbers, rows.at.y - 46.0};
      svg.text(at, i == 0 ? "до" : "після", 16.0, "text-anchor=\"end\"");
      svg.text({at.x, at.y + 16.0}, i == 0 ? "before" : "after", 12.0, "text-anchor=\"end\" fill=\"#666\"");
    }
  }
  totals(rows, city);
  rows.at.y += 18.0;
  rows.heading("Вулиці", "Streets");
  street_signs(rows, catchment_colours);
  rows.at.y += 18.0;
  rows.heading("Укриття", "Shelters");
  shelter_signs(rows, columns > 1);
}

}  // namespace siren
