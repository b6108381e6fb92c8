#pragma once

#include "operator_console/grpc_web/web_gate.h"

namespace siren {

struct page_services {
  std::shared_ptr<grpc::Channel> console;  // this program's own door
  std::shared_ptr<grpc::Channel> engine;
  std::shared_ptr<grpc::Channel> registry;
};

/// Everything that the page may ask. Who may is for each service to judge by the call's token; so nothing stands here
/// that a service would answer to anybody and that isn't for everybody.
[[nodiscard]] std::map<std::string, web_gate_options::method> page_methods(page_services const& of);

}  // namespace siren
