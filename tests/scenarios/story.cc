#include "scenarios/story.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>

namespace siren::scenario {
namespace {

std::vector<std::string> words_of_line(std::string const& line) {
  std::istringstream in{line};
  std::vector<std::string> words;
  for (std::string w; in >> w;) words.push_back(w);
  return words;
}

std::string trimmed(std::string const& line) {
  auto const first = line.find_first_not_of(" \t");
  if (first == std::string::npos) return "";
  return line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
}

lat_lon corner(story const& s, double column, double row) {
  auto const south = destination(s.north_west, degrees{180}, meters{row * s.cell_m});
  return destination(south, degrees{90}, meters{column * s.cell_m});
}

zone box_around(story const& s, std::vector<std::string> const& words) {
  if (words.size() < 3) throw std::runtime_error{"a zone needs a name, letters and a kind"};
  std::optional<std::size_t> top, left;
  std::size_t bottom = 0, right = 0;
  for (std::size_t r = 0; r < s.rows.size(); ++r) {
    for (std::size_t c = 0; c < s.rows[r].size(); ++c) {
      if (!std::isalpha(static_cast<unsigned char>(s.rows[r][c])) || words[1].find(s.rows[r][c]) == std::string::npos) {
        continue;
      }
      top = std::min(top.value_or(r), r);
      left = std::min(left.value_or(c), c);
      bottom = std::max(bottom, r + 1);
      right = std::max(right, c + 1);
    }
  }
  if (!top) throw std::runtime_error{"no cell of zone " + words[0] + " on the map"};
  auto const x0 = static_cast<double>(*left), x1 = static_cast<double>(right);
  auto const y0 = static_cast<double>(*top), y1 = static_cast<double>(bottom);
  auto const kind = zone_kind_named(words[2]);
  if (!kind) throw std::runtime_error{"no such kind of zone: " + words[2]};
  zone made;
  made.id = zone_id{words[0]};
  made.kind = *kind;
  made.name_uk = made.name_en = words[0];
  for (std::size_t i = 3; i + 1 < words.size(); i += 2) {
    if (words[i] == "in") made.parent = zone_id{words[i + 1]};
    if (words[i] != "replaces") continue;
    std::istringstream ids{words[i + 1]};
    for (std::string id; std::getline(ids, id, ',');) made.replaces.emplace_back(id);
  }
  made.shape = {{{corner(s, x0, y0), corner(s, x1, y0), corner(s, x1, y1), corner(s, x0, y1)}, {}}};
  return made;
}

void take_cell(story& s, std::string const& value) {
  auto const words = words_of_line(value);
  auto const comma = words.size() == 4 ? words[3].find(',') : std::string::npos;
  if (comma == std::string::npos) throw std::runtime_error{"cell: SIZE km at LAT,LON"};
  s.cell_m = std::stod(words[0]) * 1000.0;
  s.north_west = {degrees{std::stod(words[3].substr(0, comma))}, degrees{std::stod(words[3].substr(comma + 1))}};
}

void take_line(story& s, std::string const& section, std::string const& line) {
  if (section == "map") {
    s.rows.push_back(line);
  } else if (section == "zones") {
    s.zones.push_back(box_around(s, words_of_line(line)));
  } else if (section == "later zones") {
    s.later_zones.push_back(box_around(s, words_of_line(line)));
  } else if (section == "timeline") {
    auto words = words_of_line(line);
    auto const at = parse_offset(words.front());
    words.erase(words.begin());
    if (words.empty()) throw std::runtime_error{"a time without an act"};
    if (!s.timeline.empty() && at < s.timeline.back().at) throw std::runtime_error{"the timeline goes back"};
    s.timeline.push_back({at, std::move(words)});
  } else if (section == "expect") {
    s.expected.push_back(line);
  } else if (section != "story") {
    throw std::runtime_error{"a line outside any section"};
  }
}

}  // namespace

seconds parse_offset(std::string const& text) {
  if (text.size() < 2 || text.front() != '+') throw std::runtime_error{"a time starts with +: " + text};
  if (text.back() == 'd') return hours{24} * std::stoi(text.substr(1));
  std::istringstream in{text.substr(1)};
  seconds total{0};
  for (std::string part; std::getline(in, part, ':');) total = total * 60 + seconds{std::stoi(part)};
  return total;
}

lat_lon story::marked(std::string const& mark) const {
  for (std::size_t r = 0; r < rows.size(); ++r) {
    auto const c = rows[r].find(mark);
    if (c != std::string::npos) return corner(*this, static_cast<double>(c) + 0.5, static_cast<double>(r) + 0.5);
  }
  throw std::runtime_error{"no place " + mark + " on the map"};
}

story read(std::string const& path) {
  std::ifstream in{path};
  if (!in) throw std::runtime_error{"can't read " + path};
  story s;
  std::string section;
  auto number = 0;
  for (std::string raw; std::getline(in, raw);) {
    ++number;
    auto const line = trimmed(raw);
    if (line.empty()) continue;
    try {
      auto const colon = line.find(':');
      auto const head = colon == std::string::npos ? "" : line.substr(0, colon);
      auto const value = colon == std::string::npos ? "" : trimmed(line.substr(colon + 1));
      if (head == "story" || head == "map" || head == "zones" || head == "later zones" || head == "timeline" ||
          head == "expect") {
        section = head;
      } else if (head == "world") {
        if (value != "live" && value != "exercise") throw std::runtime_error{"no such world"};
        s.where = value == "exercise" ? world::exercise : world::live;
      } else if (head == "cell") {
        take_cell(s, value);
      } else if (head == "most updates") {
        s.most_updates = std::stoul(value);
      } else {
        take_line(s, section, line);
      }
    } catch (std::exception const& bad) {
      throw std::runtime_error{path + ":" + std::to_string(number) + ": " + bad.what()};
    }
  }
  if (s.timeline.empty() || s.timeline.back().words.front() != "end") throw std::runtime_error{path + ": no end"};
  return s;
}

}  // namespace siren::scenario
