#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <openssl/sha.h>

#include "common/log.h"
#include "common/pg_store.h"

namespace siren {
namespace {

constexpr auto kLock = "SELECT pg_advisory_xact_lock(5721970)";  // any fixed number: one migration at a time
constexpr auto kTable =
    "CREATE TABLE IF NOT EXISTS schema_migration (name text PRIMARY KEY, sha256 text NOT NULL, "
    "applied_at timestamptz NOT NULL DEFAULT now())";
constexpr auto kApplied = "SELECT sha256 FROM schema_migration WHERE name = $1";
constexpr auto kRecord = "INSERT INTO schema_migration (name, sha256) VALUES ($1, $2)";
constexpr auto kPin = "INSERT INTO instance (world, country) VALUES ($1, $2) ON CONFLICT DO NOTHING";
constexpr auto kPinned = "SELECT world, country FROM instance";

std::string sha256(std::string const& text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<unsigned char const*>(text.data()), text.size(), digest.data());
  std::string hex;
  for (auto byte : digest) {
    constexpr auto kDigits = "0123456789abcdef";
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

result<bool> apply_one(pg_store& store, std::filesystem::path const& file) {
  std::ifstream in{file};
  if (!in) return failure{reason::file_unreadable, "can't read " + file.string()};
  std::stringstream text;
  text << in.rdbuf();
  auto const name = file.filename().string();
  auto const hash = sha256(text.str());
  auto applied = false;
  auto done = store.transact([&](pqxx::work& work) -> result<void> {
    work.exec(kLock);
    auto const before = work.exec_params(kApplied, name);
    if (!before.empty()) {
      if (before[0][0].as<std::string>() != hash)
        return failure{reason::schema_mismatch, name + " was applied with other content; migrations only go forward"};
      return {};
    }
    work.exec(text.str());
    work.exec_params(kRecord, name, hash);
    applied = true;
    return {};
  });
  if (!done) return done.error();
  if (applied) log(log_level::info, "migrated", {{"file", name}});
  return applied;
}

}  // namespace

result<std::size_t> migrate(pg_store& store, std::string const& folder, std::string const& world,
                            std::string const& country) {
  std::vector<std::filesystem::path> files;
  std::error_code bad;
  for (auto const& entry : std::filesystem::directory_iterator{folder, bad})
    if (entry.path().extension() == ".sql") files.push_back(entry.path());
  if (bad || files.empty()) return failure{reason::file_unreadable, "no migrations in " + folder};
  std::sort(files.begin(), files.end());

  auto prepared = store.transact([](pqxx::work& work) -> result<void> {
    work.exec(kLock);
    work.exec(kTable);
    return {};
  });
  if (!prepared) return prepared.error();
  std::size_t count = 0;
  for (auto const& file : files) {
    auto const applied = apply_one(store, file);
    if (!applied) return applied.error();
    if (*applied) ++count;
  }
  auto pinned = store.transact([&](pqxx::work& work) -> result<void> {
    work.exec_params(kPin, world, country);
    return {};
  });
  if (!pinned) return pinned.error();
  if (auto checked = check_instance(store, world, country); !checked) return checked.error();
  return count;
}

result<void> check_instance(pg_store& store, std::string const& world, std::string const& country) {
  return store.transact([&](pqxx::work& work) -> result<void> {
    if (work.exec1("SELECT to_regclass('instance') IS NOT NULL")[0].as<bool>() == false)
      return failure{reason::schema_mismatch, "this database was never migrated"};
    auto const rows = work.exec(kPinned);
    if (rows.empty()) return failure{reason::schema_mismatch, "this database was never migrated"};
    auto const its_world = rows[0][0].as<std::string>();
    auto const its_country = rows[0][1].as<std::string>();
    if (its_world != world || its_country != country)
      return failure{reason::wrong_mode,
                     "this database serves " + its_world + " " + its_country + ", not " + world + " " + country};
    return {};
  });
}

}  // namespace siren
