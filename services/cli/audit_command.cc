#include <algorithm>

#include "cli/commands.h"
#include "common/audit/audit_check.h"
#include "common/convert/alert_convert.h"
#include "common/convert/base_convert.h"
#include "common/pg_store.h"
#include "siren/threats/v1/threat.pb.h"

namespace siren {
namespace {

constexpr milliseconds kStatement{60'000};  // a record of years

/// The newest entries of a zone, as many as a zone has in some years.
constexpr auto kToldTo =
    "SELECT l.epoch, l.seq, l.alert, coalesce(a.actor, '?'), coalesce(a.act, '?'), coalesce(a.trace_id, '')"
    " FROM alert_log l LEFT JOIN alert_audit a USING (country, epoch, seq)"
    " WHERE l.country = $1 AND l.zone_id = $2 ORDER BY l.logged_at DESC, l.epoch DESC, l.seq DESC LIMIT 20000";

constexpr auto kReports =
    "SELECT observation FROM observation WHERE trace_id = $1 AND observed_at BETWEEN $2::timestamptz - interval '1 "
    "hour'"
    " AND $2::timestamptz + interval '1 hour' LIMIT 100";

constexpr auto kAlarms =
    "SELECT source, region_id, active, to_char(changed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'),"
    " to_char(received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
    " FROM region_alarm WHERE trace_id = $1 LIMIT 100";

/// Around the entry, in real time.
constexpr auto kOrders =
    "SELECT to_char(r.acted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'), r.actor, r.act, r.detail"
    " FROM audit_record r, (SELECT logged_at FROM alert_log WHERE country = $1 AND epoch = $2 AND seq = $3) told"
    " WHERE r.chain = 'orders' AND r.subject = $4 AND r.acted_at BETWEEN told.logged_at - interval '10 minutes'"
    "   AND told.logged_at + interval '1 minute' ORDER BY r.acted_at, r.place LIMIT 200";

pg_store::limits bounds() {
  pg_store::limits chosen;
  chosen.connections = 1;
  chosen.statement_timeout = kStatement;
  return chosen;
}

std::optional<audit_mark> mark_of(std::vector<std::string> const& marks, std::string const& chain) {
  for (auto const& text : marks) {
    auto const first = text.find(':');
    auto const second = text.find(':', first + 1);
    if (second == std::string::npos || text.substr(0, first) != chain) continue;
    return audit_mark{std::strtoull(text.c_str() + first + 1, nullptr, 10), text.substr(second + 1)};
  }
  return std::nullopt;
}

struct told_entry {
  cursor at;
  alerts::v1::Alert alert;
  std::string actor;
  std::string act;
  std::string trace;
};

result<std::optional<told_entry>> told_at(pg_store& store, std::string const& country, audit_request const& asked,
                                          utc_time when) {
  std::optional<told_entry> found;
  auto const done = store.transact([&](pqxx::work& transaction) -> result<void> {
    for (auto const& row : transaction.exec_params(kToldTo, country, asked.zone)) {
      told_entry one;
      if (!one.alert.ParseFromString(pqxx::binarystring{row[2]}.str())) continue;
      if (utc_from_proto(one.alert.changed_time()) > when) continue;
      one.at = {row[0].as<std::uint64_t>(), row[1].as<std::uint64_t>()};
      one.actor = row[3].as<std::string>();
      one.act = row[4].as<std::string>();
      one.trace = row[5].as<std::string>();
      if (!found || utc_from_proto(found->alert.changed_time()) < utc_from_proto(one.alert.changed_time()))
        found = std::move(one);
    }
    return {};
  });
  if (!done) return done.error();
  return found;
}

void show_threats(terminal const& io, alerts::v1::Alert const& alert) {
  for (auto const& threat : alert.threats()) {
    io.out << "  because: " << threat.issuer_name() << ", " << threats::v1::ThreatClass_Name(threat.threat_class());
    if (threat.has_arrival())
      io.out << ", arrives " << format_utc(utc_from_proto(threat.arrival().earliest_time())) << " at the earliest";
    if (threat.entering_probability() > 0) io.out << ", chance at least " << threat.entering_probability();
    io.out << '\n';
  }
}

result<void> show_inputs(terminal const& io, pg_store& store, std::string const& country, told_entry const& told) {
  return store.transact([&](pqxx::work& transaction) -> result<void> {
    if (!told.trace.empty()) {
      for (auto const& row : transaction.exec_params(kAlarms, told.trace))
        io.out << "  input: " << row[0].as<std::string>() << " declared region " << row[1].as<std::string>()
               << (row[2].as<bool>() ? " in alarm at " : " clear at ") << row[3].as<std::string>() << ", received "
               << row[4].as<std::string>() << '\n';
      for (auto const& row :
           transaction.exec_params(kReports, told.trace, format_utc(utc_from_proto(told.alert.changed_time())))) {
        threats::v1::Observation report;
        if (!report.ParseFromString(pqxx::binarystring{row[0]}.str())) continue;
        io.out << "  input: " << report.source() << " reported " << threats::v1::ThreatClass_Name(report.threat_class())
               << " at " << report.position().latitude_deg() << ", " << report.position().longitude_deg() << " at "
               << format_utc(utc_from_proto(report.observed_time())) << '\n';
      }
    }
    for (auto const& row : transaction.exec_params(kOrders, country, told.at.epoch, told.at.seq, told.alert.zone_id()))
      io.out << "  order: " << row[0].as<std::string>() << ' ' << row[1].as<std::string>() << ' '
             << row[2].as<std::string>() << ": " << row[3].as<std::string>() << '\n';
    return {};
  });
}

}  // namespace

int run_audit_verify(terminal const& io, instance_addresses const& where, audit_request const& asked) {
  auto const dsn = where.need("postgres");
  if (!dsn) return io.wrong_use(dsn.error().message);
  pg_store store{*dsn, bounds()};
  auto const reader = make_pg_audit_reader(store);
  auto const heads = reader->heads();
  if (!heads) return io.fail(heads.error());
  for (auto const& mark : asked.marks) {
    auto const chain = mark.substr(0, mark.find(':'));
    if (!mark_of(asked.marks, chain)) return io.wrong_use("a mark is CHAIN:PLACE:HASH, not \"" + mark + "\"");
    if (std::none_of(heads->begin(), heads->end(), [&](auto const& head) { return head.chain == chain; }))
      return io.fail(failure{reason::record_changed, "the record has no chain \"" + chain + "\""});
  }
  auto good = true;
  for (auto const& head : *heads) {
    auto const found = check_chain(*reader, head, mark_of(asked.marks, head.chain));
    if (!found) return io.fail(found.error());
    if (found->fault) {
      good = false;
      io.fail(failure{reason::record_changed, *found->fault});
    } else {
      io.out << "good: " << head.chain << ':' << found->rows << ':' << found->head << '\n';
    }
  }
  return good ? 0 : 1;
}

int run_audit_why(terminal const& io, instance_addresses const& where, audit_request const& asked) {
  auto const dsn = where.need("postgres");
  if (!dsn) return io.wrong_use(dsn.error().message);
  auto const country = where.need("country");
  if (!country) return io.wrong_use(country.error().message);
  auto const when = parse_utc(asked.at);
  if (!when) return io.wrong_use("--at is a time of RFC 3339, as 2026-01-24T00:30:00Z");
  pg_store store{*dsn, bounds()};
  auto const found = told_at(store, *country, asked, *when);
  if (!found) return io.fail(found.error());
  if (!*found) {
    io.out << "zone " << asked.zone << " had been told nothing by " << format_utc(*when) << '\n';
    return 0;
  }
  auto const& told = **found;
  auto const level = from_proto(told.alert.stage());
  io.out << "zone " << asked.zone << ' ' << told.alert.zone_name_en() << " at " << format_utc(*when) << ": "
         << (level ? name_of(*level) : "?") << " since " << format_utc(utc_from_proto(told.alert.changed_time()))
         << ", \"" << told.alert.headline_en() << "\"\n  alert " << told.alert.alert_id() << " rev " << told.alert.rev()
         << ", log " << told.at.epoch << '/' << told.at.seq << ", " << told.act << " by " << told.actor
         << (told.trace.empty() ? "" : ", trace " + told.trace) << '\n';
  show_threats(io, told.alert);
  if (auto const shown = show_inputs(io, store, *country, told); !shown) return io.fail(shown.error());
  return 0;
}

}  // namespace siren
