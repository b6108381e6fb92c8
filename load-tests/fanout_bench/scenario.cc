#include "fanout_bench/scenario.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace siren::fanout {
namespace {

/// Every verb with the keys that it may have.
std::map<std::string, std::set<std::string>> const& verbs() {
  static std::map<std::string, std::set<std::string>> const kAll{
      {"connect", {"rate", "within"}},
      {"hold", {"for"}},
      {"window", {"name"}},
      {"alerts", {"zones", "rounds", "every_ms", "meanwhile"}},
      {"settle", {"within"}},
      {"cut", {"phones", "back_ms"}},
      {"flap", {"phones", "times", "every_ms"}},
      {"stall", {"phones"}},
      {"read", {}},
      {"kill", {"part"}},
      {"start", {"part"}},
      {"stop", {"part"}},
      {"attack", {"kind", "count", "for"}},
      {"probe", {}}};
  return kAll;
}
std::set<std::string> const kSettings{"phones",       "most_phones",    "zones",       "servers", "streams",
                                      "heartbeat_ms", "receive_buffer", "stand_there", "peers"};

std::optional<double> number_of(std::string_view text) {
  auto const percent = text.ends_with('%');
  if (percent) text.remove_suffix(1);
  double value = 0.0;
  auto const [end, bad] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (bad != std::errc{} || end != text.data() + text.size() || value < 0.0) return std::nullopt;
  return percent ? value / 100.0 : value;
}

result<std::map<std::string, std::string>> pairs_of(std::istringstream& words, std::set<std::string> const& known) {
  std::map<std::string, std::string> all;
  for (std::string word; words >> word;) {
    auto const equals = word.find('=');
    auto const key = word.substr(0, equals);
    if (equals == std::string::npos || equals + 1 == word.size() || !known.contains(key))
      return failure{reason::malformed, "\"" + word + "\" is not understood here"};
    all[key] = word.substr(equals + 1);
  }
  return all;
}

result<want> want_of(std::istringstream& words) {
  failure const bad{reason::malformed, "a want is NAME <= NUMBER, NAME = NUMBER, or NAME <= NUMBER * NAME (or +)"};
  want made;
  std::string sign;
  std::string number;
  std::string joined;
  words >> made.name;
  if (made.name == "plain" || made.name == "tls") {
    made.under_tls = made.name == "tls";
    words >> made.name;
  }
  if (!(words >> sign >> number) || (sign != "<=" && sign != "=")) return bad;
  made.at_most = sign == "<=";
  auto const value = number_of(number);
  if (!value) return bad;
  made.value = *value;
  if (!(words >> joined)) return made;
  if ((joined != "*" && joined != "+") || !(words >> made.other)) return bad;
  made.joined = joined[0];
  return made;
}

result<void> take_line(std::string const& line, scenario& into) {
  std::istringstream words{line};
  std::string verb;
  if (!(words >> verb)) return {};
  if (verb == "title") {
    std::getline(words >> std::ws, into.title);
    return {};
  }
  if (verb == "want") {
    auto made = want_of(words);
    if (!made) return made.error();
    into.wants.push_back(std::move(*made));
    return {};
  }
  if (verb != "setup" && !verbs().contains(verb)) return failure{reason::malformed, "there is no verb " + verb};
  auto with = pairs_of(words, verb == "setup" ? kSettings : verbs().at(verb));
  if (!with) return with.error();
  if (verb == "setup")
    into.setup.insert(with->begin(), with->end());
  else
    into.steps.push_back({verb, std::move(*with)});
  return {};
}

}  // namespace

std::string step::text(std::string const& key, std::string const& otherwise) const {
  auto const found = with.find(key);
  return found == with.end() ? otherwise : found->second;
}

double step::number(std::string const& key, double otherwise) const {
  auto const found = with.find(key);
  return found == with.end() ? otherwise : number_of(found->second).value_or(otherwise);
}

double scenario::setting(std::string const& key, double otherwise) const {
  auto const found = setup.find(key);
  return found == setup.end() ? otherwise : number_of(found->second).value_or(otherwise);
}

double want::bound(double of_other) const {
  if (joined == '*') return value * of_other;
  if (joined == '+') return value + of_other;
  return value;
}

result<scenario> read_scenario(std::string const& name, std::string_view text) {
  scenario made;
  made.name = name;
  std::istringstream in{std::string{text}};
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    line.erase(std::min(line.find('#'), line.size()));
    if (auto const taken = take_line(line, made); !taken)
      return failure{taken.error().why, name + ", line " + std::to_string(number) + ": " + taken.error().message};
  }
  if (made.title.empty() || made.steps.empty()) return failure{reason::malformed, name + " has no title or no steps"};
  made.for_peers = made.setup.contains("peers");
  return made;
}

result<std::vector<scenario>> read_scenarios(std::string const& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code bad;
  for (auto const& file : std::filesystem::directory_iterator{folder, bad})
    if (file.path().extension() == ".scenario") files.push_back(file.path());
  if (files.empty()) return failure{reason::file_unreadable, "there are no scenarios in " + folder};
  std::sort(files.begin(), files.end());
  std::vector<scenario> all;
  for (auto const& file : files) {
    std::ifstream in{file};
    std::string const text{std::istreambuf_iterator<char>{in}, {}};
    auto made = read_scenario(file.stem().string(), text);
    if (!made) return made.error();
    all.push_back(std::move(*made));
  }
  return all;
}

}  // namespace siren::fanout
