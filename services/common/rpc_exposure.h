#pragma once

#include <cstdint>

namespace siren {

/// Whom an internal gRPC server is for.
enum class rpc_exposure : std::uint8_t {
  internal,  // reflection on, 1 MiB messages
  feeds,  // as internal, but the transport lets 16 MiB through, so that the handler can refuse and count what is over 1
          // MiB
};

}  // namespace siren
