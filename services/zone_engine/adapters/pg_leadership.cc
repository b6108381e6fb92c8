#include "zone_engine/adapters/pg_leadership.h"

#include <optional>

#include "common/clock.h"
#include "common/log.h"
#include "common/pg_watchdog.h"

namespace siren {
namespace {

constexpr auto kTryLock = "SELECT pg_try_advisory_lock(hashtextextended('siren zone_engine ' || $1, 0))";
constexpr auto kStillThere = "SELECT 1";
constexpr auto kEndOwn =
    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND ((classid::bigint << 32) | objid::bigint) = hashtextextended('siren zone_engine ' || $1, 0) AND pid = $2";
// A holder that beats no more, and that has not only just begun.
constexpr auto kPutOut =
    "SELECT pg_terminate_backend(a.pid) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
    " WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1"
    "   AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    "   AND ((l.classid::bigint << 32) | l.objid::bigint) = hashtextextended('siren zone_engine ' || $1, 0)"
    "   AND a.backend_start < clock_timestamp() - $2::bigint * interval '1 millisecond'"
    "   AND NOT EXISTS (SELECT FROM engine_beat WHERE country = $1"
    "     AND beat_at > clock_timestamp() - $2::bigint * interval '1 millisecond')";
constexpr seconds kConnectTimeout{2};
constexpr milliseconds kStatementTimeout{2'000};

class pg_leadership final : public leadership {
 public:
  pg_leadership(std::string const& dsn, std::string country, leadership_policy policy)
      : dsn_{bounded_dsn(dsn, kConnectTimeout, kStatementTimeout)}, country_{std::move(country)}, policy_{policy} {}

  result<bool> acquire() override {
    if (holds_ && held()) return true;
    try {
      if (!connection_) connection_ = std::make_unique<pqxx::connection>(dsn_);
      pg_watchdog::watch const answers{watchdog_, *connection_, policy_.answer_within};
      pqxx::nontransaction session{*connection_};
      session.exec1(kStillThere);
      if (!reached_at_) reached_at_ = steady_now();
      if (!led_before_ && broke_ && steady_now() - *reached_at_ < policy_.return_within) return false;
      holds_ = session.exec_params1(kTryLock, country_)[0].as<bool>();
      if (!holds_ && steady_now() - *reached_at_ >= policy_.hung_after) put_out_hung(session);
      // The server may not have noticed yet that our former connection is gone.
      if (!holds_ && led_before_) session.exec_params(kEndOwn, country_, own_backend_);
      if (holds_) own_backend_ = connection_->backendpid();
      led_before_ = led_before_ || holds_;
      return holds_;
    } catch (std::exception const& bad) {
      lose();
      return failure{reason::store_unavailable, bad.what()};
    }
  }

  bool held() override {
    if (!holds_) return false;
    try {
      pg_watchdog::watch const answers{watchdog_, *connection_, policy_.answer_within};
      pqxx::nontransaction session{*connection_};
      session.exec1(kStillThere);
      return true;
    } catch (std::exception const&) {
      lose();
      return false;
    }
  }

 private:
  void put_out_hung(pqxx::nontransaction& session) {
    auto const out = session.exec_params(kPutOut, country_, policy_.hung_after.count());
    if (!out.empty()) log(log_level::error, "hung_engine_put_out", {{"connections", out.size()}});
  }

  void lose() {
    connection_.reset();
    reached_at_.reset();
    holds_ = false;
    broke_ = true;
  }

  std::string dsn_;
  std::string country_;
  leadership_policy policy_;
  pg_watchdog watchdog_;
  std::unique_ptr<pqxx::connection> connection_;
  std::optional<steady_time> reached_at_;  // since then the store has answered every time
  int own_backend_ = 0;
  bool holds_ = false;
  bool led_before_ = false;
  bool broke_ = false;
};

}  // namespace

std::unique_ptr<leadership> make_pg_leadership(std::string const& dsn, std::string country, leadership_policy policy) {
  return std::make_unique<pg_leadership>(dsn, std::move(country), policy);
}

}  // namespace siren
