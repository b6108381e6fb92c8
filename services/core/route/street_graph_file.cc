#include "core/route/street_graph_file.h"

#include <algorithm>

#include "core/route/binary.h"

namespace siren {
namespace {

constexpr file_format kFormat{"SIRENSTR", 2};

bool rising_to(std::span<std::uint32_t const> offsets, std::size_t end) {
  return !offsets.empty() && offsets.front() == 0 && offsets.back() == end &&
         std::is_sorted(offsets.begin(), offsets.end());
}

bool edges_hold(street_views const& a) {
  for (std::uint32_t node = 0; node < a.nodes.size(); ++node) {
    for (std::uint32_t e = a.first_edge[node]; e < a.first_edge[node + 1]; ++e) {
      auto const& edge = a.edges[e];
      auto const back = edge.reverse().value;
      if (edge.target().value >= a.nodes.size() || back >= a.edges.size() || back == e) return false;
      if (edge.segment().value >= a.segments.size() || edge.length_cm() == 0) return false;
      auto const& reverse = a.edges[back];
      if (reverse.reverse().value != e || reverse.target().value != node) return false;
      if (reverse.segment() != edge.segment() || reverse.length_cm() != edge.length_cm()) return false;
      if (reverse.flags() != reversed_flags(edge.flags())) return false;
    }
  }
  return true;
}

bool segments_hold(street_views const& a) {
  std::uint32_t shape = 0;
  for (std::uint32_t s = 0; s < a.segments.size(); ++s) {
    auto const& segment = a.segments[s];
    if (segment.forward.value >= a.edges.size() || a.edges[segment.forward.value].segment().value != s) return false;
    if (segment.first_shape < shape || segment.first_shape > a.shape.size()) return false;
    if (2 * static_cast<std::uint64_t>(segment.name) + 2 >= a.texts.size()) return false;
    shape = segment.first_shape;
  }
  return a.segments.empty() ? a.shape.empty() : a.segments.front().first_shape == 0;
}

bool consistent(street_views const& a) {
  if (a.first_edge.size() != a.nodes.size() + 1 || a.edges.size() != 2 * a.segments.size()) return false;
  if (!rising_to(a.first_edge, a.edges.size()) || !rising_to(a.texts, a.text_bytes.size())) return false;
  if (a.texts.size() % 2 != 1 || a.texts.size() < 3 || a.texts[2] != 0) return false;
  if (!std::all_of(a.nodes.begin(), a.nodes.end(), in_range)) return false;
  if (!std::all_of(a.shape.begin(), a.shape.end(), in_range)) return false;
  return edges_hold(a) && segments_hold(a);
}

}  // namespace

std::vector<std::byte> seal_streets(street_arrays const& a) {
  file_writer out;
  out.value(static_cast<std::uint64_t>(a.generated ? 1 : 0));
  out.array(a.nodes);
  out.array(a.first_edge);
  out.array(a.edges);
  out.array(a.segments);
  out.array(a.shape);
  out.array(a.texts);
  out.array(a.text_bytes);
  return std::move(out).seal(kFormat);
}

std::optional<street_views> lay_streets(std::span<std::byte const> sealed) {
  byte_reader in{body_of(sealed)};
  street_views a;
  auto const traits = in.value<std::uint64_t>();
  a.generated = traits == 1;
  a.nodes = in.view<place_e7>();
  a.first_edge = in.view<std::uint32_t>();
  a.edges = in.view<street_edge>();
  a.segments = in.view<street_segment>();
  a.shape = in.view<place_e7>();
  a.texts = in.view<std::uint32_t>();
  a.text_bytes = in.view<char>();
  if (!in.at_end() || traits > 1) return std::nullopt;
  return a;
}

std::vector<std::byte> write_street_graph(street_graph const& streets) {
  return {streets.bytes().begin(), streets.bytes().end()};
}

result<street_graph> read_street_graph(shared_bytes bytes) {
  bytes = aligned(std::move(bytes));
  if (auto const body = unseal(kFormat, bytes.bytes); !body) return body.error();
  auto const arrays = lay_streets(bytes.bytes);
  if (!arrays) return failure{reason::malformed, "streets: arrays do not fill the file"};
  if (!consistent(*arrays)) return failure{reason::malformed, "streets: an index points outside"};
  return street_graph{std::move(bytes), *arrays};
}

result<street_graph> read_street_graph(std::span<std::byte const> bytes) {
  return read_street_graph(shared_bytes::owned({bytes.begin(), bytes.end()}));
}

}  // namespace siren
