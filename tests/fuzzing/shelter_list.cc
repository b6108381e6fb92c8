#include "common/shelter_mapping/shelter_mapping.h"
#include "core/base/verify.h"
#include "fuzzing/fuzz_input.h"

namespace siren {
namespace {

shelter_mapping const& mapping_of(list_format format) {
  static auto const made = [] {
    constexpr char kFields[] = R"(
box: { south: 50, west: 30, north: 51, east: 31 }
null_texts: ["-"]
assumed_capacity: 37
skip: [{ column: kind, values: [metro], because: elsewhere }]
fields:
  id: "x-{id}"
  type: { column: kind, empty: basic }
  name_uk: "{name}, {group.name}"
  lat: { column: lat }
  lon: { column: lon }
  place: { column: how, empty: exact, otherwise: approximate, values: { none: none } }
  capacity: { column: room }
  state: { column: state }
  open_hours: { column: hours }
  access: { column: access }
  verified_at: { column: seen }
  depth_m: { column: depth }
  stairs: { column: stairs }
  power: { column: power }
)";
    std::vector<shelter_mapping> all;
    for (std::string const head : {"format: csv", "format: geojson", "format: json\nrecords: items"}) {
      auto read = parse_mapping(head + kFields, "fuzz");
      verify(read.ok(), "the mapping is good");
      all.push_back(std::move(read).value());
    }
    all[0].fields["name_uk"].text = "{name}";  // a CSV has no groups
    return all;
  }();
  return made.at(static_cast<std::size_t>(format) - 1);
}

}  // namespace
}  // namespace siren

/// The first byte chooses the format.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  using namespace siren;
  if (size == 0) return 0;
  auto const& by = mapping_of(static_cast<list_format>(1 + bytes[0] % 3));
  auto const list = map_list(std::string{fuzz::text_of(bytes + 1, size - 1)}, by);
  if (!list) return 0;
  verify(list->rows == list->shelters.size() + list->rejects.size(), "every record is kept or rejected");
  verify(list->lines.size() == list->shelters.size(), "every shelter has its line");
  for (auto const& s : list->shelters) {
    verify(validate(s).ok(), "what is kept is fit for the registry");
    verify(by.box.contains(s.place), "what is kept lies inside the city");
  }
  return 0;
}
