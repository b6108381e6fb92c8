#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "common/store_worker.h"
#include "zone_engine/outgoing.h"

namespace siren {

/// The way of everything decided into the store, on a thread of its own, so that a store that hangs holds up no
/// decision. One job at a time. Not thread-safe: the decision loop's.
class store_lane {
 public:
  struct ports {
    alert_log_writer& writer;
    order_store& orders;
    leadership& lead;
  };
  explicit store_lane(ports with) : with_{with} {}

  struct merged {
    result<void> outcome;              // of everything in the chunk; DEPOSED when another process decides
    std::vector<alert_entry> entries;  // of the chunk's alerts, in order
    /// The log had gone back and has a new epoch: its newest entries. Nothing of the chunk was merged.
    std::optional<std::vector<alert_entry>> renewed;
  };

  [[nodiscard]] bool busy() const { return job_ != nullptr; }
  /// Only while not busy. Makes sure that the right to decide is ours, then stores the chunk in order.
  void merge(std::vector<outgoing> chunk);
  /// What became of it; absent: not done within `patience`.
  [[nodiscard]] std::optional<merged> wait(milliseconds patience);
  /// What was answered to this request. STORE_UNAVAILABLE also when it can't be told within `patience`.
  [[nodiscard]] result<std::optional<order_answer>> find(std::string const& request_id, milliseconds patience);

 private:
  struct job {
    std::vector<outgoing> chunk;
    merged done;
  };
  static void run(ports const& with, job& work);
  [[nodiscard]] static result<void> secure_lead(ports const& with);
  static void store(ports const& with, job& work);

  ports with_;
  std::shared_ptr<job> job_;
  store_worker worker_;  // last: its job uses what is above
};

}  // namespace siren
