#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <numbers>
#include <numeric>

#include "core/plan/ways.h"
#include "core/route/hilbert.h"

namespace siren {
namespace {

/// Google's encoding at 1e-5 of places in 1e-7 degrees, without a detour over doubles.
class line_writer {
 public:
  explicit line_writer(std::string& out) : out_{out} { out_.clear(); }

  void add(place_e7 place) {
    auto const lat = rounded(place.lat);
    auto const lon = rounded(place.lon);
    if (lat == lat_ && lon == lon_ && begun_) return;
    if (size_ + 2 * kLongest > text_.size()) flush();
    number(lat - lat_);
    number(lon - lon_);
    lat_ = lat;
    lon_ = lon;
    begun_ = true;
  }
  /// Characters that were written before and go on from the last place; nothing but flush() may follow.
  void add_written(std::string_view text) {
    flush();
    out_.append(text);
  }
  void flush() {
    out_.append(text_.data(), size_);
    size_ = 0;
  }

 private:
  static constexpr std::size_t kLongest = 7;  // characters of 32 bits in fives
  static std::int32_t rounded(std::int32_t e7) { return (e7 + (e7 < 0 ? -50 : 50)) / 100; }
  /// All characters at once: how many a number has is hard to foresee, and a wrong guess costs more than they do.
  void number(std::int32_t value) {
    auto const bits = std::uint64_t{static_cast<std::uint32_t>(value) << 1 ^ static_cast<std::uint32_t>(value >> 31)};
    if (bits >= 1U << 20) return long_number(static_cast<std::uint32_t>(bits));
    auto const fives = (bits & 0x1F) | (bits & 0x3E0) << 3 | (bits & 0x7C00) << 6 | (bits & 0xF8000) << 9;
    auto const count = 1U + (bits >= 1U << 5) + (bits >= 1U << 10) + (bits >= 1U << 15);
    auto const more = 0x20202020U & ((1U << 8 * (count - 1)) - 1);
    auto const text = static_cast<std::uint32_t>(fives | more) + 0x3F3F3F3FU;
    std::memcpy(text_.data() + size_, &text, sizeof text);  // little-endian: the first five comes first
    size_ += count;
  }
  void long_number(std::uint32_t bits) {
    for (; bits >= 0x20; bits >>= 5) text_[size_++] = static_cast<char>((0x20 | (bits & 0x1F)) + 63);
    text_[size_++] = static_cast<char>(bits + 63);
  }

  std::string& out_;
  std::array<char, 512> text_;  // filled before it is read
  std::size_t size_ = 0;
  std::int32_t lat_ = 0;
  std::int32_t lon_ = 0;
  bool begun_ = false;
};

/// A route's line and length, edge by edge.
class line_of_way {
 public:
  line_of_way(street_graph const& streets, std::string& out) : streets_{streets}, line_{out} {}

  void start(standing const& from) {
    line_.add(to_e7(from.position));
    line_.add(to_e7(from.street));
    cm_ += from.access_cm;
  }
  void walk_edge(edge_index e) {
    auto const& edge = streets_.edge(e);
    add_inner(e, edge, [](auto) { return true; });
    line_.add(streets_.arrays().nodes[edge.target().value]);
    cm_ += edge.length_cm();
  }
  /// Inner points strictly between; the begin is drawn already.
  void walk_part(leg const& part) {
    auto const& edge = streets_.edge(part.edge);
    if (part.to_cm <= part.from_cm) return;
    if (part.from_cm == 0 && part.to_cm == edge.length_cm()) return walk_edge(part.edge);
    cm_ += part.to_cm - part.from_cm;
    auto const begin = streets_.arrays().nodes[streets_.source(part.edge).value];
    auto const end = streets_.arrays().nodes[edge.target().value];
    if (streets_.inner_shape(edge.segment()).empty()) {
      line_.add(between(begin, end, static_cast<double>(part.to_cm) / edge.length_cm()));
      return;
    }
    double const lon_scale = std::cos(begin.lat * 1e-7 * (std::numbers::pi / 180.0));
    auto const size = [&](place_e7 a, place_e7 b) {
      double const north = static_cast<double>(b.lat) - a.lat;
      double const east = (static_cast<double>(b.lon) - a.lon) * lon_scale;
      return std::sqrt(north * north + east * east);
    };
    double total = 0.0;
    auto last = begin;
    auto const measure = [&](place_e7 p) {
      total += size(last, p);
      last = p;
      return false;
    };
    add_inner(part.edge, edge, measure);
    measure(end);
    double const from = total * part.from_cm / edge.length_cm();
    // A part to the end ends at the node itself, so that whatever follows begins at the same place for everybody.
    bool const to_end = part.to_cm == edge.length_cm();
    double const to = to_end ? std::numeric_limits<double>::infinity() : total * part.to_cm / edge.length_cm();
    double at = 0.0;
    last = begin;
    bool done = false;
    auto const draw = [&](place_e7 p) {
      double const step = size(last, p);
      if (!done && at + step >= to) {
        double const share = step > 0.0 ? (to - at) / step : 0.0;
        line_.add(between(last, p, share));
        done = true;
      }
      at += step;
      last = p;
      return !done && at > from;
    };
    add_inner(part.edge, edge, draw);
    if (!to_end) draw(end);
    if (!done) line_.add(end);  // also for rounding of the sum
  }
  void finish(anchor const& door, place_e7 at) {
    line_.add(at);
    line_.flush();
    cm_ += door.access_cm;
  }
  /// Nothing is kept back: what follows begins at the end of the text.
  void flush() { line_.flush(); }
  void finish_as(std::string_view text, std::uint32_t length_cm) {
    line_.add_written(text);
    cm_ += length_cm;
  }
  [[nodiscard]] std::uint32_t length_cm() const { return cm_; }

