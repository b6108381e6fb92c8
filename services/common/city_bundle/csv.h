#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace siren {

struct csv_limits {
  std::size_t max_field_bytes = 512;  // the longest address in the lists that we know is under 300 bytes of UTF-8
  std::size_t max_columns = 64;
  std::size_t max_rows = 200'000;  // forty times the shelters of a city of three million
};

struct csv_row {
  std::size_t line = 0;  // where it starts, the header being line 1
  std::vector<std::string> fields;
};

struct csv_reject {
  std::size_t line = 0;
  failure because;
};

struct csv_table {
  std::vector<std::string> header;
  std::vector<csv_row> rows;  // each as long as the header
  std::vector<csv_reject> rejects;
};

/// RFC 4180, comma-separated, UTF-8 with or without a byte order mark, lines ended by LF or CRLF, first record the
/// header. Stricter than the RFC where it leaves room: a quote inside an unquoted field, text after a closing quote, a
/// field too long, bad UTF-8 or a record of another length rejects that one line, and reading goes on with the next
/// line: one unbalanced quote never swallows the rest of a list. (Debian's libraries either stop there or guess without
/// a line number.) Empty lines are skipped. Failure of the whole: missing_field without a usable header,
/// message_too_large over max_rows.
[[nodiscard]] result<csv_table> parse_csv(std::string_view text, csv_limits const& limits = {});

/// Quotes a field where RFC 4180 asks for it.
[[nodiscard]] std::string csv_field(std::string_view text);

/// Well-formed UTF-8 without control characters other than tab and line ends.
[[nodiscard]] bool is_plain_text(std::string_view text);

}  // namespace siren
