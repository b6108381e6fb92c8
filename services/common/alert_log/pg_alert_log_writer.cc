#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

#include "common/alert_log/pg_alert_log.h"
#include "common/pg_array.h"
#include "common/pg_store.h"

namespace siren {
namespace {

// Taken first, so that the look-up of messages already logged sees everything that another writer has committed.
constexpr auto kLockHead = "SELECT epoch, seq, term FROM alert_head WHERE country = $1 FOR UPDATE";

// Higher than any other writer's, also when the log was restored from a copy that knows less of them.
constexpr auto kTakeTerm =
    "UPDATE alert_head SET term = greatest(term + 1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)"
    " WHERE country = $1 RETURNING term";
constexpr auto kRenewHead = "UPDATE alert_head SET epoch = $2, seq = $3, term = $4 WHERE country = $1";
constexpr auto kRenewState = "UPDATE alert_state SET epoch = $2 WHERE country = $1";
constexpr auto kForgetOutbox = "DELETE FROM alert_outbox WHERE country = $1";
constexpr auto kNewest =
    "SELECT epoch, seq, zone_id, alert_id, rev, ended, alert FROM alert_state WHERE country = $1 ORDER BY seq";

constexpr auto kFindLogged =
    "SELECT epoch, seq, zone_id, alert_id, rev, ended, alert, source, message_id FROM alert_log "
    "WHERE (source, message_id) IN (SELECT * FROM unnest($1::text[], $2::text[]))";

constexpr auto kAppend =
    "WITH fresh AS (SELECT * FROM unnest($3::text[], $4::text[], $5::int[], $6::bool[], $7::bytea[], $8::text[], "
    "$9::text[],"
    "   $10::text[], $11::text[], $12::text[], $13::text[]) WITH ORDINALITY"
    "   AS f(zone_id, alert_id, rev, ended, alert, source, message_id, actor, act, because, trace_id, place)),"
    " head AS (UPDATE alert_head SET seq = seq + $2 WHERE country = $1 RETURNING epoch, seq - $2 AS before),"
    " event AS (INSERT INTO alert_log (country, epoch, seq, zone_id, alert_id, rev, ended, source, message_id, alert)"
    "   SELECT $1, epoch, before + place, zone_id, alert_id, rev, ended, source, message_id, alert"
    "   FROM fresh, head),"
    " state AS (INSERT INTO alert_state (country, zone_id, epoch, seq, alert_id, rev, ended, alert)"
    "   SELECT DISTINCT ON (zone_id) $1, zone_id, epoch, before + place, alert_id, rev, ended, alert"
    "   FROM fresh, head ORDER BY zone_id, place DESC"
    "   ON CONFLICT (country, zone_id) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq,"
    "     alert_id = excluded.alert_id, rev = excluded.rev, ended = excluded.ended, alert = excluded.alert),"
    " audit AS (INSERT INTO alert_audit (country, epoch, seq, actor, act, trace_id, because)"
    "   SELECT $1, epoch, before + place, actor, act, trace_id, because FROM fresh, head ORDER BY place),"
    " outbox AS (INSERT INTO alert_outbox (country, epoch, seq) SELECT $1, epoch, before + place FROM fresh, head)"
    " SELECT epoch, before FROM head";

// Nothing comes back for a writer that another one has replaced.
constexpr auto kBeat =
    "INSERT INTO engine_beat (country, beat_at, picture) SELECT $1::text, clock_timestamp(), $2::smallint"
    "   WHERE $3::bigint = 0 OR NOT EXISTS (SELECT FROM alert_head WHERE country = $1 AND term <> $3)"
    " ON CONFLICT (country) DO UPDATE SET beat_at = excluded.beat_at, picture = excluded.picture";

constexpr auto kUnpublished =
    "SELECT l.epoch, l.seq, l.zone_id, l.alert_id, l.rev, l.ended, l.alert FROM alert_outbox o"
    " JOIN alert_log l USING (country, epoch, seq) WHERE o.country = $1 ORDER BY l.epoch, l.seq LIMIT $2";

constexpr auto kPublished =
    "DELETE FROM alert_outbox o USING unnest($2::bigint[], $3::bigint[]) AS p(epoch, seq)"
    " WHERE o.country = $1 AND o.epoch = p.epoch AND o.seq = p.seq";

using message_key = std::pair<std::string, std::string>;

message_key key_of(alert_append const& alert) {
  return {alert.source, alert.message_id};
}

/// The columns of a batch, in the order of kAppend's parameters.
struct batch_columns {
  pg_array zone, alert, rev, ended, bytes, source, message, actor, act, because, trace;

