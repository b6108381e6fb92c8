#include "core/route/street_graph.h"

#include "core/route/street_graph_file.h"

namespace siren {

street_graph::street_graph(street_arrays arrays) : arrays_{std::move(arrays)}, id_{content_id(arrays_)} {}

std::span<place_e7 const> street_graph::inner_shape(segment_index s) const {
  auto const begin = arrays_.segments[s.value].first_shape;
  bool const last = s.value + 1 == arrays_.segments.size();
  std::size_t const end = last ? arrays_.shape.size() : arrays_.segments[s.value + 1].first_shape;
  return {arrays_.shape.data() + begin, end - begin};
}

std::string_view street_graph::text(std::uint32_t at) const {
  auto const begin = arrays_.texts[at];
  return {arrays_.text_bytes.data() + begin, arrays_.texts[at + 1] - begin};
}

}  // namespace siren
