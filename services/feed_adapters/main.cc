#include <csignal>
#include <cstdlib>
#include <iostream>

#include <curl/curl.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include "common/city_bundle/bundle_files.h"
#include "common/log.h"
#include "common/mutual_tls.h"
#include "common/rpc_server.h"
#include "feed_adapters/alarm_feed.h"
#include "feed_adapters/config.h"
#include "feed_adapters/cot_door.h"
#include "feed_adapters/feed_records.h"
#include "feed_adapters/replay.h"

namespace siren {
namespace {

constexpr std::size_t kMaxRecordingBytes = 1U << 30U;
constexpr std::size_t kShownRejects = 10;

int refuse(failure const& bad) {
  std::cerr << "siren_feed: " << bad.message << '\n';
  log(log_level::error, "not_started", {{"reason", name_of(bad.why)}, {"message", bad.message}});
  return EXIT_FAILURE;
}

/// Its thread takes the signal that stops this process, so that a replay can also end by itself.
class stop_watch {
 public:
  stop_watch()
      : thread_{[this] {
          wait_for_stop_signal();
          stopping = true;
        }} {}
  ~stop_watch() {
    if (!stopping) ::kill(::getpid(), SIGTERM);
    thread_.join();
  }
  std::atomic<bool> stopping{false};

 private:
  std::thread thread_;
};

int serve_alarms(feed_config const& config, feed_metrics& counts) {
  auto const provider = provider_of(config, std::getenv(kKeyVariable));
  if (!provider) return refuse(provider.error());
  auto const city = load_city_bundle(config.city);
  if (!city) return refuse(city.error());
  region_join const regions{*city};
  if (regions.size() == 0)
    return refuse({reason::unknown_region, "no zone of " + config.city + " has a uid of the provider"});
  alarm_board_policy board;
  board.never_empty = !config.list_may_be_empty;
  std::atomic<bool> stopping{false};
  real_world_clock const clock{config.clock};
  alarm_feed feed{{make_http_client(*provider, stopping),
                   alarm_poller{config.command == feed_command::alerts_in_ua ? alarm_provider::alerts_in_ua
                                                                             : alarm_provider::ukrainealarm,
                                poll_policy{}, board},
                   regions, source_id{config.source}, config.serves, config.told, config.ingest, clock, counts,
                   stopping}};
  log(log_level::info, "ready", {{"provider", provider->base}, {"regions", regions.size()}});
  wait_for_stop_signal();
  log(log_level::info, "stopping");
  feed.stop();
  return EXIT_SUCCESS;
}

int serve_cot(feed_config const& config, feed_metrics& counts) {
  real_world_clock const clock{config.clock};
  threats::v1::FeedBeat beat;
  beat.set_source(config.source);
  std::atomic<cot_door*> door{nullptr};
  feed_line line{{config.ingest, {beat}, [&door] { return door != nullptr && door.load()->lives(); }, {}, {}, counts}};
  auto opened = cot_door::open(
      {source_id{config.source}, config.listen, config.connect,
       [&line](observation const& report) { static_cast<void>(line.put(report_record(report))); }, clock, counts});
  if (!opened) return refuse(opened.error());
  door = opened->get();
  for (auto const& address : (*opened)->addresses()) log(log_level::info, "listening", {{"address", address}});
  log(log_level::info, "ready");
  wait_for_stop_signal();
  log(log_level::info, "stopping");
  line.stop();
  (*opened)->stop();
  return EXIT_SUCCESS;
}

result<recording> alarms_of(feed_config const& config, std::string const& text) {
  auto const city = load_city_bundle(config.city);
  if (!city) return city.error();
  auto names = names_of(city->zones);
  if (!config.names.empty()) {
    auto const more = read_whole_file(config.names, kMaxRecordingBytes);
    if (!more) return more.error();
    if (auto const added = add_region_names(*more, city->zones, names); !added) return added.error();
  }
  return parse_alarms_csv(text, source_id{config.source}, names);
}

result<recording> recording_of(feed_config const& config) {
  auto const& file = !config.reports.empty()  ? config.reports
                     : !config.alarms.empty() ? config.alarms
                                              : config.json_lines;
  auto const text = read_whole_file(file, kMaxRecordingBytes);
  if (!text) return text.error();
  if (!config.reports.empty()) return parse_reports_csv(*text, source_id{config.source});
  if (!config.alarms.empty()) return alarms_of(config, *text);
  return parse_json_lines(*text);
}

int replay_all(feed_config const& config, feed_metrics& counts) {
  auto const what = recording_of(config);
  if (!what) return refuse(what.error());
  for (auto const& reject : what->rejects) counts.refused(reject.because, steady_now());
  for (std::size_t i = 0; i < std::min(what->rejects.size(), kShownRejects); ++i)
    std::cerr << "line " << what->rejects[i].line << ": " << what->rejects[i].because.message << '\n';
  real_world_clock const clock{config.clock};
  stop_watch watch;
  feed_line line{{config.ingest, beats_of(*what), {}, {}, {}, counts}};
  auto const began = steady_now();
  bool const done = play(*what, {config.from_now, config.at_once}, clock, line, watch.stopping);
  std::chrono::duration<double> const took = steady_now() - began;
  line.stop();
  std::cout << nlohmann::ordered_json{{"records", what->records.size()},
                                      {"rejected_lines", counts.refusals()},
                                      {"answers", counts.answers()},
                                      {"seconds", took.count()},
                                      {"complete", done}}
                   .dump(2)
            << '\n';
  return done ? EXIT_SUCCESS : EXIT_FAILURE;
}

int serve(feed_config const& config) {
  metrics measured;
  if (auto const served = measured.serve(config.metrics_listen); !served) return refuse(served.error());
  feed_metrics counts{measured, config.source};
  switch (config.command) {
    case feed_command::alerts_in_ua:
    case feed_command::ukrainealarm:
      return serve_alarms(config, counts);
    case feed_command::cot:
      return serve_cot(config, counts);
    case feed_command::replay:
      return replay_all(config, counts);
  }
  return EXIT_FAILURE;
}

}  // namespace
}  // namespace siren

int main(int argc, char** argv) {
  siren::block_stop_signals();
  CLI::App app{"Reads a provider's or a recording's alarms and reports and passes them on to threat_ingest",
               "siren_feed"};
  siren::feed_config config;
  siren::add_feed_options(app, config);
  if (auto const status = siren::parse_command_line(app, argc, argv)) return *status;
  if (auto const good = siren::verify_config(config); !good) {
    std::cerr << "siren_feed: " << good.error().message << " (see --help)\n";
    return 2;
  }
  siren::start_logging("feed", config.log_level, config.log_file);
  if (auto const identity = siren::use_mutual_tls(config.tls); !identity) return siren::refuse(identity.error());
  curl_global_init(CURL_GLOBAL_DEFAULT);
  return siren::serve(config);
}
