#pragma once

#include <string>

namespace siren {

/// What a service says of itself over grpc.health.v1, within 2 s.
enum class health { serving, not_serving, no_answer };
[[nodiscard]] health ask_health(std::string const& address);

}  // namespace siren
