#include "fanout_bench/swarm_report.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace siren::fanout {
namespace {

struct number_row {
  char const* name;
  std::uint64_t swarm_report::*value;
};
constexpr std::array kNumbers{number_row{"phones", &swarm_report::phones},
                              number_row{"live", &swarm_report::live},
                              number_row{"behind", &swarm_report::behind},
                              number_row{"connects", &swarm_report::connects},
                              number_row{"failed_connects", &swarm_report::failed_connects},
                              number_row{"ended", &swarm_report::ended},
                              number_row{"alerts", &swarm_report::alerts},
                              number_row{"heartbeats", &swarm_report::heartbeats},
                              number_row{"guidance", &swarm_report::guidance},
                              number_row{"snapshots", &swarm_report::snapshots},
                              number_row{"continuations", &swarm_report::continuations},
                              number_row{"go_aways", &swarm_report::go_aways},
                              number_row{"not_understood", &swarm_report::not_understood},
                              number_row{"resumed_tls", &swarm_report::resumed_tls},
                              number_row{"out_of_order", &swarm_report::out_of_order},
                              number_row{"holes", &swarm_report::holes},
                              number_row{"other_epochs", &swarm_report::other_epochs}};

struct delays_row {
  char const* name;
  delay_counts swarm_report::*value;
};
constexpr std::array kDelays{
    delays_row{"delays", &swarm_report::delays}, delays_row{"late_delays", &swarm_report::late_delays},
    delays_row{"greetings", &swarm_report::greetings}, delays_row{"backs", &swarm_report::backs}};

}  // namespace

void swarm_report::add(swarm_report const& more) {
  for (auto const& row : kNumbers) this->*row.value += more.*row.value;
  for (auto const& row : kDelays) (this->*row.value).add(more.*row.value);
  if (more.connects_by_second.empty()) return;
  if (connects_by_second.empty()) {
    connects_by_second = more.connects_by_second;
    first_second = more.first_second;
    return;
  }
  auto const first = std::min(first_second, more.first_second);
  auto const size = [&](swarm_report const& of) {
    return static_cast<std::size_t>(of.first_second - first) + of.connects_by_second.size();
  };
  std::vector<std::uint64_t> both(std::max(size(*this), size(more)));
  for (auto const* of : {static_cast<swarm_report const*>(this), &more})
    for (std::size_t i = 0; i < of->connects_by_second.size(); ++i)
      both[static_cast<std::size_t>(of->first_second - first) + i] += of->connects_by_second[i];
  connects_by_second = std::move(both);
  first_second = first;
}

nlohmann::json swarm_report::as_json() const {
  nlohmann::json all;
  for (auto const& row : kNumbers) all[row.name] = this->*row.value;
  for (auto const& row : kDelays) all[row.name] = (this->*row.value).as_json();
  all["connects_by_second"] = connects_by_second;
  all["first_second"] = first_second;
  return all;
}

swarm_report swarm_report::of_json(nlohmann::json const& from) {
  swarm_report made;
  for (auto const& row : kNumbers) made.*row.value = from.at(row.name).get<std::uint64_t>();
  for (auto const& row : kDelays) made.*row.value = delay_counts::of_json(from.at(row.name));
  made.connects_by_second = from.at("connects_by_second").get<std::vector<std::uint64_t>>();
  made.first_second = from.at("first_second").get<std::int64_t>();
  return made;
}

}  // namespace siren::fanout
