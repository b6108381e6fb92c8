#pragma once

#include <string>
#include <vector>

namespace siren::simulation {

/// What the wiring does with what the rules say. The product is all true; a mutant has one of them false and must be
/// caught, which proves that the checks bite.
struct behaviours {
  bool gateways_read_log = true;  // false: pub/sub only
  bool honest_head = true;        // false: the heartbeat's head is the gateway's own cursor
  bool gaps_are_checked = true;   // false: neither gateway nor phone looks for holes
  bool older_snapshots_refused = true;
  bool heartbeats = true;
  bool heartbeats_have_age = true;  // false: a heartbeat is as fresh as its arrival
  bool provisional_path = true;     // false: without the log nobody is warned
  bool told_is_remembered = true;   // false: what was provisional rings again when it is logged
  bool writers_are_fenced = true;   // false: two engines write as they like
};

struct mutant {
  std::string name;
  behaviours does;
};
/// The five that must be caught (issue 4), then some of our own.
[[nodiscard]] inline std::vector<mutant> mutants() {
  std::vector<mutant> all;
  auto const add = [&](char const* name, bool behaviours::*what) {
    all.push_back({name, {}});
    all.back().does.*what = false;
  };
  add("pub/sub only", &behaviours::gateways_read_log);
  add("heartbeat from the gateway's cached head", &behaviours::honest_head);
  add("no gap check in gateway and phone", &behaviours::gaps_are_checked);
  add("phone accepts an older snapshot", &behaviours::older_snapshots_refused);
  add("no heartbeat", &behaviours::heartbeats);
  add("a heartbeat is as fresh as its arrival", &behaviours::heartbeats_have_age);
  add("no provisional path", &behaviours::provisional_path);
  add("a provisional alert rings again when logged", &behaviours::told_is_remembered);
  add("writers are not fenced", &behaviours::writers_are_fenced);
  return all;
}

}  // namespace siren::simulation
