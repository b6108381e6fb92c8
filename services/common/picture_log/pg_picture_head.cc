#include "common/picture_log/pg_picture_head.h"

#include <algorithm>
#include <tuple>

#include "core/base/verify.h"

namespace siren {
namespace {

constexpr auto kHead = "SELECT epoch, seq, last_track_id FROM picture_head WHERE country = $1";
constexpr auto kMicroseconds = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";
constexpr auto kLockHead = "SELECT epoch, seq, last_track_id FROM picture_head WHERE country = $1 FOR UPDATE";
constexpr auto kMakeHead = "INSERT INTO picture_head (country, epoch) VALUES ($1, $2) ON CONFLICT DO NOTHING";
constexpr auto kMoveHead =
    "UPDATE picture_head SET epoch = $2, seq = $3, last_track_id = $4, beat_at = clock_timestamp() WHERE country = $1";

// One statement, so that all of it is of one instant.
constexpr auto kState = R"(
SELECT 'head', NULL::bytea, epoch, seq, last_track_id FROM picture_head WHERE country = $1
UNION ALL SELECT 'track', track, 0, 0, 0 FROM track_state
UNION ALL SELECT 'alarm', alarm, 0, 0, 0 FROM region_alarm_state WHERE active OR $2
UNION ALL SELECT 'feed', feed, 0, 0, 0 FROM feed_state
UNION ALL SELECT 'launch', launch, 0, 0, 0 FROM (
  SELECT DISTINCT ON (source, native_id) launch, ended FROM launch_report
  WHERE said_at > (SELECT max(said_at) FROM launch_report) - interval '1 hour'
  ORDER BY source, native_id, said_at DESC, ended DESC) AS newest WHERE NOT ended OR $2)";

std::uint64_t number(pqxx::field const& from) {
  return static_cast<std::uint64_t>(from.as<std::int64_t>());
}

template <typename Message>
void parse(Message* to, pqxx::field const& from) {
  pqxx::binarystring const bytes{from};
  verify(to->ParseFromArray(bytes.data(), static_cast<int>(bytes.size())), "what the picture log wrote can be read");
}

template <typename Items, typename Less>
void sort_items(Items* items, Less less) {
  std::sort(items->begin(), items->end(), less);
}

}  // namespace

picture_head head_of(pqxx::work& work, std::string const& country, bool locked) {
  auto const statement = locked ? kLockHead : kHead;
  auto rows = work.exec_params(statement, country);
  if (rows.empty()) {
    work.exec_params0(kMakeHead, country, static_cast<std::int64_t>(next_epoch(work, 0)));
    rows = work.exec_params(statement, country);
  }
  return {{number(rows[0][0]), number(rows[0][1])}, number(rows[0][2])};
}

void move_head(pqxx::work& work, std::string const& country, picture_head const& to) {
  work.exec_params0(kMoveHead, country, static_cast<std::int64_t>(to.at.epoch), static_cast<std::int64_t>(to.at.seq),
                    static_cast<std::int64_t>(to.last_track_id));
}

std::uint64_t next_epoch(pqxx::work& work, std::uint64_t newest) {
  return std::max(newest + 1, number(work.exec1(kMicroseconds)[0]));
}

picture_state state_of(pqxx::work& work, std::string const& country, bool ended_alarms_too) {
  picture_state state;
  state.head = head_of(work, country, false);
  for (auto const& row : work.exec_params(kState, country, ended_alarms_too)) {
    auto const kind = row[0].as<std::string>();
    if (kind == "head") state.head = {{number(row[2]), number(row[3])}, number(row[4])};
    if (kind == "track") parse(state.step.add_tracks(), row[1]);
    if (kind == "alarm") parse(state.step.add_region_alarms(), row[1]);
    if (kind == "feed") parse(state.step.add_feeds(), row[1]);
    if (kind == "launch") parse(state.step.add_launches(), row[1]);
  }
  state.step.set_epoch(state.head.at.epoch);
  state.step.set_seq(state.head.at.seq);
  sort_items(state.step.mutable_tracks(), [](auto const& a, auto const& b) { return a.track_id() < b.track_id(); });
  sort_items(state.step.mutable_feeds(), [](auto const& a, auto const& b) { return a.source() < b.source(); });
  sort_items(state.step.mutable_launches(), [](auto const& a, auto const& b) {
    return std::tuple{a.launch().source(), a.launch().native_id()} <
           std::tuple{b.launch().source(), b.launch().native_id()};
  });
  sort_items(state.step.mutable_region_alarms(), [](auto const& a, auto const& b) {
    return std::tuple{a.alarm().source(), a.alarm().region_id(), a.alarm().type()} <
           std::tuple{b.alarm().source(), b.alarm().region_id(), b.alarm().type()};
  });
  return state;
}

}  // namespace siren
