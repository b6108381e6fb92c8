#pragma once

#include <map>
#include <optional>
#include <string_view>

#include "core/base/ids.h"
#include "core/base/result.h"

namespace siren {

inline constexpr std::size_t kMaxSourceBytes = 64;  // as threats.v1 says of Observation.source

/// What a source may do. Only official ones declare region alarms; the others inform, they never start or end an
/// official alarm. Reports of official and trusted ones alone may raise our own alert above the official level, those
/// of sensors when two agree, those of volunteers never: zone_engine sees to it. An unlisted one exists only in an
/// exercise with --any-source, may declare there, and counts as a sensor.
enum class source_kind : std::uint8_t { unlisted = 0, official = 1, trusted = 2, sensor = 3, volunteer = 4 };

[[nodiscard]] inline bool may_declare_alarms(source_kind kind) {
  return kind == source_kind::official || kind == source_kind::unlisted;
}

using source_map = std::map<source_id, source_kind>;

/// Adds "NAME:official", "NAME:trusted", "NAME:sensor" or "NAME:volunteer". Failure: MALFORMED with what is wrong.
[[nodiscard]] result<void> add_source(std::string_view text, source_map& to);

/// The sources this instance listens to.
class source_book {
 public:
  source_book(source_map listed, bool any) : listed_{std::move(listed)}, any_{any} {}

  /// Absent: not known here.
  [[nodiscard]] std::optional<source_kind> find(source_id const& source) const {
    if (auto const found = listed_.find(source); found != listed_.end()) return found->second;
    return any_ ? std::optional{source_kind::unlisted} : std::nullopt;
  }
  [[nodiscard]] source_map const& listed() const { return listed_; }

 private:
  source_map listed_;
  bool any_;
};

}  // namespace siren
