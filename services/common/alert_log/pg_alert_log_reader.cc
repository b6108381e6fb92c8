#include <limits>
#include <utility>

#include "common/alert_log/pg_alert_log.h"
#include "common/pg_store.h"

namespace siren {
namespace {

constexpr auto kHead =
    "SELECT h.epoch, h.seq, b.picture, (extract(epoch FROM clock_timestamp() - b.beat_at) * 1000)::bigint"
    " FROM alert_head h LEFT JOIN engine_beat b USING (country) WHERE h.country = $1";

// One statement is one instant: the head's epoch and the entries can't disagree.
constexpr auto kReadAfter =
    "SELECT h.epoch, l.* FROM alert_head h LEFT JOIN (SELECT epoch, seq, zone_id, alert_id, rev, ended, alert"
    "   FROM alert_log WHERE country = $1 AND epoch = $2 AND seq > $3 ORDER BY seq LIMIT $4) l ON true"
    " WHERE h.country = $1 ORDER BY l.seq";

constexpr auto kReadState =
    "SELECT h.epoch, h.seq, s.epoch, s.seq, s.zone_id, s.alert_id, s.rev, s.ended, s.alert"
    " FROM alert_head h LEFT JOIN alert_state s USING (country) WHERE h.country = $1 ORDER BY s.seq";

picture_state picture_of(pqxx::field const& field) {
  auto const value = field.is_null() ? 0 : field.as<int>();
  return value >= 1 && value <= 3 ? static_cast<picture_state>(value) : picture_state::unknown;
}

bool fits_bigint(std::uint64_t value) {
  return value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
}

failure other_epoch() {
  return {reason::schema_mismatch, "the alert log has another epoch"};
}

class pg_alert_log_reader final : public alert_log_reader {
 public:
  pg_alert_log_reader(pg_store& store, std::string country) : store_{store}, country_{std::move(country)} {}

  result<alert_head> head() override {
    alert_head found;
    auto const done = store_.transact([&](pqxx::work& transaction) -> result<void> {
      auto const row = rows_with_head(transaction, [&] { return transaction.exec_params(kHead, country_); })[0];
      found.head = {row[0].as<std::uint64_t>(), row[1].as<std::uint64_t>()};
      found.picture = picture_of(row[2]);
      if (!row[3].is_null()) found.engine_silence = milliseconds{row[3].as<std::int64_t>()};
      return {};
    });
    if (!done) return done.error();
    return found;
  }

  result<std::vector<alert_entry>> read_after(cursor after, std::size_t at_most) override {
    std::vector<alert_entry> entries;
    // A cursor may come from a phone: whatever PostgreSQL's bigint can't hold is no place of this log.
    if (!fits_bigint(after.epoch)) return other_epoch();
    if (!fits_bigint(after.seq)) return entries;
    auto const done = store_.transact([&](pqxx::work& transaction) -> result<void> {
      entries.clear();
      auto const rows = rows_with_head(
          transaction, [&] { return transaction.exec_params(kReadAfter, country_, after.epoch, after.seq, at_most); });
      if (rows[0][0].as<std::uint64_t>() != after.epoch) return other_epoch();
      for (auto const& row : rows)
        if (!row[1].is_null()) entries.push_back(entry_of(row, 1));
      return {};
    });
    if (!done) return done.error();
    return entries;
  }

  result<state> read_state() override {
    state now;
    auto const done = store_.transact([&](pqxx::work& transaction) -> result<void> {
      now.newest_by_zone.clear();
      auto const rows = rows_with_head(transaction, [&] { return transaction.exec_params(kReadState, country_); });
      now.at = {rows[0][0].as<std::uint64_t>(), rows[0][1].as<std::uint64_t>()};
      for (auto const& row : rows)
        if (!row[2].is_null()) now.newest_by_zone.push_back(entry_of(row, 2));
      return {};
    });
    if (!done) return done.error();
    return now;
  }

 private:
  /// A reader may come before the first writer: then it makes the head, so that nobody ever sees a log without an
  /// epoch.
  template <typename Query>
  pqxx::result rows_with_head(pqxx::work& transaction, Query const& query) const {
    auto rows = query();
    if (!rows.empty()) return rows;
    ensure_alert_head(transaction, country_);
    return query();
  }

  pg_store& store_;
  std::string country_;
};

}  // namespace

std::unique_ptr<alert_log_reader> make_pg_alert_log_reader(pg_store& store, std::string country) {
  return std::make_unique<pg_alert_log_reader>(store, std::move(country));
}

}  // namespace siren
