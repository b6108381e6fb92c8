#pragma once

#include <nlohmann/json_fwd.hpp>

#include "fanout_bench/delay_counts.h"
#include "fanout_bench/delivery_check.h"

namespace siren::fanout {

/// What phones of one or several processes met with, since the last time it was asked for unless said otherwise.
struct swarm_report {
  std::uint64_t phones = 0;    // now
  std::uint64_t live = 0;      // now: had their first word and are connected
  std::uint64_t behind = 0;    // now: live, but not known to have everything up to the place asked for
  std::uint64_t connects = 0;  // first words
  std::uint64_t failed_connects = 0;
  std::uint64_t ended = 0;  // streams that the server ended or lost
  std::uint64_t alerts = 0;
  std::uint64_t heartbeats = 0;
  std::uint64_t guidance = 0;
  std::uint64_t snapshots = 0;
  std::uint64_t continuations = 0;
  std::uint64_t go_aways = 0;
  std::uint64_t not_understood = 0;
  std::uint64_t resumed_tls = 0;
  std::uint64_t out_of_order = 0;  // of the whole run
  std::uint64_t holes = 0;         // of the whole run
  std::uint64_t other_epochs = 0;  // of the whole run
  delay_counts delays;             // of alerts published while the phone was live
  delay_counts late_delays;        // of alerts published before that, or while it read nothing
  delay_counts greetings;          // from connect() to the first word
  delay_counts backs;              // from the loss of a stream to the first word of the next, waiting included
  std::vector<std::uint64_t> connects_by_second;  // first words, of the whole run, by second of the system's clock
  std::int64_t first_second = 0;

  void add(swarm_report const& more);
  [[nodiscard]] std::uint64_t messages() const { return alerts + heartbeats + guidance + snapshots + continuations; }
  [[nodiscard]] nlohmann::json as_json() const;
  [[nodiscard]] static swarm_report of_json(nlohmann::json const& from);
};

}  // namespace siren::fanout
