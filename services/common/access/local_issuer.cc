#include "common/access/local_issuer.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

namespace siren {
namespace {

using json = nlohmann::json;

std::string random_id() {
  std::random_device random;
  std::ostringstream text;
  for (int i = 0; i < 4; ++i) text << std::hex << random();
  return text.str();
}

result<void> write_secret(std::string const& file, std::string const& text) {
  auto const made = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (made < 0) return failure{reason::file_unreadable, file + " can't be made"};
  auto const written = ::write(made, text.data(), text.size());
  ::close(made);
  if (written == static_cast<ssize_t>(text.size())) return {};
  return failure{reason::file_unreadable, file + " can't be written"};
}

result<jose_key> key_in(std::string const& folder) {
  auto const file = folder + "/issuer-key.json";
  if (std::ifstream in{file}; in) {
    std::ostringstream text;
    text << in.rdbuf();
    return jose_key::from_json(text.str());
  }
  auto key = jose_key::make(jose_key::family::p256, "local-" + random_id());
  if (auto const kept = write_secret(file, key.to_json(true)); !kept) return kept.error();
  return key;
}

}  // namespace

result<local_issuer> local_issuer::open(world serves, std::string const& folder) {
  if (serves == world::live)
    return failure{reason::wrong_mode, "the local issuer is for exercises and tests, not for the live world"};
  std::error_code bad;
  std::filesystem::create_directories(folder, bad);
  if (bad) return failure{reason::file_unreadable, folder + ": " + bad.message()};
  auto key = key_in(folder);
  if (!key) return key.error();
  local_issuer made{folder, std::move(*key)};
  json const set{{"keys", json::array({json::parse(made.key_.to_json(false))})}};
  std::ofstream out{made.options().jwks};
  out << set.dump() << '\n';
  if (!out.flush()) return failure{reason::file_unreadable, made.options().jwks + " can't be written"};
  return made;
}

std::string local_issuer::token(wanted const& asked, wall_time now) const {
  auto const issued = std::chrono::floor<seconds>(now.time_since_epoch()).count();
  json const claims{{"iss", kLocalIssuer},
                    {"aud", kLocalAudience},
                    {"sub", asked.name},
                    {"iat", issued},
                    {"exp", issued + asked.life.count()},
                    {"jti", random_id()},
                    {"roles", asked.roles}};
  return key_.sign(kLocalAlgorithm, claims.dump());
}

sign_in_options local_issuer::options() const {
  sign_in_options told;
  told.issuer = kLocalIssuer;
  told.audience = kLocalAudience;
  told.jwks = folder_ + "/jwks.json";
  told.algorithm = kLocalAlgorithm;
  return told;
}

}  // namespace siren
