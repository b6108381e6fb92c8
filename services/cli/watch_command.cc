#include <csignal>
#include <ctime>
#include <random>

#include "cli/commands.h"
#include "cli/watch_printer.h"
#include "common/clock.h"
#include "common/rpc_server.h"

namespace siren {
namespace {

constexpr std::size_t kMostZones = 16;  // contract of Subscribe
constexpr milliseconds kLook{100};      // how soon a refusal or the end of the time is noticed

bool stop_signal_within(milliseconds at_most) {
  sigset_t stops;
  sigemptyset(&stops);
  sigaddset(&stops, SIGINT);
  sigaddset(&stops, SIGTERM);
  timespec const wait{0, static_cast<long>(std::chrono::nanoseconds{at_most}.count())};
  return sigtimedwait(&stops, nullptr, &wait) > 0;
}

}  // namespace

int run_watch(terminal const& io, instance_addresses const& where, watch_request const& asked) {
  auto const gateway = where.need("alert_gateway");
  if (!gateway) return io.wrong_use(gateway.error().message);
  auto const serves = where.serves();
  if (!serves) return io.wrong_use(serves.error().message);
  if (asked.zones.size() > kMostZones) return io.wrong_use("--zone at most 16 times");
  if (!asked.lat && asked.zones.empty()) return io.wrong_use("needs a place (--lat --lon) or a --zone");
  client::phone_options options;
  options.gateways = {*gateway};
  options.serves = *serves;
  if (asked.lat && asked.lon) options.position = lat_lon{degrees{*asked.lat}, degrees{*asked.lon}};
  for (auto const& zone : asked.zones) options.watch.push_back(zone_id{zone});
  auto const profile = walking_profile_named(asked.profile);
  if (!profile) return io.wrong_use("--profile is average, slow or wheelchair");
  options.profile = *profile;
  options.seed = std::random_device{}();

  block_stop_signals();
  watch_printer printer{io, asked.language, asked.json};
  printer.on_state(false);
  client::phone_client phone{options, printer, std::make_shared<client::timers>()};
  phone.start();
  auto const opened = steady_now();
  auto const over = [&] { return asked.seconds && steady_now() - opened >= seconds{*asked.seconds}; };
  while (!printer.refused() && !over() && !stop_signal_within(kLook)) continue;
  phone.stop();
  if (auto const why = printer.refused()) return io.fail(*why);
  return 0;
}

}  // namespace siren
