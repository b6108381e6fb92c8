#include "common/pg_watchdog.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

namespace siren {

pg_watchdog::pg_watchdog() : thread_{[this] { run(); }} {}

pg_watchdog::~pg_watchdog() {
  {
    std::lock_guard const lock{mutex_};
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

pg_watchdog::watch::watch(pg_watchdog& by, pqxx::connection_base const& over, milliseconds limit) : by_{by} {
  auto const copy = ::fcntl(over.sock(), F_DUPFD_CLOEXEC, 0);
  {
    std::lock_guard const lock{by_.mutex_};
    id_ = ++by_.last_id_;
    by_.all_[id_] = {copy, std::chrono::steady_clock::now() + limit};
  }
  by_.changed_.notify_all();
}

pg_watchdog::watch::~watch() {
  std::lock_guard const lock{by_.mutex_};
  auto const mine = by_.all_.find(id_);
  if (mine->second.socket >= 0) ::close(mine->second.socket);
  by_.all_.erase(mine);
}

void pg_watchdog::run() {
  std::unique_lock lock{mutex_};
  while (!stopping_) {
    auto const now = std::chrono::steady_clock::now();
    auto next = steady_time::max();
    for (auto& [id, one] : all_) {
      if (one.until <= now) {
        if (one.socket >= 0) ::shutdown(one.socket, SHUT_RDWR);
        one.until = steady_time::max();
      }
      next = std::min(next, one.until);
    }
    if (next == steady_time::max())
      changed_.wait(lock);
    else
      changed_.wait_until(lock, next);
  }
}

std::string bounded_dsn(std::string const& dsn, seconds connect_timeout, milliseconds statement_timeout) {
  auto bounded = dsn + " connect_timeout=" + std::to_string(connect_timeout.count()) +
                 " options='-c statement_timeout=" + std::to_string(statement_timeout.count()) + "'" +
                 " keepalives_idle=2 keepalives_interval=1 keepalives_count=3 tcp_user_timeout=5000";
  auto const host = dsn.find("host=");
  auto const several =
      host != std::string::npos && dsn.substr(host, dsn.find(' ', host) - host).find(',') != std::string::npos;
  if (several && dsn.find("target_session_attrs") == std::string::npos) bounded += " target_session_attrs=read-write";
  return bounded;
}

}  // namespace siren
