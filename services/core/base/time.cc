#include "core/base/time.h"

#include <cstdio>
#include <optional>

namespace siren {
namespace {

/// Reads a text of fixed-width decimal fields and single marks from left to right.
class field_reader {
 public:
  explicit field_reader(std::string_view text) : rest_{text} {}

  std::optional<int> digits(std::size_t width) {
    if (rest_.size() < width) return std::nullopt;
    int value = 0;
    for (char const c : rest_.substr(0, width)) {
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(width);
    return value;
  }

  bool mark(std::string_view any_of) {
    if (rest_.empty() || any_of.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }

  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

std::optional<std::chrono::days> read_date(field_reader& in) {
  auto const year = in.digits(4);
  if (!year || !in.mark("-")) return std::nullopt;
  auto const month = in.digits(2);
  if (!month || !in.mark("-")) return std::nullopt;
  auto const day = in.digits(2);
  if (!day) return std::nullopt;
  std::chrono::year_month_day const date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days{date}.time_since_epoch();
}

std::optional<minutes> read_hour_and_minute(field_reader& in) {
  auto const hour = in.digits(2);
  if (!hour || *hour > 23 || !in.mark(":")) return std::nullopt;
  auto const minute = in.digits(2);
  if (!minute || *minute > 59) return std::nullopt;
  return hours{*hour} + minutes{*minute};
}

std::optional<microseconds> read_fraction(field_reader& in) {
  if (!in.mark(".")) return microseconds{0};
  int width = 0;
  std::int64_t nanoseconds = 0;
  std::int64_t scale = 100'000'000;
  for (auto digit = in.digits(1); digit; digit = in.digits(1), ++width, scale /= 10) nanoseconds += *digit * scale;
  if (width < 1 || width > 9) return std::nullopt;
  return microseconds{nanoseconds / 1000};
}

std::optional<minutes> read_offset(field_reader& in) {
  if (in.mark("Zz")) return minutes{0};
  bool const ahead = in.mark("+");
  if (!ahead && !in.mark("-")) return std::nullopt;
  auto const offset = read_hour_and_minute(in);
  if (!offset) return std::nullopt;
  return ahead ? *offset : -*offset;
}

std::optional<utc_time> read_utc(std::string_view text) {
  field_reader in{text};
  auto const date = read_date(in);
  if (!date || !in.mark("Tt")) return std::nullopt;
  auto const of_day = read_hour_and_minute(in);
  if (!of_day || !in.mark(":")) return std::nullopt;
  auto const second = in.digits(2);
  if (!second || *second > 59) return std::nullopt;
  auto const fraction = read_fraction(in);
  if (!fraction) return std::nullopt;
  auto const offset = read_offset(in);
  if (!offset || !in.at_end()) return std::nullopt;
  return utc_time{*date + *of_day + seconds{*second} + *fraction - *offset};
}

}  // namespace

result<utc_time> parse_utc(std::string_view text) {
  if (auto const at = read_utc(text)) return *at;
  return failure{reason::malformed, "not an RFC 3339 time: \"" + std::string{text.substr(0, 40)} + "\""};
}

std::string format_utc(utc_time at) {
  auto const since = std::chrono::floor<milliseconds>(at.time_since_epoch());
  auto const day = std::chrono::floor<std::chrono::days>(since);
  std::chrono::year_month_day const date{std::chrono::sys_days{day}};
  std::chrono::hh_mm_ss const clock{since - day};
  char text[48];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return text;
}

}  // namespace siren
