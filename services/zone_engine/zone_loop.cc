#include "zone_engine/zone_loop.h"

#include <algorithm>
#include <utility>

#include "common/log.h"

namespace siren {

zone_loop::zone_loop(parts with, zone_engine_limits const& limits, callbacks tell, std::vector<alert> const& first)
    : with_{with}, limits_{limits}, tell_{std::move(tell)}, next_tick_{steady_now()}, stepped_at_{steady_now()} {
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
  auto outcome = alert_outlet::outcome::durable;
  if (steady_now() >= next_tick_) {
    next_tick_ = steady_now() + limits_.tick_interval;
    take(tick{with_.clock.now()});
    outcome = with_.outlet.confirm_leadership();
  }
  if (outcome == alert_outlet::outcome::durable) outcome = with_.outlet.flush();
  fenced_ = outcome == alert_outlet::outcome::fenced;
  if (outcome == alert_outlet::outcome::durable) answer_orders();
  tell_.on_step(outcome == alert_outlet::outcome::durable);
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
  if (answered_before(input)) return;
  auto order = input.order.order;
  order.at = with_.clock.now();
  // Kept first: if this process dies now, the next one starts from the order. An order that can't be kept is not
  // obeyed, and the operator is told so.
  if (auto const kept = with_.orders.keep(order); !kept) {
    input.answer->set_value(kept.error());
    return;
  }
  log(log_level::info, "operator_order",
      {{"operator", order.operator_name}, {"zone", order.zone.value}, {"stage", name_of(order.level)}}, order.trace);
  take(order);
  unanswered_[order.request_id].push_back(input);
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
    auto const* place = with_.decides.zones().find(each.zone);
    verify(place != nullptr, "alerts are decided for known zones only");
    with_.outlet.add({append_of(each, *place, with_.serves, with_.decides.texts_for(each.zone)), each.level});
  }
}

/// True: nothing is to be decided, the answer is given or waits with an earlier one.
bool zone_loop::answered_before(order_input const& input) {
  auto const& id = input.order.order.request_id;
  failure const reused{reason::request_id_reused, "request_id \"" + id + "\" was used for another order"};
  if (auto const waiting = unanswered_.find(id); waiting != unanswered_.end()) {
    if (waiting->second.front().order.asked == input.order.asked)
      waiting->second.push_back(input);
    else
      input.answer->set_value(reused);
    return true;
  }
  auto const known = with_.orders.find(id);
  if (!known) {
    input.answer->set_value(known.error());
    return true;
  }
  if (!known->has_value()) return false;
  if ((*known)->asked == input.order.asked)
    input.answer->set_value(**known);
  else
    input.answer->set_value(reused);
  return true;
}

void zone_loop::answer_orders() {
  for (auto const& [id, inputs] : unanswered_) {
    auto const& asked = inputs.front().order;
    order_answer answer{with_.board.head(), {}, asked.asked};
    if (auto const newest = with_.board.newest(asked.order.zone)) {
      answer.at = {newest->epoch, newest->seq};
      answer.alert = newest->bytes;
    }
    auto const remembered = with_.orders.answered(id, answer);
    for (auto const& input : inputs) {
      if (remembered)
        input.answer->set_value(answer);
      else
        input.answer->set_value(remembered.error());
    }
  }
  unanswered_.clear();
}

}  // namespace siren
