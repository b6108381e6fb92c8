#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <grpcpp/support/status.h>

#include "core/base/result.h"
#include "core/base/time.h"

namespace siren {

/// gRPC-Web's bytes (PROTOCOL-WEB.md of gRPC): frames of one byte of flags, four of length, and the payload; the
/// trailers come as the last frame.

/// The one message of a unary or server-streaming request; a view into `body`. Failure: MALFORMED (torn, more than one
/// message, compressed).
[[nodiscard]] result<std::string_view> message_in(std::string_view body);
[[nodiscard]] std::string message_frame(std::string_view message);
[[nodiscard]] std::string trailer_frame(grpc::Status const& status);

/// What an ended call says of itself: grpc-status, grpc-message, grpc-status-details-bin.
[[nodiscard]] std::map<std::string, std::string> trailers_of(grpc::Status const& status);

/// The header grpc-timeout, "250m". Failure: MALFORMED.
[[nodiscard]] result<milliseconds> timeout_of(std::string_view header);

}  // namespace siren
