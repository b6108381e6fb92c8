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
      registry_{options_.limits.streams, options_.loops},
      guide_{ground_.clock, options_.guidance},
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
      methods_{phone_methods(guide_, serving_)} {
  for (std::size_t i = 0; i < options_.loops; ++i) fan_outs_.push_back(std::make_unique<fan_out>(registry_, i));
  turns_.resize(options_.loops);
  alerts_.listen({.on_news = [this](zone_id const& zone) { news_in(zone); }, .on_reset = [this] { poke_all(); }});
}

result<std::unique_ptr<gateway>> gateway::start(gateway_ground ground, gateway_options options) {
  std::unique_ptr<gateway> made{new gateway{std::move(ground), std::move(options)}};
  auto& g = *made;
  auto const& o = g.options_;
  auto phones = edge::phone_edge::make(
      o.phones, g.loop_works(),
      [&g](std::size_t loop, std::string const& path, phone_pipe& pipe) { return g.open(loop, path, pipe); },
      [&g](edge::refusal why) { g.measured_.turned_away(edge::name_of(why)).Increment(); });
  if (!phones) return phones.error();
  g.edge_ = std::move(*phones);
  // Reads from its first moment on, and what it reads goes to the loops: they stand before it.
  g.follower_ =
      std::make_unique<alert_follower>(g.ground_.log, g.alerts_, g.measured_, o.follower, [&g] { g.after_reading(); });
  g.plans_ =
      std::make_unique<plan_follower>(g.ground_.plans, file_cache{o.cache}, g.guide_, g.measured_, o.plan_poll,
                                      [&g] { g.on_each_line([](phone_line& line) { line.guide_again(nullptr); }); });
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
  g.edge_->start();
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

std::vector<edge::loop_work> gateway::loop_works() {
  auto const look_every = std::min(kLookEvery, options_.session.heartbeat_interval / 5);
  auto const turn_every = std::max(look_every / static_cast<int>(phone_registry::kTurns), milliseconds{1});
  std::vector<edge::loop_work> works;
  for (std::size_t i = 0; i < options_.loops; ++i)
    works.push_back({.piece = [this, i] { return fan_outs_[i]->carry_some(); },
                     .tick = [this, i] { tick(i); },
                     .tick_every = turn_every});
  return works;
}

std::shared_ptr<stream_handler> gateway::open(std::size_t loop, std::string const& path, phone_pipe& pipe) {
  if (path == kWatchAlerts) {
    auto line = std::make_shared<phone_line>(around_, pipe, loop, steady_now());
    line->open();
    return line;
  }
  auto const asked = methods_.find(path);
  return asked == methods_.end() ? nullptr : desk_.handler_of(asked->second, pipe);
}

void gateway::news_in(zone_id const& zone) {
  for (std::size_t i = 0; i < fan_outs_.size(); ++i) {
    fan_outs_[i]->news_in(zone);
    edge_->loop(i).wake();
  }
}

void gateway::on_each_line(std::function<void(phone_line&)> const& act) {
  for (std::size_t i = 0; i < edge_->loops(); ++i)
    edge_->loop(i).post([this, i, act] {
      for (auto const& line : registry_.of_loop(i)) act(*line);
    });
}

void gateway::after_reading() {
  if (!alerts_.started()) return;
  for (std::size_t i = 0; i < edge_->loops(); ++i) {
    auto waiting = registry_.take_waiting(i);
    if (waiting.empty()) continue;
    edge_->loop(i).post([waiting = std::move(waiting)] {
      for (auto const& line : waiting) line->poke();
    });
  }
  std::lock_guard const lock{mutex_};
  if (!started_ || ready_ || stopped_) return;
  ready_ = serving_ = true;
  if (internal_door_) internal_door_->set_ready(true);
  log(log_level::info, "ready", {{"listen", phones_address()}, {"internal_listen", internal_address()}});
}

void gateway::poke_all() {
  on_each_line([](phone_line& line) {
    line.poke();
    line.guide_again(nullptr);
  });
}

void gateway::tick(std::size_t loop) {
  auto const turn = turns_[loop]++;
  if (loop == 0 && turn % phone_registry::kTurns == 0) {
    arriving_.count(registry_.size());
    measured_.reconnect_window.Set(std::chrono::duration<double>(arriving_.window()).count());
    measured_.connections.Set(static_cast<double>(edge_->connections()));
  }
  auto const lines = registry_.of_turn(turn, loop);
  for_each_fetched(lines, 0, lines.size(), [](phone_line& line) { line.tick(); });
}

void gateway::stop() {
  {
    std::lock_guard const lock{mutex_};
    if (stopped_) return;
    stopped_ = true;
    serving_ = false;
    if (internal_door_) internal_door_->set_ready(false);
  }
  auto const phones = registry_.size();
  arriving_.count(phones);
  if (edge_) {
    // The door first: who comes now would not be told to go elsewhere.
    edge_->begin_stop(options_.drain_within + kServerGrace);
    on_each_line([window = arriving_.window()](phone_line& line) { line.drain(window); });
    auto const emptied = registry_.wait_empty(options_.drain_within);
    if (phones > 0) log(log_level::info, "drained", {{"phones", phones}, {"all", emptied}});
  }
  desk_.stop();
  if (edge_) edge_->stop(kServerGrace);
  if (internal_door_) internal_door_->stop(kServerGrace);
  if (ear_) ear_->stop();
  if (plans_) plans_->stop();
  if (follower_) follower_->stop();
  guide_.stop();
}

}  // namespace siren
