#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace siren {

/// A PostgreSQL array literal, built element by element, so that any number of rows goes in with one statement and one
/// parameter per column (`unnest`). Text must be UTF-8 without NUL.
class pg_array {
 public:
  void add(std::int64_t number);
  /// Shortest form that reads back as the same number.
  void add(double number);
  void add(bool flag);
  void add_text(std::string_view text);
  void add_bytes(std::string_view bytes);
  [[nodiscard]] std::string literal() const { return "{" + body_ + "}"; }

 private:
  void next();
  std::string body_;
};

}  // namespace siren
