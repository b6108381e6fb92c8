#include "core/route/street_graph_builder.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <unordered_map>

#include "core/base/verify.h"
#include "core/route/hilbert.h"

namespace siren {
namespace {

/// A stretch between two junctions before numbering; `from` and `to` are places in the sorted points, then node
/// indices.
struct stretch {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  std::uint32_t attributes = 0;
  std::uint32_t length_cm = 0;
  std::uint32_t first_shape = 0;
  std::uint32_t shape_count = 0;
};

struct stretches {
  std::vector<stretch> all;
  std::vector<place_e7> shape;
};

/// Union-find with path halving.
class parts {
 public:
  explicit parts(std::size_t size) : parent_(size) { std::iota(parent_.begin(), parent_.end(), 0U); }
  std::uint32_t root(std::uint32_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void join(std::uint32_t a, std::uint32_t b) { parent_[root(a)] = root(b); }

 private:
  std::vector<std::uint32_t> parent_;
};

std::uint8_t flags_of(way_attributes const& way) {
  unsigned flags = way.wheels ? 0 : kNoWheels;
  if (way.kind == foot_class::steps) flags |= kSteps;
  if (way.kind == foot_class::steps || way.steep) {
    if (way.slope == incline::up) flags |= kClimb;
    if (way.slope == incline::down) flags |= kDescent;
  }
  if (way.rough) flags |= kRough;
  if (way.light == lighting::dark) flags |= kUnlit;
  if (way.direction == foot_direction::along) flags |= kReverseNoEntry;
  if (way.direction == foot_direction::against) flags |= kNoEntry;
  return static_cast<std::uint8_t>(flags);
}

std::uint32_t traits_of(way_attributes const& way) {
  std::uint32_t traits = 0;
  if (way.bridge) traits |= kBridge;
  if (way.tunnel) traits |= kTunnel;
  if (way.light == lighting::lit) traits |= kLit;
  if (way.light == lighting::dark) traits |= kDark;
  if (way.kind == foot_class::footway) traits |= kFootway;
  if (way.residential && !way.bridge && !way.tunnel) traits |= kResidential;
  return traits;
}

/// Names once each; index 0 is the unnamed street.
class name_table {
 public:
  explicit name_table(street_arrays& into) : into_{into} {
    into_.texts = {0};
    index_of({});
  }
  std::uint32_t index_of(way_attributes const& way) {
    auto const [found, is_new] =
        seen_.try_emplace(way.name + '\0' + way.name_latin, static_cast<std::uint32_t>(seen_.size()));
    if (is_new) {
      add(way.name);
      add(way.name_latin);
    }
    return found->second;
  }

