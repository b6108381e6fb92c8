#include "core/zone/region_codes.h"

#include <algorithm>
#include <string_view>

namespace siren {
namespace {

constexpr std::size_t kUidDigits = 9;       // far more than any uid has; longer digits are somebody's own numbering
constexpr std::size_t kKatotthDigits = 17;  // order of the Ministry for Communities No. 290, 26 November 2020

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

bool is_uid(std::string const& text) {
  return !text.empty() && text.size() <= kUidDigits && all_digits(text);
}

bool is_katotth(std::string const& text) {
  return text.size() == 2 + kKatotthDigits && text.starts_with("UA") && all_digits(std::string_view{text}.substr(2));
}

region_codes codes_in(zone_id const& id) {
  region_codes codes;
  if (is_uid(id.value)) codes.uid = id.value;
  if (is_katotth(id.value)) codes.katotth = id.value;
  return codes;
}

}  // namespace siren
