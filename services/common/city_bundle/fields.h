#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/geo/position.h"

namespace siren {

/// Longest name, label or address; phones show these on one or two lines.
inline constexpr std::size_t kMaxTextBytes = 512;
inline constexpr std::size_t kMaxIdBytes = 64;

/// Reads typed fields one after another and keeps the first failure: a reader's code stays a plain list of fields.
/// After a failure the values that it gives mean nothing.
class field_reader {
 public:
  [[nodiscard]] bool ok() const { return !bad_; }
  [[nodiscard]] failure const& error() const { return verify(bad_.has_value(), "a field failed"), *bad_; }
  void fail(reason why, std::string message);

 protected:
  /// Ids: 1 to 64 of letters, digits and . _ : -
  void check_id(std::string_view name, std::string const& value);
  void check_text(std::string_view name, std::string const& value, bool required);
  /// Both bounds included.
  std::uint32_t whole(std::string_view name, double value, std::uint32_t most, reason out_of_range);
  lat_lon place_of(double lat, double lon);

 private:
  std::optional<failure> bad_;
};

/// Fields of one JSON object. A key that is absent or null is missing.
class json_fields : public field_reader {
 public:
  explicit json_fields(nlohmann::json const& object);
  [[nodiscard]] bool has(char const* key) const;
  std::string id(char const* key);
  std::string text(char const* key, bool required = true);
  double number(char const* key);
  std::uint32_t whole_number(char const* key, std::uint32_t most, reason out_of_range);
  bool flag(char const* key, bool otherwise);
  /// From 0 to `deepest`.
  meters depth(char const* key, meters deepest);
  /// From `lat` and `lon` beside each other.
  lat_lon place();
  nlohmann::json const& object(char const* key);
  nlohmann::json const& array(char const* key);

 private:
  nlohmann::json const* find(char const* key) const;
  nlohmann::json const& sub(char const* key, bool is_array);
  nlohmann::json const& object_;
};

/// Fields of one CSV record, by column name.
class csv_fields : public field_reader {
 public:
  csv_fields(std::vector<std::string> const& header, std::vector<std::string> const& fields);
  /// The column is there and not empty.
  [[nodiscard]] bool has(std::string_view column) const;
  std::string id(std::string_view column);
  std::string text(std::string_view column, bool required = true);
  /// Decimal point, no thousands mark. Failure: missing_field when empty, malformed when no finite number.
  double number(std::string_view column);
  /// Empty is 0.
  std::uint32_t whole_number(std::string_view column, std::uint32_t most, reason out_of_range);
  /// yes or no.
  bool flag(std::string_view column);
  lat_lon place();

 private:
  std::string const& get(std::string_view column);
  std::vector<std::string> const& header_;
  std::vector<std::string> const& fields_;
};

/// A document whose root is an object. Failure: file_unreadable, message_too_large, malformed.
[[nodiscard]] result<nlohmann::json> read_json_object(std::string const& text, std::string const& file_name);

}  // namespace siren
