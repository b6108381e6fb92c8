#pragma once

#include "common/shelter_mapping/shelter_mapping.h"

namespace siren {

/// One record as texts by column. Blanks at the ends are cut, runs of blanks and line ends are one blank, texts that
/// mean "empty" are empty. Numbers and truth values of JSON are their texts.
struct foreign_record {
  std::size_t line = 0;
  std::map<std::string, std::string> columns;
};

struct foreign_list {
  std::vector<foreign_record> records;
  std::vector<row_reject> rejects;  // what is no record at all
  std::set<std::string> header;     // of a CSV
};

/// GeoJSON: the properties of each feature, and `lat` and `lon` of its Point. JSON: the members of each record, and
/// those of its group as group.NAME. Failure: as map_list.
[[nodiscard]] result<foreign_list> read_foreign_list(std::string const& text, shelter_mapping const& by);

}  // namespace siren
