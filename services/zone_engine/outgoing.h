#pragma once

#include <string>
#include <variant>

#include "common/alert_log/alert_log.h"
#include "core/zone/danger.h"
#include "zone_engine/ports.h"

namespace siren {

/// An alert to be logged.
struct decided_alert {
  alert_append record;
  stage level = stage::all_clear;
};

/// What an operator was told, to be remembered.
struct given_answer {
  std::string request_id;
  order_answer answer;
};

/// Everything of a decision that must not be lost.
using outgoing = std::variant<decided_alert, operator_order, given_answer>;

}  // namespace siren