  void add(alert_append const& from) {
    zone.add_text(from.zone.value);
    alert.add_text(from.alert.value);
    rev.add(std::int64_t{from.rev});
    ended.add(from.ended);
    bytes.add_bytes(from.bytes);
    source.add_text(from.source);
    message.add_text(from.message_id);
    actor.add_text(from.actor);
    act.add_text(from.act);
    because.add_text(from.because);
    trace.add_text(from.trace.value);
  }
};

class pg_alert_log_writer final : public alert_log_writer {
 public:
  pg_alert_log_writer(pg_store& store, std::string country) : store_{store}, country_{std::move(country)} {}

  result<alert_term> take_over(cursor known) override {
    alert_term taken;
    auto const done = store_.transact([&](pqxx::work& transaction) -> result<void> {
      auto const now = locked_head(transaction);
      taken = {now.term, 0, now.at, now.at.epoch};
      if (known.epoch == now.at.epoch && known.seq > now.at.seq) {
        taken.head = {random_alert_epoch(), known.seq};
        move_to_epoch(transaction, taken.head, now.term);
      }
      taken.mine = transaction.exec_params1(kTakeTerm, country_)[0].as<std::uint64_t>();
      return {};
    });
    if (!done) return done.error();
    std::lock_guard const lock{mutex_};
    term_ = taken.mine;
    known_ = taken.head;
    return taken;
  }

  result<std::vector<alert_entry>> append(std::vector<alert_append> const& alerts) override {
    std::vector<alert_entry> entries;
    if (alerts.empty()) return entries;
    cursor reached;
    auto const done = store_.transact([&](pqxx::work& transaction) -> result<void> {
      try {
        auto const now = locked_head(transaction);
        if (auto may = check(now); !may) return may;
        entries = append_within(transaction, alerts);
        reached = {now.at.epoch, now.at.seq};
        for (auto const& entry : entries)
          if (entry.epoch == reached.epoch) reached.seq = std::max(reached.seq, entry.seq);
        return {};
      } catch (pqxx::unique_violation const& bad) {
        return failure{reason::duplicate,
                       std::string{"another message holds this revision of an alert: "} + bad.what()};
      }
    });
    if (!done) return done.error();
    note(reached);
    return entries;
  }

  result<void> confirm() override {
    return store_.transact([&](pqxx::work& transaction) -> result<void> { return check(locked_head(transaction)); });
  }

  result<std::vector<alert_entry>> renew() override {
    std::vector<alert_entry> newest;
    auto const [term, known] = remembered();
    cursor fresh;
    auto const done = store_.transact([&](pqxx::work& transaction) -> result<void> {
      newest.clear();
      auto const now = locked_head(transaction);
      if (now.term > term) return deposed();
      fresh = {random_alert_epoch(), std::max(known.seq, now.at.seq)};
      move_to_epoch(transaction, fresh, term);
      for (auto const& row : transaction.exec_params(kNewest, country_)) newest.push_back(entry_of(row));
      return {};
    });
    if (!done) return done.error();
    note(fresh);
    return newest;
  }

  result<void> beat(picture_state picture) override {
    auto const [term, known] = remembered();
    return store_.transact([&, term = term](pqxx::work& transaction) -> result<void> {
      auto const beaten = transaction.exec_params(kBeat, country_, static_cast<int>(picture), term);
      return beaten.affected_rows() == 1 ? result<void>{} : deposed();
    });
  }

  result<std::vector<alert_entry>> unpublished(std::size_t at_most) override {
    std::vector<alert_entry> entries;
    auto const done = store_.transact([&](pqxx::work& transaction) -> result<void> {
      entries.clear();
      for (auto const& row : transaction.exec_params(kUnpublished, country_, at_most)) entries.push_back(entry_of(row));
      return {};
    });
    if (!done) return done.error();
    return entries;
  }