 private:
  void add(std::string const& text) {
    into_.text_bytes.insert(into_.text_bytes.end(), text.begin(), text.end());
    into_.texts.push_back(static_cast<std::uint32_t>(into_.text_bytes.size()));
  }
  street_arrays& into_;
  std::unordered_map<std::string, std::uint32_t> seen_;
};

/// Of each point, whether its connected part stays; kept parts are large enough or the largest.
std::vector<bool> kept_points(std::size_t points, std::vector<stretch> const& all, std::size_t min_nodes,
                              street_counts& counts) {
  parts joined{points};
  std::vector<bool> is_node(points, false);
  for (auto const& s : all) {
    joined.join(s.from, s.to);
    is_node[s.from] = is_node[s.to] = true;
  }
  std::vector<std::uint32_t> size(points, 0);
  for (std::uint32_t p = 0; p < points; ++p)
    if (is_node[p]) ++size[joined.root(p)];
  auto const largest = size.empty() ? 0U : *std::max_element(size.begin(), size.end());
  std::vector<bool> kept(points, false);
  for (std::uint32_t p = 0; p < points; ++p) {
    if (!is_node[p]) continue;
    auto const root = joined.root(p);
    kept[p] = size[root] >= min_nodes || size[root] == largest;
    if (kept[p]) continue;
    ++counts.nodes_in_small_parts;
    if (root == p) ++counts.small_parts;
  }
  return kept;
}

/// Kept points in Hilbert order over their bounding box.
std::vector<std::uint32_t> hilbert_order(std::vector<place_e7> const& places, std::vector<bool> const& kept) {
  place_e7 low{900'000'000, 1'800'000'000};
  place_e7 high{-900'000'000, -1'800'000'000};
  std::vector<std::uint32_t> order;
  for (std::uint32_t p = 0; p < places.size(); ++p) {
    if (!kept[p]) continue;
    order.push_back(p);
    low = {std::min(low.lat, places[p].lat), std::min(low.lon, places[p].lon)};
    high = {std::max(high.lat, places[p].lat), std::max(high.lon, places[p].lon)};
  }
  double const span = std::max({1.0, static_cast<double>(high.lat) - low.lat, static_cast<double>(high.lon) - low.lon});
  std::vector<std::uint32_t> keys(places.size(), 0);
  for (auto const p : order) {
    auto const cell = [&](std::int32_t at, std::int32_t from) {
      return static_cast<std::uint16_t>((static_cast<double>(at) - from) / span * 65535.0);
    };
    keys[p] = hilbert_key(cell(places[p].lon, low.lon), cell(places[p].lat, low.lat));
  }
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return keys[a] < keys[b]; });
  return order;
}

void fill_edges(street_arrays& out, std::vector<stretch> const& all, std::vector<way_attributes> const& attributes) {
  out.first_edge.assign(out.nodes.size() + 1, 0);
  for (auto const& s : all) {
    ++out.first_edge[s.from + 1];
    ++out.first_edge[s.to + 1];
  }
  std::partial_sum(out.first_edge.begin(), out.first_edge.end(), out.first_edge.begin());
  auto next = out.first_edge;
  out.edges.resize(2 * all.size());
  out.segments.reserve(all.size());
  name_table names{out};
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    auto const& s = all[i];
    auto const& way = attributes[s.attributes];
    edge_index const forward{next[s.from]++};
    edge_index const back{next[s.to]++};
    auto const flags = flags_of(way);
    out.edges[forward.value] = {node_index{s.to}, back, segment_index{i}, s.length_cm, flags};
    out.edges[back.value] = {node_index{s.from}, forward, segment_index{i}, s.length_cm, reversed_flags(flags)};
    out.segments.push_back({forward, names.index_of(way), s.first_shape, traits_of(way)});
  }
}

void number_stretches(stretches& cut, std::vector<std::uint32_t> const& order, std::size_t points, street_arrays& out,
                      street_counts& counts) {
  std::vector<std::uint32_t> number(points, kNoIndex);
  for (std::uint32_t n = 0; n < order.size(); ++n) number[order[n]] = n;
  auto const given = cut.all.size();
  std::erase_if(cut.all, [&](stretch const& s) { return number[s.from] == kNoIndex; });
  counts.segments_in_small_parts = given - cut.all.size();
  for (auto& s : cut.all) {
    s.from = number[s.from];
    s.to = number[s.to];
  }
  std::stable_sort(cut.all.begin(), cut.all.end(),
                   [](auto const& a, auto const& b) { return std::min(a.from, a.to) < std::min(b.from, b.to); });
  for (auto& s : cut.all) {
    auto const from = cut.shape.begin() + s.first_shape;
    s.first_shape = static_cast<std::uint32_t>(out.shape.size());
    out.shape.insert(out.shape.end(), from, from + s.shape_count);
  }
}

/// Cuts ways at junctions. Works on places that may grow meanwhile: `uses` counts how often one ends or bears a way.
class way_cutter {
 public:
  way_cutter(std::vector<place_e7> const& places, street_counts& counts) : places_{places}, counts_{counts} {}

  /// A run of known points, at least two, none twice in a row.
  void add_run(std::vector<std::uint32_t> points, std::uint32_t attributes) {
    uses_.resize(places_.size(), 0);
    for (auto const p : points) ++uses_[p];
    ++uses_[points.front()];
    ++uses_[points.back()];
    runs_.push_back({std::move(points), attributes});
  }

  stretches cut() {
    for (auto const& r : runs_) {
      std::size_t from = 0;
      for (std::size_t i = 1; i < r.points.size(); ++i) {
        if (uses_[r.points[i]] < 2) continue;
        add_stretch(r, from, i);
        from = i;
      }
    }
    return std::move(out_);
  }

 private:
  struct run {
    std::vector<std::uint32_t> points;
    std::uint32_t attributes;
  };

  void add_stretch(run const& r, std::size_t from, std::size_t to) {
    double length = 0.0;
    for (std::size_t i = from; i < to; ++i)
      length += distance(to_lat_lon(places_[r.points[i]]), to_lat_lon(places_[r.points[i + 1]])).value;
    auto const length_cm = std::max(1.0, std::round(length * 100.0));
    if (length_cm > kMaxEdgeLengthCm) {
      ++counts_.segments_too_long;
      return;
    }
    stretch s{r.points[from], r.points[to], r.attributes, static_cast<std::uint32_t>(length_cm), 0, 0};
    s.first_shape = static_cast<std::uint32_t>(out_.shape.size());
    s.shape_count = static_cast<std::uint32_t>(to - from - 1);
    for (std::size_t i = from + 1; i < to; ++i) out_.shape.push_back(places_[r.points[i]]);
    out_.all.push_back(s);
  }

