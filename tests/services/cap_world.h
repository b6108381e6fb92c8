#pragma once

#include <libxml/parser.h>
#include <libxml/xmlschemas.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <memory>
#include <string>

#include "common/cap/cap_document.h"

namespace siren::test {

/// The schema as OASIS published it.
class cap_schema {
 public:
  cap_schema() {
    auto* const text = xmlSchemaNewParserCtxt(SIREN_SOURCE_DIR "/tests/golden/cap/cap-1.2.xsd");
    schema_ = xmlSchemaParse(text);
    xmlSchemaFreeParserCtxt(text);
  }
  ~cap_schema() { xmlSchemaFree(schema_); }
  cap_schema(cap_schema const&) = delete;
  cap_schema& operator=(cap_schema const&) = delete;

  /// Empty: well-formed and valid.
  [[nodiscard]] std::string fault_of(std::string const& document) const {
    if (schema_ == nullptr) return "the schema can't be read";
    auto* const parsed = xmlReadMemory(document.data(), static_cast<int>(document.size()), "", nullptr,
                                       XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    if (parsed == nullptr) return "not well-formed";
    std::string faults;
    auto* const validator = xmlSchemaNewValidCtxt(schema_);
    xmlSchemaSetValidErrors(validator, &note, &note, &faults);
    auto const result = xmlSchemaValidateDoc(validator, parsed);
    xmlSchemaFreeValidCtxt(validator);
    xmlFreeDoc(parsed);
    return result == 0 ? "" : "invalid: " + faults;
  }

 private:
  static void note(void* to, char const* format, ...) {  // NOLINT(cert-dcl50-cpp): libxml2's interface
    std::va_list arguments;
    va_start(arguments, format);
    std::string text(1'000, '\0');
    auto const length = std::vsnprintf(text.data(), text.size(), format, arguments);
    va_end(arguments);
    static_cast<std::string*>(to)->append(text.data(), std::min<std::size_t>(text.size(), std::max(length, 0)));
  }
  xmlSchema* schema_;
};

inline utc_time at(std::string const& text) {
  return parse_utc(text).value();
}

inline zone kyiv() {
  zone place;
  place.id = zone_id{"31"};
  place.kind = zone_kind::city;
  place.name_uk = "Київ";
  place.name_en = "Kyiv";
  place.shape = {{{{degrees{50.3}, degrees{30.3}},
                   {degrees{50.3}, degrees{30.8}},
                   {degrees{50.6}, degrees{30.8}},
                   {degrees{50.6}, degrees{30.3}}},
                  {}}};
  return place;
}

inline cap_sender sender(world serves) {
  return {"alerts@siren.example", "Сирена", "Siren", serves};
}

inline threat air_alarm() {
  threat t;
  t.by = issuer::official;
  t.issuer_name = "air_force";
  t.alarm = alarm_type::air;
  t.asks = stage::go;
  return t;
}

inline threat drones(double chance, std::string const& earliest, std::string const& latest) {
  threat t;
  t.by = issuer::analysis;
  t.issuer_name = "siren";
  t.kind = threat_class::drone;
  t.asks = stage::prepare;
  t.from = octant::north_east;
  t.arrival = arrival_interval{at(earliest), at(earliest), at(latest)};
  t.entering = probability{chance};
  return t;
}

inline alert revision(std::uint32_t rev, stage level, std::string const& changed, std::vector<threat> threats) {
  alert a;
  a.id = alert_id{"31@1769212800000"};
  a.rev = rev;
  a.zone = zone_id{"31"};
  a.level = level;
  a.threats = std::move(threats);
  a.raised_at = at("2026-01-24T00:00:00Z");
  a.changed_at = at(changed);
  return a;
}

}  // namespace siren::test
