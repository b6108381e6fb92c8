#include "common/access/jose.h"

#include <cjose/cjose.h>

#include <nlohmann/json.hpp>

#include "core/base/verify.h"

namespace siren {
namespace {

using json = nlohmann::json;

failure malformed(char const* what, cjose_err const& why) {
  return {reason::malformed, std::string{what} + (why.message == nullptr ? "" : std::string{": "} + why.message)};
}

std::string text_member(json const& object, char const* name) {
  auto const found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

/// The protected header as JSON; discarded when it is none.
json header_of(std::string_view compact) {
  auto const first = compact.substr(0, compact.find('.'));
  std::uint8_t* bytes = nullptr;
  std::size_t size = 0;
  cjose_err why{};
  if (!cjose_base64url_decode(first.data(), first.size(), &bytes, &size, &why)) return json(json::value_t::discarded);
  auto parsed = json::parse(bytes, bytes + size, nullptr, false);
  cjose_get_dealloc()(bytes);
  return parsed;
}

}  // namespace

struct jose_key::held {
  explicit held(cjose_jwk_t* of) : key{of} {}
  ~held() { cjose_jwk_release(key); }
  held(held const&) = delete;
  held& operator=(held const&) = delete;
  cjose_jwk_t* key;
};

struct jose_token::held {
  explicit held(cjose_jws_t* of) : token{of} {}
  ~held() { cjose_jws_release(token); }
  held(held const&) = delete;
  held& operator=(held const&) = delete;
  cjose_jws_t* token;
};

result<jose_key> jose_key::from_json(std::string const& text) {
  cjose_err why{};
  auto* const key = cjose_jwk_import(text.data(), text.size(), &why);
  if (key == nullptr) return malformed("no JSON Web Key", why);
  return jose_key{std::make_shared<held const>(key)};
}

jose_key jose_key::make(family which, std::string const& id, std::size_t bits) {
  constexpr std::uint8_t kExponent[] = {1, 0, 1};  // 65537
  cjose_err why{};
  auto* const key = which == family::rsa ? cjose_jwk_create_RSA_random(bits, kExponent, sizeof kExponent, &why)
                                         : cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &why);
  verify(key != nullptr, "a key can be made");
  verify(cjose_jwk_set_kid(key, id.data(), id.size(), &why), "a key takes a name");
  return jose_key{std::make_shared<held const>(key)};
}

std::string jose_key::to_json(bool with_private_part) const {
  cjose_err why{};
  auto* const text = cjose_jwk_to_json(held_->key, with_private_part, &why);
  verify(text != nullptr, "a key can be written");
  std::string copy{text};
  cjose_get_dealloc()(text);
  return copy;
}

std::string jose_key::id() const {
  cjose_err why{};
  auto const* const id = cjose_jwk_get_kid(held_->key, &why);
  return id == nullptr ? "" : id;
}

jose_key::family jose_key::kind() const {
  cjose_err why{};
  auto const type = cjose_jwk_get_kty(held_->key, &why);
  if (type == CJOSE_JWK_KTY_RSA) return family::rsa;
  if (type == CJOSE_JWK_KTY_EC && cjose_jwk_EC_get_curve(held_->key, &why) == CJOSE_JWK_EC_P_256) return family::p256;
  return family::other;
}

std::size_t jose_key::bits() const {
  cjose_err why{};
  return cjose_jwk_get_keysize(held_->key, &why);
}

std::string jose_key::sign(std::string const& algorithm, std::string_view payload, std::string const& type) const {
  cjose_err why{};
  auto* const header = cjose_header_new(&why);
  verify(header != nullptr && cjose_header_set(header, CJOSE_HDR_ALG, algorithm.c_str(), &why) &&
             cjose_header_set(header, CJOSE_HDR_KID, id().c_str(), &why) &&
             cjose_header_set(header, "typ", type.c_str(), &why),
         "a header can be made");
  auto* const token =
      cjose_jws_sign(held_->key, header, reinterpret_cast<std::uint8_t const*>(payload.data()), payload.size(), &why);
  cjose_header_release(header);
  verify(token != nullptr, "a key signs by its own algorithm");
  char const* compact = nullptr;
  verify(cjose_jws_export(token, &compact, &why), "a signed token can be written");
  std::string copy{compact};
  cjose_jws_release(token);
  return copy;
}

result<jose_token> jose_token::read(std::string_view compact) {
  cjose_err why{};
  auto* const imported = cjose_jws_import(compact.data(), compact.size(), &why);
  if (imported == nullptr) return malformed("no signed token", why);
  jose_token read;
  read.held_ = std::make_shared<held>(imported);
  auto const header = header_of(compact);
  if (!header.is_object()) return failure{reason::malformed, "no signed token: its header is no object"};
  // Two parsers must agree on what it says it is signed by.
  auto const* const algorithm = cjose_header_get(cjose_jws_get_protected(imported), CJOSE_HDR_ALG, &why);
  read.algorithm_ = text_member(header, "alg");
  if (algorithm == nullptr || read.algorithm_ != algorithm)
    return failure{reason::malformed, "no signed token: its algorithm is not clear"};
  read.key_id_ = text_member(header, "kid");
  read.type_ = text_member(header, "typ");
  read.critical_ = header.contains("crit");
  return read;
}

bool jose_token::signed_by(jose_key const& key) const {
  cjose_err why{};
  return cjose_jws_verify(held_->token, key.inside().key, &why);
}

std::string jose_token::payload() const {
  std::uint8_t* bytes = nullptr;
  std::size_t size = 0;
  cjose_err why{};
  if (!cjose_jws_get_plaintext(held_->token, &bytes, &size, &why)) return "";
  return {reinterpret_cast<char const*>(bytes), size};
}

}  // namespace siren
