#include "shelter_registry/adapters/pg_conditions.h"

#include <nlohmann/json.hpp>

#include "common/convert/conditions_convert.h"
#include "common/pg_store.h"

namespace siren {
namespace {

constexpr auto kRead =
    "SELECT light, ice, closed_bridges::text, trains_running, metro_power, revision, "
    "(extract(epoch FROM changed_at) * 1000000)::bigint, changed_by FROM ground_conditions";
constexpr auto kLock = "SELECT 1 FROM ground_conditions FOR UPDATE";
constexpr auto kTakeNumber = "UPDATE shelter_head SET seq = seq + 1 RETURNING seq";
constexpr auto kWrite =
    "UPDATE ground_conditions SET light = $1, ice = $2, closed_bridges = $3::jsonb, trains_running = $4, "
    "metro_power = $5, revision = $6, changed_at = timestamptz 'epoch' + $7 * interval '1 microsecond', "
    "changed_by = $8, change_seq = $9";
constexpr auto kRequest = "SELECT shelter_id, asked, answer FROM shelter_request WHERE request_id = $1";
constexpr auto kRemember =
    "INSERT INTO shelter_request (request_id, shelter_id, asked, answer) VALUES ($1, '', $2, $3) "
    "ON CONFLICT DO NOTHING";

failure reused() {
  return {reason::request_id_reused, "this request_id was used for another request"};
}

/// The first answer to a request sent again; nullopt for a new one.
result<std::optional<ground_conditions>> answered_before(pqxx::work& work, conditions_mutation const& what) {
  auto const rows = work.exec_params(kRequest, what.request_id);
  if (rows.empty()) return std::optional<ground_conditions>{};
  pqxx::binarystring const asked{rows[0][1]};
  pqxx::binarystring const answer{rows[0][2]};
  if (!rows[0][0].as<std::string>().empty() || asked.str() != what.asked) return reused();
  shelters::v1::Conditions kept;
  if (!kept.ParseFromString(answer.str())) return failure{reason::internal_error, "a kept answer can't be read"};
  auto read = from_proto(kept);
  if (!read) return read.error();
  return std::optional{std::move(*read)};
}

std::uint64_t write(pqxx::work& work, ground_conditions const& next) {
  auto const number = work.exec1(kTakeNumber)[0].as<std::uint64_t>();
  work.exec_params0(kWrite, static_cast<int>(next.light), next.ice, nlohmann::json(next.closed_bridges).dump(),
                    next.trains_running, next.metro_power, static_cast<std::int64_t>(next.revision),
                    next.changed_at->time_since_epoch().count(), next.changed_by, static_cast<std::int64_t>(number));
  return number;
}

}  // namespace

ground_conditions read_conditions(pqxx::work& work) {
  auto const row = work.exec1(kRead);
  ground_conditions made;
  made.light = static_cast<light_rule>(row[0].as<int>());
  made.ice = row[1].as<bool>();
  made.closed_bridges = nlohmann::json::parse(row[2].c_str()).get<std::vector<std::string>>();
  made.trains_running = row[3].as<bool>();
  made.metro_power = row[4].as<bool>();
  made.revision = row[5].as<std::uint64_t>();
  if (!row[6].is_null()) made.changed_at = utc_time{microseconds{row[6].as<std::int64_t>()}};
  made.changed_by = row[7].as<std::string>();
  return made;
}

result<conditions_outcome> set_conditions_in(pqxx::work& work, conditions_mutation const& what, utc_time now) {
  work.exec1(kLock);
  auto const before = answered_before(work, what);
  if (!before) return before.error();
  if (*before) return conditions_outcome{**before, std::nullopt, std::nullopt};
  auto const current = read_conditions(work);
  auto const next = change(current, what.edit, now);
  if (!next) return conditions_outcome{current, next.error(), std::nullopt};
  conditions_outcome outcome{*next, std::nullopt, std::nullopt};
  if (next->revision != current.revision) outcome.change = write(work, *next);
  shelters::v1::Conditions kept;
  to_proto(*next, &kept);
  auto const done =
      work.exec_params(kRemember, what.request_id, pg_bytes(what.asked), pg_bytes(kept.SerializeAsString()));
  if (done.affected_rows() == 0) return reused();
  return outcome;
}

}  // namespace siren
