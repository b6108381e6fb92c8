#include "shelter_maker.h"

#include <algorithm>
#include <array>

namespace siren::city {
namespace {

/// Shares follow the city's public list (basic three quarters, dual purpose a quarter), moved a little towards the
/// storage and radiation shelters that it leaves out. Capacities: basic lies around the Romanian list's median of 87;
/// the others are assumed larger in this order. The plan of the district then sets the level.
struct type_mix {
  shelter_type type;
  double share;
  std::array<double, 5> capacity;  // minimum, quartiles, maximum
  char const* uk;
  char const* en;
};
constexpr std::array<type_mix, 5> kMix{{
    {shelter_type::storage, 0.03, {150, 300, 450, 700, 1500}, "Сховище", "Storage shelter"},
    {shelter_type::radiation, 0.08, {60, 150, 250, 400, 1200}, "Протирадіаційне укриття", "Radiation shelter"},
    {shelter_type::dual_purpose,
     0.22,
     {60, 200, 400, 900, 3500},
     "Споруда подвійного призначення",
     "Dual-purpose structure"},
    {shelter_type::basic, 0.64, {20, 60, 110, 200, 700}, "Найпростіше укриття", "Basic shelter"},
    {shelter_type::mobile, 0.03, {8, 12, 20, 30, 40}, "Мобільне укриття", "Mobile shelter"},
}};
constexpr double kFixedLargest = 40.0;     // mobile shelters and the smallest basements stay as they are
constexpr std::uint32_t kLargest = 6'000;  // places; a large underground parking
// The check-up of 4,655: 65 % fit and 21 % conditionally fit, 14 % unfit; of the fit ones some nobody has confirmed
// since.
constexpr double kClosed = 0.14;
constexpr double kUnknown = 0.06;
constexpr double kStepFree = 0.73;       // 27 % lack step-free access
constexpr double kPets = 0.6;            // no source: most basements take them
constexpr double kBareCell_m = 1'200.0;  // ground without a shelter is felt at about a quarter of an hour's walk
constexpr std::int64_t kLastCheck_s = 1'768'867'200;  // 2026-01-20T00:00:00Z, before the demo's night
constexpr std::int64_t kCheckWithin_s = 120LL * 86'400;

bool bare(spot at, double share, std::uint64_t lane) {
  auto const column = static_cast<std::int64_t>(std::floor(at.east_m / kBareCell_m));
  auto const row = static_cast<std::int64_t>(std::floor(at.north_m / kBareCell_m));
  auto h = static_cast<std::uint64_t>(column) * 0x9E3779B97F4A7C15ULL +
           static_cast<std::uint64_t>(row) * 0xC2B2AE3D27D4EB4FULL + lane;
  h ^= h >> 31U;
  h *= 0x94D049BB133111EBULL;
  h ^= h >> 29U;
  return static_cast<double>(h >> 11U) * 0x1.0p-53 < share;
}

/// Chance of a street node to be considered: one-family houses have cellars of their own, works have few people at
/// night.
double shelters_in(pattern built) {
  return built == pattern::houses ? 0.2 : built == pattern::industry ? 0.3 : 1.0;
}

type_mix const& pick_type(random_stream& random) {
  double at = random.unit();
  for (auto const& mix : kMix) {
    if (at < mix.share) return mix;
    at -= mix.share;
  }
  return kMix[3];
}

class maker {
 public:
  maker(city_facts const& facts, plane const& ground, terrain const& land, random_stream& random,
        street_network const& net)
      : facts_{facts},
        ground_{ground},
        land_{land},
        random_{random},
        net_{net},
        lane_{static_cast<std::uint64_t>(random.unit() * 0x1.0p48)} {
    sort_nodes();
  }

  void fill(std::size_t district, double scale) {
    auto const& plan = facts_.districts[district];
    auto& nodes = nodes_[district];
    auto const wanted = std::min(nodes.size(), static_cast<std::size_t>(plan.shelters * scale + 0.5));
    auto const first = made_.size();
    for (std::size_t i = 0; i < wanted; ++i) {
      std::swap(nodes[i], nodes[i + random_.index(nodes.size() - i)]);
      made_.push_back(one_at(nodes[i]));
    }
    share_places(first, facts_.zones[plan.zone].population * plan.places_per_person * scale);
  }

