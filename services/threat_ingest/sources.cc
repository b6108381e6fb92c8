#include "threat_ingest/sources.h"

namespace siren {
namespace {

std::optional<source_kind> kind_named(std::string_view name) {
  if (name == "official") return source_kind::official;
  if (name == "trusted") return source_kind::trusted;
  if (name == "sensor") return source_kind::sensor;
  if (name == "volunteer") return source_kind::volunteer;
  return std::nullopt;
}

}  // namespace

result<void> add_source(std::string_view text, source_map& to) {
  auto const colon = text.rfind(':');
  auto const kind = colon == std::string_view::npos ? std::nullopt : kind_named(text.substr(colon + 1));
  auto const name = text.substr(0, colon);
  if (!kind || name.empty() || name.size() > kMaxSourceBytes)
    return failure{reason::malformed, "a source is NAME:official, NAME:trusted, NAME:sensor or NAME:volunteer, got \"" +
                                          std::string{text} + "\""};
  if (!to.emplace(source_id{std::string{name}}, *kind).second)
    return failure{reason::malformed, "source " + std::string{name} + " is given twice"};
  return {};
}

}  // namespace siren
