// Streets from OpenStreetMap extracts: small ones written here, real ones where the data folder is present.
#include <gtest/gtest.h>

#include "bundle_folder.h"
#include "core/route/plain_dijkstra.h"
#include "core/route/reach_city.h"
#include "route_planner/adapters/osm_streets.h"

namespace siren {
namespace {

using test::temporary_folder;
using test::text_of;
namespace fs = std::filesystem;

constexpr auto kFirstWays = R"(<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
 <node id="1" version="1" lat="50.450" lon="30.520"/>
 <node id="2" version="1" lat="50.451" lon="30.520"/>
 <node id="3" version="1" lat="50.452" lon="30.520"/>
 <node id="4" version="1" lat="50.452" lon="30.522"/>
 <node id="5" version="1" lat="95.000" lon="30.522"/>
 <way id="10" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="99"/>
  <tag k="highway" v="residential"/><tag k="name" v="Довга"/><tag k="name:en" v="Dovha"/></way>
 <way id="11" version="1"><nd ref="3"/><nd ref="4"/><nd ref="5"/><tag k="highway" v="footway"/></way>
)";

std::string way(int id, std::string const& tags) {
  return "<way id=\"" + std::to_string(id) + "\" version=\"1\"><nd ref=\"1\"/><nd ref=\"4\"/>" + tags + "</way>\n";
}
std::string tag(std::string const& key, std::string const& value) {
  return "<tag k=\"" + key + "\" v=\"" + value + "\"/>";
}

class osm_streets : public ::testing::Test {
 protected:
  result<street_import> read(std::string const& text, std::string const& name = "a.osm", bool generated = false) {
    folder_.write(name, text);
    return import_osm_streets((folder_.path() / name).string(), generated);
  }
  void expect_unreadable(result<street_import> const& answer, std::string const& what) {
    ASSERT_FALSE(answer) << what;
    EXPECT_EQ(answer.error().why, reason::file_unreadable) << what << ": " << answer.error().message;
  }
  temporary_folder folder_;
};

TEST_F(osm_streets, ways_taken_and_refused_are_counted) {
  auto const footway = tag("highway", "footway");
  auto const answer =
      read(std::string{kFirstWays} + way(20, tag("building", "yes")) + way(21, tag("highway", "motorway")) +
           way(22, tag("highway", "motorway")) + way(23, tag("highway", "construction")) +
           way(24, footway + tag("foot", "no")) + way(25, footway + tag("access", "private")) +
           way(26, tag("highway", "primary") + tag("foot", "use_sidepath")) + way(27, tag("highway", "elevator")) +
           way(28, tag("route", "ferry")) + way(29, tag("highway", "corridor")) + "</osm>\n");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->ways_read, 12U);
  EXPECT_EQ(answer->counts.ways, 2U);
  auto const refused = [&](foot_refusal why) { return answer->refused[static_cast<std::size_t>(why)]; };
  EXPECT_EQ(refused(foot_refusal::not_a_street), 1U);
  EXPECT_EQ(refused(foot_refusal::motor_only), 2U);
  for (auto const once : {foot_refusal::not_built, foot_refusal::foot_forbidden, foot_refusal::no_access,
                          foot_refusal::sidepath, foot_refusal::lift, foot_refusal::ferry, foot_refusal::indoors})
    EXPECT_EQ(refused(once), 1U) << name_of(once);
}

TEST_F(osm_streets, a_way_is_cut_where_its_places_are_missing_or_bad) {
  auto const answer = read(std::string{kFirstWays} + "</osm>\n");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->bad_locations, 1U);
  EXPECT_EQ(answer->counts.points_missing, 2U);  // 99, and 5, which lies off the Earth
  EXPECT_EQ(answer->streets.node_count(), 3U);   // 1, 3, 4; 2 is shape
  EXPECT_EQ(answer->streets.segment_count(), 2U);
  EXPECT_EQ(answer->streets.name(1), "Довга");
  EXPECT_EQ(answer->streets.name_latin(1), "Dovha");
}

