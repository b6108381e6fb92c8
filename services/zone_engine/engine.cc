#include "zone_engine/engine.h"

#include "common/convert/alert_convert.h"
#include "common/log.h"
#include "common/service_options.h"

namespace siren {
namespace {

// The loop ticks every tick_interval; this many missed ones and the engine must not claim to see.
constexpr int kMissedTicks = 15;

decider_policy policy_of(zone_engine_config const& config) {
  decider_policy policy;
  policy.serves = config.common.serves;
  return policy;
}

struct logged_alerts {
  std::vector<alert> alerts;
  std::map<zone_id, zone> gone;  // of zones that are no more: names
};

result<logged_alerts> alerts_in(alert_log_reader::state const& logged, zone_map const& zones) {
  logged_alerts read;
  for (auto const& entry : logged.newest_by_zone) {
    alerts::v1::Alert message;
    auto const parsed = message.ParseFromString(entry.bytes);
    auto one = parsed ? from_proto(message) : result<alert>{failure{reason::malformed, "not an alert"}};
    if (!one)
      return failure{reason::schema_mismatch,
                     "alert " + entry.alert.value + " in the log can't be read: " + one.error().message};
    read.alerts.push_back(std::move(one).value());
    if (zones.find(entry.zone) != nullptr) continue;
    auto& place = read.gone[entry.zone];
    place.id = entry.zone;
    place.name_uk = message.zone_name_uk();
    place.name_en = message.zone_name_en();
  }
  return read;
}

}  // namespace

engine::engine(ports with, zone_map zones, zone_engine_config const& config)
    : with_{std::move(with)},
      config_{config},
      counts_{with_.measured},
      decides_{std::move(zones), policy_of(config)},
      inputs_{config.limits.max_inputs},
      publisher_{with_.speaks,
                 {bus_name(config.common, "alert"), bus_name(config.common, "provisional")},
                 config.limits.max_unpublished,
                 counts_},
      store_{{with_.writer, with_.orders, with_.lead}},
      outlet_{{store_, with_.kept, board_, publisher_, counts_}, with_.term, config_.limits} {}

engine::~engine() = default;

result<std::unique_ptr<engine>> engine::start(ports with, zone_map zones, zone_engine_config const& config,
                                              callbacks tell) {
  std::unique_ptr<engine> made{new engine{std::move(with), std::move(zones), config}};
  if (auto begun = made->begin(std::move(tell)); !begun) return begun.error();
  return made;
}

result<void> engine::begin(callbacks tell) {
  auto const logged = with_.reader.read_state();
  if (!logged) return logged.error();
  auto read = alerts_in(*logged, decides_.zones());
  if (!read) return read.error();
  auto const orders = with_.orders.all();
  if (!orders) return orders.error();
  auto const state = with_.picture.read_state();
  if (!state) return state.error();

  board_.reset(*logged);
  auto const whole = whole_of(*state);
  for (auto const why : whole.rejected) counts_.rejected(why);
  feeds_.replace(whole.feeds);
  auto const first = decides_.restore(read->alerts, *orders, whole.snapshot, with_.clock.now());
  log(log_level::info, "restored",
      {{"alert_seq", logged->at.seq},
       {"picture_seq", state->seq()},
       {"tracks", whole.snapshot.tracks.size()},
       {"changed", first.size()}});
  loop_ = std::make_unique<zone_loop>(zone_loop::parts{decides_, inputs_, outlet_, board_, feeds_, with_.clock, counts_,
                                                       config_.common.serves, std::move(read->gone)},
                                      config_.limits,
                                      zone_loop::callbacks{std::move(tell.on_step), std::move(tell.on_fenced)}, first);
  follower_ = std::make_unique<picture_follower>(with_.picture, inputs_, counts_, config_.limits,
                                                 cursor{state->epoch(), state->seq()}, with_.listens);
  upkeep_ = std::make_unique<engine_upkeep>(
      engine_upkeep::parts{with_.writer, with_.orders, publisher_, inputs_}, [this] { return this->picture(); },
      config_.limits);
  return {};
}

std::optional<picture_state> engine::picture() const {
  if (loop_->still_for() > config_.limits.tick_interval * kMissedTicks) return std::nullopt;
  if (follower_->uncertain_for() > config_.limits.picture_silence) return picture_state::lost;
  return feeds_.state();
}

}  // namespace siren
