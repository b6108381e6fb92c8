#include "shelter_registry/adapters/pg_shelter_rows.h"

#include <nlohmann/json.hpp>

namespace siren {

char const* const kShelterRowColumns =
    "s.shelter_id, s.type, s.name_uk, s.name_en, s.address, s.latitude_deg, s.longitude_deg, s.capacity, s.step_free, "
    "s.pets, s.surface, s.metro_role, s.state, (extract(epoch FROM s.verified_at) * 1000000)::bigint, s.occupancy, "
    "s.generated, s.revision, s.change_seq, "
    "(SELECT json_agg(json_build_array(e.name, e.latitude_deg, e.longitude_deg, e.step_free) ORDER BY e.number) "
    "FROM shelter_entrance e WHERE e.shelter_id = s.shelter_id), s.depth_m, "
    "s.opens_minute, s.closes_minute, s.access, s.keyholder, s.power, s.heat, s.water, s.stairs, s.place_doubtful, "
    "s.capacity_assumed, s.confidence_percent";

namespace {

template <typename T>
std::optional<T> told(pqxx::field const& field) {
  if (field.is_null()) return std::nullopt;
  return field.as<T>();
}

void read_facts(pqxx::row const& row, shelter& s) {
  if (!row[20].is_null()) s.open_hours = daily_hours{row[20].as<std::uint32_t>(), row[21].as<std::uint32_t>()};
  s.access = static_cast<access_rule>(row[22].as<int>());
  s.keyholder = row[23].as<std::string>();
  s.power = told<bool>(row[24]);
  s.heat = told<bool>(row[25]);
  s.water = told<bool>(row[26]);
  s.stairs = told<std::uint32_t>(row[27]);
  s.place_doubtful = row[28].as<bool>();
  s.capacity_assumed = row[29].as<bool>();
  s.confidence = told<std::uint32_t>(row[30]);
}

template <typename T>
nlohmann::json or_null(std::optional<T> const& value) {
  return value ? nlohmann::json(*value) : nlohmann::json(nullptr);
}

void write_facts(shelter const& s, nlohmann::json& row) {
  row["opens"] = s.open_hours ? nlohmann::json(s.open_hours->opens) : nlohmann::json(nullptr);
  row["closes"] = s.open_hours ? nlohmann::json(s.open_hours->closes) : nlohmann::json(nullptr);
  row["access"] = static_cast<int>(s.access);
  row["keyholder"] = s.keyholder;
  row["power"] = or_null(s.power);
  row["heat"] = or_null(s.heat);
  row["water"] = or_null(s.water);
  row["stairs"] = or_null(s.stairs);
  row["place_doubtful"] = s.place_doubtful;
  row["capacity_assumed"] = s.capacity_assumed;
  row["confidence"] = or_null(s.confidence);
}

}  // namespace

shelter_row read_shelter_row(pqxx::row const& row) {
  shelter_row made;
  auto& s = made.record;
  s.id = shelter_id{row[0].as<std::string>()};
  s.type = static_cast<shelter_type>(row[1].as<int>());
  s.name_uk = row[2].as<std::string>();
  s.name_en = row[3].as<std::string>();
  s.address = row[4].as<std::string>();
  s.place = {degrees{row[5].as<double>()}, degrees{row[6].as<double>()}};
  s.capacity = row[7].as<std::uint32_t>();
  s.step_free = row[8].as<bool>();
  s.pets = row[9].as<bool>();
  s.surface = row[10].as<bool>();
  s.role = static_cast<metro_role>(row[11].as<int>());
  s.state = static_cast<open_state>(row[12].as<int>());
  if (!row[13].is_null()) s.verified_at = utc_time{microseconds{row[13].as<std::int64_t>()}};
  s.occupancy = row[14].as<std::uint32_t>();
  s.generated = row[15].as<bool>();
  s.revision = row[16].as<std::uint64_t>();
  made.change = row[17].as<std::uint64_t>();
  if (!row[19].is_null()) s.depth = meters{row[19].as<double>()};
  read_facts(row, s);
  if (row[18].is_null()) return made;
  for (auto const& door : nlohmann::json::parse(row[18].c_str()))
    s.entrances.push_back({door[0].get<std::string>(),
                           {degrees{door[1].get<double>()}, degrees{door[2].get<double>()}},
                           door[3].get<bool>()});
  return made;
}

std::string ids_as_json(std::vector<shelter> const& records, std::size_t from, std::size_t to) {
  auto list = nlohmann::json::array();
  for (auto i = from; i < to; ++i) list.push_back({{"id", records[i].id.value}});
  return list.dump();
}

std::string rows_as_json(std::vector<shelter_row> const& rows, std::size_t from, std::size_t to) {
  auto list = nlohmann::json::array();
  for (auto i = from; i < to; ++i) {
    auto const& s = rows[i].record;
    nlohmann::json row{{"id", s.id.value},
                       {"type", static_cast<int>(s.type)},
                       {"name_uk", s.name_uk},
                       {"name_en", s.name_en},
                       {"address", s.address},
                       {"lat", s.place.lat.value},
                       {"lon", s.place.lon.value},
                       {"capacity", s.capacity},
                       {"step_free", s.step_free},
                       {"pets", s.pets},
                       {"surface", s.surface},
                       {"role", static_cast<int>(s.role)},
                       {"state", static_cast<int>(s.state)},
                       {"verified_us", nullptr},
                       {"depth", nullptr},
                       {"occupancy", s.occupancy},
                       {"generated", s.generated},
                       {"revision", s.revision},
                       {"change", rows[i].change},
                       {"doors", nlohmann::json::array()}};
    if (s.verified_at) row["verified_us"] = s.verified_at->time_since_epoch().count();
    if (s.depth) row["depth"] = s.depth->value;
    write_facts(s, row);
    for (auto const& door : s.entrances)
      row["doors"].push_back({door.name, door.place.lat.value, door.place.lon.value, door.step_free});
    list.push_back(std::move(row));
  }
  return list.dump();
}

}  // namespace siren
