#include "core/route/reach.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "core/route/damage.h"
#include "core/route/plain_dijkstra.h"
#include "core/route/reach_city.h"

namespace siren {
namespace {

reach_policy small_tables(std::uint64_t seed) {
  reach_policy policy;
  policy.least_entries = 5 + static_cast<std::uint32_t>(seed % 40);
  policy.people_per_place = seed % 4 == 0 ? 3.0 : 0.2;
  policy.nearest = 1 + static_cast<std::uint32_t>(seed % 3);
  if (seed % 5 == 0) policy.longest_walk = seconds{600};
  if (seed % 7 == 0) policy.most_entries = 60;
  return policy;
}

std::uint64_t in_ds(std::uint64_t ms) {
  return (ms + 99) / 100;
}

/// Every entry's time is the textbook's, and its chain is a way that a person of this gait may walk now, of that time.
void expect_true_ways(reach_city const& c, reach const& walks, gait g, std::uint32_t target, std::string const& where) {
  auto const costs = c.costs(g);
  auto const plain = plain_dijkstra(c.streets(), costs, ends_of(c.streets(), costs, c.doors(g, target)));
  auto const entries = walks.entries(g, target_index{target});
  auto const roots = walks.roots(g, target_index{target});
  for (std::size_t i = 0; i < entries.size(); ++i) {
    auto const& e = entries[i];
    ASSERT_EQ(e.time_ds, in_ds(plain[e.node.value])) << where;
    ASSERT_TRUE(e.next == kReachRoot || e.next < i) << where;
    std::vector<edge_index> way;
    auto const root = follow_reach(c.streets(), costs, entries, static_cast<std::uint16_t>(i), way);
    std::uint64_t ms = 0;
    auto at = e.node;
    for (auto const step : way) {
      auto const& edge = c.streets().edge(step);
      ASSERT_EQ(c.streets().source(step), at) << where;
      ASSERT_FALSE(c.input.closed.contains(edge.segment())) << where << ": over a closed bridge";
      ASSERT_EQ(edge.flags() & kNoEntry, 0) << where;
      if (g == gait::wheels) {
        ASSERT_EQ(edge.flags() & (kSteps | kNoWheels), 0) << where;
      }
      ms += costs.cost_ms(edge);
      at = edge.target();
    }
    auto const& door = c.doors(g, target)[door_of(roots, root)];
    ASSERT_EQ(entries[root].node, at) << where;
    std::uint32_t last = kNoIndex;
    if (c.streets().source(door.edge) == at) last = last_stretch_ms(c.streets(), costs, door, true);
    if (c.streets().edge(door.edge).target() == at)
      last = std::min(last, last_stretch_ms(c.streets(), costs, door, false));
    ASSERT_EQ(ms + last, plain[e.node.value]) << where << ": the chain is the shortest way";
  }
}

TEST(reach, times_and_ways_are_plain_dijkstras_on_any_city) {
  std::size_t wheels_entries = 0;
  std::size_t closed = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    auto const c = make_reach_city(seed, 5 + seed % 20, 3 + seed % 17);
    auto const walks = make_reach(c.streets(), c.input, small_tables(seed));
    for (auto const g : kAllGaits)
      for (std::uint32_t t = 0; t < walks.target_count(); ++t)
        expect_true_ways(
            c, walks, g, t,
            "seed " + std::to_string(seed) + " target " + std::to_string(t) + " " + std::string{name_of(g)});
    wheels_entries += walks.entry_count(gait::wheels);
    closed += c.input.closed.all().size();
  }
  EXPECT_GT(wheels_entries, 1'000U);
  EXPECT_GT(closed, 100U);
}

TEST(reach, tables_end_where_the_policy_says) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    auto const c = make_reach_city(seed, 12 + seed % 8, 10);
    auto const policy = small_tables(seed);
    auto const walks = make_reach(c.streets(), c.input, policy);
    for (auto const g : kAllGaits) {
      auto const costs = c.costs(g);
      auto const longest = static_cast<std::uint64_t>(milliseconds{policy.longest_walk}.count());
      std::vector<std::vector<std::uint64_t>> plain;
      for (std::uint32_t t = 0; t < walks.target_count(); ++t)
        plain.push_back(plain_dijkstra(c.streets(), costs, ends_of(c.streets(), costs, c.doors(g, t))));
      for (std::uint32_t t = 0; t < walks.target_count(); ++t) {
        auto const wanted = static_cast<std::uint64_t>(policy.people_per_place * c.input.room[t]);
        std::vector<std::pair<std::uint64_t, std::uint32_t>> by_time;
        for (std::uint32_t n = 0; n < c.streets().node_count(); ++n)
          if (plain[t][n] <= longest) by_time.emplace_back(plain[t][n], n);
        std::sort(by_time.begin(), by_time.end());
        auto const is_near = [&](std::uint64_t time, std::uint32_t n) {
          std::size_t nearer = 0;
          for (std::uint32_t other = 0; other < plain.size(); ++other)
            if (std::pair{plain[other][n], other} < std::pair{time, t}) ++nearer;
          return nearer < policy.nearest;
        };
        auto const near = static_cast<std::size_t>(std::count_if(
            by_time.begin(), by_time.end(), [&](auto const& place) { return is_near(place.first, place.second); }));
        std::set<std::uint32_t> expected;
        std::uint64_t people = 0;
        for (auto const& [time, n] : by_time) {
          bool const filled = (expected.size() >= policy.least_entries && people >= wanted) ||
                              expected.size() + near >= policy.most_entries;
          if (expected.size() == policy.most_entries || (filled && !is_near(time, n))) continue;
          expected.insert(n);
          people += c.input.people[n];
        }
        std::set<std::uint32_t> found;
        for (auto const& e : walks.entries(g, target_index{t})) found.insert(e.node.value);
        ASSERT_EQ(found, expected) << "seed " << seed << " target " << t << " " << name_of(g);
      }
    }
  }
}

