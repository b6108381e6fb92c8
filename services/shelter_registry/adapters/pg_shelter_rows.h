#pragma once

#include <string>
#include <vector>

#include <pqxx/pqxx>

#include "core/shelter/shelter.h"

namespace siren {

/// A shelter with its change number, as tables keep them.
struct shelter_row {
  shelter record;
  std::uint64_t change = 0;
};

/// Columns that `read_shelter_row` needs, of `shelter s`; entrances come along as JSON, so that one statement (one
/// snapshot) gives whole records.
extern char const* const kShelterRowColumns;
[[nodiscard]] shelter_row read_shelter_row(pqxx::row const& row);

/// JSON lists for json_to_recordset: ids, {"id"}; whole rows as kPutShelters and kPutEntrances take them.
[[nodiscard]] std::string ids_as_json(std::vector<shelter> const& records, std::size_t from, std::size_t to);
[[nodiscard]] std::string rows_as_json(std::vector<shelter_row> const& rows, std::size_t from, std::size_t to);

}  // namespace siren