 private:
  static place_e7 between(place_e7 a, place_e7 b, double share) {
    return {a.lat + static_cast<std::int32_t>((b.lat - a.lat) * share),
            a.lon + static_cast<std::int32_t>((b.lon - a.lon) * share)};
  }
  /// Points for which `wanted` says so, in walking order.
  template <typename Wanted>
  void add_inner(edge_index e, street_edge const& edge, Wanted wanted) {
    auto const inner = streets_.inner_shape(edge.segment());
    if (inner.empty()) return;
    if (streets_.is_forward(e)) {
      for (auto const p : inner)
        if (wanted(p)) line_.add(p);
    } else {
      for (auto p = inner.rbegin(); p != inner.rend(); ++p)
        if (wanted(*p)) line_.add(*p);
    }
  }

  street_graph const& streets_;
  line_writer line_;
  std::uint32_t cm_ = 0;
};

/// Neighbours have near keys: cells of 1/500 degree (some 200 m) along the Hilbert curve. Not finite: 0.
std::uint32_t place_key(lat_lon place) {
  if (!on_earth(place)) return 0;
  auto const cell = [](degrees d) { return static_cast<std::uint16_t>(static_cast<std::int32_t>(d.value * 500.0)); };
  return hilbert_key(cell(place.lon), cell(place.lat));
}

/// Which way somebody goes.
struct chosen_way {
  node_choice to;
  target_index walked_to;
  way_in way;
  way_times times;
};
std::optional<chosen_way> way_from(city_view const& view, standing& from, walking_profile profile, phone_share share,
                                   judge_policy const& policy) {
  auto const to = choose_from(view, from, profile, share, std::nullopt, policy);
  if (!to) return std::nullopt;
  auto const target = to->walked_to(*view.plan);
  auto const way = best_way(view, from, target);
  if (!way) return std::nullopt;
  auto const times = times_of(view, profile, way->ms, to->ride, policy);
  if (times.slow > policy.longest_walk) return std::nullopt;
  return chosen_way{*to, target, *way, times};
}

/// Ends of ways from a street node on: neighbours on their way to one door share most of it. Differences of rounded
/// places are the same whoever walks, so an end is drawn once and copied. Keeps the latest, a bounded number.
class drawn_ends {
 public:
  struct drawn_end {
    std::uint64_t key = kNone;
    std::uint32_t length_cm = 0;
    std::uint16_t door = 0;
    std::uint16_t size = 0;
    std::array<char, 240> text;  // longer ones are not kept
    [[nodiscard]] std::string_view line() const { return {text.data(), size}; }
  };
  explicit drawn_ends(std::size_t askers) : ends_(std::bit_ceil(std::clamp<std::size_t>(askers, 16, kMost))) {}

  [[nodiscard]] static std::uint64_t key_of(gait g, target_index target, std::uint16_t local) {
    return std::uint64_t{target.value} << 17 | std::uint64_t{local} << 1 | static_cast<std::uint64_t>(g);
  }
  void fetch(std::uint64_t key) const { __builtin_prefetch(&slot(key)); }
  /// Null: not drawn, or forgotten.
  [[nodiscard]] drawn_end const* find(std::uint64_t key) const {
    auto const& end = slot(key);
    return end.key == key ? &end : nullptr;
  }
  void keep(std::uint64_t key, std::string_view line, std::uint32_t length_cm, std::uint16_t door) {
    auto& end = ends_[slot_of(key)];
    if (line.size() > end.text.size()) return;
    end.key = key;
    end.length_cm = length_cm;
    end.door = door;
    end.size = static_cast<std::uint16_t>(line.size());
    std::memcpy(end.text.data(), line.data(), line.size());
  }

