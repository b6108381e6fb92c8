#include "fault_rig/postgres_pair.h"

#include <filesystem>

#include <fmt/format.h>

namespace siren::faults {

result<std::unique_ptr<postgres_pair>> postgres_pair::start(std::string const& folder, std::string const& small) {
  auto made = std::make_unique<postgres_pair>();
  for (auto& port : made->ports_) port = free_port();
  auto const home = small.empty() ? folder + "/pg-1" : small;
  std::filesystem::create_directories(home);
  std::filesystem::permissions(home, std::filesystem::perms{0755});
  std::vector<std::string> more;
  if (!small.empty()) more = {"max_wal_size=64MB", "min_wal_size=32MB"};
  auto primary = private_postgres::start(home, {.tcp_port = made->ports_[0], .more = more});
  if (!primary) return primary.error();
  made->primary_ = std::move(primary).value();
  auto standby = private_postgres::start_standby(folder + "/pg-2", *made->primary_, {.tcp_port = made->ports_[1]});
  if (!standby) return standby.error();
  made->standby_ = std::move(standby).value();
  if (auto both = made->primary_->wait_for_standby(); !both) return both.error();
  return made;
}

std::string postgres_pair::dsn() const {
  return fmt::format("host=127.0.0.1,127.0.0.1 port={},{} user=siren dbname=siren", ports_[0], ports_[1]);
}

void postgres_pair::kill_both() {
  primary_->kill_hard();
  standby_->kill_hard();
}

result<void> postgres_pair::start_both() {
  if (auto up = primary_->start_again(); !up) return up;
  return standby_->start_again();
}

result<void> postgres_pair::lose_primary() {
  primary_->kill_hard();
  promoted_ = true;
  return standby_->promote();
}

result<void> postgres_pair::put_back(std::string const& copy) {
  standby_->stop();
  primary_->stop();
  primary_->change({.tcp_port = ports_[0], .more = {"synchronous_standby_names="}});
  if (auto put = primary_->put_back(copy); !put) return put;
  return primary_->start_again();
}

}  // namespace siren::faults
