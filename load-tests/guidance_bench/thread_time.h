#pragma once

namespace siren::bench {

/// Processor time of the calling thread so far, in milliseconds.
[[nodiscard]] double thread_ms();

}  // namespace siren::bench
