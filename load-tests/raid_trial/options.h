#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace siren::raids {

struct options {
  std::uint32_t seeds = 100;
  std::uint64_t first_seed = 1;
  std::uint32_t threads = 2;
  std::uint32_t drones = 100;
  std::uint32_t missiles = 10;
  std::string json;
};

/// Exit status when the program is not to run (help, wrong use).
[[nodiscard]] std::optional<int> parse(int argc, char const* const* argv, options& into);

}  // namespace siren::raids
