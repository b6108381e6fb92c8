#include "zone_engine/store_lane.h"

#include <utility>

namespace siren {
namespace {

failure too_slow() {
  return {reason::store_unavailable, "the store does not answer in time"};
}

}  // namespace

void store_lane::merge(std::vector<outgoing> chunk) {
  job_ = std::make_shared<job>();
  job_->chunk = std::move(chunk);
  worker_.submit([with = with_, work = job_] { run(with, *work); });
}

std::optional<store_lane::merged> store_lane::wait(milliseconds patience) {
  if (!job_ || !worker_.wait_idle(patience)) return std::nullopt;
  return std::move(std::exchange(job_, nullptr)->done);
}

result<std::optional<order_answer>> store_lane::find(std::string const& request_id, milliseconds patience) {
  if (job_ || !worker_.wait_idle(patience)) return too_slow();
  auto found = std::make_shared<result<std::optional<order_answer>>>(too_slow());
  worker_.submit([&orders = with_.orders, request_id, found] { *found = orders.find(request_id); });
  if (!worker_.wait_idle(patience)) return too_slow();
  return *found;
}

void store_lane::run(ports const& with, job& work) {
  auto lead = secure_lead(with);
  if (lead) store(with, work);
  if (!lead) work.done.outcome = lead.error();
  if (work.done.outcome || work.done.outcome.error().why != reason::log_went_back) return;
  auto renewed = with.writer.renew();
  work.done.outcome = renewed ? result<void>{} : result<void>{renewed.error()};
  if (renewed) work.done.renewed = std::move(renewed).value();
}

result<void> store_lane::secure_lead(ports const& with) {
  if (with.lead.held()) return {};
  auto const again = with.lead.acquire();
  if (!again) return again.error();
  // While the right was away another may have decided, or the store may have been put back to an older copy.
  auto mine = with.writer.confirm();
  if (*again || !mine) return mine;
  return failure{reason::store_unavailable, "the right to decide still lies on a connection that broke"};
}

void store_lane::store(ports const& with, job& work) {
  std::vector<alert_append> alerts;
  for (auto const& each : work.chunk) {
    if (auto const* alert = std::get_if<decided_alert>(&each)) alerts.push_back(alert->record);
    auto const* order = std::get_if<operator_order>(&each);
    if (order == nullptr) continue;
    work.done.outcome = with.orders.keep(*order);
    if (!work.done.outcome) return;
  }
  auto entries = with.writer.append(alerts);
  if (!entries) {
    work.done.outcome = entries.error();
    return;
  }
  for (auto const& each : work.chunk) {
    auto const* given = std::get_if<given_answer>(&each);
    if (given == nullptr) continue;
    work.done.outcome = with.orders.answered(given->request_id, given->answer);
    if (!work.done.outcome) return;  // sent again, the alerts keep their places
  }
  work.done.entries = std::move(entries).value();
}

}  // namespace siren