  result<void> published(std::vector<cursor> const& places) override {
    if (places.empty()) return {};
    pg_array epochs;
    pg_array seqs;
    for (auto const& place : places) {
      epochs.add(static_cast<std::int64_t>(place.epoch));
      seqs.add(static_cast<std::int64_t>(place.seq));
    }
    return store_.transact([&](pqxx::work& transaction) -> result<void> {
      transaction.exec_params(kPublished, country_, epochs.literal(), seqs.literal());
      return {};
    });
  }

 private:
  struct locked {
    cursor at;
    std::uint64_t term = 0;
  };
  locked locked_head(pqxx::work& transaction) const {
    auto rows = transaction.exec_params(kLockHead, country_);
    if (rows.empty()) {
      ensure_alert_head(transaction, country_);
      rows = transaction.exec_params(kLockHead, country_);
    }
    return {{rows[0][0].as<std::uint64_t>(), rows[0][1].as<std::uint64_t>()}, rows[0][2].as<std::uint64_t>()};
  }

  static failure deposed() { return {reason::deposed, "another writer of the alert log has taken over"}; }

  std::pair<std::uint64_t, cursor> remembered() const {
    std::lock_guard const lock{mutex_};
    return {term_, known_};
  }
  void note(cursor reached) {
    std::lock_guard const lock{mutex_};
    known_ = reached;
  }

  result<void> check(locked const& now) const {
    auto const [term, known] = remembered();
    if (term == 0) return {};
    if (now.term > term) return deposed();
    if (now.term < term || now.at.epoch != known.epoch || now.at.seq < known.seq)
      return failure{reason::log_went_back, "the alert log is older than what was written to it"};
    return {};
  }

  void move_to_epoch(pqxx::work& transaction, cursor to, std::uint64_t term) const {
    auto const epoch = static_cast<std::int64_t>(to.epoch);
    transaction.exec_params0(kRenewHead, country_, epoch, to.seq, term);
    transaction.exec_params0(kRenewState, country_, epoch);
    transaction.exec_params0(kForgetOutbox, country_);  // of the old epoch: nobody could use them any more
  }

  std::vector<alert_entry> append_within(pqxx::work& transaction, std::vector<alert_append> const& alerts) const {
    auto known = find_logged(transaction, alerts);

    std::vector<alert_append const*> fresh;
    batch_columns columns;
    for (auto const& alert : alerts) {
      if (!known.emplace(key_of(alert), alert_entry{}).second) continue;
      fresh.push_back(&alert);
      columns.add(alert);
    }
    if (!fresh.empty()) place_fresh(transaction, fresh, columns, known);

    std::vector<alert_entry> entries;
    for (auto const& alert : alerts) entries.push_back(known.at(key_of(alert)));
    return entries;
  }

  static std::map<message_key, alert_entry> find_logged(pqxx::work& transaction,
                                                        std::vector<alert_append> const& alerts) {
    pg_array sources;
    pg_array messages;
    for (auto const& alert : alerts) {
      sources.add_text(alert.source);
      messages.add_text(alert.message_id);
    }
    std::map<message_key, alert_entry> known;
    for (auto const& row : transaction.exec_params(kFindLogged, sources.literal(), messages.literal()))
      known.emplace(message_key{row[7].as<std::string>(), row[8].as<std::string>()}, entry_of(row));
    return known;
  }

  void place_fresh(pqxx::work& transaction, std::vector<alert_append const*> const& fresh, batch_columns const& columns,
                   std::map<message_key, alert_entry>& known) const {
    auto const head = transaction.exec_params1(
        kAppend, country_, fresh.size(), columns.zone.literal(), columns.alert.literal(), columns.rev.literal(),
        columns.ended.literal(), columns.bytes.literal(), columns.source.literal(), columns.message.literal(),
        columns.actor.literal(), columns.act.literal(), columns.because.literal(), columns.trace.literal());
    auto const epoch = head[0].as<std::uint64_t>();
    auto seq = head[1].as<std::uint64_t>();
    for (auto const* alert : fresh)
      known[key_of(*alert)] = {epoch, ++seq, alert->zone, alert->alert, alert->rev, alert->ended, alert->bytes};
  }

  pg_store& store_;
  std::string country_;
  mutable std::mutex mutex_;
  std::uint64_t term_ = 0;  // 0: never took over
  cursor known_;
};

}  // namespace

std::unique_ptr<alert_log_writer> make_pg_alert_log_writer(pg_store& store, std::string country) {
  return std::make_unique<pg_alert_log_writer>(store, std::move(country));
}

}  // namespace siren