TEST_F(osm_streets, shut_gates_and_lifts_part_the_streets_and_are_counted) {
  auto const answer = read(R"(<osm version="0.6">
 <node id="1" version="1" lat="50.450" lon="30.520"/>
 <node id="2" version="1" lat="50.451" lon="30.520"><tag k="barrier" v="gate"/><tag k="access" v="private"/></node>
 <node id="3" version="1" lat="50.452" lon="30.520"/>
 <node id="4" version="1" lat="50.453" lon="30.520"><tag k="highway" v="elevator"/></node>
 <node id="5" version="1" lat="50.454" lon="30.520"><tag k="barrier" v="bollard"/></node>
 <node id="6" version="1" lat="50.455" lon="30.520"/>
 <node id="7" version="1" lat="50.456" lon="30.520"><tag k="barrier" v="gate"/><tag k="locked" v="yes"/></node>
 <way id="1" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="service"/></way>
 <way id="2" version="1"><nd ref="3"/><nd ref="4"/><nd ref="5"/><nd ref="6"/><tag k="highway" v="footway"/></way>
</osm>)");
  ASSERT_TRUE(answer) << answer.error().message;
  auto const closed = [&](foot_refusal why) { return answer->barriers_closed[static_cast<std::size_t>(why)]; };
  EXPECT_EQ(closed(foot_refusal::no_access), 1U) << "a gate on no way does not count";
  EXPECT_EQ(closed(foot_refusal::lift), 1U);
  EXPECT_EQ(answer->counts.points_closed, 2U);
  EXPECT_EQ(answer->counts.small_parts, 2U) << "three parts, of which the largest stays";
}

TEST_F(osm_streets, progress_reaches_the_end) {
  folder_.write("a.osm", std::string{kFirstWays} + "</osm>\n");
  auto const file = (folder_.path() / "a.osm").string();
  std::uint64_t last = 0;
  std::uint64_t all = 0;
  std::size_t calls = 0;
  auto const answer = import_osm_streets(file, false, [&](std::uint64_t read_bytes, std::uint64_t of) {
    EXPECT_GE(read_bytes, last);
    EXPECT_LE(read_bytes, of);
    last = read_bytes;
    all = of;
    ++calls;
  });
  ASSERT_TRUE(answer);
  EXPECT_GE(calls, 2U);
  EXPECT_EQ(last, all);
  EXPECT_EQ(all, 2 * fs::file_size(file));
}

TEST_F(osm_streets, made_up_streets_stay_marked) {
  auto const text = std::string{kFirstWays} + "</osm>\n";
  EXPECT_TRUE(read(text, "a.osm", true)->streets.generated());
  EXPECT_FALSE(read(text, "a.osm", false)->streets.generated());
}

TEST_F(osm_streets, files_that_are_no_extract_are_unreadable) {
  expect_unreadable(import_osm_streets((folder_.path() / "none.osm").string(), false), "missing");
  expect_unreadable(import_osm_streets(folder_.path().string(), false), "a folder");
  expect_unreadable(read("no map at all"), "text");
  expect_unreadable(read("", "b.osm"), "no byte");
  expect_unreadable(read(kFirstWays), "cut off");
  expect_unreadable(read("no map at all", "a.osm.pbf"), "text as PBF");
  expect_unreadable(read(kFirstWays, "a.txt"), "unknown kind of file");
}

TEST_F(osm_streets, an_extract_without_foot_streets_is_not_ready) {
  auto const head = R"(<osm version="0.6"><node id="1" version="1" lat="50.4" lon="30.5"/>
    <node id="4" version="1" lat="50.5" lon="30.5"/>)";
  for (auto const& text : {std::string{"<osm version=\"0.6\"></osm>"}, head + std::string{"</osm>"},
                           head + way(1, tag("highway", "motorway")) + "</osm>",
                           "<osm version=\"0.6\">" + way(1, tag("highway", "footway")) + "</osm>"}) {
    auto const answer = read(text);
    ASSERT_FALSE(answer) << text;
    EXPECT_EQ(answer.error().why, reason::not_ready) << text;
  }
}

struct extract {
  char const* file;
  std::size_t fewest_nodes;
  std::size_t most_nodes;
};
void PrintTo(extract const& one, std::ostream* out) {
  *out << one.file;
}

