#pragma once

#include "guidance_bench/bench_city.h"
#include "guidance_bench/report.h"

namespace siren::bench {

/// Each measures one part of the table. Targets are those of the design's "Guidance" and of a city of 250,000 nodes and
/// 5,000 shelters, on one core.

/// The field of the nearest shelter, and people's routes with snap and geometry.
void measure_routes(report& out, bench_city const& city);
/// A million people (and three) assigned, against LEMON, nearest and greedy.
void measure_assignment(report& out, bench_city const& city);
/// One shelter closes or opens, people come in: repairs and their churn.
void measure_changes(report& out, bench_city const& city);
/// The whole planner: five profiles, budgets, publication.
void measure_planner(report& out, bench_city const& city);
/// Plan, nearest and greedy before a ballistic, a cruise missile's and a drone's deadline, by day and on a dark icy
/// night.
void compare_plans(report& out, bench_city const& city);
/// Real streets of London.
void check_london(report& out);
/// Real streets and shelters of Bucharest.
void check_bucharest(report& out);

}  // namespace siren::bench
