#include "alert_gateway/gateway.h"

#include <algorithm>

#include "alert_gateway/phone_line.h"
#include "common/log.h"

namespace siren {
namespace {

constexpr milliseconds kServerGrace{500};
/// Every stream is looked at this often at least: a heartbeat is late by at most this, a slow reader closed by then.
constexpr milliseconds kLookEvery{1'000};

}  // namespace

gateway::gateway(gateway_ground ground, gateway_options options)
    : options_{std::move(options)},
      ground_{std::move(ground)},
      measured_{ground_.measured},
      alerts_{options_.serves, {.ring = options_.follower.ring}, options_.watch},
      frames_{ground_.zones, options_.serves, ground_.clock},
      arriving_{options_.reconnect},
      registry_{options_.limits.streams},
      guide_{ground_.clock, options_.guidance},
      fan_out_{registry_, options_.fan_out_workers},
      around_{.alerts = alerts_,
              .frames = frames_,
              .registry = registry_,
              .guidance = guide_,
              .zones = ground_.zones,
              .measured = measured_,
              .arriving = arriving_,
              .serves = options_.serves,
              .policy = options_.session,
              .limits = options_.limits,
              .read_log_soon = [this] { follower_->read_soon(); }},
      alert_door_{around_},
      guidance_door_{guide_} {
  alerts_.listen(
      {.on_news = [this](zone_id const& zone) { fan_out_.news_in(zone); }, .on_reset = [this] { poke_all(); }});
}

result<std::unique_ptr<gateway>> gateway::start(gateway_ground ground, gateway_options options) {
  std::unique_ptr<gateway> made{new gateway{std::move(ground), std::move(options)}};
  auto& g = *made;
  auto const& o = g.options_;
  g.follower_ =
      std::make_unique<alert_follower>(g.ground_.log, g.alerts_, g.measured_, o.follower, [&g] { g.after_reading(); });
  // Before the internal door: gRPC's reflection plugin is global and would open this one's methods to the public.
  auto phones = rpc_server::start(o.listen, rpc_exposure::phones, {&g.alert_door_, &g.guidance_door_});
  if (!phones) return phones.error();
  g.phones_door_ = std::move(*phones);
  g.plans_ =
      std::make_unique<plan_follower>(g.ground_.plans, file_cache{o.cache}, g.guide_, g.measured_, o.plan_poll, [&g] {
        for (auto const& line : g.registry_.all()) line->guide_again(nullptr);
      });
  g.ear_ = std::make_unique<bus_ear>(
      g.ground_.speaker, g.ground_.listen, o.channels,
      bus_ear_handlers{.on_alert = [&g](auto const& bytes) { g.follower_->heard(bytes); },
                       .on_provisional = [&g](auto const& bytes) { g.follower_->heard_provisional(bytes); },
                       .on_plan = [&g] { g.plans_->ask_soon(); },
                       .on_gap =
                           [&g] {
                             g.follower_->read_soon();
                             g.plans_->ask_soon();
                           }},
      g.measured_, o.probe);
  g.delivery_ =
      std::make_unique<delivery_handlers>(g.alerts_, g.registry_, g.measured_, [&g] { return g.ear_->hears(); });
  if (!o.internal_listen.empty()) {
    auto internal = rpc_server::start(o.internal_listen, rpc_exposure::internal, {g.delivery_.get()});
    if (!internal) return internal.error();
    g.internal_door_ = std::move(*internal);
  }
  g.ticker_ = std::thread{[&g] { g.tick(); }};
  {
    std::lock_guard const lock{g.mutex_};
    g.started_ = true;
  }
  g.follower_->read_soon();
  return made;
}

gateway::~gateway() {
  stop();
}

void gateway::after_reading() {
  if (!alerts_.started()) return;
  for (auto const& line : registry_.all())
    if (line->waits_for_log()) line->poke();
  std::lock_guard const lock{mutex_};
  if (!started_ || ready_ || stopped_) return;
  ready_ = true;
  phones_door_->set_ready(true);
  if (internal_door_) internal_door_->set_ready(true);
  log(log_level::info, "ready", {{"listen", phones_address()}, {"internal_listen", internal_address()}});
}

void gateway::poke_all() {
  for (auto const& line : registry_.all()) {
    line->poke();
    line->guide_again(nullptr);
  }
}

void gateway::tick() {
  auto const look_every = std::min(kLookEvery, options_.session.heartbeat_interval / 5);
  auto const turn_every = std::max(look_every / static_cast<int>(phone_registry::kTurns), milliseconds{1});
  std::unique_lock lock{mutex_};
  for (std::size_t turn = 0; !stopping_; ++turn) {
    lock.unlock();
    if (turn % phone_registry::kTurns == 0) {
      arriving_.count(registry_.size());
      measured_.reconnect_window.Set(std::chrono::duration<double>(arriving_.window()).count());
    }
    for (auto const& line : registry_.of_turn(turn)) line->tick();
    lock.lock();
    wake_.wait_for(lock, turn_every, [this] { return stopping_; });
  }
}

void gateway::stop() {
  {
    std::lock_guard const lock{mutex_};
    if (stopped_) return;
    stopped_ = true;
    if (phones_door_) phones_door_->set_ready(false);
    if (internal_door_) internal_door_->set_ready(false);
  }
  auto const lines = registry_.all();
  arriving_.count(lines.size());
  for (auto const& line : lines) line->drain(arriving_.window());
  auto const emptied = registry_.wait_empty(options_.drain_within);
  if (!lines.empty()) log(log_level::info, "drained", {{"phones", lines.size()}, {"all", emptied}});
  if (phones_door_) phones_door_->stop(kServerGrace);
  if (internal_door_) internal_door_->stop(kServerGrace);
  {
    std::lock_guard const lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_all();
  if (ticker_.joinable()) ticker_.join();
  if (ear_) ear_->stop();
  if (plans_) plans_->stop();
  if (follower_) follower_->stop();
  fan_out_.stop();
  guide_.stop();
}

}  // namespace siren