  std::vector<shelter> take() { return std::move(made_); }

 private:
  /// By district: nodes on its ground where shelters may stand.
  void sort_nodes() {
    nodes_.resize(facts_.districts.size());
    std::vector<bool> used(net_.nodes.size(), false);
    for (auto const& l : net_.links) {
      if (!l.alive || l.bridge != kNone) continue;
      for (auto const node : l.path) used[node] = true;
    }
    for (std::uint32_t i = 0; i < net_.nodes.size(); ++i) {
      auto const& n = net_.nodes[i];
      if (!used[i] || n.entrance || n.neighbourhood == kNone) continue;
      auto const district = land_.district_at(n.at);
      if (district == terrain::kOutside || facts_.neighbourhoods[n.neighbourhood].built == pattern::park) continue;
      if (!random_.chance(shelters_in(facts_.neighbourhoods[n.neighbourhood].built))) continue;
      if (!bare(n.at, facts_.districts[district].bare.value, lane_)) nodes_[district].push_back(i);
    }
  }

  spot beside(std::uint32_t node) {
    auto const at = net_.nodes[node].at;
    for (int tries = 0; tries < 8; ++tries) {
      spot const door = at + spot{random_.between(-18.0, 18.0), random_.between(-18.0, 18.0)};
      if (land_.buildable(door)) return door;
    }
    return at;
  }

  shelter one_at(std::uint32_t node) {
    auto const& mix = pick_type(random_);
    auto const number = std::to_string(made_.size() + 1);
    shelter s;
    s.id = shelter_id{"gen-" + std::string(5 - std::min<std::size_t>(number.size(), 5), '0') + number};
    s.type = mix.type;
    s.name_uk = std::string{mix.uk} + " № " + number + " (згенеровано)";
    s.name_en = std::string{mix.en} + " No. " + number + " (generated)";
    s.address = address_of(node);
    s.place = ground_.to_place(beside(node));
    s.capacity = static_cast<std::uint32_t>(random_.of_quartiles(mix.capacity));
    s.step_free = random_.chance(kStepFree);
    s.pets = random_.chance(kPets);
    double const luck = random_.unit();
    s.state = luck < kClosed ? open_state::closed : luck < kClosed + kUnknown ? open_state::unknown : open_state::open;
    auto const age = std::chrono::seconds{static_cast<std::int64_t>(random_.unit() * kCheckWithin_s)};
    if (s.state != open_state::unknown) s.verified_at = utc_time{std::chrono::seconds{kLastCheck_s} - age};
    s.generated = true;
    return s;
  }

  std::string address_of(std::uint32_t node) {
    auto const& n = net_.nodes[node];
    auto const house = std::to_string(1 + random_.index(90));
    if (n.line != kNone && net_.line_names[n.line]) return net_.line_names[n.line]->uk + ", " + house;
    return facts_.neighbourhoods[n.neighbourhood].name_uk + ", " + house;
  }

  /// Stretches the capacities made since `first` to the places planned.
  void share_places(std::size_t first, double places) {
    double fixed = 0.0;
    double rest = 0.0;
    for (auto i = first; i < made_.size(); ++i) {
      (made_[i].capacity <= kFixedLargest ? fixed : rest) += made_[i].capacity;
    }
    if (rest <= 0.0 || places <= fixed) return;
    double const factor = (places - fixed) / rest;
    for (auto i = first; i < made_.size(); ++i) {
      auto& capacity = made_[i].capacity;
      if (capacity <= kFixedLargest) continue;
      auto const stretched = static_cast<std::uint32_t>(capacity * factor / 5.0 + 0.5) * 5;
      capacity = std::clamp<std::uint32_t>(stretched, 10, kLargest);
    }
  }

  city_facts const& facts_;
  plane const& ground_;
  terrain const& land_;
  random_stream& random_;
  street_network const& net_;
  std::uint64_t lane_;
  std::vector<std::vector<std::uint32_t>> nodes_;
  std::vector<shelter> made_;
};

}  // namespace

std::vector<shelter> make_shelters(city_facts const& facts, plane const& ground, terrain const& land, double scale,
                                   random_stream& random, street_network const& net) {
  maker all{facts, ground, land, random, net};
  for (std::size_t i = 0; i < facts.districts.size(); ++i) all.fill(i, scale);
  return all.take();
}

}  // namespace siren::city
