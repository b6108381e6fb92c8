#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace siren::fanout {

/// Processor time of all threads of these processes until now, seconds, to the nanosecond.
[[nodiscard]] double cpu_seconds(std::vector<pid_t> const& of);
/// Memory of theirs that lies in RAM, bytes.
[[nodiscard]] double resident_bytes(std::vector<pid_t> const& of);
/// Of the kernel: what sockets hold, both ends, and all its small objects.
[[nodiscard]] double kernel_bytes();
/// How many TCP sockets are open on this machine.
[[nodiscard]] std::uint64_t tcp_sockets();

}  // namespace siren::fanout
