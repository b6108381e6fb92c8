#include "common/cap/cap_identifier.h"

#include <charconv>
#include <optional>
#include <vector>

namespace siren {
namespace {

constexpr std::size_t kMostBytes = 1'024;  // ids of zones have 64
constexpr std::string_view kHex = "0123456789ABCDEF";

bool goes_as_it_is(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' ||
         c == ':' || c == '@';
}

/// Without sign, blank or leading zero; the numbers' other spellings name nothing.
std::optional<std::uint32_t> number_of(std::string_view text) {
  std::uint32_t value = 0;
  auto const [end, bad] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (bad != std::errc{} || end != text.data() + text.size() || value == 0 || text.front() == '0') return std::nullopt;
  return value;
}

std::vector<std::string_view> split_at_dots(std::string_view text) {
  std::vector<std::string_view> parts;
  for (auto dot = text.find('.'); dot != std::string_view::npos; dot = text.find('.')) {
    parts.push_back(text.substr(0, dot));
    text.remove_prefix(dot + 1);
  }
  parts.push_back(text);
  return parts;
}

failure malformed() {
  return {reason::malformed, "no identifier of a CAP message from here"};
}

}  // namespace

std::string to_text(alert_id const& id) {
  std::string text;
  for (auto const c : id.value) {
    if (goes_as_it_is(c)) {
      text += c;
      continue;
    }
    auto const byte = static_cast<unsigned char>(c);
    text += {'~', kHex[byte >> 4U], kHex[byte & 0xFU]};
  }
  return text;
}

result<alert_id> alert_id_of(std::string_view text) {
  if (text.empty() || text.size() > kMostBytes) return malformed();
  alert_id id;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (goes_as_it_is(text[i])) {
      id.value += text[i];
      continue;
    }
    if (text[i] != '~' || i + 2 >= text.size()) return malformed();
    auto const high = kHex.find(text[i + 1]);
    auto const low = kHex.find(text[i + 2]);
    if (high == std::string_view::npos || low == std::string_view::npos) return malformed();
    auto const byte = static_cast<char>(high * 16 + low);
    if (goes_as_it_is(byte)) return malformed();
    id.value += byte;
    i += 2;
  }
  return id;
}

std::string to_text(cap_identifier const& id, world belongs_to) {
  auto text = std::string{name_of(belongs_to)} + "." + to_text(id.alert) + "." + std::to_string(id.rev);
  return id.renewal == 0 ? text : text + "." + std::to_string(id.renewal);
}

result<cap_identifier> cap_identifier_of(std::string_view text, world serves) {
  if (text.size() > kMostBytes) return malformed();
  auto const parts = split_at_dots(text);
  if (parts.size() != 3 && parts.size() != 4) return malformed();
  auto alert = alert_id_of(parts[1]);
  auto const rev = number_of(parts[2]);
  auto const renewal = parts.size() == 4 ? number_of(parts[3]) : std::optional<std::uint32_t>{0};
  if (!alert || !rev || !renewal) return malformed();
  if (parts[0] != name_of(serves)) {
    if (parts[0] == name_of(world::exercise)) return failure{reason::drill_in_live, "a drill's message, asked live"};
    if (parts[0] == name_of(world::live)) return failure{reason::live_in_drill, "a real message, asked in a drill"};
    return malformed();
  }
  return cap_identifier{std::move(alert).value(), *rev, *renewal};
}

}  // namespace siren