  std::vector<place_e7> const& places_;
  street_counts& counts_;
  std::vector<std::uint32_t> uses_;
  std::vector<run> runs_;
  stretches out_;
};

}  // namespace

void street_graph_builder::take_node(street_key key, lat_lon place, bool closed) {
  bool const finite = std::isfinite(place.lat.value) && std::isfinite(place.lon.value);
  if (!finite || std::abs(place.lat.value) > 90.0 || std::abs(place.lon.value) > 180.0) {
    ++counts_.points_bad;
    return;
  }
  points_.push_back({key, to_e7(place), closed});
}

void street_graph_builder::add_node(street_key key, lat_lon place) {
  take_node(key, place, false);
}

void street_graph_builder::add_closed_node(street_key key, lat_lon place) {
  take_node(key, place, true);
}

void street_graph_builder::add_way(std::vector<street_key> const& points, way_attributes const& attributes) {
  ++counts_.ways;
  ways_.push_back({keys_.size(), points.size(), static_cast<std::uint32_t>(attributes_.size())});
  keys_.insert(keys_.end(), points.begin(), points.end());
  attributes_.push_back(attributes);
}

void street_graph_builder::sort_points() {
  auto const before = [](point const& a, point const& b) { return a.key < b.key; };
  if (!std::is_sorted(points_.begin(), points_.end(), before)) std::stable_sort(points_.begin(), points_.end(), before);
  auto const unique_end =
      std::unique(points_.begin(), points_.end(), [](point const& a, point const& b) { return a.key == b.key; });
  counts_.points_duplicate = static_cast<std::uint64_t>(points_.end() - unique_end);
  points_.erase(unique_end, points_.end());
}

/// Finds a way's runs of known points. A closed point ends one run and begins the next, as two places that nothing
/// joins.
class street_graph_builder::run_finder {
 public:
  run_finder(std::vector<point> const& points, std::vector<place_e7>& places, street_counts& counts, way_cutter& into)
      : points_{points}, places_{places}, counts_{counts}, into_{into} {}

  void take(std::span<street_key const> keys, std::uint32_t attributes) {
    took_ = false;
    for (auto const key : keys) add(key, attributes);
    finish(attributes);
    if (!took_) ++counts_.ways_too_short;
  }

 private:
  void add(street_key key, std::uint32_t attributes) {
    auto const found =
        std::lower_bound(points_.begin(), points_.end(), key, [](point const& p, street_key k) { return p.key < k; });
    if (found == points_.end() || found->key != key) {
      ++counts_.points_missing;
      finish(attributes);
      return;
    }
    if (found->closed) {
      ++counts_.points_closed;
      if (!run_.empty()) run_.push_back(copy_of(found->place));
      finish(attributes);
      run_.push_back(copy_of(found->place));
      return;
    }
    auto const at = static_cast<std::uint32_t>(found - points_.begin());
    if (run_.empty() || run_.back() != at) run_.push_back(at);
  }
  std::uint32_t copy_of(place_e7 place) {
    places_.push_back(place);
    return static_cast<std::uint32_t>(places_.size() - 1);
  }
  void finish(std::uint32_t attributes) {
    if (run_.size() >= 2) took_ = true, into_.add_run(run_, attributes);
    run_.clear();
  }

  std::vector<point> const& points_;
  std::vector<place_e7>& places_;
  street_counts& counts_;
  way_cutter& into_;
  std::vector<std::uint32_t> run_;
  bool took_ = false;
};

built_streets street_graph_builder::build() && {
  sort_points();
  std::vector<place_e7> places;
  places.reserve(points_.size());
  for (auto const& p : points_) places.push_back(p.place);
  way_cutter cutter{places, counts_};
  run_finder finder{points_, places, counts_, cutter};
  for (auto const& w : ways_) finder.take(std::span{keys_}.subspan(w.first_key, w.key_count), w.attributes);

  auto cut = cutter.cut();
  auto const kept = kept_points(places.size(), cut.all, policy_.min_component_nodes, counts_);
  auto const order = hilbert_order(places, kept);
  street_arrays out;
  out.generated = generated_;
  for (auto const p : order) out.nodes.push_back(places[p]);
  number_stretches(cut, order, places.size(), out, counts_);
  fill_edges(out, cut.all, attributes_);
  counts_.nodes = out.nodes.size();
  counts_.segments = out.segments.size();
  return {street_graph{out}, counts_};
}

}  // namespace siren
