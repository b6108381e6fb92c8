#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "fault_rig/tcp_proxy.h"
#include "rig/child_process.h"

namespace siren::faults {

/// A Redis primary with a replica and three Sentinels, on loopback ports of their own. Everybody, Sentinels included,
/// reaches the two through a proxy each, whose addresses are the ones that Sentinels tell.
class redis_family {
 public:
  [[nodiscard]] static result<std::unique_ptr<redis_family>> start(std::string const& folder);
  /// Flags of a service.
  [[nodiscard]] std::vector<std::string> flags() const;
  /// As common/bus.h takes it.
  [[nodiscard]] std::string address() const;

  /// Which of the two the Sentinels call the primary.
  [[nodiscard]] std::size_t primary() const;
  [[nodiscard]] child_process& node(std::size_t which) { return *nodes_[which].process; }
  [[nodiscard]] tcp_proxy& way_to(std::size_t which) { return *nodes_[which].proxy; }
  /// A killed one: as a replica of the other one if that is the primary now.
  [[nodiscard]] result<void> start_again(std::size_t which);
  /// Sentinels and the other node can't reach this one any more; those who are connected already go on.
  void hide(std::size_t which);
  void show(std::size_t which);

 private:
  struct data_node {
    std::uint16_t port = 0;
    std::unique_ptr<tcp_proxy> proxy;
    std::unique_ptr<child_process> process;
  };
  [[nodiscard]] result<void> run_node(std::size_t which, bool as_replica);
  [[nodiscard]] result<void> run_sentinels();

  std::string folder_;
  std::array<data_node, 2> nodes_;
  std::vector<std::uint16_t> sentinel_ports_;
  std::vector<std::unique_ptr<child_process>> sentinels_;
};

}  // namespace siren::faults
