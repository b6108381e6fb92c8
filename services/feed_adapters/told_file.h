#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "feed_adapters/alarm_document.h"

namespace siren {

/// What a feed last told of every region, kept over a restart: running alarms are not told anew then, and those that
/// ended meanwhile are ended. A file, replaced whole.

/// Words of `text`, told as `source`. Failure: malformed, schema_mismatch (another format or source).
[[nodiscard]] result<std::vector<told_alarm>> parse_told(std::string_view text, source_id const& source);
[[nodiscard]] std::string write_told(std::vector<told_alarm> const& words, source_id const& source);

/// No file is no words. Failure: file_unreadable, or as parse_told.
[[nodiscard]] result<std::vector<told_alarm>> read_told_file(std::filesystem::path const& file,
                                                             source_id const& source);
/// Durable when it returns. Failure: file_unreadable; the old file then stands.
[[nodiscard]] result<void> write_told_file(std::filesystem::path const& file, std::vector<told_alarm> const& words,
                                           source_id const& source);

}  // namespace siren
