#include <fstream>

#include "cli/commands.h"
#include "common/access/local_issuer.h"
#include "common/city_bundle/bundle_files.h"
#include "common/clock.h"

namespace siren {

result<std::string> access_token(instance_addresses const& where) {
  auto const file = where.get("token_file");
  if (file.empty()) return std::string{};
  auto text = read_whole_file(file, token_verifier::kMostTokenBytes);
  if (!text) return text.error();
  auto const end = text->find_last_not_of(" \r\n\t");
  text->resize(end == std::string::npos ? 0 : end + 1);
  return text;
}

int run_token(terminal const& io, instance_addresses const& where, token_request const& asked) {
  auto const serves = where.serves();
  if (!serves) return io.wrong_use(serves.error().message);
  for (auto const& text : asked.roles)
    if (!grant_of(text)) return io.wrong_use("a role is ZONE/ROLE, as 31/alarm_proposer; not \"" + text + "\"");
  auto const issuer = local_issuer::open(*serves, asked.folder);
  if (!issuer) return io.fail(issuer.error());
  auto const token = issuer->token({asked.person, asked.roles, minutes{asked.minutes}}, wall_now());
  if (asked.out.empty()) {
    io.out << token << '\n';
    return 0;
  }
  std::ofstream file{asked.out};
  file << token << '\n';
  if (!file.flush()) return io.fail(failure{reason::file_unreadable, asked.out + " can't be written"});
  auto const trust = issuer->options();
  io.out << "a token of " << asked.person << " for " << asked.minutes
         << " min; services believe it with --access-issuer " << trust.issuer << " --access-audience " << trust.audience
         << " --access-algorithm " << trust.algorithm << " --access-jwks " << trust.jwks << '\n';
  return 0;
}

}  // namespace siren