TEST(reach, a_table_has_a_most_length) {
  auto const c = make_reach_city(3, 20, 6);
  reach_policy policy;
  policy.most_entries = 17;
  auto const walks = make_reach(c.streets(), c.input, policy);
  for (std::uint32_t t = 0; t < walks.target_count(); ++t)
    EXPECT_LE(walks.entries(gait::foot, target_index{t}).size(), 17U);
  EXPECT_EQ(walks.entries(gait::foot, target_index{0}).size(), 17U);
}

TEST(reach, is_the_same_however_the_work_is_split) {
  auto const c = make_reach_city(8, 18, 15);
  auto const whole = make_reach(c.streets(), c.input, small_tables(8));
  auto const targets = static_cast<std::uint32_t>(c.input.target_count());
  for (std::uint32_t const cut : {0U, 1U, 7U, targets}) {
    std::array<std::vector<reach_part>, kGaits> parts;
    for (auto const g : kAllGaits) {
      reach_search const searches{c.streets(), c.input, g, small_tables(8)};
      auto const second = searches.search(target_index{cut}, target_index{targets});
      parts[static_cast<std::size_t>(g)] = {searches.search(target_index{0}, target_index{cut}), second};
    }
    auto const joined = join_reach(c.streets(), c.input, parts);
    EXPECT_EQ(joined.id(), whole.id()) << cut;
    EXPECT_TRUE(std::ranges::equal(joined.bytes(), whole.bytes())) << cut;
  }
}

TEST(reach, without_targets_or_usable_doors_is_empty) {
  auto const c = make_reach_city(2, 6, 0);
  auto const none = make_reach(c.streets(), c.input);
  EXPECT_EQ(none.target_count(), 0U);
  EXPECT_TRUE(read_reach(shared_bytes::owned({none.bytes().begin(), none.bytes().end()}), c.streets()));
  auto walled = make_reach_city(2, 6, 4);
  for (auto& doors : walled.input.doors)
    for (auto& d : doors) d = {};
  auto const walks = make_reach(walled.streets(), walled.input);
  EXPECT_EQ(walks.target_count(), 4U);
  EXPECT_EQ(walks.entry_count(gait::foot) + walks.entry_count(gait::wheels), 0U);
}

TEST(reach_choices, are_the_tables_seen_from_the_nodes) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    auto const c = make_reach_city(seed, 8 + seed, 9);
    auto const walks = make_reach(c.streets(), c.input, small_tables(seed));
    for (auto const g : kAllGaits) {
      auto const nodes = c.streets().node_count();
      auto const all = reach_choices::all(walks, g, nodes);
      ASSERT_EQ(all.size(), walks.entry_count(g));
      reach_choices halves{walks, g, nodes};
      node_index const middle{static_cast<std::uint32_t>(nodes / 3)};
      halves.fill(walks, middle, node_index{static_cast<std::uint32_t>(nodes)});
      halves.fill(walks, node_index{0}, middle);
      for (std::uint32_t n = 0; n < nodes; ++n) {
        auto const choices = all.at(node_index{n});
        ASSERT_TRUE(std::ranges::equal(choices, halves.at(node_index{n})));
        std::set<std::uint32_t> targets;
        std::uint16_t before = 0;
        for (auto const& choice : choices) {
          auto const& entry = walks.entries(g, choice.target)[choice.local];
          ASSERT_EQ(entry.node, node_index{n});
          ASSERT_EQ(entry.time_ds, choice.time_ds);
          ASSERT_GE(choice.time_ds, before);
          ASSERT_TRUE(targets.insert(choice.target.value).second);
          before = choice.time_ds;
        }
      }
    }
  }
}

