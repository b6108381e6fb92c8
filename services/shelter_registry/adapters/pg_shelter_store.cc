#include "shelter_registry/adapters/pg_shelter_store.h"

#include <algorithm>
#include <limits>

#include "common/convert/shelter_convert.h"
#include "shelter_registry/adapters/pg_conditions.h"
#include "shelter_registry/adapters/pg_live.h"
#include "shelter_registry/adapters/pg_shelter_rows.h"
#include "shelter_registry/import_plan.h"

namespace siren {
namespace {

std::string const kSelect = std::string{"SELECT "} + kShelterRowColumns + " FROM shelter s ";
std::string const kGet = kSelect + "WHERE s.shelter_id = $1";
// Bytes, not the database's language, order the ids.
std::string const kListById =
    kSelect + "WHERE s.shelter_id COLLATE \"C\" > $1 ORDER BY s.shelter_id COLLATE \"C\" LIMIT $2";
std::string const kListByChange = kSelect + "WHERE s.change_seq > $1 ORDER BY s.change_seq LIMIT $2";
std::string const kGetAll =
    kSelect + "WHERE s.shelter_id IN (SELECT r.id FROM json_to_recordset($1::json) AS r(id text))";

constexpr auto kHead = "SELECT seq FROM shelter_head";
constexpr auto kTakeNumbers = "UPDATE shelter_head SET seq = seq + $1 RETURNING seq";
// Reading comes after locking in a statement of its own: it must see what the lock's last holder wrote.
constexpr auto kLock = "SELECT 1 FROM shelter WHERE shelter_id = $1 FOR UPDATE";
constexpr auto kLockAll =
    "SELECT 1 FROM shelter s WHERE s.shelter_id IN (SELECT r.id FROM json_to_recordset($1::json) AS r(id text)) "
    "ORDER BY s.shelter_id FOR UPDATE OF s";
constexpr auto kLockImports = "SELECT pg_advisory_xact_lock(5721971)";  // any fixed number: one import at a time

constexpr auto kPutShelters =
    "INSERT INTO shelter (shelter_id, type, name_uk, name_en, address, latitude_deg, longitude_deg, capacity, "
    "step_free, pets, surface, metro_role, state, verified_at, occupancy, generated, revision, change_seq, depth_m, "
    "opens_minute, closes_minute, access, keyholder, power, heat, water, stairs, place_doubtful, capacity_assumed, "
    "confidence_percent) "
    "SELECT r.id, r.type, r.name_uk, r.name_en, r.address, r.lat, r.lon, r.capacity, r.step_free, r.pets, r.surface, "
    "r.role, r.state, timestamptz 'epoch' + r.verified_us * interval '1 microsecond', r.occupancy, r.generated, "
    "r.revision, r.change, r.depth, r.opens, r.closes, r.access, r.keyholder, r.power, r.heat, r.water, r.stairs, "
    "r.place_doubtful, r.capacity_assumed, r.confidence FROM json_to_recordset($1::json) AS r(id text, type smallint, "
    "name_uk text, name_en text, address text, lat float8, lon float8, capacity integer, step_free boolean, pets "
    "boolean, surface boolean, "
    "role smallint, state smallint, verified_us bigint, occupancy integer, generated boolean, revision bigint, "
    "change bigint, depth float8, opens smallint, closes smallint, access smallint, keyholder text, power boolean, "
    "heat boolean, water boolean, stairs integer, place_doubtful boolean, capacity_assumed boolean, confidence "
    "smallint) "
    "ON CONFLICT (shelter_id) DO UPDATE SET type = excluded.type, name_uk = excluded.name_uk, "
    "name_en = excluded.name_en, address = excluded.address, latitude_deg = excluded.latitude_deg, "
    "longitude_deg = excluded.longitude_deg, capacity = excluded.capacity, step_free = excluded.step_free, "
    "pets = excluded.pets, surface = excluded.surface, metro_role = excluded.metro_role, state = excluded.state, "
    "verified_at = excluded.verified_at, occupancy = excluded.occupancy, generated = excluded.generated, "
    "revision = excluded.revision, change_seq = excluded.change_seq, depth_m = excluded.depth_m, "
    "opens_minute = excluded.opens_minute, closes_minute = excluded.closes_minute, access = excluded.access, "
    "keyholder = excluded.keyholder, power = excluded.power, heat = excluded.heat, water = excluded.water, "
    "stairs = excluded.stairs, place_doubtful = excluded.place_doubtful, "
    "capacity_assumed = excluded.capacity_assumed, confidence_percent = excluded.confidence_percent";
constexpr auto kDropEntrances =
    "DELETE FROM shelter_entrance WHERE shelter_id IN (SELECT r.id FROM json_to_recordset($1::json) AS r(id text))";
constexpr auto kPutEntrances =
    "INSERT INTO shelter_entrance (shelter_id, number, name, latitude_deg, longitude_deg, step_free) "
    "SELECT r.id, d.number, d.door->>0, (d.door->>1)::float8, (d.door->>2)::float8, (d.door->>3)::boolean "
    "FROM json_to_recordset($1::json) AS r(id text, doors json) "
    "CROSS JOIN LATERAL json_array_elements(r.doors) WITH ORDINALITY AS d(door, number)";

constexpr auto kRequest = "SELECT shelter_id, asked, answer FROM shelter_request WHERE request_id = $1";
constexpr auto kRemember =
    "INSERT INTO shelter_request (request_id, shelter_id, asked, answer) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT DO NOTHING";
constexpr auto kForget =
    "DELETE FROM shelter_request WHERE request_id IN (SELECT request_id FROM shelter_request "
    "WHERE made_at < now() - $1 * interval '1 hour' ORDER BY made_at LIMIT 10000)";

constexpr auto kKeepHistory = "SELECT shelter_history_keep(timestamptz 'epoch' + $1 * interval '1 microsecond', $2)";

constexpr std::size_t kBatch =
    1'000;  // records a statement: some 500 KB of JSON, well under the statement's time limit

failure unknown(shelter_id const& id) {
  return {reason::unknown_shelter, "no shelter " + id.value};
}
failure reused() {
  return {reason::request_id_reused, "this request_id was used for another request"};
}

void for_each_batch(std::size_t count, std::function<void(std::size_t from, std::size_t to)> const& act) {
  for (std::size_t from = 0; from < count; from += kBatch) act(from, std::min(from + kBatch, count));
}

/// Numbers the rows and writes them. Returns the newest number.
std::uint64_t write(pqxx::work& work, std::vector<shelter> const& records, bool with_entrances) {
  auto const count = static_cast<std::int64_t>(records.size());
  auto const newest = work.exec_params1(kTakeNumbers, count)[0].as<std::uint64_t>();
  std::vector<shelter_row> rows;
  auto number = newest - records.size();
  for (auto const& record : records) rows.push_back({record, ++number});
  for_each_batch(rows.size(), [&](std::size_t from, std::size_t to) {
    auto const json = rows_as_json(rows, from, to);
    work.exec_params0(kPutShelters, json);
    if (!with_entrances) return;
    work.exec_params0(kDropEntrances, json);
    work.exec_params0(kPutEntrances, json);
  });
  return newest;
}

/// The first answer to a request sent again; nullopt for a new one.
result<std::optional<shelter>> answered_before(pqxx::work& work, shelter_mutation const& what) {
  auto const rows = work.exec_params(kRequest, what.request_id);
  if (rows.empty()) return std::optional<shelter>{};
  pqxx::binarystring const asked{rows[0][1]};
  pqxx::binarystring const answer{rows[0][2]};
  if (rows[0][0].as<std::string>() != what.which.value || asked.str() != what.asked) return reused();
  shelters::v1::Shelter kept;
  if (!kept.ParseFromString(answer.str())) return failure{reason::internal_error, "a kept answer can't be read"};
  auto record = from_proto(kept);
  if (!record) return record.error();
  return std::optional{std::move(*record)};
}

result<void> remember(pqxx::work& work, shelter_mutation const& what, shelter const& answer) {
  shelters::v1::Shelter kept;
  to_proto(answer, &kept);
  auto const done = work.exec_params(kRemember, what.request_id, what.which.value, pg_bytes(what.asked),
                                     pg_bytes(kept.SerializeAsString()));
  if (done.affected_rows() == 0) return reused();
  return {};
}

result<mutation_outcome> mutate_in(pqxx::work& work, shelter_mutation const& what, utc_time now) {
  if (work.exec_params(kLock, what.which.value).empty()) return unknown(what.which);
  auto const before = answered_before(work, what);
  if (!before) return before.error();
  if (*before) return mutation_outcome{**before, std::nullopt, std::nullopt};
  auto const current = read_shelter_row(work.exec_params1(kGet, what.which.value)).record;
  auto const next = change(current, what.edit, now);
  if (!next) return mutation_outcome{current, next.error(), std::nullopt};
  mutation_outcome outcome{*next, std::nullopt, std::nullopt};
  if (std::holds_alternative<set_occupancy>(what.edit.what)) begin_new_sum(work, what.which);
  if (next->occupancy != current.occupancy) remember_occupancy(work, what.which, next->occupancy, now);
  if (next->revision != current.revision) outcome.change = write(work, {*next}, next->entrances != current.entrances);
  if (auto const kept = remember(work, what, *next); !kept) return kept.error();
  return outcome;
}

}  // namespace

result<shelter> pg_shelter_store::get(shelter_id const& id) {
  std::optional<shelter> found;
  auto const done = store_.transact([&](pqxx::work& work) -> result<void> {
    auto const rows = work.exec_params(kGet, id.value);
    if (rows.empty()) return unknown(id);
    found = read_shelter_row(rows[0]).record;
    return {};
  });
  if (!done) return done.error();
  return std::move(*found);
}

result<shelter_page> pg_shelter_store::list(std::variant<by_id, by_change> const& from, std::size_t at_most) {
  shelter_page page;
  auto const done = store_.transact([&](pqxx::work& work) -> result<void> {
    page = {};
    page.head = work.exec1(kHead)[0].as<std::uint64_t>();
    auto const limit = static_cast<std::int64_t>(at_most) + 1;
    auto const read_rows = [&] {
      if (auto const* ids = std::get_if<by_id>(&from)) return work.exec_params(kListById, ids->after.value, limit);
      constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();  // PostgreSQL's bigint is signed
      auto const after = static_cast<std::int64_t>(std::min(std::get<by_change>(from).after, kMost));
      return work.exec_params(kListByChange, after, limit);
    };
    for (auto const& row : read_rows()) {
      if (page.shelters.size() == at_most) {
        page.last = false;
        break;
      }
      auto read = read_shelter_row(row);
      page.last_change = read.change;
      page.shelters.push_back(std::move(read.record));
    }
    return {};
  });
  if (!done) return done.error();
  return page;
}

result<mutation_outcome> pg_shelter_store::mutate(shelter_mutation const& what, utc_time now) {
  std::optional<mutation_outcome> outcome;
  auto const done = store_.transact([&](pqxx::work& work) -> result<void> {
    auto made = mutate_in(work, what, now);
    if (!made) return made.error();
    outcome = std::move(*made);
    return {};
  });
  if (!done) return done.error();
  return std::move(*outcome);
}

result<import_outcome> pg_shelter_store::put_all(std::vector<shelter> const& records, utc_time now, bool dry_run) {
  import_outcome outcome;
  auto const done = store_.transact([&](pqxx::work& work) -> result<void> {
    std::map<shelter_id, shelter> current;
    if (!dry_run) work.exec(kLockImports);
    for_each_batch(records.size(), [&](std::size_t from, std::size_t to) {
      auto const ids = ids_as_json(records, from, to);
      if (!dry_run) work.exec_params(kLockAll, ids);
      for (auto const& row : work.exec_params(kGetAll, ids)) {
        auto read = read_shelter_row(row);
        current.insert_or_assign(read.record.id, std::move(read.record));
      }
    });
    auto plan = plan_import(records, current, now);
    if (!dry_run && !plan.writes.empty()) plan.outcome.change = write(work, plan.writes, true);
    outcome = std::move(plan.outcome);
    return {};
  });
  if (!done) return done.error();
  return outcome;
}

result<counts_outcome> pg_shelter_store::add_counts(std::vector<count_delta> const& deltas, utc_time now) {
  std::map<shelter_id, std::vector<count_delta>> by_shelter;
  for (auto const& delta : deltas) by_shelter[delta.shelter].push_back(delta);
  counts_outcome all;
  for (auto const& [id, of_one] : by_shelter) {
    auto with_this = all;
    auto const done = store_.transact([&](pqxx::work& work) -> result<void> {
      with_this = all;
      return add_counts_in(work, of_one, now, with_this);
    });
    if (!done) return done.error();
    all = std::move(with_this);
  }
  return all;
}

result<occupancy_history> pg_shelter_store::history(shelter_id const& which, utc_time since, std::size_t at_most) {
  std::optional<occupancy_history> found;
  auto const done = store_.transact([&](pqxx::work& work) -> result<void> {
    auto const rows = work.exec_params(kGet, which.value);
    if (rows.empty()) return unknown(which);
    found = occupancy_history{read_shelter_row(rows[0]).record, read_history(work, which, since, at_most)};
    return {};
  });
  if (!done) return done.error();
  return std::move(*found);
}

result<mutation_outcome> pg_shelter_store::add_sign(shelter_id const& which, open_sign const& sign, utc_time now) {
  std::optional<mutation_outcome> outcome;
  auto const done = store_.transact([&](pqxx::work& work) -> result<void> {
    if (work.exec_params(kLock, which.value).empty()) return unknown(which);
    keep_sign(work, which, sign, now);
    auto const change = judge_in(work, which, now);
    outcome = mutation_outcome{read_shelter_row(work.exec_params1(kGet, which.value)).record, std::nullopt, change};
    return {};
  });
  if (!done) return done.error();
  return std::move(*outcome);
}

result<std::optional<std::uint64_t>> pg_shelter_store::judge_again(utc_time now) {
  std::vector<shelter_id> differ;
  auto const looked = store_.transact([&](pqxx::work& work) -> result<void> {
    differ = to_judge(work, now);
    return {};
  });
  if (!looked) return looked.error();
  std::optional<std::uint64_t> newest;
  for (auto const& id : differ) {
    std::optional<std::uint64_t> change;
    auto const done = store_.transact([&](pqxx::work& work) -> result<void> {
      work.exec_params(kLock, id.value);
      change = judge_in(work, id, now);
      return {};
    });
    if (!done) return done.error();
    if (change) newest = change;
  }
  return newest;
}

result<ground_conditions> pg_shelter_store::conditions() {
  std::optional<ground_conditions> found;
  auto const done = store_.transact([&](pqxx::work& work) -> result<void> {
    found = read_conditions(work);
    return {};
  });
  if (!done) return done.error();
  return std::move(*found);
}

result<conditions_outcome> pg_shelter_store::set_conditions(conditions_mutation const& what, utc_time now) {
  std::optional<conditions_outcome> outcome;
  auto const done = store_.transact([&](pqxx::work& work) -> result<void> {
    auto made = set_conditions_in(work, what, now);
    if (!made) return made.error();
    outcome = std::move(*made);
    return {};
  });
  if (!done) return done.error();
  return std::move(*outcome);
}

result<std::uint64_t> pg_shelter_store::head() {
  std::uint64_t newest = 0;
  auto const done = store_.transact([&](pqxx::work& work) -> result<void> {
    newest = work.exec1(kHead)[0].as<std::uint64_t>();
    return {};
  });
  if (!done) return done.error();
  return newest;
}

result<std::size_t> pg_shelter_store::forget_requests(hours older_than) {
  std::size_t dropped = 0;
  auto const done = store_.transact([&](pqxx::work& work) -> result<void> {
    dropped = work.exec_params(kForget, static_cast<std::int64_t>(older_than.count())).affected_rows();
    return {};
  });
  if (!done) return done.error();
  return dropped;
}

result<void> pg_shelter_store::keep_history(utc_time now, int days) {
  return store_.transact([&](pqxx::work& work) -> result<void> {
    work.exec_params(kKeepHistory, static_cast<std::int64_t>(now.time_since_epoch().count()), days);
    return {};
  });
}

}  // namespace siren
