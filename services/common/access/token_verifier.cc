#include "common/access/token_verifier.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

namespace siren {
namespace {

using json = nlohmann::json;

failure refused(std::string why) {
  return {reason::token_refused, "the access token " + std::move(why)};
}

bool is_access_token(std::string type) {
  std::transform(type.begin(), type.end(), type.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return type.empty() || type == "jwt" || type == "at+jwt" || type == "application/at+jwt";
}

/// NumericDate (RFC 7519): seconds, perhaps with a fraction. Absent: none, or no time of this era.
std::optional<wall_time> time_of(json const& claims, char const* name) {
  constexpr double kLatest = 253'402'300'800.0;  // the year 10000
  auto const found = claims.find(name);
  if (found == claims.end() || !found->is_number()) return std::nullopt;
  auto const value = found->get<double>();
  if (!std::isfinite(value) || value < 0 || value > kLatest) return std::nullopt;
  return wall_time{microseconds{static_cast<std::int64_t>(value * 1e6)}};
}

bool is_for(json const& claims, std::string const& audience) {
  auto const found = claims.find("aud");
  if (found == claims.end()) return false;
  if (found->is_string()) return *found == audience;
  return found->is_array() && std::find(found->begin(), found->end(), json(audience)) != found->end();
}

bool is_name(std::string const& text) {
  return !text.empty() && text.size() <= token_verifier::kMostNameBytes &&
         std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::string text_of(json const& claims, char const* name) {
  auto const found = claims.find(name);
  return found != claims.end() && found->is_string() ? found->get<std::string>() : "";
}

result<void> check_times(json const& claims, sign_in_options const& options, wall_time now) {
  auto const expires = time_of(claims, "exp");
  auto const issued = time_of(claims, "iat");
  if (!expires || !issued) return refused("does not say when it was issued and when it expires");
  if (*expires + options.clock_leeway <= now) return failure{reason::token_expired, "the access token has expired"};
  if (*issued > now + options.clock_leeway) return refused("is of the future");
  if (claims.contains("nbf")) {
    auto const begins = time_of(claims, "nbf");
    if (!begins || *begins > now + options.clock_leeway) return refused("does not count yet");
  }
  if (*expires - *issued > options.longest_life) return refused("is good for too long");
  return {};
}

}  // namespace

result<void> verify_options(sign_in_options const& options) {
  if (options.issuer.empty() && options.audience.empty() && options.jwks.empty()) return {};
  if (options.issuer.empty() || options.audience.empty() || options.jwks.empty())
    return failure{reason::missing_field, "--access-issuer, --access-audience and --access-jwks go together"};
  if (options.algorithm != "RS256" && options.algorithm != "PS256" && options.algorithm != "ES256")
    return failure{reason::malformed, "--access-algorithm is RS256, PS256 or ES256"};
  return {};
}

result<std::unique_ptr<token_verifier>> token_verifier::open(sign_in_options options) {
  auto keys = key_set::open(options.jwks, options.algorithm);
  if (!keys) return keys.error();
  return std::unique_ptr<token_verifier>{new token_verifier{std::move(options), std::move(*keys)}};
}

result<std::string> token_verifier::signed_payload(std::string_view token, wall_time now) {
  if (token.size() > kMostTokenBytes) return refused("is too long");
  auto const read = jose_token::read(token);
  if (!read) return refused("can't be read");
  if (read->algorithm() != options_.algorithm) return refused("is not signed by " + options_.algorithm);
  if (read->has_critical()) return refused("wants something understood that is not");
  if (!is_access_token(read->type())) return refused("is of another type");
  std::lock_guard const lock{mutex_};
  auto const* key = keys_.find(read->key_id(), now);
  if (key == nullptr) return refused("is signed by a key that is not known");
  if (!read->signed_by(*key)) return refused("has a false signature");
  return read->payload();
}

result<person> token_verifier::check(std::string_view token, wall_time now) {
  auto const payload = signed_payload(token, now);
  if (!payload) return payload.error();
  auto const claims = json::parse(*payload, nullptr, false);
  if (!claims.is_object()) return refused("carries no claims");
  if (text_of(claims, "iss") != options_.issuer) return refused("is of another issuer");
  if (!is_for(claims, options_.audience)) return refused("is for somebody else");
  if (auto const good = check_times(claims, options_, now); !good) return good.error();
  person who{.name = text_of(claims, "sub"), .token_id = text_of(claims, "jti"), .checked = true, .grants = {}};
  if (!is_name(who.name)) return refused("names nobody");
  if (!who.token_id.empty() && !is_name(who.token_id)) return refused("has an id that is none");
  auto const roles = claims.find(options_.roles_claim);
  if (roles == claims.end() || !roles->is_array()) return who;
  if (roles->size() > kMostGrants) return refused("has too many roles");
  for (auto const& each : *roles)
    if (each.is_string())
      if (auto given = grant_of(each.get<std::string>())) who.grants.push_back(std::move(*given));
  return who;
}

}  // namespace siren
