#include "common/picture_log/pg_array.h"

#include <array>
#include <charconv>

namespace siren {

void pg_array::next() {
  if (!body_.empty()) body_ += ',';
}

void pg_array::add(std::int64_t number) {
  next();
  body_ += std::to_string(number);
}

void pg_array::add(double number) {
  next();
  std::array<char, 32> text{};
  auto const end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  body_.append(text.data(), end);
}

void pg_array::add(bool flag) {
  next();
  body_ += flag ? 't' : 'f';
}

void pg_array::add_text(std::string_view text) {
  next();
  body_ += '"';
  for (auto const c : text) {
    if (c == '"' || c == '\\') body_ += '\\';
    body_ += c;
  }
  body_ += '"';
}

void pg_array::add_bytes(std::string_view bytes) {
  next();
  constexpr auto kDigits = "0123456789abcdef";
  body_ += R"("\\x)";
  for (auto const c : bytes) {
    auto const byte = static_cast<unsigned char>(c);
    body_ += kDigits[byte >> 4];
    body_ += kDigits[byte & 15];
  }
  body_ += '"';
}

}  // namespace siren
