#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace siren {

/// A JSON Web Key (RFC 7517). Copies share it. Not thread-safe.
class jose_key {
 public:
  enum class family : std::uint8_t { rsa, p256, other };

  /// Failure: MALFORMED.
  [[nodiscard]] static result<jose_key> from_json(std::string const& text);
  /// `bits` counts for RSA.
  [[nodiscard]] static jose_key make(family which, std::string const& id, std::size_t bits = 2'048);

  [[nodiscard]] std::string to_json(bool with_private_part) const;
  [[nodiscard]] std::string id() const;
  [[nodiscard]] family kind() const;
  [[nodiscard]] std::size_t bits() const;
  /// Compact JWS of a payload. `algorithm` fits the key.
  [[nodiscard]] std::string sign(std::string const& algorithm, std::string_view payload,
                                 std::string const& type = "JWT") const;

  struct held;
  [[nodiscard]] held const& inside() const { return *held_; }

 private:
  explicit jose_key(std::shared_ptr<held const> from) : held_{std::move(from)} {}
  std::shared_ptr<held const> held_;
};

/// A JSON Web Signature in compact form (RFC 7515). Until signed_by() is true nothing in it is to be believed.
class jose_token {
 public:
  /// Failure: MALFORMED.
  [[nodiscard]] static result<jose_token> read(std::string_view compact);

  [[nodiscard]] std::string const& algorithm() const { return algorithm_; }
  [[nodiscard]] std::string const& key_id() const { return key_id_; }  // empty: none
  [[nodiscard]] std::string const& type() const { return type_; }      // empty: none
  [[nodiscard]] bool has_critical() const { return critical_; }        // an extension that must be understood
  [[nodiscard]] bool signed_by(jose_key const& key) const;
  [[nodiscard]] std::string payload() const;

  struct held;

 private:
  jose_token() = default;
  std::shared_ptr<held> held_;
  std::string algorithm_;
  std::string key_id_;
  std::string type_;
  bool critical_ = false;
};

}  // namespace siren
