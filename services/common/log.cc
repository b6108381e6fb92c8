#include "common/log.h"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <nlohmann/json.hpp>

namespace siren {
namespace {

spdlog::level::level_enum spdlog_level(log_level level) {
  switch (level) {
    case log_level::debug:
      return spdlog::level::debug;
    case log_level::info:
      return spdlog::level::info;
    case log_level::warn:
      return spdlog::level::warn;
    case log_level::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

}  // namespace

void start_logging(std::string_view service, std::string_view level, std::string const& file) {
  auto const name = std::string{service};
  auto logger = file.empty() ? spdlog::stderr_logger_mt(name) : spdlog::basic_logger_mt(name, file);
  logger->set_level(spdlog::level::from_str(std::string{level}));
  logger->set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","service":"%n",%v})",
                      spdlog::pattern_time_type::utc);
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
}

void log(log_level level, std::string_view event, std::initializer_list<log_field> fields, trace_id const& trace) {
  auto const at = spdlog_level(level);
  if (!spdlog::should_log(at)) return;
  nlohmann::ordered_json line;
  line["event"] = event;
  if (!trace.value.empty()) line["trace_id"] = trace.value;
  for (auto const& field : fields) std::visit([&](auto const& v) { line[std::string{field.name}] = v; }, field.value);
  auto text = line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  spdlog::default_logger_raw()->log(at, spdlog::string_view_t{text.data() + 1, text.size() - 2});
}

}  // namespace siren
