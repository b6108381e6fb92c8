#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/clock.h"
#include "zone_engine/alert_outlet.h"
#include "zone_engine/inbox.h"

namespace siren {

/// Operators' orders around the decision: each request is obeyed once, kept before it is obeyed, and answered when what
/// came of it is safe. Not thread-safe: the decision loop's.
class order_desk {
 public:
  order_desk(alert_outlet& outlet, alert_board const& board, world_clock const& clock)
      : outlet_{outlet}, board_{board}, clock_{clock} {}

  /// The order to obey now. Absent: it is answered, or waits for the same answer as an earlier one. While the store is
  /// away, a request answered only before this process led is not remembered, and obeyed again.
  [[nodiscard]] std::optional<operator_order> take(order_input const& input);
  /// Everything decided on is safe.
  void answer_all();

 private:
  static constexpr std::size_t kRemembered = 10'000;  // answers in memory, for a store that is away; a day of orders
  [[nodiscard]] bool answered_before(order_input const& input);
  [[nodiscard]] std::optional<order_answer> known_answer(std::string const& request_id);
  void remember(std::string const& request_id, order_answer const& answer);

  alert_outlet& outlet_;
  alert_board const& board_;
  world_clock const& clock_;
  /// Decided on, to be answered once everything is safe; by request_id.
  std::map<std::string, std::vector<order_input>> unanswered_;
  std::map<std::string, order_answer> answers_;
  std::deque<std::string> oldest_answers_;
};

}  // namespace siren
