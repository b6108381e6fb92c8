#include "common/access/key_set.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "common/log.h"

namespace siren {
namespace {

using json = nlohmann::json;

result<std::string> text_of(std::string const& file) {
  std::ifstream in{file, std::ios::binary};
  if (!in) return failure{reason::file_unreadable, file + " can't be read"};
  std::string text(key_set::kMostBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > key_set::kMostBytes) return failure{reason::malformed, file + " is too long for a set of keys"};
  return text;
}

jose_key::family family_of(std::string const& algorithm) {
  return algorithm == "ES256" ? jose_key::family::p256 : jose_key::family::rsa;
}

bool says_otherwise(json const& key, char const* name, std::string const& expected) {
  auto const found = key.find(name);
  return found != key.end() && *found != expected;
}

}  // namespace

result<key_set> key_set::open(std::string file, std::string algorithm) {
  key_set made;
  made.file_ = std::move(file);
  made.algorithm_ = std::move(algorithm);
  if (auto const done = made.read(); !done) return done.error();
  return made;
}

jose_key const* key_set::find(std::string const& id, wall_time now) {
  // A clock that was put back looks at once, too.
  if (now < looked_at_ || now - looked_at_ >= kLookEvery) {
    looked_at_ = now;
    std::error_code gone;
    auto const written = std::filesystem::last_write_time(file_, gone);
    if (!gone && written != written_)
      if (auto const done = read(); !done)
        log(log_level::error, "keys_not_read",
            {{"reason", name_of(done.error().why)}, {"error", done.error().message}});
  }
  auto const found = keys_.find(id);
  return found == keys_.end() ? nullptr : &found->second;
}

result<void> key_set::read() {
  std::error_code gone;
  auto const written = std::filesystem::last_write_time(file_, gone);
  auto const text = text_of(file_);
  if (gone || !text) return failure{reason::file_unreadable, file_ + " can't be read"};
  auto const set = json::parse(*text, nullptr, false);
  if (!set.is_object() || !set.contains("keys") || !set["keys"].is_array() || set["keys"].size() > kMostKeys)
    return failure{reason::malformed, file_ + " is no set of at most 32 keys (JWKS)"};
  std::map<std::string, jose_key> keys;
  for (auto const& each : set["keys"]) {
    if (!each.is_object()) return failure{reason::malformed, file_ + ": a key is an object"};
    if (each.contains("d") || each.contains("k"))
      return failure{reason::malformed, file_ + " has a private key: whoever reads it could make tokens"};
    if (says_otherwise(each, "use", "sig") || says_otherwise(each, "alg", algorithm_)) continue;
    auto key = jose_key::from_json(each.dump());
    if (!key || key->kind() != family_of(algorithm_) || key->id().empty()) continue;
    if (key->kind() == jose_key::family::rsa && key->bits() < kFewestRsaBits)
      return failure{reason::malformed, file_ + ": key " + key->id() + " is too short"};
    auto const id = key->id();
    if (!keys.emplace(id, std::move(*key)).second)
      return failure{reason::malformed, file_ + ": two keys are called " + id};
  }
  if (keys.empty()) return failure{reason::malformed, file_ + " has no key for " + algorithm_};
  keys_ = std::move(keys);
  written_ = written;
  return {};
}

}  // namespace siren
