#include "common/city_bundle/fields.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "common/city_bundle/csv.h"

namespace siren {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
std::string const kEmpty;
nlohmann::json const kEmptyObject = nlohmann::json::object();
nlohmann::json const kEmptyArray = nlohmann::json::array();

bool is_id_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' ||
         c == ':' || c == '-';
}

}  // namespace

void field_reader::fail(reason why, std::string message) {
  if (!bad_) bad_ = failure{why, std::move(message)};
}

void field_reader::check_id(std::string_view name, std::string const& value) {
  if (value.size() > kMaxIdBytes) return fail(reason::field_too_long, std::string{name} + " too long");
  if (!std::all_of(value.begin(), value.end(), is_id_character)) {
    fail(reason::malformed, std::string{name} + " has characters that an id may not have");
  }
}

void field_reader::check_text(std::string_view name, std::string const& value, bool required) {
  if (required && value.empty()) return fail(reason::missing_field, std::string{name} + " missing");
  if (value.size() > kMaxTextBytes) return fail(reason::field_too_long, std::string{name} + " too long");
  if (!is_plain_text(value)) fail(reason::malformed, std::string{name} + " is not plain text");
}

std::uint32_t field_reader::whole(std::string_view name, double value, std::uint32_t most, reason out_of_range) {
  if (!ok()) return 0;
  if (value != std::floor(value)) return fail(reason::malformed, std::string{name} + " is not a whole number"), 0;
  if (value < 0.0 || value > static_cast<double>(most)) {
    return fail(out_of_range, std::string{name} + " is not in 0 to " + std::to_string(most)), 0;
  }
  return static_cast<std::uint32_t>(value);
}

lat_lon field_reader::place_of(double lat, double lon) {
  if (!ok()) return {};
  if (!(std::abs(lat) <= 90.0)) fail(reason::latitude_out_of_range, "lat out of range");
  if (!(std::abs(lon) <= 180.0)) fail(reason::longitude_out_of_range, "lon out of range");
  return {degrees{lat}, degrees{lon}};
}

json_fields::json_fields(nlohmann::json const& object) : object_{object.is_object() ? object : kEmptyObject} {
  if (!object.is_object()) fail(reason::malformed, "not an object");
}

nlohmann::json const* json_fields::find(char const* key) const {
  auto const found = object_.find(key);
  return found == object_.end() || found->is_null() ? nullptr : &*found;
}

bool json_fields::has(char const* key) const {
  return find(key) != nullptr;
}

std::string json_fields::text(char const* key, bool required) {
  auto const* const value = find(key);
  if (value == nullptr) {
    check_text(key, {}, required);
    return {};
  }
  if (!value->is_string()) return fail(reason::malformed, std::string{key} + " is not a text"), std::string{};
  auto text = value->get<std::string>();
  check_text(key, text, required);
  return text;
}

std::string json_fields::id(char const* key) {
  auto value = text(key);
  check_id(key, value);
  return value;
}

double json_fields::number(char const* key) {
  auto const* const value = find(key);
  if (value == nullptr) return fail(reason::missing_field, std::string{key} + " missing"), kNone;
  if (!value->is_number()) return fail(reason::malformed, std::string{key} + " is not a number"), kNone;
  return value->get<double>();
}

std::uint32_t json_fields::whole_number(char const* key, std::uint32_t most, reason out_of_range) {
  return whole(key, number(key), most, out_of_range);
}

bool json_fields::flag(char const* key, bool otherwise) {
  auto const* const value = find(key);
  if (value == nullptr) return otherwise;
  if (!value->is_boolean()) return fail(reason::malformed, std::string{key} + " is neither true nor false"), otherwise;
  return value->get<bool>();
}

meters json_fields::depth(char const* key, meters deepest) {
  meters const value{number(key)};
  if (ok() && !(value >= meters{0.0} && value <= deepest)) {
    fail(reason::malformed, std::string{key} + " is out of range");
  }
  return value;
}

lat_lon json_fields::place() {
  auto const lat = number("lat");
  return place_of(lat, number("lon"));
}

nlohmann::json const& json_fields::sub(char const* key, bool is_array) {
  auto const& otherwise = is_array ? kEmptyArray : kEmptyObject;
  auto const* const value = find(key);
  if (value == nullptr) return fail(reason::missing_field, std::string{key} + " missing"), otherwise;
  if (is_array ? value->is_array() : value->is_object()) return *value;
  return fail(reason::malformed, std::string{key} + (is_array ? " is not a list" : " is not an object")), otherwise;
}

nlohmann::json const& json_fields::object(char const* key) {
  return sub(key, false);
}
nlohmann::json const& json_fields::array(char const* key) {
  return sub(key, true);
}

csv_fields::csv_fields(std::vector<std::string> const& header, std::vector<std::string> const& fields)
    : header_{header}, fields_{fields} {}

bool csv_fields::has(std::string_view column) const {
  auto const found = std::find(header_.begin(), header_.end(), column);
  auto const at = static_cast<std::size_t>(found - header_.begin());
  return at < fields_.size() && !fields_[at].empty();
}

std::string const& csv_fields::get(std::string_view column) {
  auto const found = std::find(header_.begin(), header_.end(), column);
  auto const at = static_cast<std::size_t>(found - header_.begin());
  if (at >= fields_.size()) return fail(reason::missing_field, "no column " + std::string{column}), kEmpty;
  return fields_[at];
}

std::string csv_fields::text(std::string_view column, bool required) {
  auto const& value = get(column);
  check_text(column, value, required);
  return value;
}

std::string csv_fields::id(std::string_view column) {
  auto value = text(column);
  check_id(column, value);
  return value;
}

double csv_fields::number(std::string_view column) {
  auto const& value = get(column);
  if (value.empty()) return fail(reason::missing_field, std::string{column} + " missing"), kNone;
  double number = kNone;
  auto const [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc{} || end != value.data() + value.size() || !std::isfinite(number)) {
    return fail(reason::malformed, std::string{column} + " is not a number"), kNone;
  }
  return number;
}

std::uint32_t csv_fields::whole_number(std::string_view column, std::uint32_t most, reason out_of_range) {
  return get(column).empty() ? 0 : whole(column, number(column), most, out_of_range);
}

bool csv_fields::flag(std::string_view column) {
  auto const& value = get(column);
  if (value != "yes" && value != "no") fail(reason::malformed, std::string{column} + " is neither yes nor no");
  return value == "yes";
}

lat_lon csv_fields::place() {
  auto const lat = number("lat");
  return place_of(lat, number("lon"));
}

result<nlohmann::json> read_json_object(std::string const& text, std::string const& file_name) {
  auto root = nlohmann::json::parse(text, nullptr, false);
  if (root.is_discarded()) return failure{reason::malformed, file_name + " is not JSON"};
  if (!root.is_object()) return failure{reason::malformed, file_name + " is not a JSON object"};
  return root;
}

}  // namespace siren
