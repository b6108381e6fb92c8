#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/time.h"

namespace siren {

struct feed_json_limits {
  std::size_t max_bytes = 4U << 20U;  // all 1,629 alarm regions in alarm at once are under 1 MB
  std::size_t max_depth = 16;         // the providers' documents nest four deep
};

/// Failure: message_too_large; malformed for what is no JSON, is no UTF-8 or nests too deep.
[[nodiscard]] result<nlohmann::json> parse_feed_json(std::string_view bytes, feed_json_limits const& limits);

/// Absent and null alike give nullptr.
[[nodiscard]] nlohmann::json const* member(nlohmann::json const& object, char const* key);

/// A text or a whole number, as text. Failure: missing_field (also when empty), malformed (another type, control
/// characters), field_too_long.
[[nodiscard]] result<std::string> name_member(nlohmann::json const& object, char const* key);
/// Failure: missing_field, malformed when it is no text.
[[nodiscard]] result<std::string> text_member(nlohmann::json const& object, char const* key);
/// Failure: time_missing, malformed.
[[nodiscard]] result<utc_time> time_member(nlohmann::json const& object, char const* key);

inline constexpr std::size_t kMaxFeedNameBytes = 128;  // what the intake takes
/// Plain UTF-8 without control characters, at most 128 bytes; `what` names it in the message. Failure: field_too_long,
/// malformed.
[[nodiscard]] result<void> check_feed_name(std::string_view name, std::string_view what);

}  // namespace siren
