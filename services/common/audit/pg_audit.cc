#include "common/audit/audit.h"
#include "common/pg_store.h"

namespace siren {
namespace {

constexpr auto kAdd = "SELECT audit_add($1, clock_timestamp(), $2, $3, $4, $5, $6)";

constexpr auto kHeads = "SELECT chain, place, hash FROM audit_head ORDER BY chain";

constexpr auto kRows =
    "SELECT r.place, (extract(epoch FROM r.acted_at) * 1000000)::bigint, r.actor, r.act, r.subject, r.detail, "
    "r.trace_id,"
    " r.epoch, r.seq, r.content, r.hash, l.alert IS NOT NULL, coalesce(l.alert, '')"
    " FROM audit_record r LEFT JOIN alert_log l ON r.seq <> 0 AND l.country = (SELECT country FROM instance)"
    "   AND l.epoch = r.epoch AND l.seq = r.seq"
    " WHERE r.chain = $1 AND r.place > $2 ORDER BY r.place LIMIT $3";

class pg_audit_writer final : public audit_writer {
 public:
  explicit pg_audit_writer(pg_store& store) : store_{store} {}
  result<void> add(audit_entry const& entry) override {
    return store_.transact([&](pqxx::work& transaction) -> result<void> {
      transaction.exec_params(kAdd, entry.chain, entry.actor, entry.act, entry.subject, entry.detail,
                              entry.trace.value);
      return {};
    });
  }

 private:
  pg_store& store_;
};

audit_reader::row_with_alert row_of(pqxx::row const& from) {
  audit_reader::row_with_alert read;
  read.row = {.place = from[0].as<std::uint64_t>(),
              .acted_us = from[1].as<std::int64_t>(),
              .actor = from[2].as<std::string>(),
              .act = from[3].as<std::string>(),
              .subject = from[4].as<std::string>(),
              .detail = from[5].as<std::string>(),
              .trace = from[6].as<std::string>(),
              .epoch = from[7].as<std::uint64_t>(),
              .seq = from[8].as<std::uint64_t>(),
              .content = pqxx::binarystring{from[9]}.str(),
              .hash = pqxx::binarystring{from[10]}.str()};
  read.logged = from[11].as<bool>();
  read.alert = pqxx::binarystring{from[12]}.str();
  return read;
}

class pg_audit_reader final : public audit_reader {
 public:
  explicit pg_audit_reader(pg_store& store) : store_{store} {}
  result<std::vector<head>> heads() override {
    std::vector<head> found;
    auto const done = store_.transact([&](pqxx::work& transaction) -> result<void> {
      found.clear();
      for (auto const& row : transaction.exec(kHeads))
        found.push_back({row[0].as<std::string>(), row[1].as<std::uint64_t>(), pqxx::binarystring{row[2]}.str()});
      return {};
    });
    if (!done) return done.error();
    return found;
  }
  result<std::vector<row_with_alert>> rows_after(std::string const& chain, std::uint64_t place,
                                                 std::size_t at_most) override {
    std::vector<row_with_alert> found;
    auto const done = store_.transact([&](pqxx::work& transaction) -> result<void> {
      found.clear();
      for (auto const& row : transaction.exec_params(kRows, chain, place, at_most)) found.push_back(row_of(row));
      return {};
    });
    if (!done) return done.error();
    return found;
  }

 private:
  pg_store& store_;
};

}  // namespace

std::unique_ptr<audit_writer> make_pg_audit_writer(pg_store& store) {
  return std::make_unique<pg_audit_writer>(store);
}
std::unique_ptr<audit_reader> make_pg_audit_reader(pg_store& store) {
  return std::make_unique<pg_audit_reader>(store);
}

}  // namespace siren
