#pragma once

#include <map>
#include <string>
#include <vector>

#include "fanout_bench/scenario.h"
#include "fanout_bench/told.h"
#include "guidance_bench/figure.h"

namespace siren::fanout {

/// All plays of one scenario, one after the other, by kind of server.
struct played {
  scenario what;
  bool tls = false;
  std::map<kind_of_server, std::vector<play_told>> told;
};

/// The table's rows: everything ours that the scenario wants or that is always worth seeing, peers beside.
[[nodiscard]] std::vector<bench::figure> figures_of(played const& all);
/// Cost against peers in the same run, by repeat; empty without peers.
[[nodiscard]] std::vector<bench::figure> ratios_of(played const& all);

/// Words and unit of "p99_ms" and the like.
struct wording {
  std::string words;
  std::string unit;
};
[[nodiscard]] wording wording_of(std::string const& name);

}  // namespace siren::fanout
