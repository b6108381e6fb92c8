#include "zone_engine/order_desk.h"

#include "common/log.h"

namespace siren {

std::optional<operator_order> order_desk::take(order_input const& input) {
  if (answered_before(input)) return std::nullopt;
  auto order = input.order.order;
  order.at = clock_.now();
  // Kept first: if this process dies now, the next one starts from the order. An order that can't be kept is not
  // obeyed, and the operator is told so.
  if (auto const kept = outlet_.add_order(order); !kept) {
    input.answer->set_value(kept.error());
    return std::nullopt;
  }
  log(log_level::info, "operator_order",
      {{"operator", order.operator_name}, {"zone", order.zone.value}, {"stage", name_of(order.level)}}, order.trace);
  unanswered_[order.request_id].push_back(input);
  return order;
}

/// True: nothing is to be decided, the answer is given or waits with an earlier one.
bool order_desk::answered_before(order_input const& input) {
  auto const& id = input.order.order.request_id;
  failure const reused{reason::request_id_reused, "request_id \"" + id + "\" was used for another order"};
  if (auto const waiting = unanswered_.find(id); waiting != unanswered_.end()) {
    if (waiting->second.front().order.asked == input.order.asked)
      waiting->second.push_back(input);
    else
      input.answer->set_value(reused);
    return true;
  }
  auto const known = known_answer(id);
  if (!known) return false;
  if (known->asked == input.order.asked)
    input.answer->set_value(*known);
  else
    input.answer->set_value(reused);
  return true;
}

std::optional<order_answer> order_desk::known_answer(std::string const& request_id) {
  if (auto const found = answers_.find(request_id); found != answers_.end()) return found->second;
  auto const stored = outlet_.find_answer(request_id);
  return stored ? *stored : std::nullopt;
}

void order_desk::answer_all() {
  if (unanswered_.empty()) return;
  for (auto const& [id, inputs] : unanswered_) {
    auto const& asked = inputs.front().order;
    order_answer answer{board_.head(), {}, asked.asked};
    if (auto const newest = board_.newest(asked.order.zone)) {
      answer.at = {newest->epoch, newest->seq};
      answer.alert = newest->bytes;
    }
    outlet_.add(given_answer{id, answer});
    remember(id, answer);
  }
  // Remembered before it is given; what is promised is the order, which is safe already.
  static_cast<void>(outlet_.flush(false));
  for (auto const& [id, inputs] : unanswered_)
    for (auto const& input : inputs) input.answer->set_value(answers_.at(id));
  unanswered_.clear();
}

void order_desk::remember(std::string const& request_id, order_answer const& answer) {
  answers_.insert_or_assign(request_id, answer);
  oldest_answers_.push_back(request_id);
  if (oldest_answers_.size() <= kRemembered) return;
  answers_.erase(oldest_answers_.front());
  oldest_answers_.pop_front();
}

}  // namespace siren
