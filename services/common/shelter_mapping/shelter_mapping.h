#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/geo/position.h"
#include "core/shelter/registry.h"

namespace siren {

/// How a city's own list of shelters becomes records of the registry, as a YAML file declares it
/// (deploy/mappings/README.md): no code for a new city.

enum class list_format : std::uint8_t { csv = 1, geojson = 2, json = 3 };

/// How one field of a shelter comes out of a record.
struct field_rule {
  std::string column;                         // empty: `text` alone
  std::string text;                           // as it stands, {column} replaced by that column's text
  std::map<std::string, std::string> values;  // what the column's texts stand for; empty: each for itself
  std::optional<std::string> empty;           // for an empty column
  std::optional<std::string> otherwise;       // for a text that is not among `values`; absent: the record is rejected
};

/// Records that are no shelters of their own.
struct skip_rule {
  std::string column;
  std::set<std::string> values;
  std::string because;
};

struct shelter_mapping {
  std::string name;
  list_format format = list_format::csv;
  std::string records;  // of json: where each group of the top list has its records; empty: the top list is of records
  lat_lon_box box;      // a place outside is rejected
  std::string id_prefix;               // of all shelters of this list and of no others; empty: there is none
  std::set<std::string> null_texts;    // texts that mean "empty"
  std::uint32_t assumed_capacity = 0;  // where the list tells none; 0: it stays unknown
  std::vector<skip_rule> skips;
  std::map<std::string, field_rule> fields;  // by name of a shelter's field
};

/// Failure: MALFORMED (with the line), MISSING_FIELD, FIELD_TOO_LONG.
[[nodiscard]] result<shelter_mapping> parse_mapping(std::string const& yaml, std::string const& name);
/// `name` is a file when it has a slash or ends with .yaml, else `folder`/name.yaml. Failure: FILE_UNREADABLE too.
[[nodiscard]] result<shelter_mapping> read_mapping(std::string const& name, std::filesystem::path const& folder);

/// A record that is not kept.
struct row_reject {
  std::size_t line = 0;  // of a CSV (the header is 1), else number of the record from 1
  std::string id;        // as far as it could be read
  failure because;
};

struct mapped_list {
  std::size_t rows = 0;            // records of the list
  std::vector<shelter> shelters;   // fit for the registry, each id once; obstacle_of tells which are doubtful
  std::vector<std::size_t> lines;  // of each of `shelters`
  std::vector<row_reject> rejects;
};

/// Every record of the list is either among the shelters or among the rejects. Failure of the whole: MALFORMED,
/// MISSING_FIELD, MESSAGE_TOO_LARGE (over 200,000 records), SCHEMA_MISMATCH (a column that the mapping needs is gone).
[[nodiscard]] result<mapped_list> map_list(std::string const& text, shelter_mapping const& by);

}  // namespace siren
