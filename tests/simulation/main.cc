#include <atomic>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "simulation/city.h"

namespace siren::simulation {
namespace {

struct outcome {
  std::uint64_t seeds = 0;
  exercised met;
  std::optional<std::uint64_t> seed;  // the first that broke a promise
  std::string broken;
};

/// Runs seeds on every core until all are done or one breaks a promise.
outcome run_seeds(std::uint64_t first, std::uint64_t count, behaviours const& does, unsigned jobs) {
  outcome all;
  std::mutex mutex;
  std::atomic<std::uint64_t> next{first};
  std::atomic<bool> stop{false};
  auto const work = [&] {
    for (auto seed = next++; seed < first + count && !stop; seed = next++) {
      city one{seed, does};
      auto const broken = one.run();
      std::lock_guard const lock{mutex};
      ++all.seeds;
      for (auto const& [what, times] : one.counts()) all.met[what] += times;
      if (!broken) continue;
      stop = true;
      if (all.seed && *all.seed < seed) continue;
      all.seed = seed;
      all.broken = *broken;
    }
  };
  std::vector<std::thread> workers;
  for (unsigned i = 0; i < jobs; ++i) workers.emplace_back(work);
  for (auto& one : workers) one.join();
  return all;
}

void print(exercised const& met) {
  for (auto const& [what, times] : met) {
    auto const number = std::to_string(times);
    std::cout << "  " << what << std::string(what.size() < 52 ? 52 - what.size() : 1, ' ')
              << std::string(number.size() < 14 ? 14 - number.size() : 0, ' ') << number << '\n';
  }
}

/// What must have been met, or the run proves less than it says.
std::vector<std::string> never_met(exercised const& met) {
  std::vector<std::string> missing;
  for (auto const& [what, times] : met)
    if (times == 0) missing.push_back(what);
  return missing;
}

int run_all(std::uint64_t first, std::uint64_t count, unsigned jobs) {
  auto const began = std::chrono::steady_clock::now();
  auto const done = run_seeds(first, count, {}, jobs);
  auto const took = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  print(done.met);
  std::cout << done.seeds << " seeds from " << first << " in " << took << " s\n";
  if (done.seed) {
    std::cout << "BROKEN in seed " << *done.seed << ": " << done.broken << "\nagain: tests/simulate --seed "
              << *done.seed << '\n';
    return 1;
  }
  if (count >= 1'000)
    for (auto const& what : never_met(done.met)) {
      std::cout << "NEVER MET: " << what << '\n';
      return 1;
    }
  std::cout << "promises held: official_floor, no_hole, no_false_calm, one_warning_path; everyone came to rest\n";
  return 0;
}

/// None may escape.
int run_mutants(std::uint64_t first, std::uint64_t count, unsigned jobs) {
  std::uint64_t escaped = 0;
  for (auto const& [name, does] : mutants()) {
    auto done = run_seeds(first, count, does, jobs);
    // A seed that the protocol as it is breaks, too, says nothing of the variant.
    if (done.seed && run_seeds(*done.seed, 1, behaviours{}, 1).seed) done.seed.reset();
    std::cout << (done.seed ? "caught   " : "ESCAPED  ") << name;
    if (done.seed) std::cout << " (seed " << *done.seed << "): " << done.broken;
    std::cout << '\n';
    escaped += done.seed ? 0 : 1;
  }
  return escaped == 0 ? 0 : 1;
}

std::optional<std::uint64_t> number(std::string const& text) {
  if (text.empty() || text.size() > 18 || text.find_first_not_of("0123456789") != std::string::npos)
    return std::nullopt;
  return std::stoull(text);
}

/// A run's whole story, to understand what went wrong.
int tell_story(std::uint64_t seed) {
  city one{seed, {}};
  one.stage.story = &std::cout;
  auto const broken = one.run();
  std::cout << (broken ? "BROKEN: " + *broken : std::string{"held"}) << '\n';
  return broken ? 1 : 0;
}

int usage() {
  std::cerr << "usage: simulate [--seeds N] [--first S] [--seed S] [--story S] [--mutants] [--jobs N]\n";
  return 2;
}

}  // namespace

int run(std::vector<std::string> const& words) {
  std::uint64_t seeds = 1'000;
  std::uint64_t first = 1;
  auto jobs = std::max(1U, std::thread::hardware_concurrency());
  auto with_mutants = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--mutants") {
      with_mutants = true;
      continue;
    }
    auto const value = i + 1 < words.size() ? number(words[i + 1]) : std::nullopt;
    if (!value) return usage();
    if (words[i] == "--seeds")
      seeds = *value;
    else if (words[i] == "--first")
      first = *value;
    else if (words[i] == "--jobs")
      jobs = static_cast<unsigned>(std::max<std::uint64_t>(1, *value));
    else if (words[i] == "--seed")
      first = *value, seeds = 1;
    else if (words[i] == "--story")
      return tell_story(*value);
    else
      return usage();
    ++i;
  }
  return with_mutants ? run_mutants(first, seeds, jobs) : run_all(first, seeds, jobs);
}

}  // namespace siren::simulation

int main(int argc, char** argv) {
  return siren::simulation::run({argv + 1, argv + argc});
}
