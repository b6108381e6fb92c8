#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace siren::picture_speed {

struct options {
  std::uint32_t tracks = 1'000;
  std::uint32_t reports = 10'000;  // a second
  std::uint32_t seconds = 120;     // measured, after the warm-up
  std::string json;
};

/// Exit status when the program is not to run (help, wrong use).
[[nodiscard]] std::optional<int> parse(int argc, char const* const* argv, options& into);

}  // namespace siren::picture_speed
