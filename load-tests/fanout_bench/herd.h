#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fanout_bench/swarm_loop.h"
#include "rig/child_process.h"

namespace siren::fanout {

/// As many phone processes as the file limit asks for, told together.
class herd {
 public:
  /// `plan` is that of all phones. Failure: a process did not come up.
  [[nodiscard]] static result<std::unique_ptr<herd>> start(std::string const& programs, std::string const& folder,
                                                           std::string const& name, swarm_plan plan);
  ~herd();
  herd(herd const&) = delete;
  herd& operator=(herd const&) = delete;

  void connect(double per_second);
  void cut(double share, std::optional<milliseconds> back);
  void stall(double share, bool always);
  void read_again();
  [[nodiscard]] swarm_report report(std::vector<std::uint32_t> const& last_by_zone, bool reset);
  [[nodiscard]] stretches ledger();
  [[nodiscard]] std::vector<pid_t> pids() const;
  /// A process did not answer: nothing it says counts any more.
  [[nodiscard]] bool lost() const { return lost_; }

 private:
  herd() = default;
  struct member {
    std::unique_ptr<child_process> process;
    int control = -1;
  };
  [[nodiscard]] std::vector<nlohmann::json> tell(nlohmann::json const& what);
  std::vector<member> members_;
  bool lost_ = false;
};

/// Phones, or connections of a server, that one process holds at most: below the file limit, with some to spare.
[[nodiscard]] std::size_t phones_a_process();

}  // namespace siren::fanout
