#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/mode.h"
#include "core/base/time.h"
#include "swarm/ledger.h"
#include "swarm/places.h"

namespace siren::swarm {

struct swarm_options {
  std::vector<std::string> gateways;
  world expects = world::exercise;
  std::vector<person> people;
  std::set<shelter_id> never_use;  // surface stations and whatever else is closed for the whole run
};

struct swarm_counts {
  std::uint64_t phones = 0;
  std::uint64_t connected = 0;  // have had their first snapshot and are connected now
  std::uint64_t current = 0;    // may show "current"
  std::uint64_t delivered = 0;  // alerts
  std::uint64_t reconnects = 0;
  std::uint64_t guidance = 0;
  std::uint64_t go_shelter = 0;
  std::uint64_t go_metro = 0;
  std::uint64_t take_cover = 0;
  std::uint64_t routes = 0;
  std::uint64_t routes_past_deadline = 0;
  std::uint64_t closed_stations_used = 0;
};

struct delays {
  std::uint64_t measured = 0;
  milliseconds p50{};
  milliseconds p99{};
  milliseconds max{};
};

/// What one phone shows its owner, in Ukrainian and English.
struct sample_phone {
  std::string zone;
  std::string headline_uk, headline_en;
  std::string body_uk, body_en;
  std::string guidance_uk, guidance_en;
};

/// Phones of people who stand still, each on a connection of its own. Thread-safe.
class swarm {
 public:
  explicit swarm(swarm_options options);
  ~swarm();

  [[nodiscard]] swarm_counts counts() const;
  /// From the observation's arrival at ingest to the alert's arrival at the phone, real time.
  [[nodiscard]] delays delays_so_far() const;
  /// The phone whose news is worth showing: the first one that was told something new since the last call.
  [[nodiscard]] std::optional<sample_phone> news_of_sample();
  /// Every phone has heard everything up to `head`, or the time is over.
  [[nodiscard]] bool wait_for_head(cursor head, milliseconds at_most) const;
  [[nodiscard]] bool wait_connected(milliseconds at_most) const;
  [[nodiscard]] verdict_on_delivery judge(logged const& log) const;
  void stop();

 private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

}  // namespace siren::swarm
