// Writes a few good inputs for every target, so that fuzzing begins behind the first checks.
#include <filesystem>
#include <fstream>
#include <iostream>

#include "feed_adapters/told_file.h"
#include "services/cot_bytes.h"
#include "services/threat_records.h"

namespace siren {
namespace {

std::string length_and(threats::v1::StreamThreatsRequest const& record) {
  auto const bytes = record.SerializeAsString();
  return std::string(1, static_cast<char>(bytes.size())) + bytes;
}

std::vector<std::pair<std::string, std::string>> seeds() {
  auto drill = test::cot_fields{};
  drill.opex = "e-test";
  drill.uid = "uav-8";
  auto const alert =
      R"({"alerts":[{"id":7,"location_uid":"31","alert_type":"air_raid","started_at":"2026-01-23T10:00:00.000Z",
"finished_at":null,"deleted_at":null},{"location_uid":16,"alert_type":"nuclear","started_at":"2022-04-04T16:45:39Z",
"finished_at":"2026-01-23T11:00:00+02:00"}]})";
  auto const regions =
      R"([{"regionId":"14","regionType":"State","activeAlerts":[{"regionId":"73","regionType":"District",
"type":"AIR","lastUpdate":"2026-01-23T10:00:00Z"}]}])";
  auto const line =
      R"({"observation":{"source":"radar","observed_time":"2026-01-23T12:00:00Z","position":{"latitude_deg":50.9,"longitude_deg":31},"world":"WORLD_LIVE"}})";
  return {
      {"alerts_in_ua", alert},
      {"ukrainealarm", regions},
      {"ukrainealarm", R"({"lastActionIndex":12345})"},
      {"cot_xml", test::cot_text()},
      {"cot_xml", test::cot_text(drill)},
      {"cot_protobuf", test::cot_message()},
      {"cot_protobuf", test::cot_message(drill, "<track course=\"1\" speed=\"2\"/>")},
      {"cot_stream", "\x07" + test::cot_text() + test::tak_frame(test::cot_message(drill)) + test::cot_text()},
      {"recording_csv",
       "observed_at_utc,lat,lon,place,threat_class,count,source\n2026-01-23T12:47:22Z,50.9,31.3,x,drone,2,c\n"},
      {"recording_csv",
       "oblast,raion,hromada,level,started_at,finished_at,source\n"
       "Kyiv City,,,oblast,2022-03-15 16:10:34+00:00,2022-03-15 16:50:07+00:00,official\n"},
      {"recording_csv", "name,zone_id\n\"Kyiv, City\",31\n"},
      {"json_lines", std::string{line} + "\n{\"beat\":{\"source\":\"radar\"}}\n"},
      {"told_file", write_told({{zone_id{"31"}, alarm_type::air, "7", true, test::noon()},
                                {zone_id{"14"}, alarm_type::unknown, "", false, test::noon()}},
                               source_id{"official"})},
      {"shelter_list", std::string{'\0'} +
                           "id,name,kind,lat,lon,how,room,state,hours,access,seen,depth,stairs,power\n" +
                           "1,\"A, b\",basic,50.5,30.5,gps,12,open,always,everyone,2026-01-01T00:00:00Z,4.5,12,yes\n"},
      {"shelter_list", std::string{'\1'} +
                           R"({"features":[{"geometry":{"type":"Point","coordinates":[30.5,50.5]},
"properties":{"id":2,"name":"A","room":5,"hours":"10:00-18:00","power":true}}]})"},
      {"shelter_list",
       std::string{'\2'} + R"([{"name":"B","items":[{"id":3,"name":"C","lat":50.5,"lon":30.5,"state":"closed"}]}])"},
      {"ingest_record", length_and(test::observed("radar", "a")) +
                            length_and(test::observed("radar", "b", test::noon() - seconds{5})) +
                            length_and(test::declared("official", "31")) + length_and(test::beat("radar"))},
  };
}

}  // namespace
}  // namespace siren

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  int number = 0;
  for (auto const& [target, bytes] : siren::seeds()) {
    auto const folder = std::filesystem::path{argv[1]} / target;
    std::filesystem::create_directories(folder);
    std::ofstream file{folder / std::to_string(++number), std::ios::binary};
    file << bytes;
    file.close();
    if (!file) {
      std::cerr << "siren_fuzz_seeds: can't write to " << folder << '\n';
      return 1;
    }
  }
  return 0;
}
