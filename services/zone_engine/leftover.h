#pragma once

#include "common/alert_log/alert_log.h"
#include "zone_engine/journal.h"
#include "zone_engine/ports.h"

namespace siren {

/// Puts into the store what an earlier process kept in the journal, in order and any number of times: orders and
/// answers always, since people were told that they hold; alerts only when nobody has led since, for otherwise another
/// engine has decided on the same picture and its word counts. `taken`: what take_over gave this process. Failure:
/// STORE_UNAVAILABLE, to be tried again.
[[nodiscard]] result<void> put_leftover(journal const& kept, alert_term const& taken, alert_log_writer& writer,
                                        order_store& orders);

/// For a process that does not lead: the orders alone. The leader finds them in the store.
[[nodiscard]] result<void> hand_over_orders(journal const& kept, order_store& orders);

}  // namespace siren
