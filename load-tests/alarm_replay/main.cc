#include <algorithm>
#include <ctime>
#include <fstream>
#include <iostream>

#include <nlohmann/json.hpp>

#include "alarm_replay/alarm_logic.h"
#include "alarm_replay/options.h"
#include "guidance_bench/figure.h"

namespace siren::replay {
namespace {

using bench::at_least;
using bench::exactly;
using bench::figure;

constexpr double kLeastPerSecond = 100'000.0;
constexpr char kPart[] = "the recorded official alarms, in order, on one core";

class replay_run {
 public:
  replay_run(options asked, alarm_history history, zone_map zones)
      : asked_{std::move(asked)},
        history_{std::move(history)},
        zones_{std::move(zones)},
        events_{events_of(history_)} {}

  int run() {
    std::cout << history_.rows.size() << " alarms of " << history_.zones.size() << " regions from "
              << format_utc(events_.front().changed_at) << " to " << format_utc(events_.back().changed_at) << std::endl;
    count("alarms", static_cast<double>(history_.rows.size()));
    count("rows with oblast and raion in each other's column, put right", static_cast<double>(history_.put_right));
    measure();
    compare_history();
    compare_states();
    return finish();
  }

 private:
  void add(figure taken) {
    std::cout << "  " << taken.what << ": " << bench::shown(taken.value()) << ' ' << taken.unit
              << (taken.kept() ? "" : "  MISSED") << std::endl;
    figures_.push_back(std::move(taken));
  }
  void count(std::string what, double value, std::optional<bench::bound> target = {}, std::string note = {}) {
    add({kPart, std::move(what), "", {value}, target, {}, std::move(note)});
  }

  void measure() {
    std::vector<double> runs;
    for (int i = 0; i < asked_.repeats; ++i) {
      told_.clear();
      alarm_logic logic{zones_};
      auto const began = std::clock();  // processor time: one core's, whatever else the machine does
      for (auto const& event : events_) logic.take(event, told_);
      auto const took = static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
      runs.push_back(static_cast<double>(events_.size()) / took);
      last_ = logic.states();
    }
    add({kPart, "starts and ends a second", "events/s", std::move(runs), at_least(kLeastPerSecond), {}, ""});
  }

  void compare_history() {
    auto const told = history_of(told_, history_);
    auto const plain = plain_spells(history_);
    std::size_t differ = 0;
    std::size_t spells = 0;
    for (auto const& [zone, expected] : plain) {
      spells += expected.any.size();
      if (told.spells.at(zone) == expected) continue;
      if (++differ <= 5) std::cout << "  region " << zone.value << " differs from the plain recomputation" << std::endl;
    }
    count("alerts told, revisions included", static_cast<double>(told_.size()));
    count("alerts raised", static_cast<double>(told.raised), exactly(static_cast<double>(spells)),
          "as many as the plain recomputation has");
    count("alerts ended", static_cast<double>(told.ended), exactly(static_cast<double>(told.raised)));
    count("revisions missing, twice or after the end", static_cast<double>(told.broken), exactly(0));
    count("regions whose history differs from the plain recomputation", static_cast<double>(differ), exactly(0));
  }

  void compare_states() {
    std::size_t differ = 0;
    std::size_t compared = 0;
    alarm_logic logic{zones_};
    std::vector<alert> told;
    auto const every = std::max<std::size_t>(1, events_.size() / asked_.checkpoints);
    auto due = every;
    for (std::size_t i = 0; i < events_.size(); ++i) {
      logic.take(events_[i], told);
      auto const at = events_[i].changed_at;
      auto const instant_over = i + 1 == events_.size() || events_[i + 1].changed_at != at;
      if (i + 1 < due || !instant_over) continue;
      due += every;
      ++compared;
      if (logic.states() != plain_states(history_, at)) ++differ;
      told.clear();
    }
    count("moments at which every region's state was compared", static_cast<double>(compared));
    count("moments with a difference", static_cast<double>(differ), exactly(0));
    auto const end = plain_states(history_, events_.back().changed_at);
    count("final state equals the plain one", last_ == end ? 1.0 : 0.0, exactly(1));
  }

  int finish() {
    bench::print_table(std::cout, figures_);
    auto const kept = bench::all_kept(figures_);
    if (!asked_.json.empty()) {
      std::ofstream file{asked_.json};
      file << nlohmann::json{{"alarms", asked_.alarms}, {"kept", kept}, {"figures", bench::as_json(figures_)}}.dump(2)
           << '\n';
      file.close();
      if (!file) {
        std::cerr << "siren_alarm_replay: can't write " << asked_.json << '\n';
        return 1;
      }
    }
    std::cout << '\n' << (kept ? "every target and promise kept" : "MISSED: see above") << '\n';
    return kept ? 0 : 1;
  }

  options asked_;
  alarm_history history_;
  zone_map zones_;
  std::vector<region_alarm> events_;
  std::vector<alert> told_;
  std::map<zone_id, plain_state> last_;
  std::vector<figure> figures_;
};

int run(options const& asked) {
  auto history = read_history(asked.alarms);
  if (!history) {
    std::cerr << "siren_alarm_replay: " << history.error().message << '\n';
    return 1;
  }
  if (history->rows.empty()) {
    std::cerr << "siren_alarm_replay: " << asked.alarms << " holds no alarm\n";
    return 1;
  }
  auto zones = zone_map::build(history->zones);
  if (!zones) {
    std::cerr << "siren_alarm_replay: " << zones.error().message << '\n';
    return 1;
  }
  return replay_run{asked, std::move(*history), std::move(*zones)}.run();
}

}  // namespace
}  // namespace siren::replay

int main(int argc, char** argv) {
  siren::replay::options asked;
  if (auto const status = siren::replay::parse(argc, argv, asked)) return *status;
  return siren::replay::run(asked);
}
