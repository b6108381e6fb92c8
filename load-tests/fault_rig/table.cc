#include "fault_rig/table.h"

#include <fstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace siren::faults {
namespace {

std::string seconds_text(std::optional<double> value) {
  return value ? fmt::format("{:.1f}", *value) : "-";
}

}  // namespace

std::string head_of_table() {
  return fmt::format("{:22} {:>8} {:>8} {:>9} {:>8} {:>9} {:>5} {:>7} {:>9} {:>7} {:>8} {:>8}  {}\n", "scenario",
                     "missing", "doubled", "backwards", "false", "acked", "lost", "early", "resumed", "detect",
                     "recover", "p99", "promises");
}

std::string line_of(scenario_row const& row) {
  if (!row.skipped.empty()) return fmt::format("{:22} skipped: {}\n", row.name, row.skipped);
  auto const& told = row.phones;
  auto const returns = told.resumed + told.restarted;
  auto text = fmt::format(
      "{:22} {:>8} {:>8} {:>9} {:>8} {:>9} {:>5} {:>7} {:>9} {:>7} {:>8} {:>8}  {}\n", row.name, told.missing,
      told.doubled, told.backwards, told.falsely_current, row.acknowledged, row.lost, told.early,
      returns == 0 ? "-"
                   : fmt::format("{:.1f} %", 100.0 * static_cast<double>(told.resumed) / static_cast<double>(returns)),
      seconds_text(row.detected_s), seconds_text(row.recovered_s),
      row.p99 ? fmt::format("{} ms", row.p99->count()) : "-", row.broken.empty() ? "kept" : "BROKEN");
  for (auto const& promise : row.broken) text += "  broken: " + promise + "\n";
  return text;
}

result<void> write_json(std::vector<scenario_row> const& rows, std::size_t phones, std::string const& file) {
  nlohmann::json all{{"phones", phones}, {"scenarios", nlohmann::json::array()}};
  for (auto const& row : rows) {
    nlohmann::json one{{"name", row.name}, {"kept", row.broken.empty()}};
    if (!row.skipped.empty()) {
      one["skipped"] = row.skipped;
    } else {
      auto const& told = row.phones;
      one.update({{"missing", told.missing},
                  {"doubled", told.doubled},
                  {"backwards", told.backwards},
                  {"falsely_current", told.falsely_current},
                  {"delivered", told.delivered},
                  {"by_snapshot", told.by_snapshot},
                  {"provisional", told.early},
                  {"resumed", told.resumed},
                  {"restarted", told.restarted},
                  {"acknowledged", row.acknowledged},
                  {"lost", row.lost},
                  {"broken", row.broken}});
      if (row.detected_s) one["detected_s"] = *row.detected_s;
      if (row.recovered_s) one["recovered_s"] = *row.recovered_s;
      if (row.p99) one["p99_ms"] = row.p99->count();
    }
    all["scenarios"].push_back(std::move(one));
  }
  std::ofstream out{file};
  out << all.dump(2) << '\n';
  if (!out.flush()) return failure{reason::file_unreadable, "can't write " + file};
  return {};
}

}  // namespace siren::faults
