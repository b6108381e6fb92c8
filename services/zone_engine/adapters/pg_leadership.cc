#include "zone_engine/adapters/pg_leadership.h"

#include <pqxx/pqxx>

namespace siren {
namespace {

constexpr auto kTryLock = "SELECT pg_try_advisory_lock(hashtextextended('siren zone_engine ' || $1, 0))";
constexpr auto kStillThere = "SELECT 1";
// The pool's limits, for the same reasons; keepalives so that a cut network is noticed and not only a dead server.
constexpr auto kBounds =
    " connect_timeout=2 options='-c statement_timeout=3000' keepalives_idle=2 keepalives_interval=1 keepalives_count=3"
    " tcp_user_timeout=5000";

class pg_leadership final : public leadership {
 public:
  pg_leadership(std::string dsn, std::string country) : dsn_{std::move(dsn)}, country_{std::move(country)} {}

  result<bool> acquire() override {
    if (held()) return true;
    try {
      auto fresh = std::make_unique<pqxx::connection>(dsn_ + kBounds);
      pqxx::nontransaction session{*fresh};
      if (!session.exec_params1(kTryLock, country_)[0].as<bool>()) return false;
      session.abort();
      connection_ = std::move(fresh);
      return true;
    } catch (std::exception const& bad) {
      return failure{reason::store_unavailable, bad.what()};
    }
  }

  bool held() override {
    if (!connection_) return false;
    try {
      pqxx::nontransaction session{*connection_};
      session.exec1(kStillThere);
      return true;
    } catch (std::exception const&) {
      connection_.reset();
      return false;
    }
  }

 private:
  std::string dsn_;
  std::string country_;
  std::unique_ptr<pqxx::connection> connection_;
};

}  // namespace

std::unique_ptr<leadership> make_pg_leadership(std::string dsn, std::string country) {
  return std::make_unique<pg_leadership>(std::move(dsn), std::move(country));
}

}  // namespace siren
