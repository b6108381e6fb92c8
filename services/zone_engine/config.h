#pragma once

#include <string>

#include "common/access/token_verifier.h"
#include "common/service_options.h"
#include "core/base/time.h"

namespace siren {

/// Defaults of everything that zone_engine does in real time.
struct zone_engine_limits {
  milliseconds tick_interval{200};  // holds end and arrivals come nearer at this pace; 5 % of a decision a person feels
  milliseconds beat_interval{1'000};    // gateways compare with 2.5 of their heartbeats, 5 s by default
  milliseconds head_poll{500};          // of the picture's log: how long a silent bus can delay a step
  milliseconds picture_silence{3'000};  // the log unread for so long (six polls): nothing is known any more
  milliseconds standby_poll{500};       // a standby takes over within this after the leader's connection is gone
  milliseconds store_patience{300};     // an append takes some 10 ms; after this warning comes before logging
  milliseconds order_wait{5'000};       // an operator is told by then whether the order is durable
  std::size_t max_inputs = 8'192;       // steps and orders waiting; the follower then waits and reads on from the log
  std::size_t max_undurable =
      20'000;                      // alerts decided but not logged; decisions pause above: 150 raises of all 130 zones
  std::size_t append_chunk = 500;  // alerts a transaction: half a megabyte, well within a statement's time
  std::size_t read_chunk = 500;    // steps read at once
  std::size_t max_unpublished = 20'000;  // entries waiting for the bus in memory; more wait in the outbox
};

struct zone_engine_config {
  service_options common;
  sign_in_options sign_in;
  std::string city;     // folder of a city bundle
  std::string journal;  // folder on this machine's disk, of this process alone
  zone_engine_limits limits;
};

/// Adds every flag of the service to `app`.
void add_zone_engine_options(CLI::App& app, zone_engine_config& config);
/// Failure: what can't work, in one sentence.
[[nodiscard]] result<void> verify(zone_engine_config const& config);

}  // namespace siren
