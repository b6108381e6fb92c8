#include "shelter_registry/call_outcomes.h"

#include <prometheus/counter.h>

#include "common/log.h"
#include "common/rpc_server.h"

namespace siren {

void announcer::tell(std::optional<std::uint64_t> change) const {
  if (!change) return;
  auto const sent = announcements_.publish(channel_, std::to_string(*change));
  counts_
      .counter("siren_shelter_announcements_total", "Change numbers handed to the bus; lost ones are found by polling",
               {{"outcome", sent ? "sent" : "lost"}})
      .Increment();
  if (!sent) log(log_level::warn, "announcement_lost", {{"change", *change}, {"error", sent.error().message}});
}

grpc::Status call_outcomes::refuse(char const* method, failure const& bad,
                                   std::map<std::string, std::string> const& metadata) {
  auto const why = std::string{name_of(bad.why)};
  counts_.counter("siren_shelter_calls_total", "Calls by outcome", {{"method", method}, {"outcome", why}}).Increment();
  if (bad.code() == code::unavailable || bad.code() == code::internal)
    log(log_level::warn, "call_failed", {{"method", method}, {"reason", why}, {"error", bad.message}});
  return to_status(bad, metadata);
}

grpc::Status call_outcomes::answered(char const* method) {
  counts_.counter("siren_shelter_calls_total", "Calls by outcome", {{"method", method}, {"outcome", "OK"}}).Increment();
  return grpc::Status::OK;
}

}  // namespace siren
