#include "core/plan/plan.h"

#include <algorithm>
#include <map>

#include "core/base/verify.h"

namespace siren {

phone_share share_of(std::string_view phone_id) {
  if (phone_id.empty()) return phone_share{std::uint16_t{0}};
  std::uint64_t h = 0xCBF29CE484222325;  // FNV-1a
  for (char const c : phone_id) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  h ^= h >> 32;  // its low bits alone are uneven for short ids
  h *= 0xD6E8FEB86659FD93;
  h ^= h >> 32;
  return phone_share{static_cast<std::uint16_t>(h >> 48 ^ h)};
}

std::span<plan_ride const> city_plan::rides_from(target_index board) const {
  auto const by_board = [](auto const& a, auto const& b) { return a.board < b.board; };
  plan_ride wanted;
  wanted.board = board;
  auto const [begin, end] = std::equal_range(rides.begin(), rides.end(), wanted, by_board);
  return {rides.data() + (begin - rides.begin()), static_cast<std::size_t>(end - begin)};
}

std::vector<plan_ride> to_plan_rides(std::span<metro_ride const> rides, metro_network const& network,
                                     std::span<target_facts const> facts, std::vector<std::string>& lines) {
  std::map<shelter_id, target_index> numbers;
  for (std::uint32_t t = 0; t < facts.size(); ++t) numbers.emplace(facts[t].shelter, target_index{t});
  std::map<metro_line_id, std::uint32_t> named;
  auto const line_of = [&](metro_line_id const& id) {
    auto const [at, fresh] = named.emplace(id, static_cast<std::uint32_t>(lines.size()));
    if (!fresh) return at->second;
    auto const line =
        std::find_if(network.lines.begin(), network.lines.end(), [&](auto const& l) { return l.id == id; });
    bool const has_name = line != network.lines.end() && !line->name_uk.empty();
    lines.push_back(has_name ? line->name_uk : id.value);
    return at->second;
  };
  auto const ds = [](seconds t) { return static_cast<std::uint32_t>(t.count() * 10); };
  std::vector<plan_ride> made;
  lines.clear();
  for (auto const& ride : rides) {
    auto const board = numbers.find(ride.board);
    auto const alight = numbers.find(ride.alight);
    if (board == numbers.end() || alight == numbers.end()) continue;
    made.push_back({board->second, alight->second, ds(ride.usual_wait + ride.run), ds(ride.slow_wait + ride.run),
                    line_of(ride.line)});
  }
  std::stable_sort(made.begin(), made.end(), [](auto const& a, auto const& b) {
    return a.board != b.board ? a.board < b.board : a.alight < b.alight;
  });
  if (made.size() > kNoRide) made.resize(kNoRide);
  return made;
}

}  // namespace siren