TEST(reach_file, comes_back_equal_and_belongs_to_its_streets) {
  auto const c = make_reach_city(6, 14, 12);
  auto const walks = make_reach(c.streets(), c.input);
  std::vector<std::byte> const bytes{walks.bytes().begin(), walks.bytes().end()};
  auto const again = read_reach(shared_bytes::owned(bytes), c.streets());
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->id(), walks.id());
  EXPECT_EQ(again->conditions(), c.input.now);
  EXPECT_EQ(again->costs(gait::wheels), c.costs(gait::wheels));
  EXPECT_TRUE(std::ranges::equal(again->doors(gait::foot, target_index{1}), c.doors(gait::foot, 1)));
  EXPECT_TRUE(
      std::ranges::equal(again->entries(gait::foot, target_index{1}), walks.entries(gait::foot, target_index{1})));
  EXPECT_EQ(read_reach(shared_bytes::owned(bytes), make_reach_city(7, 14, 0).streets()).error().why,
            reason::schema_mismatch);
  auto newer = bytes;
  newer[8] = std::byte{99};
  EXPECT_EQ(read_reach(shared_bytes::owned(newer), c.streets()).error().why, reason::schema_mismatch);
  EXPECT_EQ(read_reach({}, c.streets()).error().why, reason::malformed);
}

TEST(reach_file, may_lie_at_any_address) {
  auto const c = make_reach_city(6, 6, 3);
  auto const walks = make_reach(c.streets(), c.input);
  std::vector<std::byte> shifted{std::byte{0}};
  shifted.insert(shifted.end(), walks.bytes().begin(), walks.bytes().end());
  auto const again = read_reach({nullptr, std::span<std::byte const>{shifted}.subspan(1)}, c.streets());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->id(), walks.id());
}

TEST(reach_file, conditions_streets_and_doors_change_the_id) {
  auto c = make_reach_city(6, 8, 5);
  auto const id = make_reach(c.streets(), c.input).id();
  EXPECT_EQ(make_reach(c.streets(), c.input).id(), id);
  auto other = c.input;
  other.closed = {};
  EXPECT_NE(make_reach(c.streets(), other).id(), id);
  other = c.input;
  other.now.ice = !other.now.ice;
  EXPECT_NE(make_reach(c.streets(), other).id(), id);
  other = c.input;
  auto const usable = std::ranges::find_if(other.doors[0], [](anchor const& a) { return a.edge.value != kNoIndex; });
  ASSERT_NE(usable, other.doors[0].end());
  usable->inside_ms += 1'000;
  EXPECT_NE(make_reach(c.streets(), other).id(), id);
}

TEST(reach_file, damage_is_refused_or_harmless) {
  auto const c = make_reach_city(4, 7, 6);
  auto const walks = make_reach(c.streets(), c.input, small_tables(4));
  std::vector<std::byte> const bytes{walks.bytes().begin(), walks.bytes().end()};
  std::size_t refused = 0;
  for (std::uint64_t seed = 1; seed <= 3'000; ++seed) {
    std::mt19937_64 dice{seed};
    EXPECT_FALSE(read_reach(shared_bytes::owned(damaged(bytes, dice, false)), c.streets())) << "seed " << seed;
    auto const read = read_reach(shared_bytes::owned(damaged(bytes, dice, true)), c.streets());
    if (!read) {
      ++refused;
      continue;
    }
    for (auto const g : kAllGaits)
      for (std::uint32_t t = 0; t < read->target_count(); ++t) {
        auto const entries = read->entries(g, target_index{t});
        for (std::size_t i = 0; i < entries.size(); ++i) {
          std::vector<edge_index> way;
          auto const root = follow_reach(c.streets(), read->costs(g), entries, static_cast<std::uint16_t>(i), way);
          ASSERT_LT(door_of(read->roots(g, target_index{t}), root), read->doors(g, target_index{t}).size());
        }
      }
  }
  EXPECT_GT(refused, 2'000U);
}

}  // namespace
}  // namespace siren
