#include "zone_engine/adapters/pg_order_store.h"

#include "common/pg_store.h"

namespace siren {
namespace {

constexpr auto kFind = "SELECT epoch, seq, alert, asked FROM alarm_request WHERE request_id = $1";

constexpr auto kKeep =
    "INSERT INTO operator_order (country, zone_id, operator_name, stage, shown_text, request_id, ordered_at, trace_id)"
    " VALUES ($1, $2, $3, $4, $5, $6, timestamptz 'epoch' + $7::bigint * interval '1 microsecond', $8)"
    " ON CONFLICT (country, zone_id, operator_name) DO UPDATE SET stage = excluded.stage, shown_text = "
    "excluded.shown_text,"
    "   request_id = excluded.request_id, ordered_at = excluded.ordered_at, trace_id = excluded.trace_id"
    " WHERE operator_order.ordered_at <= excluded.ordered_at";

constexpr auto kAnswered =
    "INSERT INTO alarm_request (request_id, epoch, seq, alert, asked) VALUES ($1, $2, $3, $4, $5)"
    " ON CONFLICT (request_id) DO NOTHING";

constexpr auto kAll =
    "SELECT zone_id, operator_name, stage, shown_text, request_id, (extract(epoch FROM ordered_at) * 1000000)::bigint,"
    " trace_id FROM operator_order WHERE country = $1 ORDER BY ordered_at, zone_id, operator_name";

operator_order order_of(pqxx::row const& row) {
  return {.request_id = row[4].as<std::string>(),
          .operator_name = row[1].as<std::string>(),
          .zone = zone_id{row[0].as<std::string>()},
          .level = static_cast<stage>(row[2].as<int>()),
          .text = row[3].as<std::string>(),
          .at = utc_time{microseconds{row[5].as<std::int64_t>()}},
          .trace = trace_id{row[6].as<std::string>()}};
}

class pg_order_store final : public order_store {
 public:
  pg_order_store(pg_store& store, std::string country) : store_{store}, country_{std::move(country)} {}

  result<std::optional<order_answer>> find(std::string const& request_id) override {
    std::optional<order_answer> found;
    auto const done = store_.transact([&](pqxx::work& transaction) -> result<void> {
      for (auto const& row : transaction.exec_params(kFind, request_id))
        found = order_answer{{row[0].as<std::uint64_t>(), row[1].as<std::uint64_t>()},
                             pqxx::binarystring{row[2]}.str(),
                             pqxx::binarystring{row[3]}.str()};
      return {};
    });
    if (!done) return done.error();
    return found;
  }

  result<void> keep(operator_order const& order) override {
    return store_.transact([&](pqxx::work& transaction) -> result<void> {
      transaction.exec_params(kKeep, country_, order.zone.value, order.operator_name, static_cast<int>(order.level),
                              order.text, order.request_id, order.at.time_since_epoch().count(), order.trace.value);
      return {};
    });
  }

  result<void> answered(std::string const& request_id, order_answer const& answer) override {
    return store_.transact([&](pqxx::work& transaction) -> result<void> {
      transaction.exec_params(kAnswered, request_id, answer.at.epoch, answer.at.seq, pg_bytes(answer.alert),
                              pg_bytes(answer.asked));
      return {};
    });
  }

  result<std::vector<operator_order>> all() override {
    std::vector<operator_order> orders;
    auto const done = store_.transact([&](pqxx::work& transaction) -> result<void> {
      orders.clear();
      for (auto const& row : transaction.exec_params(kAll, country_)) orders.push_back(order_of(row));
      return {};
    });
    if (!done) return done.error();
    return orders;
  }

 private:
  pg_store& store_;
  std::string country_;
};

}  // namespace

std::unique_ptr<order_store> make_pg_order_store(pg_store& store, std::string country) {
  return std::make_unique<pg_order_store>(store, std::move(country));
}

}  // namespace siren
