#include "common/alert_log/alert_history.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "common/alert_log/pg_alert_log.h"
#include "common/pg_store.h"

namespace siren {
namespace {

constexpr auto kRevisions =
    "SELECT epoch, seq, zone_id, alert_id, rev, ended, alert FROM alert_log"
    " WHERE country = $1 AND alert_id = $2 AND rev <= $3 ORDER BY rev DESC LIMIT $4";

constexpr auto kEnds =
    "SELECT epoch, seq, zone_id, alert_id, rev, ended, alert FROM ("
    "   SELECT l.* FROM alert_log l JOIN alert_head h USING (country, epoch)"
    "   WHERE l.country = $1 ORDER BY l.seq DESC LIMIT $2) newest"
    " WHERE ended ORDER BY seq DESC LIMIT $3";

class pg_alert_history final : public alert_history {
 public:
  pg_alert_history(pg_store& store, std::string country) : store_{store}, country_{std::move(country)} {}

  result<std::vector<alert_entry>> revisions_of(alert_id const& id, std::uint32_t rev, std::size_t at_most) override {
    // PostgreSQL's text holds no zero byte, so no alert is called so.
    if (id.value.find('\0') != std::string::npos) return std::vector<alert_entry>{};
    auto const newest = std::min<std::uint32_t>(rev, std::numeric_limits<std::int32_t>::max());
    return read(
        [&](pqxx::work& transaction) {
          return transaction.exec_params(kRevisions, country_, id.value, newest, at_most);
        },
        true);
  }

  result<std::vector<alert_entry>> newest_ends(std::size_t at_most) override {
    return read([&](pqxx::work& transaction) { return transaction.exec_params(kEnds, country_, kEndsAmong, at_most); },
                false);
  }

 private:
  template <typename Query>
  result<std::vector<alert_entry>> read(Query const& query, bool turn_round) {
    std::vector<alert_entry> entries;
    auto const done = store_.transact([&](pqxx::work& transaction) -> result<void> {
      entries.clear();
      for (auto const& row : query(transaction)) entries.push_back(entry_of(row));
      return {};
    });
    if (!done) return done.error();
    if (turn_round) std::reverse(entries.begin(), entries.end());
    return entries;
  }

  pg_store& store_;
  std::string country_;
};

}  // namespace

std::unique_ptr<alert_history> make_pg_alert_history(pg_store& store, std::string country) {
  return std::make_unique<pg_alert_history>(store, std::move(country));
}

}  // namespace siren
