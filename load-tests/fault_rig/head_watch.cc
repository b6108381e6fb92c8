#include "fault_rig/head_watch.h"

#include <algorithm>

#include "common/clock.h"
#include "rig/child_process.h"

namespace siren::faults {
namespace {

constexpr milliseconds kEvery{50};
constexpr milliseconds kStatement{1'000};

}  // namespace

head_watch::head_watch(std::string const& dsn)
    : store_{dsn, pg_store::limits{.connections = 1, .statement_timeout = kStatement}}, thread_{[this] { run(); }} {}

head_watch::~head_watch() {
  stopping_ = true;
  thread_.join();
}

void head_watch::run() {
  while (!stopping_) {
    auto head = cursor{};
    auto const asked_at = wall_now();
    auto const read = store_.transact([&](pqxx::work& work) -> result<void> {
      auto const row = work.exec1("SELECT epoch, seq FROM alert_head");
      head = {row[0].as<std::uint64_t>(), row[1].as<std::uint64_t>()};
      return {};
    });
    if (read) {
      std::lock_guard const lock{mutex_};
      seen_.try_emplace({head.epoch, head.seq}, asked_at);
    }
    (void)wait_until([this] { return stopping_.load(); }, kEvery);
  }
}

void head_watch::correct(whole_log& log) const {
  std::lock_guard const lock{mutex_};
  for (auto& row : log.rows) {
    auto const first = seen_.lower_bound({row.at.epoch, row.at.seq});
    if (first != seen_.end() && first->first.first == row.at.epoch)
      row.logged_at = std::max(row.logged_at, first->second);
  }
}

}  // namespace siren::faults
