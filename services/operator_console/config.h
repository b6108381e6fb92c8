#pragma once

#include "common/access/access_options.h"
#include "common/cap/cap_document.h"
#include "common/service_options.h"

#include <string>
#include <vector>

namespace siren {

struct operator_console_config {
  service_options common;       // `listen` is the page's HTTP address
  std::string internal_listen;  // gRPC: health, ConsoleService
  std::string city;
  std::vector<std::string> gateways;  // alert_gateways' internal gRPC addresses
  std::string registry;               // shelter_registry's gRPC address
  std::string engine;                 // zone_engine's gRPC address
  sign_in_options sign_in;
  std::vector<std::string> origins;                                     // of other pages that may call
  cap_sender sender{.id = {}, .name_uk = "Siren", .name_en = "Siren"};  // empty id: no CAP documents are served
};

void add_options(CLI::App& app, operator_console_config& config);
/// The page comes over plain HTTP, so it is served to this machine alone. In an exercise a sender that is not given is
/// "exercise.invalid": nobody's. A live one is told by whoever answers for it, or there are no documents.
void complete(operator_console_config& config);
[[nodiscard]] result<void> verify_options(operator_console_config const& config);

}  // namespace siren
