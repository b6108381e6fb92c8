#include "operator_console/grpc_web/web_gate.h"

#include <prometheus/counter.h>

namespace siren {

bool web_gate::may_ask(std::string const& origin, std::string const& host) const {
  return origin.empty() || origin == "http://" + host || options_.origins.contains(origin);
}

result<std::shared_ptr<web_gate::seat>> web_gate::enter(std::string const& method) {
  auto const found = options_.methods.find(method);
  if (found == options_.methods.end()) return failure{reason::unknown_method, "pages can't call " + method};
  std::lock_guard const lock{mutex_};
  if (calls_ >= options_.most_calls) return failure{reason::too_many_requests, "too many calls at once"};
  if (found->second.streams && streams_ >= options_.most_streams)
    return failure{reason::too_many_streams, "too many pages are watching"};
  ++calls_;
  if (found->second.streams) ++streams_;
  return std::make_shared<seat>(*this, found->second);
}

web_gate::seat::~seat() {
  std::lock_guard const lock{of_.mutex_};
  --of_.calls_;
  if (method_.streams) --of_.streams_;
  of_.left_.notify_all();
}

void web_gate::wait_until_empty() {
  std::unique_lock lock{mutex_};
  left_.wait(lock, [this] { return calls_ == 0; });
}

void web_gate::count_end(std::string const& method, grpc::StatusCode code) {
  counts_
      .counter("siren_console_calls_total", "Calls of pages to services, by method and gRPC status",
               {{"method", method}, {"code", std::to_string(static_cast<int>(code))}})
      .Increment();
}

void web_gate::count_refusal(std::string const& why) {
  counts_.counter("siren_console_refused_total", "Calls of pages that were not made, by reason", {{"reason", why}})
      .Increment();
}

}  // namespace siren
