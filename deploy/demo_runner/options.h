#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/time.h"

namespace siren::demo {

struct options {
  std::string programs;
  std::string migrations;
  std::string raid;
  std::string city;
  std::string data;  // empty: /var/tmp/siren-demo-<uid>
  std::string json;  // empty: no file
  std::uint32_t phones = 2'000;
  std::optional<double> speed;  // world seconds per second; absent: the night fits into `minutes`
  double minutes = 5.0;
  bool until_clear = false;
  bool headless = false;
  bool keep = false;
  std::uint64_t seed = 20260123;

  /// World seconds per second for a night of that length.
  [[nodiscard]] double rate(hours night) const;
};

/// Exit status when the program is to end at once.
[[nodiscard]] std::optional<int> parse(int argc, char const* const* argv, options& into);

}  // namespace siren::demo
