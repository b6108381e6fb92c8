#pragma once

#include <string>
#include <vector>

#include "attack/player.h"
#include "common/city_bundle/city_bundle.h"
#include "demo_runner/watcher.h"
#include "swarm/swarm.h"

namespace siren::demo {

/// Everything worth seeing at one moment.
struct moment {
  utc_time world_now;
  seconds passed{};  // real
  watcher::view seen;
  attack::feed_counts feeds;
  swarm::swarm_counts phones;
  swarm::delays delay;
};

/// The live terminal: a map of the region with tracks and zones, the city's zones, deliveries and a sample phone. Draws
/// over itself with ANSI escapes; the alternate screen is left by close().
class screen {
 public:
  explicit screen(city_bundle const& city);
  ~screen();
  void draw(moment const& now, std::optional<swarm::sample_phone> const& sample);
  void close();

 private:
  [[nodiscard]] std::vector<std::string> map(moment const& now) const;
  [[nodiscard]] std::vector<std::string> zones(moment const& now) const;

  city_bundle const& city_;
  swarm::sample_phone last_sample_;
  bool open_ = true;
};

/// One plain line for --headless.
[[nodiscard]] std::string plain_line(moment const& now);
[[nodiscard]] std::string stage_word(zones::v1::Stage stage);

}  // namespace siren::demo