class real_extracts : public ::testing::TestWithParam<extract> {
 protected:
  void SetUp() override {
    file_ = fs::path{SIREN_SOURCE_DIR} / "../shared/data/streets" / GetParam().file;
    if (!fs::exists(file_)) GTEST_SKIP() << "skipped: no ../shared/data";
  }
  fs::path file_;
};

TEST_P(real_extracts, gives_a_street_network_of_plausible_size) {
  auto const answer = import_osm_streets(file_.string(), false);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_GE(answer->streets.node_count(), GetParam().fewest_nodes);
  EXPECT_LE(answer->streets.node_count(), GetParam().most_nodes);
  EXPECT_GT(answer->streets.edge_count(), answer->streets.node_count());
  std::uint64_t refused = 0;
  for (auto const count : answer->refused) refused += count;
  EXPECT_EQ(answer->ways_read, answer->counts.ways + refused) << "a way is taken or refused, never lost";
  EXPECT_EQ(answer->bad_locations, 0U);
}

TEST_P(real_extracts, cut_off_is_unreadable) {
  auto const whole = text_of(file_);
  temporary_folder const folder;
  folder.write(file_.filename().string(), whole.substr(0, whole.size() / 2));
  auto const answer = import_osm_streets((folder.path() / file_.filename()).string(), false);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().why, reason::file_unreadable);
}

/// Shelters at random on the extract's streets, every fourth with a step at its door.
reach_input shelters_on(street_graph const& streets, std::uint64_t seed, std::size_t count) {
  std::mt19937_64 dice{seed};
  std::uniform_int_distribution<std::uint32_t> any_node{0, static_cast<std::uint32_t>(streets.node_count() - 1)};
  std::vector<shelter> shelters;
  for (std::size_t i = 0; i < count; ++i)
    shelters.push_back(open_shelter("s" + std::to_string(i), streets.place(node_index{any_node(dice)}), i % 4 != 0));
  return make_reach_input(streets, snap_index{streets}, shelters, {street_light::dark, true});
}

TEST_P(real_extracts, a_thousand_random_routes_are_plain_dijkstras) {
  auto const imported = import_osm_streets(file_.string(), false);
  ASSERT_TRUE(imported);
  auto const& streets = imported->streets;
  auto const input = shelters_on(streets, 7, 60);
  auto const walks = make_reach(streets, input);
  std::mt19937_64 dice{9};
  for (auto const g : kAllGaits) {
    std::size_t routes = 0;
    std::size_t on_steps = 0;
    for (std::uint32_t t = 0; t < walks.target_count(); ++t) {
      auto const entries = walks.entries(g, target_index{t});
      if (entries.empty()) continue;
      auto const& costs = walks.costs(g);
      auto const plain = plain_dijkstra(streets, costs, ends_of(streets, costs, walks.doors(g, target_index{t})));
      for (int i = 0; i < 30; ++i) {
        auto const local = std::uniform_int_distribution<std::size_t>{0, entries.size() - 1}(dice);
        auto const& from = entries[local];
        std::vector<edge_index> way;
        auto const root = follow_reach(streets, costs, entries, static_cast<std::uint16_t>(local), way);
        std::uint64_t ms = plain[entries[root].node.value];
        for (auto const e : way) {
          ms += costs.cost_ms(streets.edge(e));
          on_steps += (streets.edge(e).flags() & kSteps) != 0;
        }
        ASSERT_EQ(ms, plain[from.node.value]) << "target " << t << " node " << from.node.value;
        ASSERT_EQ(from.time_ds, (ms + 99) / 100);
        ++routes;
      }
    }
    EXPECT_GE(routes, 1'000U) << name_of(g);
    if (g == gait::wheels) {
      EXPECT_EQ(on_steps, 0U);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(streets, real_extracts,
                         ::testing::Values(extract{"london-northern-line.osm.pbf", 3'000, 200'000},
                                           extract{"monaco.osm.pbf", 2'000, 20'000},
                                           extract{"bucharest-titan-small.osm", 200, 20'000}));

}  // namespace
}  // namespace siren
