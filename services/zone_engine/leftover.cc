#include "zone_engine/leftover.h"

#include <algorithm>
#include <vector>

#include "common/log.h"

namespace siren {
namespace {

constexpr std::size_t kAtOnce = 500;  // as append_chunk

result<void> put_alerts(std::vector<alert_append> const& alerts, alert_log_writer& writer) {
  for (std::size_t from = 0; from < alerts.size(); from += kAtOnce) {
    auto const to = std::min(alerts.size(), from + kAtOnce);
    std::vector<alert_append> const chunk{alerts.begin() + static_cast<std::ptrdiff_t>(from),
                                          alerts.begin() + static_cast<std::ptrdiff_t>(to)};
    auto const done = writer.append(chunk);
    if (!done) return done.error();
  }
  return {};
}

}  // namespace

result<void> hand_over_orders(journal const& kept, order_store& orders) {
  for (auto const& each : kept.leftover()) {
    auto done = result<void>{};
    if (auto const* order = std::get_if<operator_order>(&each)) done = orders.keep(*order);
    if (auto const* given = std::get_if<given_answer>(&each)) done = orders.answered(given->request_id, given->answer);
    if (!done) return done;
  }
  return {};
}

result<void> put_leftover(journal const& kept, alert_term const& taken, alert_log_writer& writer, order_store& orders) {
  if (kept.leftover().empty()) return {};
  if (auto done = hand_over_orders(kept, orders); !done) return done;
  std::vector<alert_append> alerts;
  for (auto const& each : kept.leftover())
    if (auto const* alert = std::get_if<decided_alert>(&each)) alerts.push_back(alert->record);
  // A log that was put back gives its terms again: the number alone does not tell who led.
  auto const same_log = kept.noted() == cursor{} || kept.noted().epoch == taken.epoch_before;
  auto const ours = same_log && kept.term() == taken.before;
  auto done = ours ? put_alerts(alerts, writer) : result<void>{};
  auto const superseded = !ours || (!done && done.error().why == reason::duplicate);
  if (!done && !superseded) return done;
  log(superseded ? log_level::warn : log_level::info, superseded ? "journal_superseded" : "journal_merged",
      {{"records", kept.leftover().size()}, {"alerts", alerts.size()}});
  return {};
}

}  // namespace siren
