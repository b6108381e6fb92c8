#pragma once

#include <gtest/gtest.h>

#include <csignal>
#include <memory>

#include "common/pg_store.h"
#include "common/rpc_server.h"
#include "rig/private_servers.h"
#include "shelter_registry/adapters/pg_shelter_store.h"
#include "shelter_registry/conditions_handlers.h"
#include "shelter_registry/handlers.h"
#include "shelter_registry/upkeep.h"

namespace siren {

/// A world clock that stands where it was put.
class still_clock final : public world_clock {
 public:
  explicit still_clock(utc_time at) : at_{at} {}
  [[nodiscard]] utc_time now() const override { return at_; }

 private:
  utc_time at_;
};

/// The shelter registry in this process over a PostgreSQL and a Redis of its own, reached through gRPC. One world,
/// exercise UA; time stands at `kNow`.
class live_registry {
 public:
  static constexpr utc_time kNow{hours{24 * 365 * 56}};

  /// `verifier` null: without sign-in.
  explicit live_registry(std::unique_ptr<token_verifier> verifier = nullptr)
      : folder_{make_run_folder("test")}, guard_{world::exercise, std::move(verifier), [] { return wall_now(); }} {
    std::signal(SIGPIPE, SIG_IGN);  // as every service does: Redis may go while we write to it
    auto postgres = private_postgres::start(folder_, false);
    EXPECT_TRUE(postgres) << postgres.error().message;
    postgres_ = std::move(*postgres);
    auto redis = private_redis::start(folder_);
    EXPECT_TRUE(redis) << redis.error().message;
    redis_ = std::move(*redis);
    database_ = std::make_unique<pg_store>(postgres_->dsn());
    EXPECT_TRUE(migrate(*database_, SIREN_SOURCE_DIR "/migrations", "exercise", "UA"));
    store_ = std::make_unique<pg_shelter_store>(*database_);
    bus_ = make_redis_bus(redis_->address());
    announcements_ = std::make_unique<announcer>(*bus_, channel(), counts_);
    record_writer_ = make_pg_audit_writer(*database_);
    record_ = std::make_unique<audit_keeper>(*record_writer_);
    shelter_handlers::parts const parts{*store_, *announcements_, clock_, counts_, guard_, zone_id{"31"}, *record_};
    handlers_ = std::make_unique<shelter_handlers>(parts);
    conditions_ = std::make_unique<conditions_handlers>(parts);
    auto server = rpc_server::start("unix:" + folder_ + "/registry.sock", rpc_exposure::internal,
                                    {handlers_.get(), conditions_.get()});
    EXPECT_TRUE(server) << server.error().message;
    server_ = std::move(*server);
    upkeep_options fast;
    fast.look_every = milliseconds{20};
    looks_ = std::make_unique<upkeep>(
        *store_, clock_, *announcements_, counts_, [this](bool ready) { server_->set_ready(ready); }, fast);
  }
  ~live_registry() {
    looks_.reset();
    server_.reset();
    record_.reset();
    database_.reset();
    redis_.reset();
    postgres_.reset();
    remove_run_folder(folder_);
  }
  live_registry(live_registry const&) = delete;
  live_registry& operator=(live_registry const&) = delete;

  [[nodiscard]] std::string const& address() const { return server_->address(); }
  [[nodiscard]] static std::string channel() { return "siren:exercise:UA:shelter"; }
  [[nodiscard]] std::string const& folder() const { return folder_; }
  [[nodiscard]] private_postgres& postgres() { return *postgres_; }
  [[nodiscard]] private_redis& redis() { return *redis_; }
  [[nodiscard]] pg_store& database() { return *database_; }
  [[nodiscard]] pg_shelter_store& store() { return *store_; }

  /// Every table empty again.
  void forget() {
    EXPECT_TRUE(database_->transact([](pqxx::work& work) -> result<void> {
      work.exec("TRUNCATE shelter, shelter_entrance, shelter_request");
      for (auto const* live : {"shelter_sum", "shelter_sensor", "shelter_history", "shelter_sign"})
        work.exec(std::string{"DELETE FROM "} + live);
      work.exec("UPDATE shelter_head SET seq = 0");
      work.exec(
          "UPDATE ground_conditions SET light = 1, ice = false, closed_bridges = '[]', trains_running = true, "
          "metro_power = true, revision = 1, changed_at = NULL, changed_by = '', change_seq = 0");
      return {};
    }));
  }

 private:
  std::string folder_;
  std::unique_ptr<private_postgres> postgres_;
  std::unique_ptr<private_redis> redis_;
  std::unique_ptr<pg_store> database_;
  std::unique_ptr<pg_shelter_store> store_;
  std::unique_ptr<bus> bus_;
  still_clock clock_{kNow};
  metrics counts_;
  access_guard guard_;
  std::unique_ptr<announcer> announcements_;
  std::unique_ptr<audit_writer> record_writer_;
  std::unique_ptr<audit_keeper> record_;
  std::unique_ptr<shelter_handlers> handlers_;
  std::unique_ptr<conditions_handlers> conditions_;
  std::unique_ptr<rpc_server> server_;
  std::unique_ptr<upkeep> looks_;
};

}  // namespace siren
