#pragma once

#include <optional>
#include <string>
#include <vector>

namespace siren::operators {

struct bench_options {
  std::string programs;
  std::string migrations;
  std::string city;
  std::string json;
  std::vector<std::string> only;  // rows; empty: all
  std::size_t phones = 1'000;
  std::size_t closings = 20;
  std::size_t writers = 64;
  std::size_t updates = 10'000;  // of each writer
  std::size_t batch = 100;       // updates a call, as a door counter that sends every few seconds
  std::size_t kills = 2;
  std::size_t tries = 1'000;
};

/// Absent: go on; else the exit status.
[[nodiscard]] std::optional<int> parse(int argc, char const* const* argv, bench_options& into);

}  // namespace siren::operators
