#pragma once

#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <variant>
#include <vector>

#include "zone_engine/convert.h"

namespace siren {

struct step_input {
  picture_news news;
  cursor at;
};
/// The picture's log could not be followed: this is the whole of it now.
struct replace_input {
  whole_picture picture;
  cursor at;
};
struct order_input {
  asked_order order;
  std::shared_ptr<std::promise<result<order_answer>>> answer;
};

/// Every operator's newest word for every zone, as the store has it.
struct adopted_orders {
  std::vector<operator_order> orders;
};

struct engine_input {
  std::variant<step_input, replace_input, order_input, adopted_orders> what;
  steady_time came_at;
};

/// What waits for the decision loop, in order of arrival. Bounded: at the limit an input is refused, and whoever
/// brought it keeps it. Thread-safe; one thread takes.
class inbox {
 public:
  explicit inbox(std::size_t limit) : limit_{limit} {}

  [[nodiscard]] bool offer(engine_input input);
  /// Everything that waits, as soon as there is something, or nothing at `until` or after wake().
  [[nodiscard]] std::vector<engine_input> take(steady_time until);
  void wake();
  /// Takes nothing; returns at `until` or after wake().
  void wait_woken(steady_time until);

 private:
  std::size_t limit_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<engine_input> waiting_;
  bool woken_ = false;
};

}  // namespace siren
