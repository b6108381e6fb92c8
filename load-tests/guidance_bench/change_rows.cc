#include "guidance_bench/rows.h"

namespace siren::bench {
namespace {

constexpr char kPart[] = "Changes while people are assigned, one core";
constexpr double kCloseP99Ms = 10.0;
constexpr double kOpenP99Ms = 60.0;
constexpr double kTicksMs = 250.0;
constexpr std::size_t kClosings = 400;
constexpr std::size_t kTicks = 20'000;
constexpr double kDriftPercent = 0.1;

struct repair_log {
  std::vector<double> close_ms;
  std::vector<double> open_ms;
  std::vector<double> moved_by_close;  // beyond those who had to
  std::vector<double> moved_by_open;
  double left_behind = 0.0;
  double overload = 0.0;
};

double overload_of(assigner const& all) {
  double over = 0.0;
  for (std::uint32_t t = 0; t < all.problem().targets.size(); ++t)
    if (auto const load = all.load_of({t}); load > all.problem().targets[t].room)
      over += load - all.problem().targets[t].room;
  return over;
}

repair_log close_and_open(assigner& all, std::mt19937_64& dice) {
  repair_log log;
  std::uniform_int_distribution<std::uint32_t> any{0, static_cast<std::uint32_t>(all.problem().targets.size() - 1)};
  for (std::size_t i = 0; i < kClosings; ++i) {
    target_index const t{any(dice)};
    auto const room = all.problem().targets[t.value].room;
    auto const inside = all.load_of(t);
    assign_changes changes;
    log.close_ms.push_back(ms_of([&] {
      all.set_room(t, 0);
      changes = all.repair();
    }));
    log.left_behind += all.load_of(t);
    log.moved_by_close.push_back(static_cast<double>(changes.people_moved) - inside);
    log.open_ms.push_back(ms_of([&] {
      all.set_room(t, room);
      changes = all.repair();
    }));
    log.moved_by_open.push_back(static_cast<double>(changes.people_moved));
  }
  log.overload = overload_of(all);
  return log;
}

std::vector<peer_figure> spread(std::vector<double> const& ms) {
  return {{"p50", percentile(ms, 0.5)}, {"max", percentile(ms, 1.0)}};
}

/// Two come in for each who leaves; a repair after every `batch`.
double tick_all(assigner& all, std::mt19937_64& dice, std::size_t batch) {
  std::uniform_int_distribution<std::uint32_t> any{0, static_cast<std::uint32_t>(all.problem().targets.size() - 1)};
  std::vector<std::uint32_t> picks;
  for (std::size_t i = 0; i < kTicks; ++i) picks.push_back(any(dice));
  return ms_of([&] {
    for (std::size_t i = 0; i < picks.size(); ++i) {
      auto const room = all.problem().targets[picks[i]].room;
      all.set_room({picks[i]}, i % 3 == 2 ? room + 1 : room - std::min(room, 1U));
      if ((i + 1) % batch == 0) all.repair();
    }
    all.repair();
  });
}

}  // namespace

void measure_changes(report& out, bench_city const& city) {
  auto const people = out.asked().people;
  auto const rush = plain_rush(refilled(city, people, people * 12ULL / 10));
  assigner all{rush};
  all.solve();
  std::mt19937_64 dice{11};
  auto const log = close_and_open(all, dice);
  out.add({kPart,
           "close a shelter, p99",
           "ms",
           {percentile(log.close_ms, 0.99)},
           at_most(kCloseP99Ms),
           spread(log.close_ms),
           ""});
  out.add({kPart,
           "open a shelter, p99",
           "ms",
           {percentile(log.open_ms, 0.99)},
           at_most(kOpenP99Ms),
           spread(log.open_ms),
           ""});
  out.add({kPart,
           "others moved by a closing, p50",
           "people",
           {percentile(log.moved_by_close, 0.5)},
           {},
           {{"p99", percentile(log.moved_by_close, 0.99)}},
           "churn beyond the people of the closed shelter"});
  out.add({kPart,
           "people moved by an opening, p50",
           "people",
           {percentile(log.moved_by_open, 0.5)},
           {},
           {{"p99", percentile(log.moved_by_open, 0.99)}},
           ""});
  out.add({kPart, "people left pointed at a closed shelter", "people", {log.left_behind}, exactly(0.0), {}, ""});
  // A registry hands on what came in since it last looked; 100 at a time are 20,000 a minute, looked at every 0.3 s.
  out.add(
      {kPart, "20 000 occupancy ticks, 100 at a time", "ms", {tick_all(all, dice, 100)}, at_most(kTicksMs), {}, ""});
  out.add(
      {kPart, "20 000 occupancy ticks, each repaired at once", "ms", {tick_all(all, dice, 1)}, {}, {}, "one by one"});
  out.add({kPart,
           "people over capacity after all that",
           "people",
           {log.overload + overload_of(all)},
           exactly(0.0),
           {},
           ""});
  auto const repaired = judge_rush(all.problem(), parties_of(all)).objective_s;
  assigner fresh{all.problem()};
  fresh.solve();
  auto const anew = judge_rush(all.problem(), parties_of(fresh)).objective_s;
  out.add({kPart,
           "walking and penalty above a fresh plan",
           "%",
           {100.0 * (repaired - anew) / anew},
           at_most(kDriftPercent),
           {},
           ""});
}

}  // namespace siren::bench
