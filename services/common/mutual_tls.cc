#include "common/mutual_tls.h"

#include <fstream>

#include <grpcpp/security/auth_metadata_processor.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>

namespace siren {
namespace {

namespace tls = grpc::experimental;

constexpr unsigned kReadAgainSeconds = 60;
constexpr auto kUriNames = "peer_uri";  // gRPC's name for the URI names of a verified certificate
constexpr std::string_view kService = "siren:service";
constexpr std::string_view kFeed = "siren:feed:";

/// A process has one identity.
std::shared_ptr<tls::CertificateProviderInterface>& identity() {
  static std::shared_ptr<tls::CertificateProviderInterface> own;
  return own;
}

struct caller_names {
  bool service = false;
  std::set<std::string> feeds;
};

caller_names names_of(grpc::AuthContext const& caller) {
  caller_names names;
  for (auto const& value : caller.FindPropertyValues(kUriNames)) {
    std::string_view const name{value.data(), value.size()};
    names.service = names.service || name == kService;
    if (name.starts_with(kFeed)) names.feeds.emplace(name.substr(kFeed.size()));
  }
  return names;
}

class name_check final : public grpc::AuthMetadataProcessor {
 public:
  explicit name_check(rpc_exposure exposure) : exposure_{exposure} {}

  bool IsBlocking() const override { return false; }
  grpc::Status Process(InputMetadata const& /*auth_metadata*/, grpc::AuthContext* caller, OutputMetadata* /*consumed*/,
                       OutputMetadata* /*response*/) override {
    auto const names = names_of(*caller);
    if (names.service || (exposure_ == rpc_exposure::feeds && !names.feeds.empty())) return grpc::Status::OK;
    return {grpc::StatusCode::PERMISSION_DENIED, "this certificate's names don't allow this call"};
  }

 private:
  rpc_exposure exposure_;
};

bool readable(std::string const& path) {
  return std::ifstream{path}.good();
}

}  // namespace

result<void> use_mutual_tls(mutual_tls_files const& files) {
  if (files.certificate.empty() && files.key.empty() && files.authority.empty()) return {};
  if (files.certificate.empty() || files.key.empty() || files.authority.empty())
    return failure{reason::missing_field, "--mtls-cert, --mtls-key and --mtls-ca belong together"};
  for (auto const* path : {&files.certificate, &files.key, &files.authority})
    if (!readable(*path)) return failure{reason::file_unreadable, "can't read " + *path};
  identity() = std::make_shared<tls::FileWatcherCertificateProvider>(files.key, files.certificate, files.authority,
                                                                     kReadAgainSeconds);
  return {};
}

bool mutual_tls_used() {
  return identity() != nullptr;
}

std::shared_ptr<grpc::ServerCredentials> server_credentials(rpc_exposure exposure) {
  if (!mutual_tls_used()) return grpc::InsecureServerCredentials();
  tls::TlsServerCredentialsOptions options{identity()};
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  auto made = tls::TlsServerCredentials(options);
  made->SetAuthMetadataProcessor(std::make_shared<name_check>(exposure));
  return made;
}

std::shared_ptr<grpc::ChannelCredentials> channel_credentials() {
  if (!mutual_tls_used()) return grpc::InsecureChannelCredentials();
  tls::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(identity());
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  return tls::TlsCredentials(options);
}

std::optional<std::set<std::string>> sources_of(grpc::AuthContext const& caller) {
  if (!mutual_tls_used()) return std::nullopt;
  auto names = names_of(caller);
  if (names.service) return std::nullopt;
  return std::move(names.feeds);
}

}  // namespace siren
