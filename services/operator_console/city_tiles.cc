#include "operator_console/city_tiles.h"

#include <algorithm>
#include <charconv>
#include <map>

#include <protozero/pbf_writer.hpp>

namespace siren {
namespace {

constexpr std::uint32_t kExtent = 4096;
constexpr std::int64_t kMargin = 128;  // of 4096: lines are wider than nothing
constexpr int kWorldBits = 32;
constexpr std::uint32_t kLineString = 2;
constexpr std::uint32_t kMoveTo = 1;
constexpr std::uint32_t kLineTo = 2;
constexpr std::uint32_t kClassKey = 0;
constexpr std::uint32_t kNameKey = 1;
constexpr std::uint32_t kClasses = 6;

/// Of the format: numbers of fields.
enum field : protozero::pbf_tag_type {
  kLayers = 3,
  kName = 1,
  kFeatures = 2,
  kKeys = 3,
  kValues = 4,
  kWide = 5,
  kVersion = 15
};
enum value_field : protozero::pbf_tag_type { kText = 1, kNumber = 5 };
enum feature_field : protozero::pbf_tag_type { kTags = 2, kType = 3, kGeometry = 4 };

/// Down to which class a tile of a zoom shows streets: so many that they can be told apart.
std::uint32_t lowest_class(std::uint32_t zoom) {
  constexpr std::array<std::uint32_t, city_tiles::kMostZoom + 1> kByZoom{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 3, 4, 6};
  return kByZoom.at(zoom);
}

std::uint32_t zigzag(std::int64_t number) {
  return static_cast<std::uint32_t>((number << 1) ^ (number >> 63));
}

struct spot {
  std::int64_t x;
  std::int64_t y;
  friend bool operator==(spot const&, spot const&) = default;
};

/// The pieces of a line that come near the tile, as the format's commands.
class line_commands {
 public:
  void add(spot from, spot to) {
    if (from == to) return;
    if (outside(from, to)) return end();
    if (piece_.empty()) piece_.push_back(from);
    piece_.push_back(to);
  }
  void end() {
    if (piece_.size() > 1) {
      put(piece_.front(), kMoveTo, 1);
      for (std::size_t i = 1; i < piece_.size(); ++i) put(piece_[i], kLineTo, i == 1 ? piece_.size() - 1 : 0);
    }
    piece_.clear();
  }
  std::vector<std::uint32_t> out;

 private:
  static bool outside(spot a, spot b) {
    auto const beyond = [](std::int64_t u, std::int64_t v) {
      return std::max(u, v) < -kMargin || std::min(u, v) > static_cast<std::int64_t>(kExtent) + kMargin;
    };
    return beyond(a.x, b.x) || beyond(a.y, b.y);
  }
  void put(spot to, std::uint32_t command, std::size_t count) {
    if (count != 0) out.push_back(command | static_cast<std::uint32_t>(count) << 3U);
    out.push_back(zigzag(to.x - at_.x));
    out.push_back(zigzag(to.y - at_.y));
    at_ = to;
  }
  std::vector<spot> piece_;
  spot at_{0, 0};
};

struct tile_place {
  std::uint32_t zoom;
  std::uint32_t x;
  std::uint32_t y;
};

std::optional<tile_place> place_of(std::string const& path) {
  tile_place place{};
  auto const* at = path.data();
  auto const* const end = at + path.size();
  for (auto* number : {&place.zoom, &place.x, &place.y}) {
    if (number != &place.zoom && (at == end || *at++ != '/')) return std::nullopt;
    auto const [next, bad] = std::from_chars(at, end, *number);
    if (bad != std::errc{}) return std::nullopt;
    at = next;
  }
  if (at != end || place.zoom > city_tiles::kMostZoom) return std::nullopt;
  if (place.x >> place.zoom != 0 || place.y >> place.zoom != 0) return std::nullopt;
  return place;
}

}  // namespace

class tile_writer {
 public:
  tile_writer(city_tiles const& city, tile_place place) : city_{city}, place_{place}, shift_{kWorldBits - place.zoom} {}

  std::string write() {
    for (auto const& one : city_.streets_)
      if (static_cast<std::uint32_t>(one.rank) <= lowest_class(place_.zoom) && near(one)) add(one);
    if (features_.empty()) return {};
    std::string tile;
    write_layer(protozero::pbf_writer{tile});
    return tile;
  }

 private:
  void write_layer(protozero::pbf_writer whole) {
    protozero::pbf_writer layer{whole, kLayers};
    layer.add_uint32(kVersion, 2);
    layer.add_string(kName, "streets");
    for (auto const& feature : features_) layer.add_message(kFeatures, feature);
    layer.add_string(kKeys, "class");
    layer.add_string(kKeys, "name");
    for (std::uint32_t i = 1; i <= kClasses; ++i) {
      protozero::pbf_writer value{layer, kValues};
      value.add_uint64(kNumber, i);
    }
    for (auto const name : names_) {
      protozero::pbf_writer value{layer, kValues};
      value.add_string(kText, city_.names_[name]);
    }
    layer.add_uint32(kWide, kExtent);
  }
  [[nodiscard]] spot spot_of(city_tiles::point at) const {
    auto const here = [&](std::uint32_t world, std::uint32_t tile) {
      auto const inside = static_cast<std::int64_t>(world) - (static_cast<std::int64_t>(tile) << shift_);
      return (inside * kExtent) >> shift_;
    };
    return {here(at.x, place_.x), here(at.y, place_.y)};
  }
  [[nodiscard]] bool near(city_tiles::street const& one) const {
    auto const least = spot_of(one.least);
    auto const most = spot_of(one.most);
    auto const far = static_cast<std::int64_t>(kExtent) + kMargin;
    return most.x >= -kMargin && most.y >= -kMargin && least.x <= far && least.y <= far;
  }
  std::uint32_t value_of(std::uint32_t name) {
    auto const [found, fresh] = known_.try_emplace(name, kClasses + static_cast<std::uint32_t>(names_.size()));
    if (fresh) names_.push_back(name);
    return found->second;
  }
  void add(city_tiles::street const& one) {
    line_commands line;
    for (auto i = one.first_point + 1; i < one.first_point + one.points; ++i)
      line.add(spot_of(city_.points_[i - 1]), spot_of(city_.points_[i]));
    line.end();
    if (line.out.empty()) return;
    std::vector<std::uint32_t> tags{kClassKey, static_cast<std::uint32_t>(one.rank) - 1};
    if (one.name != 0) tags.insert(tags.end(), {kNameKey, value_of(one.name)});
    std::string made;
    protozero::pbf_writer feature{made};
    feature.add_packed_uint32(kTags, tags.begin(), tags.end());
    feature.add_enum(kType, kLineString);
    feature.add_packed_uint32(kGeometry, line.out.begin(), line.out.end());
    features_.push_back(std::move(made));
  }

  city_tiles const& city_;
  tile_place place_;
  std::uint32_t shift_;
  std::vector<std::string> features_;
  std::map<std::uint32_t, std::uint32_t> known_;
  std::vector<std::uint32_t> names_;
};

std::optional<std::string> city_tiles::tile(std::string const& path) const {
  auto const place = place_of(path);
  if (!place) return std::nullopt;
  return tile_writer{*this, *place}.write();
}

}  // namespace siren
