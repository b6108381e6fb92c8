#include "core/route/street_graph.h"

#include "core/base/verify.h"
#include "core/route/binary.h"
#include "core/route/street_graph_file.h"

namespace siren {

street_graph::street_graph(street_arrays const& arrays) : kept_{shared_bytes::owned(seal_streets(arrays))} {
  auto const laid = lay_streets(kept_.bytes);
  verify(laid.has_value(), "what was written can be read");
  arrays_ = *laid;
  id_ = graph_id{checksum_of(kept_.bytes)};
}

street_graph::street_graph(shared_bytes kept, street_views const& arrays)
    : kept_{std::move(kept)}, arrays_{arrays}, id_{checksum_of(kept_.bytes)} {}

std::string_view street_graph::text(std::uint32_t at) const {
  auto const begin = arrays_.texts[at];
  return {arrays_.text_bytes.data() + begin, arrays_.texts[at + 1] - begin};
}

}  // namespace siren
