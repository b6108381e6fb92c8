#pragma once

#include "common/cap/cap_document.h"
#include "common/service_options.h"

namespace siren {

struct operator_console_config {
  service_options common;       // `listen` is the page's HTTP address
  std::string internal_listen;  // gRPC: health
  std::string city;
  std::string gateway;                                                  // alert_gateway's internal gRPC address
  std::string registry;                                                 // shelter_registry's gRPC address
  cap_sender sender{.id = {}, .name_uk = "Siren", .name_en = "Siren"};  // empty id: no CAP documents are served
};

void add_options(CLI::App& app, operator_console_config& config);
/// The page has no sign-in yet, so it is served to this machine alone. In an exercise a sender that is not given is
/// "exercise.invalid": nobody's. A live one is told by whoever answers for it, or there are no documents.
void complete(operator_console_config& config);
[[nodiscard]] result<void> verify_options(operator_console_config const& config);

}  // namespace siren
