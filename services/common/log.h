#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "core/base/ids.h"

namespace siren {

enum class log_level : std::uint8_t { debug, info, warn, error };

/// A named value of a log line. Positions of persons have no place here (promise "position is not kept").
struct log_field {
  std::string_view name;
  std::variant<std::int64_t, double, std::string_view, bool> value;

  template <typename T>
  log_field(std::string_view n, T const& v) : name{n} {  // NOLINT: braces at the call site
    if constexpr (std::is_same_v<T, bool>)
      value = v;
    else if constexpr (std::is_integral_v<T>)
      value = static_cast<std::int64_t>(v);
    else if constexpr (std::is_floating_point_v<T>)
      value = static_cast<double>(v);
    else
      value = std::string_view{v};
  }
};

/// One JSON object per line: time, level, service, event, trace_id and the fields. `file` empty: standard error.
void start_logging(std::string_view service, std::string_view level, std::string const& file);
void log(log_level level, std::string_view event, std::initializer_list<log_field> fields = {},
         trace_id const& trace = {});

}  // namespace siren
