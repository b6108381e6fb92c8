#include "feed_adapters/feed_json.h"

#include <algorithm>

#include "common/city_bundle/csv.h"

namespace siren {
namespace {

/// The parser keeps a node for every bracket, so depth is judged before it runs.
bool nests_deeper(std::string_view text, std::size_t most) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    auto const c = text[at];
    if (in_string) {
      if (c == '\\') ++at;
      if (c == '"') in_string = false;
      continue;
    }
    if (c == '"') in_string = true;
    if ((c == '[' || c == '{') && ++depth > most) return true;
    if ((c == ']' || c == '}') && depth > 0) --depth;
  }
  return false;
}

}  // namespace

result<nlohmann::json> parse_feed_json(std::string_view bytes, feed_json_limits const& limits) {
  if (bytes.size() > limits.max_bytes)
    return failure{reason::message_too_large, "more than " + std::to_string(limits.max_bytes) + " bytes"};
  if (nests_deeper(bytes, limits.max_depth)) return failure{reason::malformed, "nests too deep"};
  auto read = nlohmann::json::parse(bytes, nullptr, false);
  if (read.is_discarded()) return failure{reason::malformed, "no JSON"};
  return read;
}

nlohmann::json const* member(nlohmann::json const& object, char const* key) {
  auto const found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

result<std::string> text_member(nlohmann::json const& object, char const* key) {
  auto const* const value = member(object, key);
  if (value == nullptr) return failure{reason::missing_field, std::string{"no "} + key};
  if (!value->is_string()) return failure{reason::malformed, std::string{key} + " is no text"};
  return value->get<std::string>();
}

result<std::string> name_member(nlohmann::json const& object, char const* key) {
  auto const* const value = member(object, key);
  if (value == nullptr) return failure{reason::missing_field, std::string{"no "} + key};
  if (value->is_number_integer()) return value->dump();
  if (!value->is_string()) return failure{reason::malformed, std::string{key} + " is neither text nor whole number"};
  auto text = value->get<std::string>();
  if (text.empty()) return failure{reason::missing_field, std::string{key} + " is empty"};
  if (auto const fits = check_feed_name(text, key); !fits) return fits.error();
  return text;
}

result<utc_time> time_member(nlohmann::json const& object, char const* key) {
  auto const* const value = member(object, key);
  if (value == nullptr) return failure{reason::time_missing, std::string{"no "} + key};
  if (!value->is_string()) return failure{reason::malformed, std::string{key} + " is no text"};
  return parse_utc(value->get_ref<std::string const&>());
}

result<void> check_feed_name(std::string_view name, std::string_view what) {
  if (name.size() > kMaxFeedNameBytes)
    return failure{reason::field_too_long,
                   std::string{what} + " has more than " + std::to_string(kMaxFeedNameBytes) + " bytes"};
  bool const lines = std::any_of(name.begin(), name.end(), [](char c) { return c == '\t' || c == '\n' || c == '\r'; });
  if (lines || !is_plain_text(name))
    return failure{reason::malformed, std::string{what} + " has a control character or is no UTF-8"};
  return {};
}

}  // namespace siren
