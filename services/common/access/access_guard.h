#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <string_view>
#include <vector>

#include <grpcpp/grpcpp.h>

#include "common/access/token_verifier.h"
#include "core/base/mode.h"

namespace siren {

/// The check at an operators' door. With sign-in a call carries `authorization: Bearer TOKEN`, and the token says who
/// asks. Without it an exercise takes a name for what it is said to be, and live nobody comes in. Thread-safe.
class access_guard {
 public:
  using wall = std::function<wall_time()>;
  /// `verifier` null: no sign-in.
  access_guard(world serves, std::unique_ptr<token_verifier> verifier, wall now);

  /// Who asks, if he has one of the roles in the first of `places` or around it. `said_name`: what the request calls
  /// him; empty: nothing. Failure, all PERMISSION_DENIED: SIGN_IN_MISSING, TOKEN_REFUSED, TOKEN_EXPIRED,
  /// ANOTHER_PERSON, ROLE_MISSING.
  [[nodiscard]] result<person> admit(grpc::ServerContext const& call, std::string_view said_name,
                                     std::initializer_list<role> any_of, std::vector<zone_id> const& places) const;

 private:
  [[nodiscard]] result<person> who(grpc::ServerContext const& call, std::string_view said_name) const;

  world serves_;
  std::unique_ptr<token_verifier> verifier_;
  wall now_;
};

/// Puts a token into a call.
void carry_token(grpc::ClientContext& call, std::string const& token);

}  // namespace siren
