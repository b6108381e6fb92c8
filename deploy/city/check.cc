#include "check.h"

#include <map>
#include <ostream>

#include "common/city_bundle/city_bundle.h"
#include "core/zone/zone_map.h"

namespace siren::city {
namespace {

constexpr std::size_t kRejectsShown = 20;

void print_shelters(city_bundle const& bundle, std::ostream& out) {
  std::map<shelter_type, std::pair<std::size_t, std::uint64_t>> by_type;
  std::size_t usable = 0;
  for (auto const& s : bundle.shelters) {
    auto& [count, places] = by_type[s.type];
    ++count;
    places += s.capacity;
    usable += takes_people(s) ? 1 : 0;
  }
  out << "shelters: " << bundle.shelters.size() << ", " << usable << " take people\n";
  for (auto const& [type, sums] : by_type) {
    out << "  " << name_of(type) << ": " << sums.first << ", " << sums.second << " places\n";
  }
}

void print_metro(city_bundle const& bundle, std::ostream& out) {
  std::size_t stations = 0;
  std::size_t with_depth = 0;
  for (auto const& s : bundle.shelters) {
    if (s.type != shelter_type::metro_station) continue;
    ++stations;
    with_depth += s.depth ? 1 : 0;
  }
  out << "metro: " << bundle.metro.lines.size() << " lines, " << stations << " stations, " << with_depth
      << " with a depth\n";
  auto const state = run_metro(bundle.metro, bundle.shelters, {.alarm = true, .power = true, .trains = true});
  for (auto const& section : state.running) {
    auto const& line = bundle.metro.lines[section.line];
    out << "  in an alarm " << line.id.value << " runs " << line.stops[section.first].station.value << " to "
        << line.stops[section.last].station.value << '\n';
  }
  if (!state.running.empty())
    out << "  " << rides(bundle.metro, state).size() << " rides" << (bundle.metro.hours ? "" : ", but no hours")
        << '\n';
}

void print_rejects(std::vector<bundle_reject> const& rejects, std::ostream& out) {
  std::map<std::string, std::size_t> by_reason;
  for (auto const& r : rejects) ++by_reason[r.file + " " + std::string{name_of(r.because.why)}];
  out << "rejects: " << rejects.size() << '\n';
  for (auto const& [what, count] : by_reason) out << "  " << what << ": " << count << '\n';
  for (std::size_t i = 0; i < rejects.size() && i < kRejectsShown; ++i) {
    out << "  " << rejects[i].file << ':' << rejects[i].row << ": " << rejects[i].because.message << '\n';
  }
  if (rejects.size() > kRejectsShown) out << "  and " << rejects.size() - kRejectsShown << " more\n";
}

}  // namespace

bool check_bundle(std::filesystem::path const& folder, std::ostream& out) {
  auto const bundle = load_city_bundle(folder);
  if (!bundle) {
    out << "unusable: " << name_of(bundle.error().why) << ": " << bundle.error().message << '\n';
    return false;
  }
  auto const& info = bundle->info;
  out << info.name_en << " (" << info.name_uk << "), " << info.country << (info.generated ? ", generated" : "") << '\n';
  std::map<zone_kind, std::size_t> kinds;
  std::uint32_t people = 0;
  for (auto const& z : bundle->zones) {
    ++kinds[z.kind];
    if (z.id == info.city_zone) people = z.population;
  }
  out << "zones: " << bundle->zones.size();
  for (auto const& [kind, count] : kinds) out << ", " << name_of(kind) << ' ' << count;
  out << "\npeople in the city: " << people << '\n';
  print_shelters(*bundle, out);
  print_metro(*bundle, out);
  print_rejects(bundle->rejects, out);
  if (auto const map = zone_map::build(bundle->zones); !map) {
    out << "unusable: " << name_of(map.error().why) << ": " << map.error().message << '\n';
    return false;
  }
  return true;
}

}  // namespace siren::city
