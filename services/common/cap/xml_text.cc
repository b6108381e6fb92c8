#include "common/cap/xml_text.h"

#include <cstdint>
#include <optional>

namespace siren {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

struct character {
  std::uint32_t value;
  std::size_t bytes;
};

std::size_t length_of(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return 2;
  if (first >= 0xE0 && first <= 0xEF) return 3;
  if (first >= 0xF0 && first <= 0xF4) return 4;
  return 0;
}

/// Empty: these bytes begin no character (RFC 3629).
std::optional<character> first_of(std::string_view text) {
  constexpr std::uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  auto const first = static_cast<unsigned char>(text[0]);
  auto const bytes = length_of(first);
  if (bytes == 0 || text.size() < bytes) return std::nullopt;
  if (bytes == 1) return character{first, 1};
  std::uint32_t value = first & (0xFFU >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    auto const next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0U) != 0x80U) return std::nullopt;
    value = (value << 6U) | (next & 0x3FU);
  }
  if (value < kSmallest[bytes] || value > 0x10FFFF) return std::nullopt;
  return character{value, bytes};
}

/// The production Char of XML 1.0, without what it discourages (C1 controls, non-characters).
bool is_xml(std::uint32_t c) {
  if (c < 0x20 || (c >= 0x7F && c <= 0x9F)) return false;
  if (c >= 0xD800 && c <= 0xDFFF) return false;
  return (c & 0xFFFEU) != 0xFFFEU && !(c >= 0xFDD0 && c <= 0xFDEF);
}

}  // namespace

std::string xml_text(std::string_view text) {
  std::string made;
  made.reserve(text.size());
  while (!text.empty()) {
    auto const next = first_of(text);
    if (next && (next->value == '\t' || next->value == '\n' || next->value == '\r')) {
      made += ' ';
    } else if (next && is_xml(next->value)) {
      made += text.substr(0, next->bytes);
    } else {
      made += kReplacement;
    }
    text.remove_prefix(next ? next->bytes : 1);
  }
  return made;
}

}  // namespace siren
