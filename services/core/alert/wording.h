#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/alert/alert.h"
#include "core/base/mode.h"
#include "core/zone/zone.h"

namespace siren {

enum class language : std::uint8_t { uk = 1, en = 2 };
/// "uk", "en".
[[nodiscard]] std::string_view name_of(language l);
[[nodiscard]] std::optional<language> language_named(std::string_view name);

/// UTF-8, plain text. Short enough for a lock screen: one line, and a few sentences.
struct alert_text {
  std::string headline;
  std::string body;
  friend bool operator==(alert_text const&, alert_text const&) = default;
};

/// What to do at this stage, as the imperative that starts a headline.
[[nodiscard]] std::string_view words_of(stage s, language l);

/// An alert in plain words: what to do and where; then each threat with its direction, its window in minutes from `now`
/// (earliest rounded down, latest up) and who says so. An exercise says so first, in both lines. Cover that is not a
/// shelter is called less dangerous, never safe. `place` is the alert's zone.
[[nodiscard]] alert_text words_of(alert const& a, zone const& place, language l, world w, utc_time now);

/// The last words for a zone that a re-zoning took away while it was in alarm: that, and which zones replace it. It is
/// no all-clear.
[[nodiscard]] alert_text words_of_gone(zone const& place, std::vector<zone> const& heirs, language l, world w);

/// Only official messages of the kinds info and unknown: to be shown and not sounded, no order to go anywhere follows.
[[nodiscard]] bool only_message(alert const& a);
/// What it is about, in two or three words: the most urgent official alarm that sounds, else "air threat".
[[nodiscard]] std::string_view event_words(alert const& a, language l);
/// The body of words_of without what to do.
[[nodiscard]] std::string situation_words(alert const& a, language l, world w, utc_time now);
/// What to do, in sentences that hold for everybody in the zone: for readers without an app and its guidance. An
/// exercise says so first.
[[nodiscard]] std::string instruction_words(alert const& a, language l, world w);

}  // namespace siren
