#pragma once

#include <ostream>
#include <string>

#include "fanout_bench/contender.h"
#include "fanout_bench/scenario.h"
#include "fanout_bench/told.h"

namespace siren::fanout {

struct play_options {
  std::string programs;
  std::string migrations;
  std::size_t phones = 0;
  bool tls = false;
};

/// Plays it against a fresh server of this kind, and stops everything that it started. Failure: it could not be played
/// to its end.
[[nodiscard]] result<play_told> play(scenario const& what, kind_of_server against, play_options const& options,
                                     std::ostream& progress);

}  // namespace siren::fanout
