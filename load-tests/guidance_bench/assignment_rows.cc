#include "guidance_bench/lemon_peer.h"
#include "guidance_bench/rows.h"

namespace siren::bench {
namespace {

constexpr double kMillionMs = 600.0;
constexpr double kThreeMillionMs = 1'000.0;
constexpr double kGapPercent = 0.1;

struct size {
  std::uint64_t people;
  double room_share;
  double target_ms;
  bool against_lemon;
};

std::string name_of(size const& s) {
  return shown(static_cast<double>(s.people)) + " people, room for " + shown(s.room_share * 100.0) + " %";
}

void measure_one(report& out, bench_city const& city, size const& s) {
  auto const part = "Assignment, one core: " + name_of(s);
  auto const input = refilled(city, s.people, static_cast<std::uint64_t>(static_cast<double>(s.people) * s.room_share));
  auto const rush = plain_rush(input);
  std::vector<double> runs;
  std::optional<assigner> decided;
  for (int i = 0; i < out.asked().repeats; ++i) {
    auto problem = rush;
    runs.push_back(ms_of([&] {
      decided.emplace(std::move(problem));
      decided->solve();
    }));
  }
  auto const plan = judge_rush(rush, parties_of(*decided));
  auto const nearest = judge_rush(rush, send_to_nearest(rush));
  auto const greedy = judge_rush(rush, send_greedily(rush));
  figure time{part, "everybody assigned", "ms", runs, at_most(s.target_ms), {}, ""};
  figure gap{
      part, "walking and penalty above LEMON's optimum", "%", {}, at_most(kGapPercent), {}, "skipped: no peer lemon"};
  if (s.against_lemon && out.asked().wants("lemon")) {
    auto const best = solve_with_lemon(rush);
    auto const above = [&](rush_outcome const& o) {
      return 100.0 * (o.objective_s - best.objective_s) / best.objective_s;
    };
    time.peers.push_back({"LEMON (exact)", best.seconds * 1'000.0});
    gap.runs = {above(plan)};
    gap.note.clear();
    gap.peers = {{"greedy", above(greedy)}};
  }
  time.note = shown(static_cast<double>(rush.lots.size())) + " lots, " +
              shown(static_cast<double>(rush.choices.size())) + " ways";
  out.add(time);
  if (s.against_lemon) out.add(gap);
  out.add({part,
           "gap by its own certificate",
           "%",
           {static_cast<double>(decided->certificate().gap_ppm()) / 1e4},
           {},
           {},
           ""});
  std::vector<peer_figure> others;
  if (out.asked().wants("nearest")) others = {{"nearest", static_cast<double>(nearest.overload)}};
  out.add({part, "people over capacity", "people", {static_cast<double>(plan.overload)}, exactly(0.0), others, ""});
}

}  // namespace

void measure_assignment(report& out, bench_city const& city) {
  std::uint64_t const people = out.asked().people;
  measure_one(out, city, {people, 1.2, kMillionMs, true});
  measure_one(out, city, {people, 0.6, kMillionMs, true});
  measure_one(out, city, {3 * people, 1.2, kThreeMillionMs, false});
}

}  // namespace siren::bench
