#include "common/pg_store.h"

#include "common/log.h"

namespace siren {

pg_store::pg_store(std::string const& dsn, limits bounds)
    : dsn_{bounded_dsn(dsn, bounds.connect_timeout, bounds.statement_timeout)}, limits_{bounds} {}
pg_store::~pg_store() = default;

result<std::unique_ptr<pqxx::connection>> pg_store::take() {
  {
    std::unique_lock lock{mutex_};
    auto const free = [this] { return !idle_.empty() || out_ < limits_.connections; };
    if (!freed_.wait_for(lock, limits_.pool_wait, free))
      return failure{reason::store_unavailable, "every database connection is busy"};
    ++out_;
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  try {
    return std::make_unique<pqxx::connection>(dsn_);
  } catch (std::exception const& bad) {
    give_back(nullptr);
    return failure{reason::store_unavailable, bad.what()};
  }
}

void pg_store::give_back(std::unique_ptr<pqxx::connection> connection) {
  {
    std::lock_guard const lock{mutex_};
    --out_;
    if (connection) {
      idle_.push_back(std::move(connection));
    } else {
      idle_.clear();  // one is dead, so the others most likely are too: a restart cuts all of them
    }
  }
  freed_.notify_one();
}

result<void> pg_store::transact(std::function<result<void>(pqxx::work&)> const& act) {
  for (auto last_try : {false, true}) {
    auto taken = take();
    if (!taken) return taken.error();
    auto connection = std::move(taken).value();
    auto began = false;
    try {
      auto outcome = [&]() -> result<void> {
        pg_watchdog::watch const answers{watchdog_, *connection,
                                         limits_.answer_within.value_or(limits_.statement_timeout * 4 / 3)};
        pqxx::work transaction{*connection};
        transaction.exec0("SET LOCAL synchronous_commit TO on");
        began = true;
        auto done = act(transaction);
        if (done) transaction.commit();
        return done;
      }();
      give_back(std::move(connection));
      return outcome;
    } catch (pqxx::broken_connection const& bad) {
      give_back(nullptr);
      if (began || last_try) return failure{reason::store_unavailable, bad.what()};
    } catch (std::exception const& bad) {
      auto const healthy = connection->is_open();
      give_back(healthy ? std::move(connection) : nullptr);
      if (!healthy && !began && !last_try) continue;
      log(log_level::warn, "store_failed", {{"error", bad.what()}});
      return failure{reason::store_unavailable, bad.what()};
    }
  }
  return failure{reason::store_unavailable, "the database does not answer"};
}

pqxx::binarystring pg_bytes(std::string const& bytes) {
  return pqxx::binarystring(bytes.data(), bytes.size());
}

}  // namespace siren
