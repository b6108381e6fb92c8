#include "cli/commands.h"
#include "common/pg_store.h"

namespace siren {
namespace {

constexpr milliseconds kStatement{600'000};  // a migration may rewrite a large table

}  // namespace

int run_migrate(terminal const& io, instance_addresses const& where, migrate_request const& asked) {
  auto const dsn = where.need("postgres");
  if (!dsn) return io.wrong_use(dsn.error().message);
  auto const serves = where.serves();
  if (!serves) return io.wrong_use(serves.error().message);
  auto const country = where.need("country");
  if (!country) return io.wrong_use(country.error().message);
  pg_store::limits bounds;
  bounds.connections = 1;
  bounds.statement_timeout = kStatement;
  pg_store store{*dsn, bounds};
  auto const applied = migrate(store, asked.migrations, std::string{name_of(*serves)}, *country);
  if (!applied) return io.fail(applied.error());
  io.out << "migrations applied: " << *applied << "; the database serves " << name_of(*serves) << ' ' << *country
         << '\n';
  return 0;
}

}  // namespace siren
