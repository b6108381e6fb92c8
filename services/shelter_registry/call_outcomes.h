#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include <grpcpp/grpcpp.h>

#include "common/bus.h"
#include "common/clock.h"
#include "common/metrics.h"

namespace siren {

/// Change numbers out on the bus, best effort: whoever must not miss one polls ListShelters(changed_after).
class announcer {
 public:
  announcer(bus& announcements, std::string channel, metrics& counts)
      : announcements_{announcements}, channel_{std::move(channel)}, counts_{counts} {}
  void tell(std::optional<std::uint64_t> change) const;

 private:
  bus& announcements_;
  std::string channel_;
  metrics& counts_;
};

/// Counts calls by method and outcome, and turns failures into statuses.
class call_outcomes {
 public:
  explicit call_outcomes(metrics& counts) : counts_{counts} {}
  grpc::Status refuse(char const* method, failure const& bad, std::map<std::string, std::string> const& metadata = {});
  grpc::Status answered(char const* method);

 private:
  metrics& counts_;
};

}  // namespace siren
