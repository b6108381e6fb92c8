#include "common/city_bundle/csv.h"

#include <cstdint>
#include <optional>
#include <utility>

namespace siren {
namespace {

/// What one try at a record gave: its fields and where it ended, or why it is none.
struct record {
  std::vector<std::string> fields;
  std::size_t end = 0;  // first byte after the record's line end
  std::optional<failure> bad;
};

class reader {
 public:
  reader(std::string_view text, csv_limits const& limits) : text_{text}, limits_{limits} {}

  record read(std::size_t at) const {
    record r;
    while (true) {
      std::string field;
      auto bad = at < text_.size() && text_[at] == '"' ? quoted(at, field) : bare(at, field);
      if (!bad && !is_plain_text(field)) bad = failure{reason::malformed, "not plain UTF-8 text"};
      if (!bad && r.fields.size() == limits_.max_columns) bad = failure{reason::field_too_long, "too many columns"};
      if (bad) {
        r.bad = std::move(bad);
        return r;
      }
      r.fields.push_back(std::move(field));
      if (at < text_.size() && text_[at] == ',') {
        ++at;
        continue;
      }
      r.end = after_line_end(at);
      return r;
    }
  }

  std::size_t next_line(std::size_t at) const {
    auto const newline = text_.find('\n', at);
    return newline == std::string_view::npos ? text_.size() : newline + 1;
  }

 private:
  bool at_line_end(std::size_t at) const {
    return at >= text_.size() || text_[at] == '\n' ||
           (text_[at] == '\r' && (at + 1 == text_.size() || text_[at + 1] == '\n'));
  }
  std::size_t after_line_end(std::size_t at) const {
    if (at < text_.size() && text_[at] == '\r') ++at;
    return at < text_.size() ? at + 1 : at;
  }

  std::optional<failure> bare(std::size_t& at, std::string& field) const {
    for (; !at_line_end(at) && text_[at] != ','; ++at) {
      if (text_[at] == '"') return failure{reason::malformed, "quote inside an unquoted field"};
      if (field.size() == limits_.max_field_bytes) return failure{reason::field_too_long, "field too long"};
      field.push_back(text_[at]);
    }
    return std::nullopt;
  }

  std::optional<failure> quoted(std::size_t& at, std::string& field) const {
    for (++at; at < text_.size(); ++at) {
      if (text_[at] == '"') {
        if (at + 1 >= text_.size() || text_[at + 1] != '"') {
          ++at;
          if (at_line_end(at) || text_[at] == ',') return std::nullopt;
          return failure{reason::malformed, "text after a closing quote"};
        }
        ++at;
      }
      if (field.size() == limits_.max_field_bytes) return failure{reason::field_too_long, "field too long"};
      field.push_back(text_[at]);
    }
    return failure{reason::malformed, "quote never closed"};
  }

  std::string_view text_;
  csv_limits const& limits_;
};

std::size_t lines_between(std::string_view text, std::size_t from, std::size_t to) {
  std::size_t count = 0;
  for (; from < to; ++from) count += text[from] == '\n' ? 1 : 0;
  return count;
}

/// Bytes of the character that starts here, 0 if it is not well-formed (overlong forms, surrogates, beyond U+10FFFF).
std::size_t character_length(std::string_view text, std::size_t at) {
  auto const byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<std::uint8_t>(text[i]) : std::uint8_t{0};
  };
  auto const continues = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  auto const lead = byte(at);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return continues(at + 1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    auto const second = byte(at + 1);
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F)) return 0;
    return continues(at + 1) && continues(at + 2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    auto const second = byte(at + 1);
    if ((lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) return 0;
    return continues(at + 1) && continues(at + 2) && continues(at + 3) ? 4 : 0;
  }
  return 0;
}

}  // namespace

bool is_plain_text(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    auto const length = character_length(text, at);
    auto const c = static_cast<std::uint8_t>(text[at]);
    bool const control = (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
    if (length == 0 || control) return false;
    at += length;
  }
  return true;
}

result<csv_table> parse_csv(std::string_view text, csv_limits const& limits) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  reader const in{text, limits};
  auto head = in.read(0);
  if (head.bad || text.empty() || head.fields.front().empty()) {
    return failure{reason::missing_field, "no header line" + (head.bad ? ": " + head.bad->message : std::string{})};
  }
  csv_table table;
  table.header = std::move(head.fields);
  std::size_t at = head.end;
  std::size_t line = 1 + lines_between(text, 0, at);
  while (at < text.size()) {
    auto r = in.read(at);
    bool const empty = !r.bad && r.fields.size() == 1 && r.fields.front().empty();
    if (!r.bad && !empty && r.fields.size() != table.header.size()) {
      r.bad = failure{reason::malformed, std::to_string(r.fields.size()) + " fields where the header has " +
                                             std::to_string(table.header.size())};
    }
    if (table.rows.size() + table.rejects.size() == limits.max_rows) {
      return failure{reason::message_too_large, "more than " + std::to_string(limits.max_rows) + " rows"};
    }
    auto const end = r.bad ? in.next_line(at) : r.end;
    if (r.bad) {
      table.rejects.push_back({line, std::move(*r.bad)});
    } else if (!empty) {
      table.rows.push_back({line, std::move(r.fields)});
    }
    line += lines_between(text, at, end);
    at = end;
  }
  return table;
}

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string{text};
  std::string quoted{"\""};
  for (char const c : text) {
    if (c == '"') quoted.push_back('"');
    quoted.push_back(c);
  }
  quoted.push_back('"');
  return quoted;
}

}  // namespace siren