 private:
  static constexpr std::size_t kMost = 4'096;  // 1 MB at most
  static constexpr std::uint64_t kNone = UINT64_MAX;
  [[nodiscard]] std::size_t slot_of(std::uint64_t key) const {
    return (key * 0x9E3779B97F4A7C15ULL >> 32) & (ends_.size() - 1);
  }
  [[nodiscard]] drawn_end const& slot(std::uint64_t key) const { return ends_[slot_of(key)]; }
  std::vector<drawn_end> ends_;
};

/// The way over street nodes to the door. Number of the door.
std::uint16_t draw_over_nodes(city_view const& view, standing const& from, chosen_way const& chosen, line_of_way& line,
                              drawn_ends* shared) {
  auto const g = from.g;
  auto const target = chosen.walked_to;
  auto const entries = view.walks->entries(g, target);
  auto const& costs = view.walks->costs(g);
  for (auto local = chosen.way.local;; local = entries[local].next) {
    if (shared != nullptr)
      if (auto const* end = shared->find(drawn_ends::key_of(g, target, local))) {
        line.finish_as(end->line(), end->length_cm);
        return end->door;
      }
    if (entries[local].next != kReachRoot) {
      line.walk_edge(reach_edge(view.streets, costs, entries, local));
      continue;
    }
    auto const door = door_of(view.walks->roots(g, target), local);
    auto const& met = view.walks->doors(g, target)[door];
    line.walk_part(last_leg(view, g, met, entries[local].node));
    line.finish(met, to_e7(view.plan->facts[target.value].entrances[door].place));
    return door;
  }
}

/// `shared`: null for one alone.
lean_route drawn(city_view const& view, standing const& from, chosen_way const& chosen, std::string& polyline,
                 drawn_ends* shared) {
  auto const target = chosen.walked_to;
  line_of_way line{view.streets, polyline};
  line.start(from);
  auto door = chosen.way.door;
  if (chosen.way.end == 2) {
    auto const& met = view.walks->doors(from.g, target)[door];
    line.walk_part(leg_between(view.streets, met.edge, from.along_cm, met.along_cm));
    line.finish(met, to_e7(view.plan->facts[target.value].entrances[door].place));
  } else {
    line.walk_part(from.ends[chosen.way.end].part);
    line.flush();
    auto const drawn_so_far = polyline.size();
    auto const cm_so_far = line.length_cm();
    door = draw_over_nodes(view, from, chosen, line, shared);
    auto const key = drawn_ends::key_of(from.g, target, chosen.way.local);
    if (shared != nullptr && shared->find(key) == nullptr)
      shared->keep(key, std::string_view{polyline}.substr(drawn_so_far), line.length_cm() - cm_so_far, door);
  }
  return lean_route{chosen.to, door, chosen.times.usual, chosen.times.slow, line.length_cm()};
}

/// What a choice of somebody there will read.
void fetch_for_choice(city_view const& view, standing const& from, walking_profile profile) {
  auto const& by_node = *view.by_node[static_cast<std::size_t>(from.g)];
  for (auto const& end : from.ends) {
    auto const* choices = reinterpret_cast<char const*>(by_node.at(end.node).data());
    __builtin_prefetch(choices);
    __builtin_prefetch(choices + 64);
  }
  __builtin_prefetch(view.plan->of(profile).at(from.at_home().node).data());
}
/// What drawing the way will read first.
void fetch_for_drawing(city_view const& view, standing const& from, chosen_way const& chosen,
                       drawn_ends const& shared) {
  auto const target = chosen.walked_to;
  __builtin_prefetch(view.plan->facts[target.value].entrances.data());
  __builtin_prefetch(view.walks->doors(from.g, target).data());
  __builtin_prefetch(view.walks->roots(from.g, target).data());
  if (chosen.way.end == 2) return;
  shared.fetch(drawn_ends::key_of(from.g, target, chosen.way.local));
  __builtin_prefetch(view.walks->entries(from.g, target).data() + chosen.way.local);
  auto const node = from.ends[chosen.way.end].node;
  __builtin_prefetch(view.streets.edges_of(node).data());
  __builtin_prefetch(&view.streets.arrays().nodes[node.value]);
}

/// A run of askers in order of place, step by step together: while one is worked on the memory of the next comes.
class run_of_askers {
 public:
  run_of_askers(city_view const& view, std::span<lean_question const> askers, judge_policy const& policy)
      : view_{view}, askers_{askers}, policy_{policy}, shared_{askers.size()} {}

