#include "core/route/snap.h"

#include <gtest/gtest.h>

#include <limits>

#include "core/route/random_city.h"

namespace siren {
namespace {

lat_lon moved(lat_lon from, double east, double north) {
  return local_plane{from}.to_place({meters{east}, meters{north}});
}

TEST(snap_index, finds_the_street_the_side_and_the_distance) {
  ascii_streets const city({"A--B", "|   ", "C   "});
  snap_index const snap{city.graph()};
  auto const hit = snap.nearest(moved(city.at('A'), 60.0, 25.0), false);
  ASSERT_TRUE(hit);
  auto const along = city.graph().source(hit->edge) == city.node('A')
                         ? hit->along_cm
                         : city.graph().edge(hit->edge).length_cm() - hit->along_cm;
  EXPECT_NEAR(along, 6000, 30);
  EXPECT_NEAR(hit->access_cm, 2500, 20);
  EXPECT_NEAR(distance(hit->point, moved(city.at('A'), 60.0, 0.0)).value, 0.0, 0.3);
}

TEST(snap_index, answers_too_far_beyond_the_policy) {
  ascii_streets const city({"A--B"});
  snap_index const snap{city.graph()};
  EXPECT_TRUE(snap.nearest(moved(city.at('A'), 50.0, 298.0), false));
  for (auto const place :
       {moved(city.at('A'), 50.0, 302.0), moved(city.at('A'), -400.0, 0.0), lat_lon{degrees{-50}, degrees{-30}}})
    EXPECT_EQ(snap.nearest(place, false).error().why, reason::too_far_from_street);
  lat_lon const nowhere{degrees{std::numeric_limits<double>::quiet_NaN()}, degrees{30}};
  EXPECT_EQ(snap.nearest(nowhere, false).error().why, reason::not_finite);
}

TEST(snap_index, an_empty_graph_is_far_from_everything) {
  auto const graph = street_graph_builder{}.build().graph;
  EXPECT_EQ(snap_index{graph}.nearest({degrees{50}, degrees{30}}, false).error().why, reason::too_far_from_street);
}

TEST(snap_index, wheels_do_not_start_on_steps) {
  ascii_streets const city({"A==B", "|  ", "|  ", "C--D"});
  snap_index const snap{city.graph()};
  auto const place = moved(city.at('A'), 80.0, 5.0);
  EXPECT_NE(city.graph().edge(snap.nearest(place, false)->edge).flags() & kSteps, 0);
  EXPECT_EQ(city.graph().edge(snap.nearest(place, true)->edge).flags() & kSteps, 0);
}

/// Distance to the nearest straight piece by looking at every one.
double nearest_by_looking(street_graph const& streets, lat_lon place, bool wheels) {
  local_plane const plane{place};
  double best = std::numeric_limits<double>::infinity();
  for (std::uint32_t s = 0; s < streets.segment_count(); ++s) {
    auto const edge = streets.segment(segment_index{s}).forward;
    if (wheels && (streets.edge(edge).flags() & (kSteps | kNoWheels)) != 0) continue;
    std::vector<plane_point> line{plane.to_plane(streets.place(streets.source(edge)))};
    for (auto const p : streets.inner_shape(segment_index{s})) line.push_back(plane.to_plane(to_lat_lon(p)));
    line.push_back(plane.to_plane(streets.place(streets.edge(edge).target())));
    for (std::size_t i = 1; i < line.size(); ++i) {
      double const ax = line[i - 1].east.value, ay = line[i - 1].north.value;
      double const dx = line[i].east.value - ax, dy = line[i].north.value - ay;
      double const size = dx * dx + dy * dy;
      double const t = size > 0.0 ? std::clamp(-(ax * dx + ay * dy) / size, 0.0, 1.0) : 0.0;
      best = std::min(best, std::hypot(ax + t * dx, ay + t * dy));
    }
  }
  return best;
}

TEST(snap_index, equals_looking_at_every_piece) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    auto const city = make_random_city(seed, 12, 0, seed % 2 == 0 ? 60.0 : 190.0);
    snap_index const snap{city.graph, {.max_cells = seed % 3 == 0 ? 20U : 4'000'000U}};
    std::mt19937_64 dice{seed};
    for (int i = 0; i < 60; ++i) {
      auto const place = moved(random_place(dice, seed % 2 == 0 ? 1000.0 : 2500.0), -150.0, -150.0);
      for (bool const wheels : {false, true}) {
        auto const expected = nearest_by_looking(city.graph, place, wheels);
        auto const hit = snap.nearest(place, wheels);
        if (std::abs(expected - 300.0) < 0.5) continue;  // either answer is right at the limit
        ASSERT_EQ(hit.ok(), expected < 300.0) << "seed " << seed << " distance " << expected;
        if (!hit) continue;
        EXPECT_NEAR(hit->access_cm / 100.0, expected, 0.1 + expected * 1e-3) << "seed " << seed;
        EXPECT_LE(hit->along_cm, city.graph.edge(hit->edge).length_cm());
        EXPECT_TRUE(city.graph.is_forward(hit->edge));
      }
    }
  }
}

}  // namespace
}  // namespace siren
