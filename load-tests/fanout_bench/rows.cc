#include "fanout_bench/rows.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include <fmt/format.h>

namespace siren::fanout {
namespace {

struct known_number {
  char const* name;
  char const* words;
  char const* unit;
  bool always;  // shown even when nothing is wanted of it
};
constexpr std::array kKnown{
    known_number{"phones", "phones", "", false},
    known_number{"connects_per_s", "phones taken in", "/s", true},
    known_number{"accept_us", "server CPU per phone taken in, first word included", "µs", true},
    known_number{"greeting_p99_ms", "from connecting to the first word, p99", "ms", false},
    known_number{"memory_kb", "server memory per phone", "KB", true},
    known_number{"kernel_kb", "kernel memory per phone, both ends of the connection", "KB", true},
    known_number{"missing", "alerts missing", "", true},
    known_number{"out_of_order", "out of order, twice or too many", "", true},
    known_number{"not_back", "phones not connected at the end", "", true},
    known_number{"not_understood", "messages not understood", "", false},
    known_number{"served_after_ms", "a new phone has its first word after", "ms", true},
    known_number{"alerts", "alerts delivered one by one", "", true},
    known_number{"p50_ms", "publish to phone, p50", "ms", true},
    known_number{"p99_ms", "publish to phone, p99", "ms", true},
    known_number{"p999_ms", "publish to phone, p99.9", "ms", true},
    known_number{"max_ms", "publish to phone, last", "ms", true},
    known_number{"late_max_ms", "publish to phone that was away meanwhile, last", "ms", true},
    known_number{"backs", "phones that came back", "", true},
    known_number{"back_p50_ms", "from the loss to the first word, p50", "ms", true},
    known_number{"back_max_ms", "from the loss to the first word, last", "ms", true},
    known_number{"peak_connects", "most phones taken in within a second", "/s", true},
    known_number{"cpu_us", "server CPU per delivered message", "µs", true},
    known_number{"server_cores", "servers' share of a core", "", false},
    known_number{"phones_cores", "phones' share of a core", "", false},
    known_number{"database_per_s", "PostgreSQL transactions beside publishing", "/s", false},
    known_number{"database_extra_per_s",
                 "PostgreSQL transactions beside publishing and each server's two looks a second", "/s", false},
    known_number{"server_mb", "servers' memory", "MB", false},
    known_number{"messages", "messages of every kind", "", false}};

std::string last_part(std::string const& name) {
  auto const dot = name.rfind('.');
  return dot == std::string::npos ? name : name.substr(dot + 1);
}

bool always_shown(std::string const& name) {
  auto const found =
      std::find_if(kKnown.begin(), kKnown.end(), [&](auto const& one) { return one.name == last_part(name); });
  return found != kKnown.end() && found->always;
}

std::vector<double> runs_of(std::vector<play_told> const& plays, std::string const& name) {
  std::vector<double> runs;
  for (auto const& one : plays)
    if (auto const value = one.number(name); !std::isnan(value)) runs.push_back(value);
  return runs;
}

std::string part_of(played const& all) {
  auto const& first = all.told.at(kind_of_server::siren).front();
  return fmt::format("{}: {} phones, {} zones, {} server{}, {}", all.what.title,
                     bench::shown(static_cast<double>(first.phones)), first.zones, first.servers,
                     first.servers == 1 ? "" : "s", all.tls ? "TLS 1.3" : "plain");
}

}  // namespace

wording wording_of(std::string const& name) {
  auto const last = last_part(name);
  auto const found = std::find_if(kKnown.begin(), kKnown.end(), [&](auto const& one) { return one.name == last; });
  auto const window = name.size() > last.size() ? name.substr(0, name.size() - last.size() - 1) + ": " : std::string{};
  if (found == kKnown.end()) return {name, ""};
  return {window + found->words, found->unit};
}

std::vector<bench::figure> figures_of(played const& all) {
  auto const& ours = all.told.at(kind_of_server::siren);
  auto wants = all.what.wants;
  std::erase_if(wants, [&](auto const& one) { return one.under_tls && *one.under_tls != all.tls; });
  std::vector<std::string> names;
  for (auto const& [name, value] : ours.front().numbers) {
    auto const wanted =
        std::any_of(wants.begin(), wants.end(), [&, key = name](auto const& one) { return one.name == key; });
    if (wanted || always_shown(name)) names.push_back(name);
  }
  // What is wanted and was never measured must not pass unseen.
  for (auto const& one : wants)
    if (std::find(names.begin(), names.end(), one.name) == names.end()) names.push_back(one.name);
  std::vector<bench::figure> figures;
  for (auto const& name : names) {
    auto const words = wording_of(name);
    bench::figure one{part_of(all), words.words, words.unit, runs_of(ours, name), {}, {}, ""};
    if (one.runs.empty()) {
      one.runs = {std::nan("")};
      one.note = "was not measured";
    }
    for (auto const& wanted : wants) {
      if (wanted.name != name) continue;
      auto const others = wanted.other.empty() ? std::vector<double>{} : runs_of(ours, wanted.other);
      auto const bound = wanted.bound(others.empty() ? std::nan("") : bench::median(others));
      one.target = bench::bound{wanted.at_most ? bench::bound_kind::at_most : bench::bound_kind::exactly, bound};
    }
    for (auto const& [kind, plays] : all.told) {
      if (kind == kind_of_server::siren) continue;
      if (auto const runs = runs_of(plays, name); !runs.empty())
        one.peers.push_back({name_of(kind), bench::median(runs)});
    }
    figures.push_back(std::move(one));
  }
  return figures;
}

std::vector<bench::figure> ratios_of(played const& all) {
  struct ratio {
    kind_of_server to;
    char const* name;
    char const* words;
    std::optional<bench::bound> plain;
    std::optional<bench::bound> tls;
  };
  // Targets of the design; under TLS it names none against the floor, which has no TLS.
  auto const rows = {ratio{kind_of_server::nchan, "alert.cpu_us", "CPU per delivered message, of nchan's",
                           bench::at_most(1.0), bench::at_most(1.0)},
                     ratio{kind_of_server::floor,
                           "alert.cpu_us",
                           "CPU per delivered message, of the bare floor's",
                           bench::at_most(1.3),
                           {}},
                     ratio{kind_of_server::nchan, "accept_us", "CPU per phone taken in, of nchan's",
                           bench::at_most(1.3), bench::at_most(1.3)},
                     ratio{kind_of_server::nchan, "memory_kb", "memory per phone, of nchan's", {}, {}},
                     ratio{kind_of_server::nchan, "alert.p99_ms", "publish to phone p99, of nchan's", {}, {}}};
  std::vector<bench::figure> figures;
  auto const& ours = all.told.at(kind_of_server::siren);
  for (auto const& row : rows) {
    auto const found = all.told.find(row.to);
    if (found == all.told.end() || (all.tls && row.to == kind_of_server::floor)) continue;
    bench::figure one{part_of(all), row.words, "×", {}, all.tls ? row.tls : row.plain, {}, "by repeat, turn by turn"};
    for (std::size_t i = 0; i < std::min(ours.size(), found->second.size()); ++i) {
      auto const value = ours[i].number(row.name) / found->second[i].number(row.name);
      if (std::isfinite(value)) one.runs.push_back(value);
    }
    if (!one.runs.empty()) figures.push_back(std::move(one));
  }
  return figures;
}

}  // namespace siren::fanout
