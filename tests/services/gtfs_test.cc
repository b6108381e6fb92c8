// Lines of a metro from a GTFS feed, and a bundle with them.
#include "common/gtfs/gtfs.h"

#include <gmock/gmock.h>

#include <map>
#include <random>

#include "bundle_folder.h"
#include "damaged_text.h"
#include "from_osm.h"

namespace siren {
namespace {

using test::temporary_folder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A metro M of four stations in a row with a branch from B to E, a bus, and a night train. Times on the row: 2 min, 3
/// min and 2 min; every 10 minutes on the row, every 20 on the branch.
std::map<std::string, std::string> const kFeed{{"stops.txt",
                                                "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
                                                "A,Alpha,50.0010,30.001,1,\n"
                                                "A1,Alpha platform 1,50.0011,30.001,0,A\n"
                                                "A2,Alpha platform 2,50.0009,30.001,0,A\n"
                                                "B,Beta,50.0030,30.006,0,\n"
                                                "C,Gamma,50.0060,30.012,,\n"
                                                "D,Delta,50.0090,30.018,,\n"
                                                "E,Epsilon,50.0010,30.012,,\n"
                                                "A-door,Door,50.0011,30.001,2,A\n"
                                                "X,Bus stop,50.0050,30.010,,\n"},
                                               {"routes.txt",
                                                "route_id,route_short_name,route_long_name,route_type\n"
                                                "M,M1,Long,1\n"
                                                "7,7,Bus,3\n"},
                                               {"trips.txt",
                                                "route_id,service_id,trip_id\n"
                                                "M,week,row\n"
                                                "M,week,back\n"
                                                "M,week,branch\n"
                                                "M,sunday,slow\n"
                                                "7,week,bus\n"},
                                               {"stop_times.txt",
                                                "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
                                                "row,06:00:00,06:00:00,A1,1\n"
                                                "row,06:02:00,06:02:30,B,2\n"
                                                "row,06:05:00,06:05:30,C,3\n"
                                                "row,06:07:00,06:07:00,D,9\n"
                                                "back,6:00:00,6:00:00,D,1\n"
                                                "back,,,C,2\n"
                                                "back,6:05:00,6:05:00,B,3\n"
                                                "back,6:07:00,6:07:00,A2,4\n"
                                                "branch,06:00:00,06:00:00,A1,1\n"
                                                "branch,06:02:00,06:02:00,B,2\n"
                                                "branch,06:06:00,06:06:00,E,3\n"
                                                "slow,12:00:00,12:00:00,A1,1\n"
                                                "slow,12:02:00,12:02:00,B,2\n"
                                                "bus,08:00:00,08:00:00,X,1\n"
                                                "bus,08:10:00,08:10:00,A1,2\n"},
                                               {"frequencies.txt",
                                                "trip_id,start_time,end_time,headway_secs\n"
                                                "row,06:00:00,24:30:00,600\n"
                                                "back,05:00:00,24:30:00,600\n"
                                                "branch,06:10:00,23:00:00,1200\n"}};

using edits = std::map<std::string, std::pair<std::string, std::string>>;

void write_feed(temporary_folder const& folder, edits const& changed = {}) {
  for (auto const& [name, text] : kFeed) {
    auto now = text;
    if (auto const found = changed.find(name); found != changed.end()) {
      auto const at = now.find(found->second.first);
      ASSERT_NE(at, std::string::npos) << found->second.first;
      now.replace(at, found->second.first.size(), found->second.second);
    }
    folder.write(name, now);
  }
}

std::vector<std::string> names_of(gtfs_feed const& feed, gtfs_line const& line) {
  std::vector<std::string> names;
  for (auto const at : line.stations) names.push_back(feed.stations[at].name);
  return names;
}

TEST(gtfs, gives_lines_runs_headways_and_hours) {
  temporary_folder folder;
  write_feed(folder);
  auto const feed = read_gtfs(folder.path());
  ASSERT_TRUE(feed.ok()) << feed.error().message;
  EXPECT_EQ(feed->rejected, 0U);
  EXPECT_EQ(feed->other_routes, 1U);
  EXPECT_EQ(feed->stations.size(), 5U) << "platforms are their station; bus stops and doors are none";
  ASSERT_EQ(feed->lines.size(), 2U) << "the row and its branch; the way back and the short trip are no lines";
  auto const& row = feed->lines[0];
  EXPECT_EQ(row.route, "M");
  EXPECT_EQ(row.name, "M1");
  EXPECT_THAT(names_of(*feed, row), ElementsAre("Alpha", "Beta", "Gamma", "Delta"));
  EXPECT_EQ(row.runs[0], seconds{120});
  EXPECT_EQ(row.runs[1], seconds{180});
  EXPECT_EQ(row.runs[2], seconds{150}) << "the median of 2:00 and of half of 5:00, which the feed leaves open";
  EXPECT_EQ(row.headway, seconds{600});
  auto const& branch = feed->lines[1];
  EXPECT_THAT(names_of(*feed, branch), ElementsAre("Alpha", "Beta", "Epsilon"));
  EXPECT_EQ(branch.runs[1], seconds{240});
  EXPECT_EQ(branch.headway, seconds{1200}) << "the longest of its links";
  ASSERT_TRUE(feed->hours.has_value());
  EXPECT_EQ(feed->hours->first, minutes{6 * 60 + 12}) << "from when every link is served: Beta to Epsilon";
  EXPECT_EQ(feed->hours->last, minutes{22 * 60 + 52}) << "the last train from Beta to Epsilon";
}

// Without frequencies a trip runs once; gaps between trips of the busiest service make the headway.
TEST(gtfs, headways_of_a_timetable_are_those_of_its_busiest_service) {
  temporary_folder folder;
  write_feed(folder);
  std::filesystem::remove(folder.path() / "frequencies.txt");
  std::string trips = "route_id,service_id,trip_id\n";
  std::string times = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n";
  for (int i = 0; i < 60; ++i) {
    auto const id = "t" + std::to_string(i);
    int const at = 8 * 60 + i * 5 + (i % 12 == 0 ? 1 : 0);  // every five minutes, now and then six
    auto const clock = [&](int minute) {
      auto const two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
      return two(minute / 60) + ":" + two(minute % 60) + ":00";
    };
    trips += "M,week," + id + "\n";
    times +=
        id + "," + clock(at) + "," + clock(at) + ",A1,1\n" + id + "," + clock(at + 2) + "," + clock(at + 2) + ",B,2\n";
  }
  trips += "M,sunday,s\n";
  times += "s,03:00:00,03:00:00,A1,1\ns,03:02:00,03:02:00,B,2\n";
  folder.write("trips.txt", trips);
  folder.write("stop_times.txt", times);
  auto const feed = read_gtfs(folder.path());
  ASSERT_TRUE(feed.ok()) << feed.error().message;
  ASSERT_EQ(feed->lines.size(), 1U);
  EXPECT_EQ(feed->lines[0].headway, seconds{300});
  EXPECT_EQ(feed->hours, (metro_hours{minutes{8 * 60 + 1}, minutes{12 * 60 + 55}})) << "not Sunday's train at 3";
}

struct row_case {
  char const* file;
  char const* what;
  char const* with;
  std::size_t row;
  char const* message;
};

class bad_feed_row : public ::testing::TestWithParam<row_case> {};

TEST_P(bad_feed_row, is_rejected_with_its_line_and_the_rest_is_read) {
  auto const& c = GetParam();
  temporary_folder folder;
  write_feed(folder, {{c.file, {c.what, c.with}}});
  auto const feed = read_gtfs(folder.path());
  ASSERT_TRUE(feed.ok()) << feed.error().message;
  ASSERT_GE(feed->rejects.size(), 1U);
  EXPECT_EQ(feed->rejected, feed->rejects.size());
  EXPECT_EQ(feed->rejects[0].file, c.file);
  EXPECT_EQ(feed->rejects[0].row, c.row);
  EXPECT_THAT(feed->rejects[0].because.message, HasSubstr(c.message));
  EXPECT_FALSE(feed->lines.empty());
}

INSTANTIATE_TEST_SUITE_P(
    table, bad_feed_row,
    ::testing::Values(
        row_case{"stops.txt", "E,Epsilon,50.0010", "E,Epsilon,95", 8, "Earth"},
        row_case{"stops.txt", "E,Epsilon,50.0010", "E,Epsilon,north", 8, "not a number"},
        row_case{"stops.txt", "E,Epsilon,", "D,Epsilon,", 8, "again"},
        row_case{"stops.txt", "E,Epsilon,", "E,\"Epsilon,", 8, "quote"},
        row_case{"routes.txt", "7,7,Bus,3", "7,7,Bus,tram", 3, "not a number"},
        row_case{"routes.txt", "7,7,Bus,3", "M,7,Bus,3", 3, "again"},
        row_case{"trips.txt", "M,sunday,slow", "Z,sunday,slow", 5, "route is not listed"},
        row_case{"trips.txt", "M,sunday,slow", "M,sunday,row", 5, "again"},
        row_case{"stop_times.txt", "slow,12:00:00,12:00:00,A1", "slow,12:00:00,12:00:00,Z", 13, "stop is not listed"},
        row_case{"stop_times.txt", "slow,12:00:00", "gone,12:00:00", 13, "trip is not listed"},
        row_case{"stop_times.txt", "slow,12:00:00", "slow,12:60:00", 13, "not a time"},
        row_case{"stop_times.txt", "slow,12:00:00", "slow,noon", 13, "not a time"},
        row_case{"stop_times.txt", "slow,12:00:00", "slow,48:00:00", 13, "not a time"},
        row_case{"stop_times.txt", "slow,12:00:00,12:00:00,A1,1", "slow,12:00:00,12:00:00,A1,", 13, "stop_sequence"},
        row_case{"stop_times.txt", "slow,12:00:00,12:00:00,A1,1", "slow,12:00:00,12:00:00,A1,2", 13, "twice"},
        row_case{"stop_times.txt", "slow,12:02:00,12:02:00", "slow,11:58:00,11:58:00", 13, "go back"},
        row_case{"stop_times.txt", "slow,12:02:00,12:02:00", "slow,,", 13, "first or last time"},
        row_case{"stop_times.txt", "slow,12:02:00,12:02:00,B,2", "slow,12:02:00,12:02:00,A2,2", 13, "two stations"},
        row_case{"frequencies.txt", "branch,06:10:00,23:00:00,1200", "branch,06:10:00,23:00:00,0", 4, "headway_secs"},
        row_case{"frequencies.txt", "branch,06:10:00,23:00:00,1200", "branch,06:10:00,23:00:00,90000", 4,
                 "headway_secs"},
        row_case{"frequencies.txt", "branch,06:10:00,23:00:00", "branch,06:10:00,06:10:00", 4, "start to end"}),
    [](auto const& param_info) { return "case_" + std::to_string(param_info.index); });

struct whole_case {
  char const* file;
  char const* what;  // empty: the file is removed
  char const* with;
  reason why;
};

class bad_feed : public ::testing::TestWithParam<whole_case> {};

TEST_P(bad_feed, fails_with_a_reason) {
  auto const& c = GetParam();
  temporary_folder folder;
  if (*c.what == '\0') {
    write_feed(folder);
    std::filesystem::remove(folder.path() / c.file);
  } else {
    write_feed(folder, {{c.file, {c.what, c.with}}});
  }
  auto const feed = read_gtfs(folder.path());
  ASSERT_FALSE(feed.ok());
  EXPECT_EQ(feed.error().why, c.why) << feed.error().message;
}

INSTANTIATE_TEST_SUITE_P(table, bad_feed,
                         ::testing::Values(whole_case{"stops.txt", "", "", reason::file_unreadable},
                                           whole_case{"routes.txt", "", "", reason::file_unreadable},
                                           whole_case{"trips.txt", "", "", reason::file_unreadable},
                                           whole_case{"stop_times.txt", "", "", reason::file_unreadable},
                                           whole_case{"stops.txt", "stop_lat", "latitude", reason::missing_field},
                                           whole_case{"stop_times.txt", "arrival_time", "when", reason::missing_field},
                                           whole_case{"frequencies.txt", "headway_secs", "every",
                                                      reason::missing_field},
                                           whole_case{"routes.txt", "M,M1,Long,1", "M,M1,Long,0", reason::malformed}));

TEST(gtfs, limits_fail_the_whole) {
  temporary_folder folder;
  write_feed(folder);
  EXPECT_EQ(read_gtfs(folder.path(), {.max_file_bytes = 100}).error().why, reason::message_too_large);
  EXPECT_EQ(read_gtfs(folder.path(), {.max_rows = 5}).error().why, reason::message_too_large);
  EXPECT_EQ(read_gtfs(folder.path(), {.max_departures = 100}).error().why, reason::message_too_large);
  auto const one = read_gtfs(folder.path(), {.max_lines_of_route = 1});
  ASSERT_TRUE(one.ok());
  EXPECT_EQ(one->lines.size(), 1U);
  EXPECT_EQ(one->rejected, 1U) << "a branch left out is counted";
}

TEST(gtfs, rejects_beyond_the_limit_are_counted) {
  temporary_folder folder;
  write_feed(folder);
  auto times = kFeed.at("stop_times.txt");
  for (int i = 0; i < 50; ++i) times += "nobody,1:00:00,1:00:00,A,1\n";
  folder.write("stop_times.txt", times);
  auto const feed = read_gtfs(folder.path(), {.max_rejects = 10});
  ASSERT_TRUE(feed.ok());
  EXPECT_EQ(feed->rejects.size(), 10U);
  EXPECT_EQ(feed->rejected, 50U);
}

/// Stations of the feed on a map: Alpha to Gamma underground, then a bridge to Delta on the surface; Epsilon has no
/// door.
constexpr char kTown[] = R"(<?xml version='1.0' encoding='UTF-8'?>
<osm version="0.6">
 <node id="1" lat="50.000" lon="30.000"/><node id="2" lat="50.010" lon="30.020"/>
 <node id="11" lat="50.0010" lon="30.001"><tag k="railway" v="station"/><tag k="station" v="subway"/><tag k="name" v="Alpha"/></node>
 <node id="12" lat="50.0030" lon="30.006"><tag k="railway" v="station"/><tag k="station" v="subway"/><tag k="name" v="Beta"/></node>
 <node id="13" lat="50.0060" lon="30.012"><tag k="railway" v="station"/><tag k="station" v="subway"/><tag k="name" v="Gamma"/></node>
 <node id="14" lat="50.0090" lon="30.018"><tag k="railway" v="station"/><tag k="station" v="subway"/><tag k="name" v="Delta"/></node>
 <node id="15" lat="50.0098" lon="30.002"><tag k="railway" v="station"/><tag k="station" v="subway"/><tag k="name" v="Other"/></node>
 <node id="21" lat="50.0011" lon="30.001"><tag k="railway" v="subway_entrance"/></node>
 <node id="22" lat="50.0031" lon="30.006"><tag k="railway" v="subway_entrance"/></node>
 <node id="23" lat="50.0061" lon="30.012"><tag k="railway" v="subway_entrance"/></node>
 <node id="24" lat="50.0091" lon="30.018"><tag k="railway" v="subway_entrance"/></node>
 <node id="25" lat="50.0099" lon="30.002"><tag k="railway" v="subway_entrance"/></node>
 <node id="31" lat="50.0065" lon="30.013"/><node id="32" lat="50.0085" lon="30.017"/><node id="33" lat="50.0094" lon="30.0188"/>
 <node id="34" lat="50.0098" lon="30.0015"/><node id="35" lat="50.0098" lon="30.0025"/>
 <way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way>
 <way id="2"><nd ref="11"/><nd ref="12"/><nd ref="13"/><nd ref="31"/><tag k="railway" v="subway"/><tag k="tunnel" v="yes"/></way>
 <way id="3"><nd ref="31"/><nd ref="32"/><tag k="railway" v="subway"/><tag k="bridge" v="yes"/></way>
 <way id="4"><nd ref="32"/><nd ref="14"/><nd ref="33"/><tag k="railway" v="subway"/></way>
 <way id="5"><nd ref="34"/><nd ref="35"/><tag k="railway" v="subway"/><tag k="service" v="yard"/></way>
</osm>
)";

std::string sections(city_bundle const& bundle, metro_conditions const& now) {
  std::map<shelter_id, std::string> names;
  for (auto const& s : bundle.shelters) names[s.id] = s.name_en;
  std::string text;
  for (auto const& section : run_metro(bundle.metro, bundle.shelters, now).running) {
    auto const& line = bundle.metro.lines[section.line];
    text += line.id.value + ' ' + names[line.stops[section.first].station] + '-' +
            names[line.stops[section.last].station] + ' ';
  }
  return text;
}

TEST(gtfs, a_bundle_has_the_feeds_lines_and_the_maps_bridges) {
  temporary_folder folder;
  write_feed(folder);
  folder.write("town.osm", kTown);
  city::from_osm_options options;
  options.streets = folder.path() / "town.osm";
  options.out = folder.path() / "bundle";
  options.name = "Town";
  options.gtfs = folder.path();
  auto const made = city::bundle_from_osm(options);
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_EQ(made->lines, 2U);
  EXPECT_EQ(made->stations, 5U);
  EXPECT_EQ(made->stations_unmatched, 1U) << "Epsilon";
  auto const bundle = load_city_bundle(options.out);
  ASSERT_TRUE(bundle.ok()) << bundle.error().message;
  EXPECT_THAT(bundle->rejects, IsEmpty());
  std::map<std::string, shelter> by_name;
  for (auto const& s : bundle->shelters) by_name[s.name_en] = s;
  EXPECT_EQ(by_name["Alpha"].role, metro_role::train);
  EXPECT_TRUE(by_name["Delta"].surface) << "beside a track in the open";
  EXPECT_EQ(by_name["Delta"].capacity, 0U);
  EXPECT_FALSE(by_name["Gamma"].surface);
  EXPECT_FALSE(by_name["Other"].surface) << "a yard tells nothing of the station above it";
  EXPECT_EQ(by_name["Other"].role, metro_role::shelter_only) << "no line is known to call there";
  metro_conditions now{.alarm = false, .power = true, .trains = true};
  EXPECT_EQ(sections(*bundle, now), "M Alpha-Delta M-2 Alpha-Beta ");
  now.alarm = true;
  EXPECT_EQ(sections(*bundle, now), "M Alpha-Gamma M-2 Alpha-Beta ");
  EXPECT_EQ(bundle->metro.hours, (metro_hours{minutes{372}, minutes{1372}}));
  for (auto const& ride : rides(bundle->metro, run_metro(bundle->metro, bundle->shelters, now)))
    EXPECT_EQ(ride.slow_wait, ride.line.value == "M" ? seconds{600} : seconds{1200});
}

// Feeds come from anywhere; whatever is wrong with one, what is read of it holds together.
TEST(gtfs, damage_never_gives_lines_that_do_not_hold) {
  std::mt19937_64 dice{20260123};
  temporary_folder folder;
  write_feed(folder);
  std::size_t read = 0;
  for (int round = 0; round < 500; ++round) {
    auto const hit = std::next(kFeed.begin(), static_cast<std::ptrdiff_t>(dice() % kFeed.size()));
    folder.write(hit->first, test::damaged_text(hit->second, dice));
    auto const feed = read_gtfs(folder.path());
    folder.write(hit->first, hit->second);
    if (!feed) continue;
    ++read;
    ASSERT_FALSE(feed->lines.empty());
    for (auto const& line : feed->lines) {
      ASSERT_GE(line.stations.size(), 2U);
      ASSERT_EQ(line.runs.size() + 1, line.stations.size());
      for (auto const at : line.stations) ASSERT_LT(at, feed->stations.size());
      for (auto const run : line.runs) ASSERT_GT(run, seconds{0});
      ASSERT_GE(line.headway, seconds{0});
    }
  }
  EXPECT_GT(read, 200U) << "a bad row seldom costs the whole";
}

TEST(gtfs, a_bad_feed_makes_no_bundle) {
  temporary_folder folder;
  folder.write("town.osm", kTown);
  city::from_osm_options options;
  options.streets = folder.path() / "town.osm";
  options.out = folder.path() / "bundle";
  options.name = "Town";
  options.gtfs = folder.path();
  EXPECT_EQ(city::bundle_from_osm(options).error().why, reason::file_unreadable);
  EXPECT_FALSE(load_city_bundle(options.out).ok());
}

}  // namespace
}  // namespace siren
