#include "common/alert_log/pg_alert_log.h"

#include <limits>
#include <random>

namespace siren {
namespace {

constexpr auto kMakeHead =
    "INSERT INTO alert_head (country, epoch, seq) VALUES ($1, $2, 0) ON CONFLICT (country) DO NOTHING";

}  // namespace

std::uint64_t random_alert_epoch() {
  std::random_device device;
  std::uniform_int_distribution<std::int64_t> any{1, std::numeric_limits<std::int64_t>::max()};
  return static_cast<std::uint64_t>(any(device));
}

alert_entry entry_of(pqxx::row const& row, int first_column) {
  auto const column = [&](int i) { return row[static_cast<pqxx::row::size_type>(first_column + i)]; };
  return {.epoch = column(0).as<std::uint64_t>(),
          .seq = column(1).as<std::uint64_t>(),
          .zone = zone_id{column(2).as<std::string>()},
          .alert = alert_id{column(3).as<std::string>()},
          .rev = column(4).as<std::uint32_t>(),
          .ended = column(5).as<bool>(),
          .bytes = pqxx::binarystring{column(6)}.str()};
}

void ensure_alert_head(pqxx::work& transaction, std::string const& country) {
  transaction.exec_params(kMakeHead, country, static_cast<std::int64_t>(random_alert_epoch()));
}

}  // namespace siren
