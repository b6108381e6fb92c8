#include <openssl/evp.h>

#include <array>

#include "common/audit/audit.h"
#include "core/base/verify.h"

namespace siren {

std::string sha256_of(std::string const& bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  verify(EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1, "SHA-256 is there");
  return {reinterpret_cast<char const*>(digest.data()), size};
}

std::string hex_of(std::string const& bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (auto const c : bytes) {
    auto const byte = static_cast<unsigned char>(c);
    text += {kDigits[byte >> 4U], kDigits[byte & 0xFU]};
  }
  return text;
}

std::string hash_after(std::string const& before, audit_row const& row) {
  auto text = before;
  for (auto const& field :
       {std::to_string(row.place), std::to_string(row.acted_us), row.actor, row.act, row.subject, row.detail, row.trace,
        std::to_string(row.epoch), std::to_string(row.seq), hex_of(row.content)})
    text += std::to_string(field.size()) + ":" + field;
  return sha256_of(text);
}

}  // namespace siren