  static constexpr std::size_t kMost = 32;  // as many as snapping looks up together

  /// `numbers`: which of the askers, in the low 32 bits; at most kMost.
  void answer(std::span<std::uint64_t const> numbers, take_route const& take) {
    auto const count = numbers.size();
    auto const asker = [&](std::size_t i) -> lean_question const& {
      return askers_[static_cast<std::uint32_t>(numbers[i])];
    };
    for (std::size_t i = 0; i < count; ++i) {
      auto const g = policy_.walking.of(asker(i).profile).walks;
      places_[i] = {asker(i).position, g == gait::wheels};
    }
    view_.snap.nearest_of({places_.data(), count}, {found_.data(), count});
    for (std::size_t i = 0; i < count; ++i) {
      if (!found_[i]) continue;
      __builtin_prefetch(&view_.streets.edge(found_[i]->edge));
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (!found_[i]) continue;
      auto const& who = asker(i);
      from_[i] = stand_on(view_, who.position, *found_[i], policy_.walking.of(who.profile).walks);
      fetch_for_choice(view_, from_[i], who.profile);
    }
    for (std::size_t i = 0; i < count; ++i) {
      auto const& who = asker(i);
      chosen_[i] = found_[i] ? way_from(view_, from_[i], who.profile, who.share, policy_) : std::nullopt;
      if (chosen_[i]) fetch_for_drawing(view_, from_[i], *chosen_[i], shared_);
    }
    for (std::size_t i = 0; i < count; ++i) {
      polyline_.clear();
      std::optional<lean_route> route;
      if (chosen_[i]) route = drawn(view_, from_[i], *chosen_[i], polyline_, &shared_);
      take(static_cast<std::uint32_t>(numbers[i]), route, polyline_);
    }
  }

 private:
  city_view const& view_;
  std::span<lean_question const> askers_;
  judge_policy const& policy_;
  std::array<snap_question, kMost> places_;
  std::array<std::optional<snapped>, kMost> found_;
  std::array<standing, kMost> from_;
  std::array<std::optional<chosen_way>, kMost> chosen_;
  drawn_ends shared_;
  std::string polyline_;
};

/// By the high 32 bits; what has equal ones stays as it lies. Algorithm: radix sort from the least digit.
void sort_by_high_half(std::vector<std::uint64_t>& keyed) {
  constexpr unsigned kDigitBits = 11;
  constexpr std::uint64_t kDigits = 1U << kDigitBits;
  std::vector<std::uint64_t> other(keyed.size());
  for (unsigned shift = 32; shift < 64; shift += kDigitBits) {
    std::array<std::uint32_t, kDigits> next{};
    for (auto const k : keyed) ++next[(k >> shift) % kDigits];
    std::exclusive_scan(next.begin(), next.end(), next.begin(), 0U);
    for (auto const k : keyed) other[next[(k >> shift) % kDigits]++] = k;
    keyed.swap(other);
  }
}

}  // namespace

std::optional<lean_route> route_of(city_view const& view, lat_lon position, walking_profile profile, phone_share share,
                                   judge_policy const& policy, std::string& polyline) {
  if (!usable(view)) return std::nullopt;
  auto from = stand_at(view, position, policy.walking.of(profile).walks);
  if (!from) return std::nullopt;
  auto const chosen = way_from(view, *from, profile, share, policy);
  if (!chosen) return std::nullopt;
  return drawn(view, *from, *chosen, polyline, nullptr);
}

void routes_of(city_view const& view, std::span<lean_question const> askers, judge_policy const& policy,
               take_route const& take) {
  if (!usable(view)) {
    for (std::size_t i = 0; i < askers.size(); ++i) take(i, std::nullopt, {});
    return;
  }
  std::vector<std::uint64_t> order;
  order.reserve(askers.size());
  for (std::uint32_t i = 0; i < askers.size(); ++i)
    order.push_back(std::uint64_t{place_key(askers[i].position)} << 32 | i);
  sort_by_high_half(order);
  run_of_askers run{view, askers, policy};
  std::span<std::uint64_t const> left{order};
  while (!left.empty()) {
    auto const now = left.first(std::min(left.size(), run_of_askers::kMost));
    left = left.subspan(now.size());
    auto const soon = left.first(std::min(left.size(), run_of_askers::kMost));
    for (auto const k : soon) __builtin_prefetch(&askers[static_cast<std::uint32_t>(k)]);
    run.answer(now, take);
  }
}

}  // namespace siren
