#include "guidance_bench/figure.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "core/base/verify.h"

namespace siren::bench {
namespace {

char const* sign_of(bound_kind kind) {
  switch (kind) {
    case bound_kind::at_most:
      return "≤ ";
    case bound_kind::at_least:
      return "≥ ";
    case bound_kind::exactly:
      return "= ";
  }
  return "";
}

std::size_t width(std::string const& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string padded(std::string text, std::size_t to, bool right = false) {
  auto const now = width(text);
  if (now >= to) return text;
  return right ? std::string(to - now, ' ') + text : text + std::string(to - now, ' ');
}

std::string apart_in_thousands(std::string digits) {
  auto const start = static_cast<std::size_t>(digits[0] == '-');
  for (auto at = digits.size(); at > start + 3; at -= 3) digits.insert(at - 3, " ");
  return digits;
}

std::string peers_of(figure const& f) {
  std::string text;
  for (auto const& p : f.peers) {
    if (!text.empty()) text += ", ";
    text += p.who + ' ' + shown(p.value);
    if (!f.skipped() && f.value() > 0.0 && p.value > 0.0) text += " (×" + shown(p.value / f.value()) + ')';
  }
  return text;
}

std::string verdict_of(figure const& f) {
  if (f.skipped()) return "skipped";
  if (!f.target) return "";
  return f.kept() ? "kept" : "MISSED";
}

}  // namespace

bool bound::holds(double measured) const {
  switch (kind) {
    case bound_kind::at_most:
      return measured <= value;
    case bound_kind::at_least:
      return measured >= value;
    case bound_kind::exactly:
      return measured == value;
  }
  return false;
}

double median(std::vector<double> values) {
  verify(!values.empty(), "a median is of something");
  std::sort(values.begin(), values.end());
  auto const middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2.0;
}

double percentile(std::vector<double> values, double share) {
  verify(!values.empty(), "a percentile is of something");
  std::sort(values.begin(), values.end());
  auto const rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
  return values[std::clamp<std::size_t>(rank, 1, values.size()) - 1];
}

double figure::value() const {
  return median(runs);
}

bool figure::kept() const {
  return skipped() || !target || target->holds(value());
}

std::string shown(double value) {
  if (!std::isfinite(value)) return "none";
  double const size = std::abs(value);
  int const digits = size >= 100.0 || size == std::floor(size) ? 0
                     : size >= 10.0                            ? 1
                     : size >= 1.0                             ? 2
                     : size >= 0.1                             ? 3
                                                               : 4;
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return digits == 0 ? apart_in_thousands(text) : text;
}

void print_table(std::ostream& out, std::vector<figure> const& figures) {
  std::size_t what = 0;
  std::size_t number = 8;
  std::size_t target = 8;
  auto const number_of = [](figure const& f) {
    return f.skipped() ? std::string{"-"} : shown(f.value()) + ' ' + f.unit;
  };
  auto const target_of = [](figure const& f) {
    return f.target ? sign_of(f.target->kind) + shown(f.target->value) : "";
  };
  for (auto const& f : figures) {
    what = std::max(what, width(f.what));
    number = std::max(number, width(number_of(f)));
    target = std::max(target, width(target_of(f)));
  }
  std::string part;
  for (auto const& f : figures) {
    if (f.part != part) out << '\n' << f.part << '\n';
    part = f.part;
    std::string line = "  " + padded(f.what, what) + "  " + padded(number_of(f), number, true) + "  " +
                       padded(target_of(f), target) + "  " + padded(verdict_of(f), 7) + "  " + peers_of(f);
    if (!f.note.empty()) line += (f.peers.empty() ? "" : "; ") + f.note;
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << '\n';
  }
}

nlohmann::json as_json(std::vector<figure> const& figures) {
  auto all = nlohmann::json::array();
  for (auto const& f : figures) {
    nlohmann::json one{{"part", f.part}, {"what", f.what}, {"unit", f.unit}, {"kept", f.kept()}};
    if (f.skipped())
      one["skipped"] = f.note;
    else
      one["value"] = f.value(), one["runs"] = f.runs;
    if (f.target) one["target"] = sign_of(f.target->kind) + shown(f.target->value);
    for (auto const& p : f.peers) one["peers"][p.who] = p.value;
    if (!f.note.empty()) one["note"] = f.note;
    all.push_back(std::move(one));
  }
  return all;
}

bool all_kept(std::vector<figure> const& figures) {
  return std::all_of(figures.begin(), figures.end(), [](figure const& f) { return f.kept(); });
}

}  // namespace siren::bench
