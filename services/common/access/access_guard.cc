#include "common/access/access_guard.h"

#include "common/log.h"

namespace siren {
namespace {

constexpr char kHeader[] = "authorization";
constexpr std::string_view kScheme = "Bearer ";

}  // namespace

access_guard::access_guard(world serves, std::unique_ptr<token_verifier> verifier, wall now)
    : serves_{serves}, verifier_{std::move(verifier)}, now_{std::move(now)} {}

result<person> access_guard::who(grpc::ServerContext const& call, std::string_view said_name) const {
  if (!verifier_) {
    if (serves_ == world::exercise)
      return person{.name = std::string{said_name}, .token_id = {}, .checked = false, .grants = {}};
    return failure{reason::sign_in_missing, "this instance has no sign-in, so it takes no orders"};
  }
  auto const& headers = call.client_metadata();
  if (headers.count(kHeader) != 1) return failure{reason::sign_in_missing, "the call has no access token"};
  auto const field = headers.find(kHeader)->second;
  std::string_view const value{field.data(), field.size()};
  if (!value.starts_with(kScheme)) return failure{reason::sign_in_missing, "the call has no bearer token"};
  auto known = verifier_->check(value.substr(kScheme.size()), now_());
  if (known && !said_name.empty() && said_name != known->name)
    return failure{reason::another_person, "the access token is not of the operator who is named"};
  return known;
}

result<person> access_guard::admit(grpc::ServerContext const& call, std::string_view said_name,
                                   std::initializer_list<role> any_of, std::vector<zone_id> const& places) const {
  auto known = who(call, said_name);
  if (known && !known->may(any_of, places)) {
    std::string wanted;
    for (auto const each : any_of) wanted += (wanted.empty() ? "" : " or ") + std::string{name_of(each)};
    known = failure{reason::role_missing, known->name + " is no " + wanted + " here"};
  }
  if (!known)
    log(log_level::warn, "access_refused",
        {{"reason", name_of(known.error().why)}, {"message", known.error().message}, {"peer", call.peer()}});
  return known;
}

void carry_token(grpc::ClientContext& call, std::string const& token) {
  if (!token.empty()) call.AddMetadata(kHeader, std::string{kScheme} + token);
}

}  // namespace siren
