#include "shelter_registry/adapters/pg_live.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

namespace siren {
namespace {

constexpr auto kLock = "SELECT 1 FROM shelter WHERE shelter_id = $1 FOR UPDATE";
// A statement of its own, after the lock: it must see what the lock's last holder wrote.
constexpr auto kStands =
    "SELECT s.capacity, s.occupancy, coalesce(m.people, s.occupancy) FROM shelter s "
    "LEFT JOIN shelter_sum m USING (shelter_id) WHERE s.shelter_id = $1";
constexpr auto kSensors =
    "SELECT sensor_id, shelter_id, run, sequence FROM shelter_sensor "
    "WHERE sensor_id IN (SELECT json_array_elements_text($1::json))";
constexpr auto kPutSum =
    "INSERT INTO shelter_sum VALUES ($1, $2) ON CONFLICT (shelter_id) DO UPDATE SET people = excluded.people";
// A sensor that another shelter's transaction made meanwhile is not overwritten: then the count of rows differs.
constexpr auto kPutSensors =
    "INSERT INTO shelter_sensor SELECT r.sensor, $2, r.run, r.sequence "
    "FROM json_to_recordset($1::json) AS r(sensor text, run bigint, sequence bigint) "
    "ON CONFLICT (sensor_id) DO UPDATE SET run = excluded.run, sequence = excluded.sequence "
    "WHERE shelter_sensor.shelter_id = excluded.shelter_id";
constexpr auto kTakeNumber = "UPDATE shelter_head SET seq = seq + 1 RETURNING seq";
constexpr auto kPutOccupancy = "UPDATE shelter SET occupancy = $2, change_seq = $3 WHERE shelter_id = $1";
constexpr auto kPutConfidence = "UPDATE shelter SET confidence_percent = $2, change_seq = $3 WHERE shelter_id = $1";
constexpr auto kDropConfidence = "UPDATE shelter SET confidence_percent = NULL, change_seq = $2 WHERE shelter_id = $1";
constexpr auto kDropSum = "DELETE FROM shelter_sum WHERE shelter_id = $1";
constexpr auto kPutPoint =
    "INSERT INTO shelter_history VALUES ($1, date_bin('10 seconds', timestamptz 'epoch' + $2 * interval '1 "
    "microsecond', "
    "timestamptz 'epoch'), $3) ON CONFLICT (shelter_id, at) DO UPDATE SET people = excluded.people";
constexpr auto kHistory =
    "SELECT at, people FROM (SELECT (extract(epoch FROM at) * 1000000)::bigint AS at, people FROM shelter_history "
    "WHERE shelter_id = $1 AND at >= timestamptz 'epoch' + $2 * interval '1 microsecond' ORDER BY at DESC LIMIT $3) "
    "AS newest ORDER BY at";

constexpr auto kPutSign =
    "INSERT INTO shelter_sign VALUES ($1, $2, $3, $4, timestamptz 'epoch' + $5 * interval '1 microsecond') "
    "ON CONFLICT (shelter_id, kind, source_id) DO UPDATE SET open = excluded.open, seen_at = excluded.seen_at "
    "WHERE shelter_sign.seen_at <= excluded.seen_at";
// The newest 200: more independent voices change nothing.
constexpr auto kForgetSigns =
    "DELETE FROM shelter_sign WHERE shelter_id = $1 AND (seen_at < timestamptz 'epoch' + $2 * interval '1 microsecond' "
    "OR (kind, source_id) IN (SELECT kind, source_id FROM shelter_sign WHERE shelter_id = $1 ORDER BY seen_at DESC "
    "OFFSET 200))";
constexpr auto kSigns =
    "SELECT kind, source_id, open, (extract(epoch FROM seen_at) * 1000000)::bigint FROM shelter_sign "
    "WHERE shelter_id = $1";
constexpr auto kJudged =
    "SELECT confidence_percent, (extract(epoch FROM verified_at) * 1000000)::bigint FROM shelter WHERE shelter_id = $1";
constexpr auto kToJudge =
    "SELECT s.shelter_id, s.confidence_percent, (extract(epoch FROM s.verified_at) * 1000000)::bigint, "
    "(SELECT json_agg(json_build_array(g.kind, g.source_id, g.open, (extract(epoch FROM g.seen_at) * "
    "1000000)::bigint)) "
    "FROM shelter_sign g WHERE g.shelter_id = s.shelter_id) FROM shelter s "
    "WHERE s.confidence_percent IS NOT NULL OR EXISTS (SELECT FROM shelter_sign g WHERE g.shelter_id = s.shelter_id)";

std::int64_t us(utc_time at) {
  return at.time_since_epoch().count();
}
utc_time at_us(std::int64_t microseconds_since_epoch) {
  return utc_time{microseconds{microseconds_since_epoch}};
}

std::optional<utc_time> time_in(pqxx::field const& field) {
  if (field.is_null()) return std::nullopt;
  return at_us(field.as<std::int64_t>());
}
std::optional<std::uint32_t> percent_in(pqxx::field const& field) {
  if (field.is_null()) return std::nullopt;
  return field.as<std::uint32_t>();
}

std::uint64_t take_number(pqxx::work& work) {
  return work.exec1(kTakeNumber)[0].as<std::uint64_t>();
}

void read_sensors(pqxx::work& work, std::vector<count_delta> const& deltas, count_book& into) {
  std::set<std::string> names;
  for (auto const& delta : deltas) names.insert(delta.sensor);
  for (auto const& row : work.exec_params(kSensors, nlohmann::json(names).dump()))
    into.sensors[row[0].as<std::string>()] = {shelter_id{row[1].as<std::string>()}, row[2].as<std::uint64_t>(),
                                              row[3].as<std::uint64_t>()};
}

/// False: a sensor turned out to be another shelter's.
bool write_sensors(pqxx::work& work, shelter_id const& which, std::map<std::string, sensor_place> const& before,
                   std::map<std::string, sensor_place> const& after) {
  auto rows = nlohmann::json::array();
  for (auto const& [sensor, place] : after) {
    auto const old = before.find(sensor);
    if (old != before.end() && old->second == place) continue;
    rows.push_back({{"sensor", sensor}, {"run", place.run}, {"sequence", place.sequence}});
  }
  return work.exec_params(kPutSensors, rows.dump(), which.value).affected_rows() == rows.size();
}

}  // namespace

result<void> add_counts_in(pqxx::work& work, std::vector<count_delta> const& deltas, utc_time now,
                           counts_outcome& into) {
  auto const& which = deltas.front().shelter;
  count_book book;
  bool const there = !work.exec_params(kLock, which.value).empty();
  read_sensors(work, deltas, book);
  std::uint32_t capacity = 0;
  std::uint32_t shown = 0;
  if (there) {
    auto const row = work.exec_params1(kStands, which.value);
    capacity = row[0].as<std::uint32_t>();
    shown = row[1].as<std::uint32_t>();
    book.sums[which] = row[2].as<std::int64_t>();
  }
  auto const before = book;
  auto const tally = apply(book, deltas);
  if (tally.applied > 0) {
    if (!write_sensors(work, which, before.sensors, book.sensors))
      return failure{reason::store_unavailable, "a sensor began to count for two shelters at once; send it again"};
    work.exec_params0(kPutSum, which.value, book.sums[which]);
    auto const now_shown = people_shown(book.sums[which], capacity);
    if (now_shown != shown) {
      into.change = take_number(work);
      work.exec_params0(kPutOccupancy, which.value, now_shown, *into.change);
      remember_occupancy(work, which, now_shown, now);
    }
  }
  into.tally += tally;
  for (auto const& [sensor, place] : book.sensors) into.positions[sensor] = place;
  return {};
}

void begin_new_sum(pqxx::work& work, shelter_id const& which) {
  work.exec_params0(kDropSum, which.value);
}

void remember_occupancy(pqxx::work& work, shelter_id const& which, std::uint32_t people, utc_time now) {
  work.exec_params0(kPutPoint, which.value, us(now), people);
}

std::vector<occupancy_point> read_history(pqxx::work& work, shelter_id const& which, utc_time since,
                                          std::size_t at_most) {
  std::vector<occupancy_point> points;
  for (auto const& row : work.exec_params(kHistory, which.value, us(since), static_cast<std::int64_t>(at_most)))
    points.push_back({at_us(row[0].as<std::int64_t>()), row[1].as<std::uint32_t>()});
  return points;
}

void keep_sign(pqxx::work& work, shelter_id const& which, open_sign const& sign, utc_time now) {
  auto const longest = std::max({lasts(sign_kind::door), lasts(sign_kind::keeper), lasts(sign_kind::person)});
  work.exec_params0(kPutSign, which.value, static_cast<int>(sign.kind), sign.source, sign.open, us(sign.at));
  work.exec_params0(kForgetSigns, which.value, us(now - longest));
}

std::optional<std::uint64_t> judge_in(pqxx::work& work, shelter_id const& which, utc_time now) {
  auto const row = work.exec_params1(kJudged, which.value);
  std::vector<open_sign> signs;
  for (auto const& sign : work.exec_params(kSigns, which.value))
    signs.push_back({static_cast<sign_kind>(sign[0].as<int>()), sign[1].as<std::string>(), sign[2].as<bool>(),
                     at_us(sign[3].as<std::int64_t>())});
  auto const sure = confidence_of(time_in(row[1]), signs, now);
  if (sure == percent_in(row[0])) return std::nullopt;
  auto const change = take_number(work);
  if (sure)
    work.exec_params0(kPutConfidence, which.value, *sure, change);
  else
    work.exec_params0(kDropConfidence, which.value, change);
  return change;
}

std::vector<shelter_id> to_judge(pqxx::work& work, utc_time now) {
  std::vector<shelter_id> differ;
  for (auto const& row : work.exec(kToJudge)) {
    std::vector<open_sign> signs;
    if (!row[3].is_null())
      for (auto const& sign : nlohmann::json::parse(row[3].c_str()))
        signs.push_back({static_cast<sign_kind>(sign[0].get<int>()), sign[1].get<std::string>(), sign[2].get<bool>(),
                         at_us(sign[3].get<std::int64_t>())});
    if (confidence_of(time_in(row[2]), signs, now) != percent_in(row[1])) differ.emplace_back(row[0].as<std::string>());
  }
  return differ;
}

}  // namespace siren
