#include <algorithm>

#include "guidance_bench/lemon_peer.h"
#include "guidance_bench/rows.h"

namespace siren::bench {
namespace {

constexpr char kPart[] = "Whole planner, one core: five profiles, published plan and deltas";
constexpr std::size_t kClosings = 100;
constexpr std::size_t kArrivals = 20'000;
constexpr std::size_t kArrivalsAPlan = 1'000;  // a second of a busy alarm

void measure_fresh(report& out, planner_input const& city, std::string const& room) {
  std::vector<double> runs;
  plan_figures figures;
  std::optional<city_planner> planner;
  for (int i = 0; i < out.asked().repeats; ++i) {
    auto input = city;
    runs.push_back(ms_of([&] {
      planner.emplace(std::move(input));
      figures = planner->make(utc_time{}, 1, true).figures;
    }));
  }
  auto const& rush = planner->assignment().problem();
  figure time{kPart, "fresh plan, room for " + room, "ms", runs, {}, {}, ""};
  time.note = shown(static_cast<double>(figures.people)) + " people in " +
              shown(static_cast<double>(rush.lots.size())) + " lots; " + shown(static_cast<double>(figures.no_room)) +
              " find no room, " + shown(static_cast<double>(figures.unreachable)) + " no way";
  out.add(time);
  if (out.asked().wants("lemon")) {
    auto const ours = judge_rush(rush, parties_of(planner->assignment()));
    auto const best = solve_with_lemon(rush);
    out.add({kPart,
             "walking and penalty above LEMON's optimum, room for " + room,
             "%",
             {100.0 * (ours.objective_s - best.objective_s) / best.objective_s},
             at_most(0.1),
             {},
             ""});
  }
  out.add({kPart,
           "people over capacity, room for " + room,
           "people",
           {static_cast<double>(figures.overload)},
           exactly(0.0),
           {},
           ""});
}

/// A shelter closes and opens again: registry event to published plan with its delta.
void measure_events(report& out, planner_input const& city) {
  city_planner planner{city};
  std::uint64_t version = 1;
  (void)planner.make(utc_time{}, version);
  std::mt19937_64 dice{13};
  std::uniform_int_distribution<std::size_t> any{0, city.shelters.size() - 1};
  std::vector<double> close_ms;
  std::vector<double> open_ms;
  std::vector<double> delta_bytes;
  double refused = 0.0;
  double left_behind = 0.0;
  for (std::size_t i = 0; i < kClosings; ++i) {
    auto const at = any(dice);
    auto changed = city.shelters[at];
    planned made;
    for (auto const state : {open_state::closed, open_state::open}) {
      changed.state = state;
      ++changed.revision;
      auto const ms = ms_of([&] {
        refused += !planner.shelter_changed(changed);
        made = planner.make(utc_time{}, ++version);
      });
      if (state == open_state::open) {
        open_ms.push_back(ms);
        continue;
      }
      close_ms.push_back(ms);
      delta_bytes.push_back(static_cast<double>(made.delta.size()));
      for (auto const p : kAllProfiles)
        for (auto const& option : made.now->of(p).options) left_behind += option.target.value == at;
    }
  }
  auto const row = [&](char const* what, std::vector<double> const& ms) {
    out.add({kPart, what, "ms", {percentile(ms, 0.5)}, {}, {{"p99", percentile(ms, 0.99)}}, ""});
  };
  row("a shelter closes: event to plan and delta, p50", close_ms);
  row("a shelter opens: event to plan and delta, p50", open_ms);
  out.add({kPart, "delta of a closing, p50", "bytes", {percentile(delta_bytes, 0.5)}, {}, {}, ""});
  out.add({kPart, "options that point at a closed shelter", "options", {left_behind + refused}, exactly(0.0), {}, ""});
}

/// In an alarm those who were sent arrive: doors count them, and nobody else must be moved for it.
void measure_arrivals(report& out, planner_input const& city) {
  city_planner planner{city};
  utc_time const now{};
  for (std::uint32_t a = 0; a < city.areas; ++a) planner.area_changed(area_index{a}, {true, now + minutes{40}}, now);
  std::uint64_t version = 1;
  (void)planner.make(now, version);
  auto shelters = city.shelters;
  std::vector<std::uint32_t> arriving;  // one entry a person who was sent
  for (std::uint32_t t = 0; t < shelters.size(); ++t)
    arriving.insert(arriving.end(), planner.assignment().load_of({t}), t);
  std::mt19937_64 dice{31};
  std::shuffle(arriving.begin(), arriving.end(), dice);
  arriving.resize(std::min(arriving.size(), kArrivals));
  double moved = 0.0;
  auto const ms = ms_of([&] {
    for (std::size_t i = 0; i < arriving.size(); ++i) {
      auto& s = shelters[arriving[i]];
      ++s.occupancy;
      ++s.revision;
      (void)planner.shelter_changed(s);
      if ((i + 1) % kArrivalsAPlan != 0) continue;
      moved += static_cast<double>(planner.make(now + milliseconds{i}, ++version).figures.moved);
    }
  });
  out.add({kPart, "20 000 arrivals in an alarm, counted and planned 20 times", "ms", {ms}, {}, {}, ""});
  out.add({kPart,
           "people redirected because others arrived where they were sent",
           "people",
           {moved},
           exactly(0.0),
           {},
           ""});
}

}  // namespace

void measure_planner(report& out, bench_city const& city) {
  auto const people = out.asked().people;
  measure_fresh(out, refilled(city, people, people * 12ULL / 10), "120 %");
  measure_fresh(out, refilled(city, people, people * 6ULL / 10), "60 %");
  measure_events(out, refilled(city, people, people * 12ULL / 10));
  measure_arrivals(out, refilled(city, people, people * 12ULL / 10));
}

}  // namespace siren::bench
