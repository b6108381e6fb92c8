#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>

#include <grpcpp/grpcpp.h>

#include "common/rpc_exposure.h"
#include "common/service_options.h"
#include "core/base/result.h"

namespace siren {

/// From now on every rpc_server of this process takes only callers whom the authority has signed, and every
/// internal_channel shows our certificate and demands that the other's bears the name or address that was called (over
/// a unix socket: "localhost"). Once, before the first server or channel; the files are read again every minute, so a
/// new certificate needs no restart (replace them together, by renaming a folder or a link). What a caller may do
/// stands in the URI names of its certificate (RFC 5280, subjectAltName): "siren:service" may call anything (people
/// still need their own access tokens), "siren:feed:NAME" may speak as source NAME at the feeds' door and nothing else.
/// Failure: MISSING_FIELD when not all three are given, FILE_UNREADABLE.
[[nodiscard]] result<void> use_mutual_tls(mutual_tls_files const& files);
[[nodiscard]] bool mutual_tls_used();

/// Plain unless use_mutual_tls was called.
[[nodiscard]] std::shared_ptr<grpc::ServerCredentials> server_credentials(rpc_exposure exposure);
[[nodiscard]] std::shared_ptr<grpc::ChannelCredentials> channel_credentials();

/// The sources as which the caller may speak; absent: as any, for a service's certificate or without mutual TLS.
[[nodiscard]] std::optional<std::set<std::string>> sources_of(grpc::AuthContext const& caller);

}  // namespace siren
