#include <algorithm>
#include <cmath>
#include <exception>
#include <iostream>
#include <set>
#include <sstream>

#include "scenarios/stage_play.h"
#include "scenarios/story.h"

namespace siren::scenario {
namespace {

bool is_range(std::string const& word) {
  auto const dash = word.find('-');
  return dash != std::string::npos && dash > 0 && word.find_first_not_of("0123456789-") == std::string::npos;
}

bool about(double a, double b, double least, double share) {
  return std::abs(a - b) <= std::max(least, share * std::max(a, b));
}

bool same_word(std::string const& expected, std::string const& actual) {
  if (expected == actual) return true;
  if (expected.front() == '+' && actual.front() == '+') {
    return about(static_cast<double>(parse_offset(expected).count()), static_cast<double>(parse_offset(actual).count()),
                 60, 0.1);
  }
  if (!is_range(expected) || !is_range(actual)) return false;
  auto const dash_e = expected.find('-');
  auto const dash_a = actual.find('-');
  return about(std::stod(expected.substr(0, dash_e)), std::stod(actual.substr(0, dash_a)), 2, 0.25) &&
         about(std::stod(expected.substr(dash_e + 1)), std::stod(actual.substr(dash_a + 1)), 2, 0.25);
}

bool same_line(std::string const& expected, std::string const& actual) {
  std::istringstream e{expected}, a{actual};
  std::string from_e, from_a;
  for (;;) {
    auto const has_e = static_cast<bool>(e >> from_e);
    auto const has_a = static_cast<bool>(a >> from_a);
    if (has_e != has_a) return false;
    if (!has_e) return true;
    if (!same_word(from_e, from_a)) return false;
  }
}

std::map<std::string, std::vector<std::string>> by_zone(std::vector<std::string> const& lines) {
  std::map<std::string, std::vector<std::string>> sorted;
  for (auto const& line : lines) {
    std::istringstream in{line};
    std::string time, zone;
    in >> time >> zone;
    sorted[zone].push_back(line);
  }
  return sorted;
}

bool matches(story const& s, outcome const& got) {
  auto const expected = by_zone(s.expected);
  auto const actual = by_zone(got.lines);
  auto good = true;
  std::set<std::string> zones;
  for (auto const& [zone, lines] : expected) zones.insert(zone);
  for (auto const& [zone, lines] : actual) zones.insert(zone);
  for (auto const& zone : zones) {
    auto const e = expected.contains(zone) ? expected.at(zone) : std::vector<std::string>{};
    auto const a = actual.contains(zone) ? actual.at(zone) : std::vector<std::string>{};
    for (std::size_t i = 0; i < std::max(e.size(), a.size()); ++i) {
      if (i < e.size() && i < a.size() && same_line(e[i], a[i])) continue;
      good = false;
      if (i < e.size()) std::cout << "- " << e[i] << '\n';
      if (i < a.size()) std::cout << "+ " << a[i] << '\n';
    }
  }
  for (auto const& [zone, count] : got.updates) {
    if (count <= s.most_updates) continue;
    good = false;
    std::cout << zone << ": " << count << " updates, at most " << s.most_updates << " expected\n";
  }
  for (auto const& promise : got.broken) {
    good = false;
    std::cout << "broken promise: " << promise << '\n';
  }
  return good;
}

}  // namespace
}  // namespace siren::scenario

/// Plays one scenario file; 0 if people got what it expects. With --show, prints what they got, for review.
int main(int count, char** words) {
  if (count < 2 || count > 3 || (count == 3 && std::string{words[1]} != "--show")) {
    std::cerr << "usage: scenario_runner [--show] FILE\n";
    return 2;
  }
  try {
    auto const s = siren::scenario::read(words[count - 1]);
    auto const got = siren::scenario::play(s);
    if (count == 3) {
      for (auto const& line : got.lines) std::cout << "  " << line << '\n';
      for (auto const& [zone, updates] : got.updates) std::cout << "  (" << zone << ": " << updates << " updates)\n";
      return 0;
    }
    return siren::scenario::matches(s, got) ? 0 : 1;
  } catch (std::exception const& bad) {
    std::cerr << bad.what() << '\n';
    return 2;
  }
}
