#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

namespace siren::bench {

struct options {
  std::string city;  // bundle to measure on
  std::string data;  // folder of real streets and shelters; may not exist
  std::uint32_t people = 1'000'000;
  std::uint32_t shelters = 5'000;  // the bundle's are thinned to these; 0: all
  std::string peers = "lemon,pgrouting,nearest";
  std::string osrm;  // http://HOST:PORT
  std::string json;
  int repeats = 3;

  [[nodiscard]] bool wants(std::string const& peer) const { return chosen.contains(peer); }
  std::set<std::string> chosen;
};

/// Exit status when the program is not to run (help, wrong use).
[[nodiscard]] std::optional<int> parse(int argc, char const* const* argv, options& into);

}  // namespace siren::bench
