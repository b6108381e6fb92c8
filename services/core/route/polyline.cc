#include <cmath>

#include "core/route/guidance.h"

namespace siren {
namespace {

void append_number(std::string& out, std::int64_t value) {
  auto bits = static_cast<std::uint64_t>(value) << 1;
  if (value < 0) bits = ~bits;
  while (bits >= 0x20) {
    out.push_back(static_cast<char>((0x20 | (bits & 0x1F)) + 63));
    bits >>= 5;
  }
  out.push_back(static_cast<char>(bits + 63));
}

/// Takes one number off the front; absent when the text ends or strays. A coordinate needs at most 6 characters.
std::optional<std::int64_t> take_number(std::string_view& text) {
  std::uint64_t bits = 0;
  for (unsigned i = 0; i < 7 && i < text.size(); ++i) {
    int const chunk = static_cast<unsigned char>(text[i]) - 63;
    if (chunk < 0 || chunk > 63) return std::nullopt;
    bits |= static_cast<std::uint64_t>(chunk & 0x1F) << (5 * i);
    if (chunk >= 0x20) continue;
    text.remove_prefix(i + 1);
    auto const half = static_cast<std::int64_t>(bits >> 1);
    return (bits & 1) != 0 ? ~half : half;
  }
  return std::nullopt;
}

}  // namespace

std::string encode_polyline(std::vector<lat_lon> const& shape) {
  std::string out;
  out.reserve(shape.size() * 6);
  std::int64_t lat = 0;
  std::int64_t lon = 0;
  for (auto const& place : shape) {
    auto const next_lat = std::llround(place.lat.value * 1e5);
    auto const next_lon = std::llround(place.lon.value * 1e5);
    append_number(out, next_lat - lat);
    append_number(out, next_lon - lon);
    lat = next_lat;
    lon = next_lon;
  }
  return out;
}

std::vector<lat_lon> decode_polyline(std::string_view encoded) {
  std::vector<lat_lon> shape;
  std::int64_t lat = 0;
  std::int64_t lon = 0;
  while (!encoded.empty()) {
    auto const step_lat = take_number(encoded);
    if (!step_lat) break;
    auto const step_lon = take_number(encoded);
    if (!step_lon) break;
    lat += *step_lat;
    lon += *step_lon;
    shape.push_back({degrees{static_cast<double>(lat) / 1e5}, degrees{static_cast<double>(lon) / 1e5}});
  }
  return shape;
}

}  // namespace siren
