#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"

namespace siren {

/// A process that we started and that never outlives us: it gets SIGKILL when its parent dies, and stop()
/// in our destructor. "Parent" is the thread that started it, so start from a thread that lives as long as the process.
class child_process {
 public:
  struct plan {
    std::vector<std::string> command;  // [0] is a path
    std::string output;                // stdout and stderr are appended here; empty: inherited
    std::string as_user;               // when we are root: run as this user; empty: as we are
    int stop_signal = 15;
  };

  [[nodiscard]] static result<std::unique_ptr<child_process>> start(plan what);
  ~child_process();
  child_process(child_process const&) = delete;
  child_process& operator=(child_process const&) = delete;

  [[nodiscard]] bool running();
  [[nodiscard]] pid_t pid() const { return pid_; }
  /// Exit status once it ended by itself or was stopped (128 + signal when killed).
  [[nodiscard]] std::optional<int> exit_status() const { return exit_status_; }
  void send(int signal);
  /// Stop signal, then SIGKILL after `grace`.
  void stop(milliseconds grace);
  /// SIGKILL now, as a crash would.
  void kill_hard();
  [[nodiscard]] std::optional<int> wait_for_exit(milliseconds at_most);

 private:
  child_process(plan what, pid_t pid) : plan_{std::move(what)}, pid_{pid} {}
  plan plan_;
  pid_t pid_;
  std::optional<int> exit_status_;
};

/// Tries `ready` every few milliseconds until it is true or the time is over.
[[nodiscard]] bool wait_until(std::function<bool()> const& ready, milliseconds at_most);

/// Processes whose parent is `parent` now.
[[nodiscard]] std::vector<pid_t> children_of(pid_t parent);

/// A TCP port on 127.0.0.1 that is free now.
[[nodiscard]] std::uint16_t free_port();

}  // namespace siren
