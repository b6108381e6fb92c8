#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/stream/cursor.h"
#include "core/zone/region_alarm.h"

namespace siren {

/// The answer to an operator's order, as it was first given.
struct order_answer {
  cursor at;
  std::string alert;  // bytes of siren.alerts.v1.Alert
  std::string asked;  // bytes that two requests share only if they ask for the same
};

/// Operators' orders, kept across restarts. Failures: STORE_UNAVAILABLE.
class order_store {
 public:
  virtual ~order_store() = default;
  [[nodiscard]] virtual result<std::optional<order_answer>> find(std::string const& request_id) = 0;
  /// From now on this operator's word for this zone, unless a newer one is known.
  [[nodiscard]] virtual result<void> keep(operator_order const& order) = 0;
  /// Remembers an answer for ever; the first one stays.
  [[nodiscard]] virtual result<void> answered(std::string const& request_id, order_answer const& answer) = 0;
  /// Every operator's newest word for every zone, withdrawals too.
  [[nodiscard]] virtual result<std::vector<operator_order>> all() = 0;
};

/// The right to decide for a country: one process at a time has it.
class leadership {
 public:
  virtual ~leadership() = default;
  /// True: it is ours now (or already was). False: another process has it, or may still come back for it: who led
  /// before a break of the store goes on, and others wait a while. A holder that has given no sign of life for long is
  /// put out. Failure: STORE_UNAVAILABLE.
  [[nodiscard]] virtual result<bool> acquire() = 0;
  /// False once the connection that carries it is gone: then another process may have it.
  [[nodiscard]] virtual bool held() = 0;
};

}  // namespace siren
