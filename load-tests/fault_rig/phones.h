#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/base/mode.h"
#include "core/geo/position.h"
#include "fault_rig/phone_journal.h"

namespace siren::faults {

struct phone_plan {
  lat_lon place;
  std::vector<zone_id> watched;
};

/// Phones that keep a journal, each on a connection of its own. Thread-safe.
class phones {
 public:
  phones(std::vector<std::string> const& gateways, world serves, std::vector<phone_plan> const& people);
  ~phones();

  [[nodiscard]] std::size_t count() const { return all_.size(); }
  [[nodiscard]] std::size_t connected() const;
  [[nodiscard]] std::size_t current() const;
  /// Alerts sounded or merged so far, over all phones.
  [[nodiscard]] std::uint64_t delivered() const;
  [[nodiscard]] bool wait_connected(milliseconds at_most) const;
  /// Every phone has heard everything up to `head`.
  [[nodiscard]] bool wait_for_head(cursor head, milliseconds at_most) const;
  [[nodiscard]] std::vector<phone_journal> journals() const;
  void stop();

 private:
  class one;
  struct parts;
  std::unique_ptr<parts> parts_;
  std::vector<std::unique_ptr<one>> all_;
};

}  // namespace siren::faults
