#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/alert_log/alert_log.h"

namespace siren {

/// What the log remembers of alerts, for those who tell others of them.
class alert_history {
 public:
  virtual ~alert_history() = default;
  /// The newest revisions up to `rev`, at most `at_most`, oldest first, of all epochs. Empty: no such alert.
  [[nodiscard]] virtual result<std::vector<alert_entry>> revisions_of(alert_id const& id, std::uint32_t rev,
                                                                      std::size_t at_most) = 0;
  /// The newest ends of alerts in this epoch, at most `at_most`, newest first, among the newest kEndsAmong entries.
  [[nodiscard]] virtual result<std::vector<alert_entry>> newest_ends(std::size_t at_most) = 0;

  static constexpr std::size_t kEndsAmong = 5'000;  // bounds the query; all raions up and down again take some 500
};

[[nodiscard]] std::unique_ptr<alert_history> make_pg_alert_history(pg_store& store, std::string country);

}  // namespace siren
