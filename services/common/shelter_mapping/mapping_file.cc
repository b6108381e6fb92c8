#include <yaml-cpp/yaml.h>

#include <array>
#include <set>

#include "common/city_bundle/bundle_files.h"
#include "common/shelter_mapping/shelter_mapping.h"

namespace siren {
namespace {

constexpr std::size_t kMostBytes = 256U << 10U;  // our choice: a hundred times Kyiv's

constexpr std::array<std::string_view, 21> kFields{
    "id",    "type",        "name_uk", "name_en",   "address", "lat",       "lon",
    "place", "capacity",    "pets",    "step_free", "state",   "depth_m",   "stairs",
    "power", "verified_at", "heat",    "water",     "access",  "keyholder", "open_hours"};
constexpr std::array<char const*, 4> kNeeded{"id", "type", "lat", "lon"};

/// What is wrong with the file, thrown inside this file only: yaml-cpp throws its own faults anyway.
struct fault {
  reason why;
  std::string message;
};

std::string place_of(YAML::Node const& node) {
  return "line " + std::to_string(node.Mark().line + 1) + ": ";
}

void only(YAML::Node const& map, std::set<std::string> const& known) {
  if (!map.IsMap()) throw fault{reason::malformed, place_of(map) + "not a map"};
  for (auto const& pair : map) {
    auto const key = pair.first.as<std::string>();
    if (!known.contains(key)) throw fault{reason::malformed, place_of(pair.first) + "unknown key \"" + key + "\""};
  }
}

std::string text_at(YAML::Node const& map, char const* key) {
  if (!map[key]) throw fault{reason::missing_field, place_of(map) + key + " missing"};
  return map[key].as<std::string>();
}

field_rule rule_of(YAML::Node const& node) {
  field_rule rule;
  if (node.IsScalar()) {
    rule.text = node.as<std::string>();
    return rule;
  }
  only(node, {"column", "values", "empty", "otherwise"});
  rule.column = text_at(node, "column");
  if (node["values"]) rule.values = node["values"].as<std::map<std::string, std::string>>();
  if (node["empty"]) rule.empty = node["empty"].as<std::string>();
  if (node["otherwise"]) rule.otherwise = node["otherwise"].as<std::string>();
  return rule;
}

lat_lon_box box_of(YAML::Node const& node) {
  only(node, {"south", "west", "north", "east"});
  auto const edge = [&](char const* key) {
    if (!node[key]) throw fault{reason::missing_field, place_of(node) + key + " missing"};
    return degrees{node[key].as<double>()};
  };
  lat_lon_box const box{{edge("south"), edge("west")}, {edge("north"), edge("east")}};
  if (!on_earth(box.south_west) || !on_earth(box.north_east) || box.south_west.lat >= box.north_east.lat ||
      box.south_west.lon >= box.north_east.lon)
    throw fault{reason::malformed, place_of(node) + "not a box"};
  return box;
}

list_format format_of(YAML::Node const& root) {
  auto const name = text_at(root, "format");
  if (name == "csv") return list_format::csv;
  if (name == "geojson") return list_format::geojson;
  if (name == "json") return list_format::json;
  throw fault{reason::malformed, place_of(root["format"]) + "format is csv, geojson or json"};
}

shelter_mapping mapping_of(YAML::Node const& root) {
  only(root, {"format", "records", "box", "id_prefix", "null_texts", "assumed_capacity", "skip", "fields"});
  shelter_mapping made;
  made.format = format_of(root);
  if (root["records"]) made.records = root["records"].as<std::string>();
  if (root["id_prefix"]) made.id_prefix = root["id_prefix"].as<std::string>();
  if (!root["box"]) throw fault{reason::missing_field, "box missing"};
  made.box = box_of(root["box"]);
  for (auto const& text : root["null_texts"]) made.null_texts.insert(text.as<std::string>());
  if (root["assumed_capacity"]) made.assumed_capacity = root["assumed_capacity"].as<std::uint32_t>();
  for (auto const& node : root["skip"]) {
    only(node, {"column", "values", "because"});
    skip_rule skip{text_at(node, "column"), {}, text_at(node, "because")};
    for (auto const& text : node["values"]) skip.values.insert(text.as<std::string>());
    made.skips.push_back(std::move(skip));
  }
  if (!root["fields"]) throw fault{reason::missing_field, "fields missing"};
  only(root["fields"], {kFields.begin(), kFields.end()});
  for (auto const& pair : root["fields"]) made.fields[pair.first.as<std::string>()] = rule_of(pair.second);
  for (auto const* needed : kNeeded)
    if (!made.fields.contains(needed)) throw fault{reason::missing_field, std::string{"field "} + needed + " missing"};
  if (!made.fields.contains("name_uk") && !made.fields.contains("name_en"))
    throw fault{reason::missing_field, "field name_uk or name_en missing"};
  return made;
}

}  // namespace

result<shelter_mapping> parse_mapping(std::string const& yaml, std::string const& name) {
  auto const told = [&](std::string const& what) { return "mapping " + name + ": " + what; };
  if (yaml.size() > kMostBytes) return failure{reason::field_too_long, told("the file is too long")};
  try {
    auto made = mapping_of(YAML::Load(yaml));
    made.name = name;
    return made;
  } catch (fault const& bad) {
    return failure{bad.why, told(bad.message)};
  } catch (YAML::Exception const& bad) {
    return failure{reason::malformed, told("line " + std::to_string(bad.mark.line + 1) + ": " + bad.msg)};
  }
}

result<shelter_mapping> read_mapping(std::string const& name, std::filesystem::path const& folder) {
  bool const file = name.find('/') != std::string::npos || name.ends_with(".yaml");
  auto const path = file ? std::filesystem::path{name} : folder / (name + ".yaml");
  auto const text = read_whole_file(path, kMostBytes);
  if (!text) return text.error();
  return parse_mapping(*text, path.stem().string());
}

}  // namespace siren
