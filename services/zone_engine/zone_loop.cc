#include "zone_engine/zone_loop.h"

#include <algorithm>
#include <utility>

#include "common/log.h"

namespace siren {

zone_loop::zone_loop(parts with, zone_engine_limits const& limits, callbacks tell, std::vector<alert> const& first)
    : with_{std::move(with)},
      limits_{limits},
      tell_{std::move(tell)},
      next_tick_{steady_now()},
      desk_{with_.outlet, with_.board, with_.clock},
      stepped_at_{steady_now()} {
  keep(first);
  thread_ = std::thread{[this] { run(); }};
}

zone_loop::~zone_loop() {
  stopping_ = true;
  with_.inputs.wake();
  thread_.join();
}

milliseconds zone_loop::still_for() const {
  return std::chrono::duration_cast<milliseconds>(steady_now() - stepped_at_.load());
}

void zone_loop::run() {
  while (!stopping_ && !fenced_) {
    auto const full = with_.outlet.undurable() >= limits_.max_undurable;
    step(full ? std::vector<engine_input>{} : with_.inputs.take(next_tick_));
    stepped_at_ = steady_now();
    if (full && !stopping_) with_.inputs.wait_woken(next_tick_);
  }
  if (fenced_) tell_.on_fenced();
}

void zone_loop::step(std::vector<engine_input> inputs) {
  with_.counts.queue_length(inputs.size());
  for (auto const& input : inputs) {
    std::visit([this](auto const& what) { decide(what); }, input.what);
    with_.counts.decided_after(std::chrono::duration<double>(steady_now() - input.came_at).count());
  }
  auto const ticks = steady_now() >= next_tick_;
  if (ticks) {
    next_tick_ = steady_now() + limits_.tick_interval;
    take(tick{with_.clock.now()});
  }
  auto const outcome = with_.outlet.flush(ticks);
  fenced_ = outcome == alert_outlet::outcome::fenced;
  if (with_.outlet.take_renewed()) keep_orders_again();
  if (outcome == alert_outlet::outcome::durable || outcome == alert_outlet::outcome::kept) desk_.answer_all();
  tell_.on_step(outcome);
}

void zone_loop::decide(step_input const& input) {
  with_.feeds.put(input.news.feeds);
  for (auto const why : input.news.rejected) with_.counts.rejected(why);
  for (auto const& event : input.news.events) take(event);
  with_.counts.picture_at(input.at.seq);
}

void zone_loop::decide(replace_input const& input) {
  with_.feeds.replace(input.picture.feeds);
  for (auto const why : input.picture.rejected) with_.counts.rejected(why);
  keep(with_.decides.replace(input.picture.snapshot, with_.clock.now()));
  with_.counts.picture_at(input.at.seq);
}

void zone_loop::decide(order_input const& input) {
  if (auto const order = desk_.take(input)) take(*order);
}

/// Given to an engine that could not hand them on before this one led.
void zone_loop::decide(adopted_orders const& input) {
  for (auto const& order : input.orders) {
    auto const* known = with_.decides.order_of(order.zone, order.operator_name);
    if (known != nullptr && known->at >= order.at) continue;
    log(log_level::warn, "order_adopted", {{"operator", order.operator_name}, {"zone", order.zone.value}}, order.trace);
    take(order);
  }
}

/// The store was put back to an older copy: it may not know the newest.
void zone_loop::keep_orders_again() {
  for (auto const& order : with_.decides.orders()) with_.outlet.add(order);
}

void zone_loop::take(zone_event const& event) {
  auto const decided = with_.decides.take(event);
  if (decided) return keep(*decided);
  with_.counts.rejected(decided.error().why);
  log(log_level::warn, "picture_rejected",
      {{"reason", name_of(decided.error().why)}, {"message", decided.error().message}});
}

void zone_loop::keep(std::vector<alert> const& decided) {
  for (auto const& each : decided) {
    auto const& zones = with_.decides.zones();
    if (auto const* place = zones.find(each.zone)) {
      with_.outlet.add(
          decided_alert{append_of(each, *place, with_.serves, with_.decides.texts_for(each.zone)), each.level});
      continue;
    }
    auto const gone = with_.gone.find(each.zone);
    verify(gone != with_.gone.end(), "alerts are decided for zones of the map or the log only");
    std::vector<zone> heirs;
    for (auto const at : zones.meant_by(each.zone)) heirs.push_back(zones.all()[at]);
    log(log_level::warn, "zone_is_no_more", {{"zone", each.zone.value}, {"replaced_by", heirs.size()}});
    with_.outlet.add(decided_alert{append_of_gone(each, gone->second, heirs, with_.serves), each.level});
  }
}

}  // namespace siren
