#include "fanout_bench/play.h"

#include <algorithm>

#include "common/clock.h"
#include "fanout_bench/player.h"
#include "fanout_bench/process_cost.h"

namespace siren::fanout {
namespace {

constexpr std::size_t kZones = 100;

result<std::unique_ptr<contender>> start(kind_of_server against, ground const& on) {
  switch (against) {
    case kind_of_server::nchan:
      return start_nchan(on);
    case kind_of_server::floor:
      return start_floor(on);
    default:
      return start_siren(on);
  }
}

}  // namespace

result<play_told> play(scenario const& what, kind_of_server against, play_options const& options,
                       std::ostream& progress) {
  auto const most = static_cast<std::size_t>(what.setting("most_phones", static_cast<double>(options.phones)));
  ground on;
  on.programs = options.programs;
  on.migrations = options.migrations;
  on.phones = std::max<std::size_t>(std::min(options.phones, most), 1);
  on.zones = std::min(static_cast<std::size_t>(what.setting("zones", kZones)), on.phones);
  auto const needed = (on.phones + phones_a_process() - 1) / phones_a_process();
  on.servers = std::max(needed, static_cast<std::size_t>(what.setting("servers", 1)));
  on.most_streams = static_cast<std::size_t>(what.setting("streams", 0));
  on.heartbeat_ms = static_cast<std::int64_t>(what.setting("heartbeat_ms", 5'000));
  on.tls = options.tls;
  on.folder = make_run_folder("fan");
  struct folder_guard {
    std::string path;
    ~folder_guard() { remove_run_folder(path); }
  } const guard{on.folder};

  play_told told;
  told.phones = on.phones;
  told.servers = on.servers;
  told.zones = on.zones;
  auto server = start(against, on);
  if (!server) return server.error();
  player plays{what, on, **server, progress};
  if (auto played = plays.run(told); !played) return played.error();
  for (auto const& window : told.windows) told.add_numbers_of(window);
  return told;
}

}  // namespace siren::fanout
