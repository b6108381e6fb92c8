#include <fmt/format.h>

#include "fault_rig/scenario.h"

namespace siren::faults {
namespace {

void hold_to_promises(scenario const& what, scenario_row& row, promise_limits const& limits) {
  auto const demand = [&](bool kept, std::string const& promise) {
    if (!kept) row.broken.push_back(promise);
  };
  demand(row.phones.missing == 0, "no hole: phones never learned entries of the log");
  demand(row.phones.doubled == 0, "an alarm sounded twice");
  demand(row.phones.backwards == 0, "a sequence went back within an epoch");
  demand(row.phones.falsely_current == 0, "no false calm: phones showed current and were not");
  demand(row.phones.delivered > 0, "nothing was delivered");
  demand(row.acknowledged > 0, "no trigger was acknowledged");
  demand(!what.keeps_acknowledged || row.lost == 0, "acknowledged triggers are lost");
  auto const returns = row.phones.resumed + row.phones.restarted;
  if (what.name == "gateway_killed")
    demand(
        returns > 0 && static_cast<double>(row.phones.resumed) >= limits.resumed_share * static_cast<double>(returns),
        fmt::format("only {} of {} reconnections resumed by delta", row.phones.resumed, returns));
  if (what.name == "redis_down" || what.name == "postgres_down")
    demand(row.p99 && *row.p99 <= limits.alarm_p99,
           fmt::format("alarms raised during the fault took longer than {} ms", limits.alarm_p99.count()));
  if (what.name == "postgres_down") demand(row.phones.early > 0, "no provisional alert reached a phone");
}

}  // namespace

scenario_row play(scenario const& what, house_options const& options, promise_limits limits) {
  scenario_row row;
  row.name = what.name;
  if (what.needs_small_disks && options.small_disk.empty()) {
    row.skipped = "needs root in a mount namespace of its own";
    return row;
  }
  auto built = options;
  if (!what.needs_small_disks) built.small_disk = built.small_journal = "";
  if (!built.logs.empty()) built.logs += "/" + what.name;
  auto house = house::start(built);
  if (!house) {
    row.broken.push_back("the house did not stand: " + house.error().message);
    return row;
  }
  what.run(**house, row);
  auto ended = (*house)->end();
  if (!ended) {
    row.broken.push_back(ended.error().message);
    return row;
  }
  auto const shown_already = row.phones.falsely_current;
  row.phones = ended->phones;
  row.phones.falsely_current += shown_already;
  row.acknowledged = ended->acknowledged;
  row.lost = what.keeps_acknowledged ? ended->lost : 0;
  if (row.fault) row.p99 = p99_between(ended->journals, row.fault->first, row.fault->second);
  hold_to_promises(what, row, limits);
  return row;
}

}  // namespace siren::faults
